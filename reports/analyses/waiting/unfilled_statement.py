from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.statement_run import QUARTERLY


class BillingUnfilledItem(models.Model):
    """Statements that were not sent: who owes something since before this month, and has had no statement in it.

    As runs of statements have it: those whose cycle it is, not on hold, and not written to by collections. The amount
    is what we ask for ourselves: nothing that is disputed, in a plan, at an agency or with a payer.
    """

    _inherit = "billing.unfilled.item"
    _depends = {
        "billing.statement.line": ["partner_id", "company_id", "state", "sent_on"],
        "billing.collection.case": ["partner_id", "company_id", "state", "date_stage"],
        "res.partner": [
            "billing_statement_cycle", "billing_state", "billing_account_number", "is_billing_account",
        ],
        "billing.aged.item": ["amount_asked", "company_id", "date", "debtor_class", "debtor_id"],
    }

    kind = fields.Selection(selection_add=[("4_statement", "Statement not sent")])

    @api.model
    def _get_unfilled_selects(self):
        return [*super()._get_unfilled_selects(), self._select_statements()]

    @api.model
    def _select_statements(self):
        """Debtors who wait for a statement, one row for each company."""
        today = fields.Date.context_today(self)
        month = today.replace(day=1)
        cycles = ("monthly", "quarterly") if today.month in QUARTERLY else ("monthly",)
        return self._select_kind(
            4, "4_statement", "res.partner",
            SQL(
                """
                FROM (SELECT MIN(item.id) AS id, item.debtor_id, item.company_id, MIN(item.date) AS since,
                             SUM(item.amount_asked) AS amount
                        FROM (%(aged)s) item
                       WHERE item.debtor_class != 'payer' AND item.date < %(month)s
                    GROUP BY item.debtor_id, item.company_id
                      HAVING SUM(item.amount_asked) > 0) owed
                JOIN res_partner debtor ON debtor.id = owed.debtor_id
           LEFT JOIN (SELECT partner_id, company_id, MAX(sent_on) AS day
                        FROM billing_statement_line WHERE state = 'sent'
                    GROUP BY partner_id, company_id) told ON told.partner_id = owed.debtor_id
                                                         AND told.company_id = owed.company_id
               WHERE COALESCE(debtor.billing_statement_cycle, 'monthly') IN %(cycles)s
                 AND COALESCE(debtor.billing_state, '') NOT IN ('on_hold', 'closed')
                 AND COALESCE(told.day < %(month)s, TRUE)
                 AND NOT EXISTS (SELECT FROM billing_collection_case kase
                                  WHERE kase.partner_id = owed.debtor_id AND kase.company_id = owed.company_id
                                    AND kase.state = 'open' AND kase.date_stage IS NOT NULL)
                """,
                aged=self.env["billing.aged.item"].with_context(billing_as_of=False)._table_query,
                month=month, cycles=cycles,
            ),
            row_id=SQL("owed.id"),
            res_id=SQL("owed.debtor_id"),
            name=SQL("debtor.billing_account_number"),
            patient_id=SQL("CASE WHEN debtor.is_billing_account THEN debtor.id END"),
            partner_id=SQL("owed.debtor_id"),
            company_id=SQL("owed.company_id"),
            date=SQL("COALESCE(told.day, owed.since)"),
            date_deadline=SQL("%s", fields.Date.end_of(today, "month")),
            amount=SQL("owed.amount"),
        )
