from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.billing_coordinator.tools.code_range import is_range

from ..written_numbers import format_number

# What the payer has been asked: it stays as it was sent.
ASKED_FIELDS = frozenset({"authorization_id", "product_id", "code_id", "code_to_id", "units_asked"})
# What is counted from the services billed, and never typed.
COUNTED_FIELDS = frozenset({"units_used", "units_left"})


class BillingAuthorizationLine(models.Model):
    """What of a prior authorization: a service, a code or a range of codes, and how many units of it."""

    _name = "billing.authorization.line"
    _description = "Authorized service"
    _order = "authorization_id, id"
    _rec_names_search = ["authorization_id.name", "authorization_id.number", "code_id.code", "product_id.name"]
    _check_company_auto = True

    authorization_id = fields.Many2one(
        comodel_name="billing.authorization",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="authorization_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    patient_id = fields.Many2one(
        related="authorization_id.patient_id",
        store=True,
        precompute=True,
        index=True,
    )
    state = fields.Selection(
        related="authorization_id.state",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Service",
        index="btree_not_null",
        domain="[('sale_ok', '=', True), ('type', '=', 'service')]",
        ondelete="restrict",
        check_company=True,
        help="This one service. Leave it empty to name a procedure code instead, as payers mostly do.",
    )
    code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Procedure",
        domain="[('kind', '=', 'procedure')]",
        ondelete="restrict",
        index="btree_not_null",
    )
    code_to_id = fields.Many2one(
        comodel_name="billing.code",
        string="Up to",
        domain="[('kind', '=', 'procedure')]",
        ondelete="restrict",
        help="For a range: the last code of it. Empty: only the one code.",
    )
    units_asked = fields.Float(
        string="Asked",
        default=1.0,
        digits="Product Unit",
        required=True,
        help="Units asked for.",
    )
    units_approved = fields.Float(
        string="Approved",
        digits="Product Unit",
        copy=False,
        help="Units that the payer has agreed to. Zero: refused.",
    )
    units_used = fields.Float(
        string="Used",
        digits="Product Unit",
        compute="_compute_units_used",
        store=True,
        help="Units of the services billed under it. They come back when the billing is undone.",
    )
    units_left = fields.Float(
        string="Left",
        digits="Product Unit",
        compute="_compute_units_left",
        store=True,
    )

    # What the office checks in a sentence, the database checks once more: two sessions cannot use too many.
    _used_within_approved = models.Constraint(
        "CHECK (units_used <= COALESCE(units_approved, 0))",
        "More units would be used than the payer has approved. Bill fewer units, or ask the payer for more.",
    )

    # === COMPUTE METHODS === #

    @api.depends()
    def _compute_units_used(self):
        """Hook: nothing is billed in this room, the room of charges answers."""
        for line in self:
            line.units_used = 0.0

    @api.depends("units_approved", "units_used")
    def _compute_units_left(self):
        for line in self:
            line.units_left = line.units_approved - line.units_used

    @api.depends(
        "authorization_id.number", "authorization_id.name", "product_id", "code_id", "code_to_id", "units_left",
    )
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(number)s: %(service)s (%(left)s left)",
                number=line.authorization_id.number or line.authorization_id.name or "",
                service=line._get_service_name(),
                left=format_number(self.env, line.units_left),
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("authorization_id", "product_id", "code_id", "code_to_id")
    def _check_service(self):
        for line in self:
            request = line.authorization_id.name
            if bool(line.product_id) == bool(line.code_id):
                raise ValidationError(self.env._(
                    "A line of %(authorization)s names %(service)s. Choose either a service or a procedure code: one "
                    "of the two says what the payer is asked for.",
                    authorization=request,
                    service=line._get_service_name() or self.env._("nothing"),
                ))
            last = line.code_to_id
            if last and (last.system_id != line.code_id.system_id or not is_range(line.code_id.code, last.code)):
                raise ValidationError(self.env._(
                    "%(authorization)s asks for codes from %(code)s up to %(last)s, which is no range. Choose a last "
                    "code of the same list and length that comes after the first.",
                    authorization=request,
                    code=line.code_id.code or self.env._("nothing"),
                    last=last.code,
                ))

    @api.constrains("units_asked", "units_approved")
    def _check_units(self):
        for line in self:
            facts = {"authorization": line.authorization_id.display_name, "service": line._get_service_name()}
            if line.units_asked <= 0:
                raise ValidationError(self.env._(
                    "%(authorization)s cannot ask for %(units)s units of %(service)s. Type how often the service is "
                    "planned, or remove the line.",
                    units=format_number(self.env, line.units_asked),
                    **facts,
                ))
            if line.units_approved < 0:
                raise ValidationError(self.env._(
                    "%(authorization)s cannot have %(units)s units of %(service)s approved. Type what the payer has "
                    "agreed to; zero where it refused.",
                    units=format_number(self.env, line.units_approved),
                    **facts,
                ))
            if line.units_approved < line.units_used:
                raise ValidationError(self.env._(
                    "%(used)s units of %(service)s are already billed under %(authorization)s: no fewer can be "
                    "approved (%(units)s). Undo the billing of a visit first.",
                    used=format_number(self.env, line.units_used),
                    units=format_number(self.env, line.units_approved),
                    **facts,
                ))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([
            {name: vals[name] for name in vals.keys() - COUNTED_FIELDS} for vals in vals_list
        ])
        lines._check_editable()
        return lines

    def write(self, vals):
        if COUNTED_FIELDS & vals.keys():
            raise UserError(self.env._(
                "The units used of %(service)s under %(authorization)s are counted from visits billed, never typed.",
                service=self[:1]._get_service_name(),
                authorization=self[:1].authorization_id.display_name,
            ))
        if ASKED_FIELDS & vals.keys():
            self._check_editable()
        before = {line: line.units_approved for line in self}
        result = super().write(vals)
        self._log_approved(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._check_editable()

    # === BUSINESS METHODS === #

    def _get_service_name(self):
        """What is authorized in one word or two: a code, a range of codes, or the service itself."""
        self.ensure_one()
        if self.code_to_id and self.code_to_id != self.code_id:
            return f"{self.code_id.code or ''}\N{EN DASH}{self.code_to_id.code}"
        return self.code_id.code or self.product_id.name or ""

    def _check_editable(self):
        """What the payer was asked for stays as it was sent.

        :raise UserError: naming the authorization and the way out
        """
        for request in self.authorization_id:
            if request.state not in ("draft", "cancelled"):
                raise UserError(self.env._(
                    "%(authorization)s has been sent to %(payer)s: its services and the units asked stay. Take it back "
                    "first, or make a new request.",
                    authorization=request.display_name,
                    payer=request.payer_id.name,
                ))

    def _log_approved(self, before):
        """Keep in the history when the payer changes an answer it had given."""
        for line in self:
            request = line.authorization_id
            if line.units_approved != before[line] and request.state in request._get_granted_states():
                request._message_log(body=self.env._(
                    "%(service)s: %(after)s units approved, were %(before)s.",
                    service=line._get_service_name(),
                    after=format_number(self.env, line.units_approved),
                    before=format_number(self.env, before[line]),
                ))
