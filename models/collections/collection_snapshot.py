from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class BillingCollectionCase(models.Model):
    """The picture of the ledger that the night begins with: who owes what, in one case each."""

    _inherit = "billing.collection.case"

    @api.model
    def _take_snapshot(self, company):
        """Open a case for everybody who has something late, put their open bills into it, and close what is settled.

        A number of queries that does not depend on how many bills there are.
        """
        pipelines = self.env["billing.collection.stage"]._get_pipelines(company)
        self.env["account.move.line"].flush_model()
        self.flush_model()
        lead = {name: max(-1, -min(stages.mapped("days"))) for name, stages in pipelines.items()}
        # Without stages nobody new is asked; cases of before close all the same.
        if pipelines:
            self._open_cases(company, pipelines, lead)
            self._add_items(company)
        cases = self.search([("company_id", "=", company.id), ("state", "=", "open")])
        cases._refresh()
        cases._find_settled(company, lead)._close()

    @api.model
    def _open_cases(self, company, pipelines, lead):
        """One case for each debtor with something late or nearly due, where there is none.

        Whoever looks after the debtor looks after it.
        """
        today = fields.Date.context_today(self)
        firsts = {name: stages._get_first() for name, stages in pipelines.items()}
        wanted = self.env.execute_query(SQL(
            """
            SELECT line.partner_id, partner.user_id,
                   %(debtor_class)s AS debtor_class,
                   MIN(COALESCE(line.date_maturity, line.date))
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id AND account.account_type = 'asset_receivable'
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.company_id = %(company)s
               AND line.parent_state = 'posted'
               AND NOT line.reconciled
               AND line.amount_residual > 0
               AND COALESCE(line.date_maturity, line.date) <= %(until)s
               AND NOT EXISTS (SELECT FROM billing_collection_case kase
                                WHERE kase.partner_id = line.partner_id AND kase.company_id = line.company_id
                                  AND kase.state = 'open')
          GROUP BY line.partner_id, partner.user_id, debtor_class
            """,
            company=company.id, until=fields.Date.add(today, days=max(lead.values())),
            debtor_class=self.env["res.partner"]._debtor_class_of("partner"),
        ))
        self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True).create([
            {
                "partner_id": partner, "company_id": company.id, "debtor_class": debtor_class,
                "stage_id": firsts[debtor_class].id, "user_id": user,
            }
            for partner, user, debtor_class, due in wanted
            if debtor_class in lead and due <= self._get_lead_day(today, lead[debtor_class])
        ])

    @api.model
    def _get_lead_day(self, today, lead):
        """The last due date that a case is opened for: yesterday, or so many days ahead where a reminder comes."""
        return fields.Date.add(today, days=lead)

    @api.model
    def _add_items(self, company):
        """Every open bill of a debtor stands in their case, at the stage that it had come to in an earlier one."""
        self.flush_model()
        self.env["billing.collection.item"].flush_model()
        # Of a table that is filled at this moment the planner knows nothing: it would look through it for each bill.
        self.env.cr.execute(SQL("SET LOCAL enable_nestloop = off"))
        self.env.cr.execute(SQL(
            """
            INSERT INTO billing_collection_item (case_id, move_line_id, date_due, stage_id, date_stage)
            SELECT kase.id, line.id, line.date_maturity, before.stage_id, before.date_stage
              FROM billing_collection_case kase
              JOIN account_move_line line ON line.partner_id = kase.partner_id
                                         AND line.company_id = kase.company_id
                                         AND line.parent_state = 'posted'
                                         AND NOT line.reconciled
                                         AND line.amount_residual > 0
              JOIN account_account account ON account.id = line.account_id
                                          AND account.account_type = 'asset_receivable'
         LEFT JOIN (SELECT DISTINCT ON (item.move_line_id) item.move_line_id, item.stage_id, item.date_stage
                      FROM billing_collection_item item
                      JOIN billing_collection_case old ON old.id = item.case_id AND old.state = 'closed'
                     WHERE old.company_id = %(company)s
                  ORDER BY item.move_line_id, item.date_stage DESC NULLS LAST, item.id DESC
                   ) before ON before.move_line_id = line.id
             WHERE kase.company_id = %(company)s
               AND kase.state = 'open'
               AND NOT EXISTS (SELECT FROM billing_collection_item known
                                WHERE known.case_id = kase.id AND known.move_line_id = line.id)
       ON CONFLICT (case_id, move_line_id) DO NOTHING
            """,
            company=company.id,
        ))
        self.env.cr.execute(SQL("SET LOCAL enable_nestloop = on"))
        self.env.cr.execute(SQL(
            """
            UPDATE billing_collection_case kase
               SET stage_id = last.stage_id, date_stage = last.date_stage
              FROM (SELECT DISTINCT ON (case_id) case_id, stage_id, date_stage
                      FROM billing_collection_item
                     WHERE stage_id IS NOT NULL
                  ORDER BY case_id, date_stage DESC, id DESC) last
             WHERE last.case_id = kase.id
               AND kase.company_id = %(company)s
               AND kase.state = 'open'
               AND kase.date_stage IS NULL
            """,
            company=company.id,
        ))
        self.env["billing.collection.item"].invalidate_model()
        self.invalidate_model(["item_ids", "stage_id", "date_stage"])

    def _refresh(self):
        """Count what another day has made late."""
        for name in ("amount_open", "amount_overdue", "date_oldest", "date_due_first", "score", "priority"):
            self.env.add_to_compute(self._fields[name], self)
        self.flush_recordset()

    @api.model
    def _find_settled(self, company, lead):
        """Open cases of which nothing is late, nor so nearly due that a reminder may come."""
        today = fields.Date.context_today(self)
        return self.search(Domain([("company_id", "=", company.id), ("state", "=", "open")]) & Domain.OR(
            Domain("debtor_class", "=", name) & (
                Domain("date_due_first", "=", False)
                | Domain("date_due_first", ">", self._get_lead_day(today, lead.get(name, -1)))
            )
            for name in self._fields["debtor_class"].get_values(self.env)
        ))

    def _close(self):
        """Nothing is late any more: the case rests, with its history; what waited to be sent is not."""
        if not self:
            return
        self._drop_waiting("paid")
        self._set_state(
            "closed", self.env._("Nothing is overdue any more."), date_closed=fields.Date.context_today(self),
            date_next=False,
        )

    def _drop_waiting(self, reason):
        """What waits to be sent to these debtors is not.

        :param str reason: key of the words for it
        """
        self.env["billing.collection.step"].search([
            ("case_id", "in", self.ids), ("state", "in", ("review", "ready")),
        ])._set_state("dropped", reasons=reason)
