from odoo import fields, models


class BillingRemittanceLine(models.Model):
    """A payer may pass a claim on to the next payer by itself."""

    _inherit = "billing.remittance.line"

    is_forwarded = fields.Boolean(
        string="Passed on by the payer",
        help="The payer has sent the claim on to the next payer itself (X12 835: CLP02 19, 20 or 21): the claim that "
             "follows from this answer is not sent again.",
    )


class BillingRemittance(models.Model):
    """Claims that the payer passed on are with the next payer already."""

    _inherit = "billing.remittance"

    def _after_posting(self):
        super()._after_posting()
        forwarded = self.line_ids._get_answers().filtered("is_forwarded").claim_id
        if forwarded:
            claims = self.caused_move_ids.claim_ids.filtered(
                lambda claim: claim.invoice_id.billing_source_id in forwarded.invoice_id
            )
            claims._be_forwarded(self.payer_id, self.reference, self.date, self.display_name)
