from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What is asked of those who pay late."""

    _inherit = "res.config.settings"

    billing_interest_min = fields.Monetary(
        related="company_id.billing_interest_min",
        readonly=False,
    )
    billing_late_lump_sum = fields.Monetary(
        related="company_id.billing_late_lump_sum",
        readonly=False,
    )
    billing_advice_text = fields.Text(
        related="company_id.billing_advice_text",
        readonly=False,
    )
    billing_rate_count = fields.Integer(
        string="Interest rates",
        compute="_compute_billing_rate_count",
    )

    def _compute_billing_rate_count(self):
        for settings in self:
            settings.billing_rate_count = self.env["billing.interest.rate"].search_count([
                ("company_id", "=", settings.company_id.id),
            ])

    def action_billing_load_rates(self):
        """The late-payment rates of the European Union. No stage asks for interest before somebody ticks it there."""
        self.company_id._load_billing_late_defaults()
        return self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_interest_rate_action")
