from odoo import fields, models


class BillingClaim(models.Model):
    """When a claim went out for the first time: what a payer's speed and first answers are measured from."""

    _inherit = "billing.claim"

    date_first_sent = fields.Date(
        string="First sent on",
        readonly=True,
        copy=False,
        help="Sent again after a denial, a claim keeps the day on which its payer had it first.",
    )

    def action_send(self):
        # Claims that were sent before the office kept this day have that of their last sending.
        before = {claim: claim.date_sent for claim in self}
        super().action_send()
        for claim in self.filtered(lambda claim: not claim.date_first_sent):
            claim.date_first_sent = before[claim] or claim.date_sent

    def action_unsend(self):
        never_sent = self.filtered(lambda claim: claim.date_first_sent == claim.date_sent)
        super().action_unsend()
        never_sent.date_first_sent = False
