from odoo import api, fields, models


class BillingRemittanceItemCandidate(models.Model):
    """A claim of ours that a payer's answer may be about, and what speaks for it."""

    _name = "billing.remittance.item.candidate"
    _description = "Claim that may be meant"
    _order = "item_id, score desc, id"

    item_id = fields.Many2one(
        comodel_name="billing.remittance.item",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="item_id.company_id",
        store=True,
        index=True,
    )
    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        required=True,
        index=True,
        ondelete="cascade",
    )
    score = fields.Integer(
        help="How much speaks for it; 100 and more is nearly certain.",
    )
    signs = fields.Char()
    sign_text = fields.Char(
        string="The same",
        compute="_compute_sign_text",
        help="What the answer and the claim have in common.",
    )
    patient_id = fields.Many2one(
        related="claim_id.patient_id",
    )
    payer_id = fields.Many2one(
        related="claim_id.payer_id",
    )
    service_date = fields.Date(
        related="claim_id.service_date",
    )
    currency_id = fields.Many2one(
        related="claim_id.currency_id",
    )
    amount_charged = fields.Monetary(
        related="claim_id.amount_charged",
        string="Charged",
    )
    amount_open = fields.Monetary(
        related="claim_id.amount_open",
        string="Open",
    )
    claim_state = fields.Selection(
        related="claim_id.state",
        string="Stands",
    )
    item_state = fields.Selection(
        related="item_id.state",
        string="State of the answer",
    )

    @api.depends("signs")
    @api.depends_context("lang")
    def _compute_sign_text(self):
        words = {
            "number": self.env._("our number"),
            "payer_number": self.env._("the payer's number"),
            "member": self.env._("member number"),
            "patient": self.env._("name"),
            "date": self.env._("day"),
            "charge": self.env._("charge"),
            "codes": self.env._("procedure"),
        }
        for candidate in self:
            candidate.sign_text = ", ".join(words[sign] for sign in (candidate.signs or "").split())

    @api.depends("claim_id")
    def _compute_display_name(self):
        for candidate in self:
            candidate.display_name = candidate.claim_id.display_name

    def action_choose(self):
        """It is this claim: the answer is posted to it."""
        self.ensure_one()
        self.item_id.check_access("write")
        return self.item_id._choose(self.claim_id)
