from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.eligibility import ACTIVE


class BillingEligibilityCheck(models.Model):
    """One question to a payer, "is this person insured with you on that day?", and its answer.

    While it is open, the answer is typed. Applying it brings the coverage up to date and keeps what was changed; from
    then on the check is evidence and no longer edited: a better answer is a new check.
    """

    _name = "billing.eligibility.check"
    _description = "Eligibility check"
    _inherit = ["billing.document", "billing.benefits"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "reference", "coverage_id.patient_id.name", "coverage_id.member_number"]
    _mail_post_access = "read"

    _state_moves = {
        "open": ("applied", "cancelled"),
        "cancelled": ("open",),
    }

    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("applied", "Applied"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
        index=True,
        help="Open: asked, or still to ask. Applied: the coverage says what the payer said.",
    )
    coverage_id = fields.Many2one(
        comodel_name="billing.coverage",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    patient_id = fields.Many2one(
        related="coverage_id.patient_id",
        store=True,
        index=True,
    )
    payer_id = fields.Many2one(
        related="coverage_id.payer_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="coverage_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )

    # The question
    how = fields.Selection(
        selection=[
            ("phone", "Phone"),
            ("portal", "Payer's portal"),
            ("letter", "Letter"),
            ("file", "File"),
        ],
        string="Asked by",
        required=True,
        default="phone",
        tracking=True,
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Whom to ask",
        compute="_compute_contact_id",
    )
    contact_phone = fields.Char(
        string="Phone of whom to ask",
        compute="_compute_contact_id",
    )
    contact_email = fields.Char(
        string="Email of whom to ask",
        compute="_compute_contact_id",
    )
    contact_website = fields.Char(
        string="Website of whom to ask",
        compute="_compute_contact_id",
    )
    service_date = fields.Date(
        string="For services from",
        required=True,
        default=fields.Date.context_today,
        help="The first day that the payer was asked about, the day of the visit for instance.",
    )

    # The answer
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked",
        default=lambda self: self.env.user,
        index="btree_not_null",
        help="Who of the office asked.",
    )
    date = fields.Date(
        string="Answered on",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    responder = fields.Char(
        string="Who answered",
        help="The name of the person at the payer. It is asked for when the answer is disputed later.",
    )
    reference = fields.Char(
        string="Call or answer reference",
        tracking=True,
    )
    result = fields.Selection(
        selection=[
            ("active", "Active"),
            ("inactive", "Not active"),
            ("other_plan", "Another plan"),
            ("unclear", "Unclear"),
        ],
        tracking=True,
        help="Active: insured on that day. Not active: no longer insured. Another plan: insured, but under another "
        "plan than we have on file. Unclear: ask again.",
    )
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        readonly=False,
        precompute=True,
        help="The answer counts for visits up to this day.",
    )
    valid_from = fields.Date(
        compute="_compute_valid_from",
        store=True,
        precompute=True,
    )
    note = fields.Text(
        string="What else was said",
    )
    change_ids = fields.One2many(
        comodel_name="billing.eligibility.change",
        inverse_name="check_id",
        string="What it changed",
        readonly=True,
    )

    # What decides about a coverage on a day is its latest applied answer that counts on that day.
    _decides_idx = models.Index("(coverage_id, valid_until, date) WHERE state = 'applied'")

    # === COMPUTE METHODS === #

    @api.depends("payer_id")
    def _compute_contact_id(self):
        contacts = self.payer_id._get_billing_contacts("eligibility")
        for check in self:
            contact = contacts.get(check.payer_id, check.payer_id)
            check.contact_id = contact
            check.contact_phone = contact.phone
            check.contact_email = contact.email
            check.contact_website = contact.website

    @api.depends("date", "company_id")
    def _compute_valid_until(self):
        for check in self:
            company = check.company_id or self.env.company
            check.valid_until = check.date and fields.Date.add(check.date, days=company.billing_verify_days)

    @api.depends("date", "service_date")
    def _compute_valid_from(self):
        """An answer about an earlier day counts from that day on, any other from the day it was given."""
        for check in self:
            days = [day for day in (check.date, check.service_date) if day]
            check.valid_from = min(days) if days else False

    @api.depends("coverage_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for check in self:
            check.display_name = self.env._(
                "%(plan)s of %(patient)s, %(date)s",
                plan=check.coverage_id.plan_id.name or "",
                patient=check.coverage_id.patient_id.name or "",
                date=format_date(self.env, check.date) if check.date else "",
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("date", "valid_until")
    def _check_answer_dates(self):
        today = fields.Date.context_today(self)
        for check in self:
            if check.date > today:
                raise ValidationError(self.env._(
                    "The answer about %(check)s is dated %(date)s, which is still to come. Type the day on which the "
                    "payer answered.",
                    check=check.display_name,
                    date=format_date(self.env, check.date),
                ))
            if check.valid_until and check.valid_until < check.date:
                raise ValidationError(self.env._(
                    "The answer about %(check)s would be valid until %(until)s, before it was given on %(date)s. "
                    "Correct one of the two dates.",
                    check=check.display_name,
                    until=format_date(self.env, check.valid_until),
                    date=format_date(self.env, check.date),
                ))

    @api.onchange("result")
    def _onchange_result(self):
        """A question that waited is answered on the day on which the answer is typed, unless said otherwise.

        Another plan begins on a day of its own, which only the payer knows.
        """
        if self.result and self._origin and self.date == self._origin.date:
            self.date = fields.Date.context_today(self)
        if self.result == "other_plan" and self.date_from == self.coverage_id.date_from:
            self.date_from = self.date_to = False
        elif self.result != "other_plan" and not self.date_from:
            self.date_from = self.coverage_id.date_from

    # === CRUD METHODS === #

    def write(self, vals):
        touched = {name for name in vals if name in self._fields and not name.startswith(("message_", "activity_"))}
        for check in self:
            if touched - {"state", "note"} and check.state != "open":
                raise UserError(self.env._(
                    "%(check)s is “%(state)s” and no longer changed: it is the record of what the payer said. Ask "
                    "again and record a new check.",
                    check=check.display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[check.state],
                ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        for check in self:
            if check.state == "applied":
                raise UserError(self.env._(
                    "%(check)s was applied and stays on record. Record a new check if the payer says otherwise now.",
                    check=check.display_name,
                ))

    # === ACTIONS === #

    def action_apply(self):
        """Bring the coverages up to date with what the payers said, and go on to the next one to verify."""
        for check in self:
            check._answer(check._get_typed_answer())
        return self[-1:]._get_next_action()

    def action_cancel(self):
        """Nobody waits for this answer any more."""
        self._set_state("cancelled")

    def action_reopen(self):
        """Take the question up again."""
        self._set_state("open")

    # === BUSINESS METHODS === #

    def _get_next_action(self):
        """What to show once this check is applied; hook for the rooms that ask about more than one coverage."""
        return {"type": "ir.actions.act_window_close"}

    def _get_verification(self):
        """What this answer, or none, makes of its coverage: verified, problem or unverified."""
        if not self:
            return "unverified"
        return "verified" if self.result == ACTIVE else "problem"
