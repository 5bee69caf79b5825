from odoo import api, fields, models


class BillingBillWizard(models.TransientModel):
    """Says before anything is billed which patients will be asked for far more than they were told."""

    _inherit = "billing.bill.wizard"

    estimate_notice = fields.Text(
        compute="_compute_estimate_notice",
        help="Visits whose patient's part lies above the estimate by the amount of the settings or more.",
    )

    @api.depends("encounter_ids")
    def _compute_estimate_notice(self):
        for wizard in self:
            visits = wizard.encounter_ids._origin.filtered("estimate_notice")
            wizard.estimate_notice = "\n".join(
                f"{visit.display_name}: {visit.estimate_notice}" for visit in visits
            ) or False
