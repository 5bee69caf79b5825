from odoo import api, fields, models


class BillingEstimate(models.Model):
    """What a payer has said in advance stands beside what was estimated (X12 835: status 25)."""

    _inherit = "billing.estimate"

    payer_answer_ids = fields.One2many(
        comodel_name="billing.remittance.item",
        inverse_name="estimate_id",
        string="Said in advance",
        readonly=True,
        groups="billing_coordinator.group_readonly",
    )
    payer_answer_text = fields.Text(
        string="The payer has said",
        compute="_compute_payer_answer_text",
        groups="billing_coordinator.group_readonly",
    )

    @api.depends("payer_answer_ids")
    @api.depends_context("lang")
    def _compute_payer_answer_text(self):
        for estimate in self:
            answers = estimate.payer_answer_ids.sorted("id", reverse=True)
            estimate.payer_answer_text = "\n".join(answer._tell_advance() for answer in answers) or False
