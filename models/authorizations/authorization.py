from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

# What the payer has been asked: it stays as it was sent.
ASKED_FIELDS = frozenset({
    "patient_id", "coverage_id", "provider_id", "diagnosis_ids", "urgency", "reason", "tried_before",
})


class BillingAuthorization(models.Model):
    """A prior authorization: the payer is asked beforehand whether it will pay for services, and says how many.

    Units are used by the services billed under it and come back when that billing is undone; nobody types them.
    """

    _name = "billing.authorization"
    _description = "Prior authorization"
    _inherit = ["billing.document"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["name", "number", "patient_id.name", "coverage_id.member_number"]
    _mail_post_access = "read"

    name = fields.Char(
        string="Request number",
    )
    state = fields.Selection(
        selection=[
            ("draft", "To send"),
            ("submitted", "Waiting for answer"),
            ("approved", "Approved"),
            ("partly_approved", "Approved in part"),
            ("denied", "Denied"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
        help="Expired: no new services fall under it; those rendered while it was valid can still be billed.",
    )
    patient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Patient or client",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain="[('is_billing_account', '=', True)]",
    )
    patient_concerns = fields.Text(
        related="patient_id.special_concerns",
        string="Special concerns",
    )
    coverage_id = fields.Many2one(
        comodel_name="billing.coverage",
        compute="_compute_coverage_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain="[('patient_id', '=', patient_id)]",
        help="The policy under which the payer is asked.",
    )
    plan_id = fields.Many2one(
        related="coverage_id.plan_id",
    )
    payer_id = fields.Many2one(
        related="coverage_id.payer_id",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="coverage_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    provider_id = fields.Many2one(
        comodel_name="res.partner",
        string="Provider",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_provider', '=', True)]",
        check_company=True,
        help="Who will render the services. Services of another provider do not fall under this authorization. Empty: "
             "whoever of the office renders them.",
    )
    diagnosis_ids = fields.Many2many(
        comodel_name="billing.code",
        string="Diagnoses",
        domain="[('kind', '=', 'diagnosis')]",
        help="Only those that explain the services asked for: the payer need not know the others.",
    )
    urgency = fields.Selection(
        selection=[
            ("routine", "Routine"),
            ("urgent", "Urgent"),
        ],
        required=True,
        default="routine",
        help="Urgent: waiting could harm the patient. Payers answer these first.",
    )
    reason = fields.Text(
        string="Why it is needed now",
        help="The payer's criteria, one by one. Printed on the letter.",
    )
    tried_before = fields.Text(
        string="What was tried before",
        help="Earlier treatment and how it went. Printed on the letter.",
    )
    enclosures = fields.Text(
        help="What is sent along, such as a report or an image. Printed on the letter.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="First day of service.",
    )
    date_to = fields.Date(
        string="Until",
        tracking=True,
        help="Last day of service. Empty: until further notice.",
    )
    number = fields.Char(
        string="Authorization number",
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="The number that the payer gave with its yes. Printed on the claim.",
    )
    date_submitted = fields.Date(
        string="Sent on",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_decided = fields.Date(
        string="Answered on",
        readonly=True,
        copy=False,
    )
    denial_reason = fields.Text(
        string="Why refused",
        copy=False,
        help="What the payer gave as its reason, for an appeal or another request.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Looked after by",
        default=lambda self: self.env.user,
        index="btree_not_null",
        copy=False,
        help="Is reminded when it is nearly used up or about to end.",
    )
    line_ids = fields.One2many(
        comodel_name="billing.authorization.line",
        inverse_name="authorization_id",
        string="Services",
        copy=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("patient_id")
    def _compute_coverage_id(self):
        """The policy that is billed first today, unless another one of this person was chosen."""
        today = fields.Date.context_today(self)
        company = self.env.company
        others = self.filtered(lambda request: request.coverage_id.patient_id != request.patient_id)
        in_force = self.env["billing.coverage"]._get_in_force({
            (patient._origin, company, today) for patient in others.patient_id
        })
        none = self.env["billing.coverage"]
        for request in others:
            request.coverage_id = in_force.get((request.patient_id._origin, company, today), none)[:1]

    @api.depends("name", "patient_id")
    def _compute_display_name(self):
        for request in self:
            request.display_name = f"{request.name} {request.patient_id.name or ''}".strip()

    # === CONSTRAINT METHODS === #

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for request in self:
            if request.date_to and request.date_to < request.date_from:
                raise ValidationError(self.env._(
                    "%(authorization)s would end on %(date_to)s, before it begins on %(date_from)s. Correct one of the "
                    "two dates.",
                    authorization=request.display_name,
                    date_from=format_date(self.env, request.date_from),
                    date_to=format_date(self.env, request.date_to),
                ))

    @api.constrains("patient_id", "coverage_id")
    def _check_coverage(self):
        for request in self:
            if request.coverage_id.patient_id != request.patient_id:
                raise ValidationError(self.env._(
                    "%(coverage)s insures %(insured)s, but %(authorization)s is for %(patient)s. Choose a coverage of "
                    "%(patient)s.",
                    coverage=request.coverage_id.display_name,
                    insured=request.coverage_id.patient_id.name,
                    authorization=request.name,
                    patient=request.patient_id.name,
                ))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        self._check_editable(vals)
        return super().write(self._tidy(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for request in self:
            if request.state not in ("draft", "cancelled"):
                raise UserError(self.env._(
                    "%(authorization)s is “%(state)s” and cannot be deleted: what the payer was asked stays on record. "
                    "Cancel it instead.",
                    authorization=request.display_name,
                    state=labels[request.state],
                ))

    # === BUSINESS METHODS === #

    @api.model
    def _get_granted_states(self):
        """States in which services rendered within the dates may be billed under an authorization."""
        return ("approved", "partly_approved", "expired")

    def _check_editable(self, vals):
        """What the payer was asked stays as it was sent.

        :raise UserError: naming the authorization, the field and the way out
        """
        asked = sorted(ASKED_FIELDS & vals.keys())
        sent = self.filtered(lambda request: request.state != "draft")
        if asked and sent:
            raise UserError(self.env._(
                "%(authorization)s has been sent to %(payer)s: “%(field)s” stays as it was asked. Take it back first, "
                "or make a new request.",
                authorization=sent[0].display_name,
                payer=sent[0].payer_id.name,
                field=self._fields[asked[0]]._description_string(self.env),
            ))

    @api.model
    def _tidy(self, vals):
        """The values without the blanks that copying leaves around a number."""
        if isinstance(vals.get("number"), str):
            return {**vals, "number": vals["number"].strip()}
        return vals
