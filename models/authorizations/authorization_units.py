from odoo import api, fields, models


class BillingAuthorization(models.Model):
    """What was asked for and what is left of it: the units of all services of an authorization."""

    _inherit = "billing.authorization"

    services = fields.Char(
        string="Asked for",
        compute="_compute_totals",
    )
    units_approved = fields.Float(
        string="Units approved",
        digits="Product Unit",
        compute="_compute_totals",
    )
    units_used = fields.Float(
        string="Units used",
        digits="Product Unit",
        compute="_compute_totals",
    )
    units_left = fields.Float(
        string="Units left",
        digits="Product Unit",
        compute="_compute_totals",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "line_ids.units_approved", "line_ids.units_used",
        "line_ids.product_id", "line_ids.code_id", "line_ids.code_to_id",
    )
    def _compute_totals(self):
        for request in self:
            request.services = ", ".join(line._get_service_name() for line in request.line_ids)
            for name in ("units_approved", "units_used", "units_left"):
                request[name] = sum(request.line_ids.mapped(name))
