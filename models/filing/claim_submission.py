from odoo import fields, models

from odoo.addons.billing_coordinator.tools.claim_keeping import recall


class BillingClaimSubmission(models.Model):
    """What was sent, kept as it was: a copy shows what the payer got, whatever changed since.

    A patient moves, a provider gets another number, another payer answers: none of it changes what was sent.
    """

    _inherit = "billing.claim.submission"

    content = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        help="What the claim told its payer when it was sent.",
    )
    form = fields.Selection(
        selection=[("cms1500", "CMS-1500"), ("letter", "Claim letter")],
        readonly=True,
        copy=False,
        help="What of it a copy shows: the form, also of what went as a file; or the letter.",
    )

    def _get_kept_content(self):
        """What the claim told with this sending, a :class:`tools.claim_content.ClaimContent`; None where nothing was
        kept of it.
        """
        self.ensure_one()
        return recall(self.content) if self.content else None
