from odoo import fields, models


class BillingPaymentPlan(models.Model):
    """The signature under an agreement: drawn on the screen, or the signed paper as a file."""

    _inherit = "billing.payment.plan"

    signature = fields.Binary(
        readonly=True,
        copy=False,
        attachment=True,
    )
    signed_file_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Signed paper",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    def action_open_signed(self):
        """Download the paper that was signed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.signed_file_id.id}?download=true",
            "target": "self",
        }
