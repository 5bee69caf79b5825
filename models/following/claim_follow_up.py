from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_FOLLOWED
from odoo.addons.billing_coordinator.tools.follow_up import HIGH, NORMAL, URGENT, FollowUp, is_large, rate

from ..groups import HEALTH_GROUP

BATCH = 1000


class ResPartner(models.Model):
    """When a payer's desk can be reached."""

    _inherit = "res.partner"

    billing_hours = fields.Char(
        string="Reached",
        # Who may not read it copies contacts as ever.
        copy=False,
        groups=HEALTH_GROUP,
        help="When somebody answers there: Mon–Fri 8–17, Eastern time.",
    )


class BillingClaim(models.Model):
    """An unanswered claim is asked about once its payer usually has answered, or on the day that was promised."""

    _inherit = "billing.claim"

    contact_ids = fields.Many2many(
        comodel_name="billing.claim.contact",
        relation="billing_claim_contact_rel",
        column1="claim_id",
        column2="contact_id",
        string="Calls",
        copy=False,
    )
    last_contact_id = fields.Many2one(
        comodel_name="billing.claim.contact",
        string="Last call",
        compute="_compute_last_contact",
        store=True,
        index="btree_not_null",
        help="The last contact with the payer since the claim was sent.",
    )
    last_outcome = fields.Selection(
        related="last_contact_id.outcome",
        string="Last said",
        store=True,
    )
    date_expected = fields.Date(
        string="Answer expected",
        compute="_compute_follow_up",
        store=True,
        index="btree_not_null",
        help="The day by which four of five answers of this payer were here. Counted from the sending; before there "
             "are five answers, with the days that the plan says, or thirty.",
    )
    date_follow_up = fields.Date(
        string="Ask on",
        compute="_compute_follow_up",
        store=True,
        index="btree_not_null",
        help="The day on which somebody should ask the payer: when the answer is late, or the next step that was "
             "agreed on the last call.",
    )
    follow_priority = fields.Selection(
        selection=[(NORMAL, "Normal"), (HIGH, "High"), (URGENT, "Urgent")],
        string="Priority",
        compute="_compute_follow_up",
        store=True,
        help="By how late the answer is, how close the filing deadline is, and whether the amount is unusually large. "
             "Brought up to date each night.",
    )
    follow_is_large = fields.Boolean(
        compute="_compute_follow_up",
        store=True,
    )
    days_late = fields.Integer(
        string="Days late",
        compute="_compute_days_late",
        search="_search_days_late",
        help="Days since the answer was expected.",
    )
    follow_reason = fields.Char(
        string="Why",
        compute="_compute_follow_reason",
    )

    # === COMPUTE METHODS === #

    @api.depends("contact_ids", "date_sent")
    def _compute_last_contact(self):
        for claim in self:
            since = claim.contact_ids.filtered(
                lambda contact, claim=claim: not claim.date_sent or contact.date.date() >= claim.date_sent
            )
            claim.last_contact_id = since.sorted(lambda contact: (contact.date, contact.id))[-1:]

    @api.depends("state", "date_sent", "date_answered", "last_contact_id", "date_deadline")
    def _compute_follow_up(self):
        followed = self.filtered(lambda claim: claim.state in CLAIM_FOLLOWED and claim.date_sent)
        for claim in self - followed:
            claim.date_expected = claim.date_follow_up = claim.follow_priority = claim.follow_is_large = False
        if not followed:
            return
        days = followed._get_answer_days()
        usual = followed._read_usual_amounts()
        for claim in followed:
            since = max(filter(None, (claim.date_sent, claim.state == "answered" and claim.date_answered)))
            claim.date_expected = since + timedelta(days=days[claim][0])
            claim.date_follow_up = claim.last_contact_id.date_next or claim.date_expected
            facts = claim._get_follow_up(usual.get((claim.company_id.id, claim.currency_id.id), 0.0))
            claim.follow_is_large = is_large(facts)
            claim.follow_priority = rate(facts)[0]

    @api.depends("date_expected")
    def _compute_days_late(self):
        today = fields.Date.context_today(self)
        for claim in self:
            claim.days_late = max((today - claim.date_expected).days, 0) if claim.date_expected else 0

    @api.model
    def _search_days_late(self, operator, value):
        if operator not in (">", ">=") or not isinstance(value, int):
            return NotImplemented
        days = value if operator == ">=" else value + 1
        return Domain("date_expected", "<=", fields.Date.context_today(self) - timedelta(days=max(days, 1)))

    @api.depends("date_expected", "date_deadline", "follow_is_large", "last_outcome")
    @api.depends_context("lang")
    def _compute_follow_reason(self):
        for claim in self:
            if not claim.date_expected:
                claim.follow_reason = False
                continue
            usual = claim.amount_charged / 2 if claim.follow_is_large else 0.0
            _priority, reasons = rate(claim._get_follow_up(usual))
            sentences = claim._say_reasons()
            claim.follow_reason = "; ".join(sentences[reason] for reason in reasons) or False

    # === ACTIONS === #

    def action_log_contact(self):
        """Log a call to the payer about these claims."""
        if len(self.payer_id) > 1 or len(self.company_id) > 1:
            raise UserError(self.env._(
                "One call is about claims of one payer and one company. The claims chosen are from %(payers)s.",
                payers=", ".join(self.payer_id.mapped("display_name")),
            ))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a call to %(payer)s", payer=self.payer_id.display_name),
            "res_model": "billing.claim.contact",
            "views": [(self.env.ref("billing_coordinator.billing_claim_contact_view_form").id, "form")],
            "target": "new",
            "context": {
                "default_claim_ids": self.ids,
                "default_payer_id": self.payer_id.id,
                "default_company_id": self.company_id.id,
                "billing_show_patient": True,
            },
        }

    # === BUSINESS METHODS === #

    def _get_follow_up(self, usual_amount):
        """What the priority is made of, in the currency of the claim."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return FollowUp(
            amount=self.amount_charged,
            usual_amount=usual_amount,
            days_late=(today - self.date_expected).days,
            days_to_deadline=(self.date_deadline - today).days if self.date_deadline else None,
            not_on_file=self.last_contact_id.outcome == "not_on_file",
        )

    def _say_reasons(self):
        """{reason: in words}"""
        self.ensure_one()
        return {
            "not_on_file": self.env._("the payer says it is not on file"),
            "deadline": self.env._("to be filed until %(date)s", date=format_date(self.env, self.date_deadline)),
            "late": (
                self.env._("1 day late") if self.days_late == 1
                else self.env._("%(days)s days late", days=self.days_late)
            ),
            "large": self.env._("unusually large"),
        }

    def _read_usual_amounts(self):
        """{(company id, currency id): what open claims ask for on average}, in one query."""
        return {
            (company.id, currency.id): amount or 0.0
            for company, currency, amount in self.sudo()._read_group(
                [("company_id", "in", self.company_id.ids), ("state", "in", CLAIM_FOLLOWED)],
                ["company_id", "currency_id"], ["amount_charged:avg"],
            )
        }

    def _refresh_follow_up(self):
        """Look anew: another day has passed, and payers have answered other claims."""
        for name in ("date_expected", "date_follow_up", "follow_priority", "follow_is_large"):
            self.env.add_to_compute(self._fields[name], self)
        self._recompute_recordset(["date_expected"])

    @api.model
    def _cron_follow_up(self, batch_size=BATCH):
        """Each night: when each unanswered claim is to be asked about, and how urgent that is."""
        self.env["billing.nightly"]._work_through(
            (lambda claims: Domain("state", "in", CLAIM_FOLLOWED), lambda claims: claims._refresh_follow_up()),
            batch_size=batch_size,
            among=[self._name],
        )
