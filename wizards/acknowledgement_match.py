from odoo import fields, models
from odoo.exceptions import UserError


class BillingAcknowledgementMatch(models.TransientModel):
    """An answer that fits no claim of ours by itself: to which claim it belongs, or why to none."""

    _name = "billing.acknowledgement.match"
    _description = "Match an acknowledgement"

    line_id = fields.Many2one(
        comodel_name="billing.acknowledgement.line",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    kind = fields.Selection(related="line_id.kind")
    company_id = fields.Many2one(related="line_id.company_id")
    text = fields.Text(related="line_id.text")
    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        domain="[('company_id', '=', company_id), ('last_submission_id', '!=', False)]",
        ondelete="cascade",
    )
    reason = fields.Char(
        help="Why it is none of ours, for instance: claims of the former system.",
    )

    def action_match(self):
        """The claim follows what was said of it."""
        self.ensure_one()
        if not self.claim_id:
            raise UserError(self.env._("Choose the claim to which it belongs."))
        self.line_id._match_by_hand(self.claim_id)

    def action_set_aside(self):
        """It is none of ours."""
        self.ensure_one()
        if not self.reason:
            raise UserError(self.env._("Say why it is set aside: whoever finds it later wants to know."))
        self.line_id._set_aside(self.reason)
