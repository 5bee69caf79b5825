from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..product_template import MODIFIERS


class BillingCode(models.Model):
    """A code that stands for a procedure, a diagnosis, a modifier or a place of service while it is valid.

    When a list is revised a code may come back with another meaning: it is then a second record with its own
    dates, so that old papers keep what they said.
    """

    _name = "billing.code"
    _description = "Billing code"
    _order = "code, date_from desc, id"

    system_id = fields.Many2one(
        comodel_name="billing.code.system",
        string="Code system",
        required=True,
        index=True,
        ondelete="restrict",
    )
    code = fields.Char(
        required=True,
        help="As people write it: diagnoses with their dot, M54.50.",
    )
    name = fields.Char(
        string="Description",
        required=True,
        translate=True,
        help="In plain words: patients read it on their bill.",
    )
    description = fields.Char(
        string="Long description",
        translate=True,
        help="The publisher's full text, where it is longer. Codes are found by its words, too.",
    )
    kind = fields.Selection(
        selection=[
            ("procedure", "Procedure"),
            ("diagnosis", "Diagnosis"),
            ("modifier", "Modifier"),
            ("place", "Place of service"),
            ("remark", "Remark of a payer"),
            ("reason", "Adjustment reason"),
        ],
        required=True,
        default="procedure",
    )
    date_from = fields.Date(
        string="Valid from",
        help="First date of service on which the code may be used. Empty: since ever.",
    )
    date_to = fields.Date(
        string="Valid until",
        help="Last date of service on which the code may be used. Empty: until further notice.",
    )
    is_billable = fields.Boolean(
        string="Billable",
        default=True,
        help="Off: a heading over other codes. Payers want the code below it that says more.",
    )
    parent_id = fields.Many2one(
        comodel_name="billing.code",
        string="Under",
        index="btree_not_null",
        ondelete="set null",
        domain="[('system_id', '=', system_id), ('kind', '=', kind)]",
        help="The heading that this code stands under.",
    )
    child_ids = fields.One2many(
        comodel_name="billing.code",
        inverse_name="parent_id",
        string="Codes below",
    )
    edition = fields.Char(
        help="The edition of the list that brought this code or changed it last. Empty: typed by hand.",
        readonly=True,
        copy=False,
    )
    active = fields.Boolean(
        default=True,
    )

    # Answers for beginnings of codes, too, however short: upper(code) LIKE 'M5%'. Each index is paid for by every load.
    _system_code_date_unique = models.UniqueIndex(
        "(upper(code) text_pattern_ops, system_id, kind, COALESCE(date_from, '0001-01-01'::date))",
        "This code system already has that code from the same date. Change the existing one, or give the "
        "new one another first date.",
    )
    _in_order = models.Index("(code, date_from DESC, id)")

    # === COMPUTE METHODS === #

    @api.depends("code", "name")
    def _compute_display_name(self):
        for code in self:
            code.display_name = f"{code.code or ''} {code.name or ''}".strip()

    # === CONSTRAINT METHODS === #

    @api.constrains("code")
    def _check_code(self):
        for code in self:
            if not code.code.strip():
                raise ValidationError(
                    self.env._(
                        "“%(name)s” needs a code. Type the code as its publisher writes it.",
                        name=code.name,
                    )
                )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A code cannot stand under itself. Choose another heading."))

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for code in self:
            if code.date_from and code.date_to and code.date_to < code.date_from:
                raise ValidationError(
                    self.env._(
                        "%(code)s would be valid until %(date_to)s, before it starts on %(date_from)s. "
                        "Correct one of the two dates.",
                        code=code.display_name,
                        date_from=format_date(self.env, code.date_from),
                        date_to=format_date(self.env, code.date_to),
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for code, user in self._find_uses().items():
            raise UserError(
                self.env._(
                    "%(code)s cannot be deleted: %(user)s uses it. Archive it, or give it a last date, and "
                    "it is no longer offered.",
                    code=code.display_name,
                    user=user.display_name,
                )
            )

    # === BUSINESS METHODS === #

    def _is_valid_on(self, date):
        """Whether the code may be used for a service rendered on ``date``."""
        self.ensure_one()
        return (not self.date_from or self.date_from <= date) and (not self.date_to or date <= self.date_to)

    def _get_use_fields(self):
        """Where codes stand. Hook: rooms that use codes add theirs.

        :return: [(model, field that leads from there to the document or None, names of the fields with codes)]
        """
        return [
            ("product.template", None, ("billing_code_id", *MODIFIERS, "billing_diagnosis_ids")),
            ("billing.product.code", "product_tmpl_id", ("code_id",)),
        ]

    def _find_uses(self):
        """What stands on these codes and would lose its meaning without them.

        :return: {code: one record that uses it}, for the codes in use only
        """
        uses = {}
        for model, path, names in self._get_use_fields():
            users = self.env[model].sudo().with_context(active_test=False)
            for name in names:
                for code, user_id in users._read_group([(name, "in", self.ids)], [name], ["id:min"]):
                    user = users.browse(user_id)
                    uses.setdefault(code.sudo(False), user[path] if path else user)
        return {code: user for code, user in uses.items() if code in self}

    @api.model
    def _tidy(self, vals):
        """The values without the blanks that copying from lists leaves around codes."""
        if isinstance(vals.get("code"), str):
            return {**vals, "code": vals["code"].strip()}
        return vals
