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
