from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class BillingEstimate(models.Model):
    """What a planned service will cost, and who is expected to pay how much of it.

    It is made from the benefits known on the day. Once it is handed over it stays what the patient was told, so that
    the bill can be compared with it; to change it, it is revised and handed over anew.
    """

    _name = "billing.estimate"
    _description = "Estimate"
    _inherit = ["billing.service.document", "billing.document", "billing.nightly", "billing.sending"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "patient_id.name", "patient_id.billing_account_number"]
    _mail_post_access = "read"

    _state_moves = {
        "draft": ("sent",),
        "sent": ("draft", "accepted", "declined", "expired", "done"),
        "accepted": ("draft", "declined", "done"),
        "declined": ("draft",),
        "expired": ("draft",),
        "done": ("sent", "accepted"),
    }

    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("expired", "Expired"),
            ("done", "Visit made"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
        help="Sent: handed to the patient, and what it says stays. Expired: nobody answered in time. Visit made: the "
             "services stand on a visit now.",
    )
    date = fields.Date(
        string="Planned for",
        default=None,
        help="The day on which the service is going to be rendered.",
    )
    provider_id = fields.Many2one(
        help="Who is going to render the service.",
    )
    place_id = fields.Many2one(
        string="Place of service",
    )
    diagnosis_code_ids = fields.Many2many(
        comodel_name="billing.code",
        relation="billing_estimate_diagnosis_rel",
        column1="estimate_id",
        column2="code_id",
        string="Diagnoses",
        domain="[('kind', '=', 'diagnosis')]",
        help="Why the service is planned, as far as it is known. A good-faith estimate names their codes.",
    )
    line_ids = fields.One2many(
        comodel_name="billing.estimate.line",
        inverse_name="estimate_id",
        string="Services",
        copy=True,
    )
    separate_services = fields.Text(
        string="Booked separately",
        help="Services that belong to the treatment and need a booking, and an estimate, of their own: one a line.",
    )
    addressee_id = fields.Many2one(
        comodel_name="res.partner",
        string="Goes to",
        compute="_compute_addressee_id",
        help="The patient, or the guarantor who pays the patient's bills. The patient alone, when a confidential "
             "address was asked for: an estimate tells what is planned.",
    )
    date_sent = fields.Date(
        string="Sent on",
        readonly=True,
        copy=False,
    )
    date_valid_until = fields.Date(
        string="Holds until",
        compute="_compute_date_valid_until",
        store=True,
        readonly=False,
        copy=False,
        help="After this day an unanswered estimate expires. The day of the service, unless you choose another one.",
    )
    date_accepted = fields.Date(
        string="Accepted on",
        copy=False,
        tracking=True,
    )
    accepted_by = fields.Char(
        string="Accepted by",
        copy=False,
        tracking=True,
        help="Who said yes. Left empty, whoever the estimate goes to.",
    )
    notes = fields.Text(
        copy=False,
        help="For the office only, never printed.",
    )

    _company_state_date_idx = models.Index("(company_id, state, date)")
    _unanswered_idx = models.Index("(company_id, date_valid_until) WHERE state = 'sent'")

    # === COMPUTE METHODS === #

    @api.depends("patient_id.guarantor_id", "patient_id.billing_confidential_address")
    def _compute_addressee_id(self):
        for estimate in self:
            patient = estimate.patient_id
            is_confidential = patient and patient._get_billing_confidential_address()
            estimate.addressee_id = patient if is_confidential else patient and patient._get_billing_debtor()

    @api.depends("date")
    def _compute_date_valid_until(self):
        for estimate in self:
            if estimate.state in (False, "draft"):
                estimate.date_valid_until = estimate.date

    @api.depends("name", "patient_id")
    def _compute_display_name(self):
        for estimate in self:
            estimate.display_name = f"{estimate.name} {estimate.patient_id.name or ''}".strip()

    # === CONSTRAINT METHODS === #

    @api.constrains("date_sent", "date_accepted")
    def _check_date_accepted(self):
        today = fields.Date.context_today(self)
        for estimate in self:
            accepted = estimate.date_accepted
            if accepted and (accepted > today or (estimate.date_sent and accepted < estimate.date_sent)):
                raise ValidationError(self.env._(
                    "%(estimate)s cannot have been accepted on %(date)s: that is before it was sent, or still to come. "
                    "Type the day on which the answer came.",
                    estimate=estimate.display_name,
                    date=format_date(self.env, accepted),
                ))

    # === CRUD METHODS === #

    def write(self, vals):
        self._check_editable(vals)
        # Together with the state it passes the gate: only handing over says when that was.
        if "date_sent" in vals and "state" not in vals:
            raise UserError(self.env._(
                "When %(estimate)s was handed over is written down by sending or printing it, never typed.",
                estimate=self[:1].display_name,
            ))
        return super().write(vals)

    def copy_data(self, default=None):
        # An old estimate made anew is for a day to come.
        today = fields.Date.context_today(self)
        return [
            {**vals, "date": max(fields.Date.to_date(vals["date"]), today)}
            for vals in super().copy_data(default=default)
        ]

    _editable_when_sent = frozenset({
        "state", "notes", "date_sent", "date_valid_until", "date_accepted", "accepted_by",
    })

    def _check_editable(self, vals):
        """What the patient was told stays, so that the bill can be compared with it."""
        touched = {
            name for name in vals
            if name not in self._editable_when_sent
            and name in self._fields
            and not name.startswith(("message_", "activity_"))
        }
        told = self.filtered(lambda estimate: estimate.state != "draft")
        if touched and told:
            raise UserError(self.env._(
                "%(estimate)s was handed over, and what it says stays. Press “Revise” to change it and hand it over "
                "anew, or make a new estimate.",
                estimate=told[0].display_name,
            ))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        for estimate in self:
            if estimate.date_sent:
                raise UserError(self.env._(
                    "%(estimate)s was handed over on %(date)s and cannot be deleted: what the patient was told stays "
                    "on record. Mark it as declined instead.",
                    estimate=estimate.display_name,
                    date=format_date(self.env, estimate.date_sent),
                ))

    # === ACTIONS === #

    def action_accept(self):
        """The patient, or whoever pays, said yes."""
        self._check_patients_open()
        for estimate in self:
            estimate._set_state(
                "accepted",
                date_accepted=estimate.date_accepted or fields.Date.context_today(estimate),
                accepted_by=estimate.accepted_by or estimate.addressee_id.name,
            )

    def action_decline(self):
        """The patient does not want the service, or not at this price."""
        self._set_state("declined", date_accepted=False, accepted_by=False)

    def action_revise(self):
        """Take the estimate back to change it; it is to be handed over anew."""
        self._set_state("draft", date_accepted=False, accepted_by=False)
        self._refresh()

    # === BUSINESS METHODS === #

    def _check_complete(self):
        """What an estimate needs before anybody is told.

        :raise UserError: naming the estimate, what is missing and the way out
        """
        self._check_patients_open()
        today = fields.Date.context_today(self)
        for estimate in self:
            facts = {"estimate": estimate.display_name, "date": format_date(self.env, estimate.date)}
            if estimate.date < today:
                raise UserError(self.env._(
                    "%(estimate)s is planned for %(date)s, which is over. Correct the date, or record the visit "
                    "itself.",
                    **facts,
                ))
            if not estimate.line_ids:
                raise UserError(self.env._(
                    "%(estimate)s has no services. Add a line for what is planned.", **facts,
                ))
            if estimate.currency_id.compare_amounts(estimate.amount_total, 0) <= 0:
                raise UserError(self.env._(
                    "The services of %(estimate)s add up to %(amount)s: there is nothing to estimate. Check quantity "
                    "and price.",
                    amount=estimate.currency_id.format(estimate.amount_total),
                    **facts,
                ))

    def _check_patients_open(self):
        """Nothing new is planned for an account that is archived or closed.

        :raise UserError: naming the estimate, the account and the way out
        """
        for estimate in self:
            if estimate.patient_id.billing_state == "closed":
                raise UserError(self.env._(
                    "%(estimate)s cannot go on: %(why)s",
                    estimate=estimate.name,
                    why=estimate.patient_id._get_billing_stop(estimate.company_id)[0],
                ))
            if not estimate.patient_id.active:
                raise UserError(self.env._(
                    "The account of %(patient)s is archived, so %(estimate)s cannot go on. Restore the account first, "
                    "or decline the estimate.",
                    patient=estimate.patient_id.name,
                    estimate=estimate.name,
                ))

    @api.model
    def _cron_expire(self):
        """Estimates that nobody answered in time expire, whole batches at once."""
        self._work_through((
            lambda model: [("state", "=", "sent"), ("date_valid_until", "<", fields.Date.context_today(model))],
            lambda unanswered: unanswered._set_state("expired", self.env._("Nobody answered in time.")),
        ))
