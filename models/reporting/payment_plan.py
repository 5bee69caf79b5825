from odoo import fields, models


class BillingPaymentPlan(models.Model):
    """When a plan was broken: it stays broken in the figures, whatever agreement takes its place later."""

    _inherit = "billing.payment.plan"

    broken_on = fields.Date(
        readonly=True,
        copy=False,
    )

    def _set_state(self, target, reason=None, **values):
        if target == "defaulted":
            values = {"broken_on": fields.Date.context_today(self), **values}
        super()._set_state(target, reason, **values)

    def _check_not_typed(self, names):
        # As the other traces of what became of a plan.
        super()._check_not_typed({"ended_on" if name == "broken_on" else name for name in names})
