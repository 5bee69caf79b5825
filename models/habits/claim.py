from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingClaim(models.Model):
    """What the payer of a claim is told, after its own habits."""

    _inherit = "billing.claim"

    told_ids = fields.One2many(
        comodel_name="billing.claim.told",
        inverse_name="claim_id",
        string="What the payer is told",
    )
    told_differently = fields.Integer(
        string="Told differently",
        compute="_compute_told_differently",
    )
    missing_values = fields.Char(
        string="Still asked for",
        compute="_compute_told_differently",
    )

    @api.depends("told_ids.is_changed", "told_ids.value")
    def _compute_told_differently(self):
        for claim in self:
            claim.told_differently = len(claim.told_ids.filtered("is_changed"))
            claim.missing_values = "; ".join(claim._get_missing_values().mapped("label")) or False

    @api.model_create_multi
    def create(self, vals_list):
        claims = super().create(vals_list)
        claims._tell()
        return claims

    def _check_submittable(self):
        for claim in self:
            if missing := claim._get_missing_values().filtered("is_required")[:1]:
                raise UserError(self.env._(
                    "%(payer)s asks for “%(label)s” with %(claim)s. Type it under “What the payer is told”.",
                    payer=claim.payer_id.name,
                    label=missing.label,
                    claim=claim.name,
                ))
        return super()._check_submittable()

    def _get_missing_values(self):
        """What the payer asks for and is not told yet."""
        return self.told_ids.filtered(lambda told: told.kind == "value" and not told.value)
