from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.billing_coordinator.models.groups import HEALTH_GROUP

# What is looked at in one window: closing asks each account what is open on it.
MOST = 200
LACKS = (
    "lacks_birth_date", "lacks_address", "lacks_contact", "lacks_guarantor", "lacks_coverage", "lacks_working_way",
)


class BillingAccountReview(models.Model):
    """The accounts of the office, looked through: which have not moved for long, which lack something, which could be
    closed or are closed and move all the same, and which look like one person twice.

    One row for each account and company in which something happened; for one in which nothing ever happened, one row.
    """

    _name = "billing.account.review"
    _description = "Account review"
    _auto = False
    _inherit = ["billing.analysis"]
    _order = "date_last desc, partner_id"
    _rec_name = "partner_id"
    _depends = {
        "res.partner": [
            "is_billing_account", "billing_state", "billing_state_date", "active", "company_id", "is_company",
            "is_payer", "type", "parent_id", "birth_date", "street", "phone", "email", "guarantor_id",
            "billing_name_key",
            "billing_phone_failure", "billing_email_failure", "billing_address_failure", "billing_confidential_address",
            "commercial_partner_id",
        ],
        "res.company": ["billing_idle_months", "currency_id"],
        "account.move": [
            "billing_patient_id", "commercial_partner_id", "company_id", "state", "move_type", "invoice_date",
        ],
        "account.move.line": [
            "partner_id", "company_id", "parent_state", "reconciled", "amount_residual", "account_id",
        ],
        "account.account": ["account_type"],
        "account.payment": ["partner_id", "company_id", "state", "date"],
        "billing.encounter": ["patient_id", "company_id", "state", "date"],
        "billing.claim": ["patient_id", "company_id", "state"],
        "billing.collection.contact": ["partner_id", "company_id", "at"],
        "billing.coverage": ["patient_id", "company_id", "active", "date_from", "date_to"],
    }

    partner_id = fields.Many2one(comodel_name="res.partner", string="Account", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    billing_state = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["billing_state"]._description_selection(self.env),
        string="State",
        readonly=True,
    )
    is_archived = fields.Boolean(string="Archived", readonly=True)
    date_last = fields.Date(
        string="Last movement",
        readonly=True,
        help="The last bill, payment, visit or talk; where there is none, the day on which the account was opened.",
    )
    idle_months = fields.Integer(string="Months at rest", readonly=True, aggregator="avg")
    amount_open = fields.Monetary(string="Open", readonly=True)
    amount_credit = fields.Monetary(string="Credit", readonly=True)
    advice = fields.Selection(
        selection=[
            ("close", "Close"),
            ("reactivate", "Reactivate"),
            ("merge", "Merge"),
            ("complete", "Ask for what is missing"),
            ("none", "Nothing to do"),
        ],
        string="To do",
        readonly=True,
        help="Close: nothing has moved for so many months as the settings say, and nothing is open. Reactivate: closed "
             "or archived, and something is open, or has moved since. Merge: another account may be the same person.",
    )
    is_idle = fields.Boolean(string="Not moved for long", readonly=True)
    lacks_birth_date = fields.Boolean(string="No birth date", readonly=True, groups=HEALTH_GROUP)
    lacks_address = fields.Boolean(string="No address", readonly=True)
    lacks_contact = fields.Boolean(string="Neither phone nor e-mail", readonly=True)
    lacks_guarantor = fields.Boolean(string="A minor without guarantor", readonly=True, groups=HEALTH_GROUP)
    lacks_coverage = fields.Boolean(string="Coverage has ended", readonly=True, groups=HEALTH_GROUP)
    lacks_working_way = fields.Boolean(string="Phone, e-mail or address does not work", readonly=True)
    lack_count = fields.Integer(string="Missing", readonly=True)
    lack_note = fields.Char(string="What is missing", compute="_compute_lack_note")
    duplicate_id = fields.Many2one(comodel_name="res.partner", string="Maybe the same as", readonly=True)
    account_count = fields.Integer(string="Accounts", readonly=True)

    @api.depends(*LACKS)
    @api.depends_context("lang")
    def _compute_lack_note(self):
        words = {name: self._fields[name]._description_string(self.env) for name in LACKS}
        for row in self:
            row.lack_note = ", ".join(word for name, word in words.items() if row[name]) or False

    @property
    def _table_query(self):
        """One statement; what a reader does not ask for is not joined."""
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT facts.*,
                   CASE WHEN facts.is_idle AND facts.amount_open = 0 AND facts.amount_credit = 0
                             AND NOT facts.has_work AND NOT facts.is_archived
                             AND facts.billing_state NOT IN ('closed', 'on_hold') THEN 'close'
                        WHEN (facts.billing_state = 'closed' OR facts.is_archived)
                             AND (facts.amount_open > 0 OR facts.date_moved > facts.closed_on) THEN 'reactivate'
                        WHEN facts.duplicate_id IS NOT NULL THEN 'merge'
                        WHEN facts.lack_count > 0 AND facts.billing_state != 'closed' AND NOT facts.is_archived
                             AND NOT facts.is_idle THEN 'complete'
                        ELSE 'none' END AS advice
              FROM (%s) facts
            """,
            self._get_facts_query(today),
        )

    def _get_facts_query(self, today):
        """What is known of each account in each company."""
        idle = SQL("(%s - INTERVAL '1 month' * COALESCE(company.billing_idle_months, %s))::date",
                   today, self.env.company.billing_idle_months)
        last = SQL("COALESCE(moved.date, partner.create_date::date)")
        minor = SQL("partner.birth_date > (%s - INTERVAL '18 years')::date", today)
        lacks = {
            "lacks_birth_date": SQL("NOT COALESCE(partner.is_company, FALSE) AND partner.birth_date IS NULL"),
            "lacks_address": SQL(
                "COALESCE(partner.street, '') = '' AND COALESCE(partner.billing_confidential_address, '') = ''",
            ),
            "lacks_contact": SQL("COALESCE(partner.phone, '') = '' AND COALESCE(partner.email, '') = ''"),
            "lacks_guarantor": SQL("COALESCE(%s, FALSE) AND partner.guarantor_id IS NULL", minor),
            "lacks_coverage": SQL("COALESCE(covered.has_ended, FALSE)"),
            "lacks_working_way": SQL(
                "COALESCE(partner.billing_phone_failure, partner.billing_email_failure, "
                "partner.billing_address_failure) IS NOT NULL",
            ),
        }
        return SQL(
            """
            SELECT partner.id::bigint * 100000 + COALESCE(company.id, 0) AS id,
                   partner.id AS partner_id,
                   company.id AS company_id,
                   COALESCE(company.currency_id, %(currency)s) AS currency_id,
                   partner.billing_state,
                   NOT partner.active AS is_archived,
                   partner.billing_state_date AS closed_on,
                   moved.date AS date_moved,
                   %(last)s AS date_last,
                   (EXTRACT(YEAR FROM AGE(%(today)s, %(last)s)) * 12
                    + EXTRACT(MONTH FROM AGE(%(today)s, %(last)s)))::int AS idle_months,
                   %(last)s < %(idle)s AS is_idle,
                   COALESCE(owed.amount_open, 0) AS amount_open,
                   COALESCE(owed.amount_credit, 0) AS amount_credit,
                   COALESCE(visits.has_work, FALSE) OR COALESCE(claims.has_work, FALSE) AS has_work,
                   %(lacks)s,
                   %(lack_count)s AS lack_count,
                   alike.duplicate_id,
                   1 AS account_count
              FROM res_partner partner
         LEFT JOIN (%(movements)s) moved
                ON moved.partner_id = partner.id
               AND (partner.company_id IS NULL OR partner.company_id = moved.company_id)
         LEFT JOIN res_company company ON company.id = COALESCE(moved.company_id, partner.company_id)
         LEFT JOIN (%(owed)s) owed
                ON owed.partner_id = partner.commercial_partner_id AND owed.company_id = company.id
         LEFT JOIN (SELECT patient_id, company_id, TRUE AS has_work FROM billing_encounter
                     WHERE state IN ('draft', 'ready') GROUP BY patient_id, company_id) visits
                ON visits.patient_id = partner.id AND visits.company_id = company.id
         LEFT JOIN (SELECT patient_id, company_id, TRUE AS has_work FROM billing_claim
                     WHERE state IN ('ready', 'sent', 'denied') GROUP BY patient_id, company_id) claims
                ON claims.patient_id = partner.id AND claims.company_id = company.id
         LEFT JOIN (SELECT patient_id, company_id,
                           BOOL_AND(COALESCE(date_to < %(today)s, FALSE)) AS has_ended
                      FROM billing_coverage WHERE active GROUP BY patient_id, company_id) covered
                ON covered.patient_id = partner.id AND covered.company_id = company.id
         LEFT JOIN (%(alike)s) alike ON alike.partner_id = partner.id
             WHERE partner.is_billing_account AND partner.billing_state IS NOT NULL
               AND (partner.active OR owed.amount_open > 0 OR moved.date > partner.billing_state_date)
            """,
            currency=self.env.company.currency_id.id, today=today, last=last, idle=idle,
            lacks=SQL(", ").join(SQL("%s AS %s", lack, SQL.identifier(name)) for name, lack in lacks.items()),
            lack_count=SQL(" + ").join(SQL("(%s)::int", lack) for lack in lacks.values()),
            movements=self._get_movements_query(today), owed=self._get_owed_query(), alike=self._get_alike_query(),
        )

    def _get_movements_query(self, today):
        """When something last happened with whom in which company: bills, payments, visits, talks."""
        return SQL(
            """
            SELECT partner_id, company_id, MAX(date) AS date
              FROM (SELECT billing_patient_id AS partner_id, company_id, invoice_date AS date
                      FROM account_move
                     WHERE state = 'posted' AND billing_patient_id IS NOT NULL
                 UNION ALL
                    SELECT commercial_partner_id, company_id, invoice_date
                      FROM account_move
                     WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
                 UNION ALL
                    SELECT partner_id, company_id, date FROM account_payment WHERE state IN ('in_process', 'paid')
                 UNION ALL
                    SELECT patient_id, company_id, date FROM billing_encounter
                     WHERE state != 'cancelled' AND date <= %(today)s
                 UNION ALL
                    SELECT partner_id, company_id, at::date FROM billing_collection_contact
                   ) movement
             WHERE partner_id IS NOT NULL
          GROUP BY partner_id, company_id
            """,
            today=today,
        )

    def _get_owed_query(self):
        return SQL(
            """
            SELECT line.partner_id, line.company_id,
                   SUM(GREATEST(line.amount_residual, 0)) AS amount_open,
                   -SUM(LEAST(line.amount_residual, 0)) AS amount_credit
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id AND account.account_type = 'asset_receivable'
             WHERE line.parent_state = 'posted' AND NOT line.reconciled
          GROUP BY line.partner_id, line.company_id
            """,
        )

    def _get_alike_query(self):
        """Who may be the same person: the same name in any order, and no birth date that speaks against it."""
        return SQL(
            """
            SELECT one.id AS partner_id, MIN(other.id) AS duplicate_id
              FROM res_partner one
              JOIN res_partner other
                ON other.billing_name_key = one.billing_name_key
               AND other.id != one.id
               AND other.active
               AND other.type = 'contact'
               AND NOT COALESCE(other.is_payer, FALSE)
               AND COALESCE(other.is_company, FALSE) = COALESCE(one.is_company, FALSE)
               AND other.parent_id IS DISTINCT FROM one.id
               AND one.parent_id IS DISTINCT FROM other.id
               AND (other.company_id IS NULL OR one.company_id IS NULL OR other.company_id = one.company_id)
               AND (other.birth_date IS NULL OR one.birth_date IS NULL OR other.birth_date = one.birth_date)
             WHERE one.is_billing_account AND one.active AND one.billing_name_key IS NOT NULL
          GROUP BY one.id
            """,
        )

    # === ACTIONS === #

    def action_close(self):
        """Close these accounts: shows which can be, and asks why."""
        return self._open_wizard("closed", self.env._("Close accounts"))

    def action_reactivate(self):
        """Take these accounts up again: rules or a manager approve them anew."""
        return self._open_wizard("pending", self.env._("Reactivate accounts"))

    def action_ask(self):
        """Put on somebody's list what is to be asked of these people."""
        self.partner_id.check_access("write")
        lacking = {row.partner_id: row for row in self if row.lack_note}
        if not lacking:
            raise UserError(self.env._("Nothing is missing in these accounts."))
        partners = self.env["res.partner"].union(*lacking)
        sentences = {
            partner: self.env._("Ask %(account)s for what is missing", account=partner.name) for partner in partners
        }
        known = {
            (activity.res_id, activity.summary) for activity in self.env["mail.activity"].sudo().search([
                ("res_model", "=", "res.partner"), ("res_id", "in", partners.ids),
            ])
        }
        partners = partners.filtered(lambda partner: (partner.id, sentences[partner]) not in known)
        partners._ask_for(
            "mail.mail_activity_data_todo", sentences,
            users={partner: partner.user_id or self.env.user for partner in partners},
            notes={partner: lacking[partner].lack_note for partner in partners},
        )
        partners._message_log_batch(bodies={
            partner.id: self.env._("To be asked for: %(what)s", what=lacking[partner].lack_note) for partner in partners
        })
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s put on the lists of activities.", count=len(partners)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_merge(self):
        """Make one account of these, or of this one and the one that it looks like; nothing of either is lost."""
        partners = self.partner_id | self.duplicate_id if len(self.partner_id) == 1 else self.partner_id
        if len(partners) < 2:
            raise UserError(self.env._(
                "Choose the accounts that are one person. Nothing looks like %(account)s.",
                account=partners.display_name or "",
            ))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge accounts"),
            "res_model": "base.partner.merge.automatic.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": "res.partner", "active_ids": partners.ids},
        }

    def _open_wizard(self, target, name):
        self.partner_id.check_access("write")
        if len(self.partner_id) > MOST:
            raise UserError(self.env._(
                "These are %(count)s accounts: choose %(most)s at most, so that each can be looked at.",
                count=len(self.partner_id), most=MOST,
            ))
        wizard = self.env["billing.account.review.change"]._create_for(self.partner_id, target)
        return wizard._get_records_action(name=name, target="new")

    def _get_source(self):
        return self.partner_id

    def action_view_source(self):
        """Open the account."""
        self.ensure_one()
        return self.partner_id.get_formview_action(access_uid=self.env.uid)
