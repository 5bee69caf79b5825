from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

MODIFIERS = tuple(f"billing_modifier_{number}_id" for number in range(1, 5))
# CMS-1500 (02/12): twelve diagnoses, A to L, of which a service points to four at most.
LETTERS = "ABCDEFGHIJKL"
MAX_POINTERS = 4


def _modifier(number):
    return fields.Many2one(
        comodel_name="billing.code",
        string=f"Modifier {number}",
        ondelete="restrict",
        domain="[('kind', '=', 'modifier')]",
        help="Stands behind the procedure code wherever this service is recorded, unless something else is chosen.",
    )


class ProductTemplate(models.Model):
    """A service that the office bills, with the code under which payers know it and what usually goes with it."""

    _inherit = "product.template"

    billing_code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Procedure code",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', '=', 'procedure')]",
        # A price list is no health record; and Odoo lets nobody duplicate what has fields they may not read.
        help="Goes to the visit line, the invoice and the claim with this service.",
    )
    billing_system_id = fields.Many2one(
        related="billing_code_id.system_id",
        string="Code system",
    )
    billing_other_code_ids = fields.One2many(
        comodel_name="billing.product.code",
        inverse_name="product_tmpl_id",
        string="In other lists",
        groups="billing_coordinator.group_readonly",
        help="What payers call this service that do not understand its usual code.",
    )
    billing_modifier_1_id = _modifier(1)
    billing_modifier_2_id = _modifier(2)
    billing_modifier_3_id = _modifier(3)
    billing_modifier_4_id = _modifier(4)
    billing_pointers = fields.Char(
        string="Points to diagnoses",
        help="The letters of the visit's diagnoses that usually explain this service, such as A or AB. Empty: those "
             "chosen beside, or the first one.",
    )
    billing_diagnosis_ids = fields.Many2many(
        comodel_name="billing.code",
        relation="billing_product_diagnosis_rel",
        column1="product_tmpl_id",
        column2="code_id",
        string="Usual diagnoses",
        domain="[('kind', '=', 'diagnosis')]",
        copy=False,
        groups="billing_coordinator.group_readonly",
        help="Where a visit has one of these, the service points to it: a flu shot to the encounter for vaccination.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_pointers")
    def _check_billing_pointers(self):
        for product in self:
            letters = product.billing_pointers or ""
            if set(letters) - set(LETTERS) or len(set(letters)) < len(letters) or len(letters) > MAX_POINTERS:
                raise ValidationError(self.env._(
                    "%(service)s cannot point to the diagnoses “%(letters)s”. Type up to four letters from A to L, "
                    "each of them once.",
                    service=product.display_name,
                    letters=letters,
                ))

    @api.constrains(*MODIFIERS)
    def _check_billing_modifiers(self):
        for product in self:
            modifiers = [product[name] for name in MODIFIERS if product[name]]
            if len(modifiers) != len(set(modifiers)):
                raise ValidationError(self.env._(
                    "%(service)s has one modifier twice. Keep it once.", service=product.display_name,
                ))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy_billing(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy_billing(vals))

    def copy_data(self, default=None):
        # Odoo would read what is copied as the user, who may not see diagnoses.
        vals_list = super().copy_data(default=default)
        if self.env.user.has_group("billing_coordinator.group_readonly"):
            for product, vals in zip(self, vals_list, strict=True):
                vals.setdefault("billing_diagnosis_ids", [Command.set(product.billing_diagnosis_ids.ids)])
        return vals_list

    # === BUSINESS METHODS === #

    def _get_billing_codes(self):
        """The codes of this service in all lists, the usual one first."""
        self.ensure_one()
        return self.billing_code_id | self.sudo().billing_other_code_ids.code_id.sudo(False)

    @api.model
    def _tidy_billing(self, vals):
        """The values with the letters of diagnoses as they are printed."""
        letters = vals.get("billing_pointers")
        if isinstance(letters, str):
            return {**vals, "billing_pointers": "".join(sign for sign in letters.upper() if sign not in " ,;")}
        return vals
