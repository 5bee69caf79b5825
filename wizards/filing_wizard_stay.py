from odoo import fields, models


class BillingFilingWizardStay(models.TransientModel):
    """A claim that cannot go, and why."""

    _name = "billing.filing.wizard.stay"
    _description = "Claim that cannot be sent"

    wizard_id = fields.Many2one(
        comodel_name="billing.filing.wizard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    claim_id = fields.Many2one(comodel_name="billing.claim", ondelete="cascade")
    patient_id = fields.Many2one(related="claim_id.patient_id")
    reason = fields.Text(string="Why")

    def action_open_claim(self):
        """The claim, to mend it."""
        self.ensure_one()
        return self.claim_id._get_records_action()
