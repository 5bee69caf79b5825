from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BillingProductCode(models.Model):
    """What a service is called in another list than its usual one: a payer may understand only that.

    The usual code stands on the service itself; a plan's lists and a payer's habits say when another one is told.
    """

    _name = "billing.product.code"
    _description = "Code of a service in another list"
    _order = "product_tmpl_id, system_id, id"
    _rec_name = "code_id"

    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Service",
        required=True,
        index=True,
        ondelete="cascade",
    )
    code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Procedure code",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('kind', '=', 'procedure')]",
    )
    system_id = fields.Many2one(
        related="code_id.system_id",
        string="Code system",
        store=True,
        precompute=True,
    )
    date_from = fields.Date(
        related="code_id.date_from",
    )
    date_to = fields.Date(
        related="code_id.date_to",
    )

    _code_unique = models.UniqueIndex(
        "(product_tmpl_id, code_id)",
        "This service already has that code. Keep it once.",
    )

    @api.constrains("code_id")
    def _check_kind(self):
        for other in self:
            if other.code_id.kind != "procedure":
                raise ValidationError(self.env._(
                    "%(code)s is no procedure, so %(service)s cannot be called that. Choose a procedure code.",
                    code=other.code_id.display_name,
                    service=other.product_tmpl_id.display_name,
                ))
