from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.money import split_ratio, to_decimal

from ..claims.settlement import Settled


class BillingAdjustment(models.Model):
    """A decision about denials takes off the services that were denied, and no other of the same claim."""

    _inherit = "billing.adjustment"

    denial_ids = fields.One2many(
        comodel_name="billing.denial",
        inverse_name="adjustment_id",
        string="Denials",
        readonly=True,
    )

    # === BUSINESS METHODS === #

    def _get_settled(self):
        """The amount, divided among the denied services in proportion to what is open of each; of what is passed on, to
        what may be."""
        if not self.denial_ids:
            return super()._get_settled()
        services = self.sudo().denial_ids.move_line_id
        unit = to_decimal(self.currency_id.rounding)
        if self.reason_id.effect == "transfer":
            left = self._get_passable()
        else:
            left = self.env["billing.remittance.line"]._get_open_services(self.move_id)
        weights = [to_decimal(max(left.get(service.sudo(False), 0), 0), unit) for service in services]
        amount = to_decimal(self.amount, unit)
        if amount > sum(weights):
            raise UserError(self.env._(
                "%(adjustment)s would take %(amount)s off the denied services, but only %(open)s of them is open by "
                "now. Refuse it and decide anew.",
                adjustment=self.display_name,
                amount=self.currency_id.format(self.amount),
                open=self.currency_id.format(float(sum(weights))),
            ))
        return [
            Settled(self.move_id, service.sudo(False).encounter_line_id, self.reason_id, float(part))
            for service, part in zip(services, split_ratio(amount, weights, unit), strict=True)
            if part
        ]
