from odoo import api, fields, models


class BillingCollectionCase(models.Model):
    """Who keeps to an agreement is not asked for more, as long as it runs; nor while an offer stands."""

    _inherit = "billing.collection.case"

    amount_negotiated = fields.Monetary(
        string="Negotiated",
        compute="_compute_apart",
        help="There is an agreement, or an offer stands: nobody asks for it meanwhile.",
    )

    @api.model
    def _get_held(self, item_ids):
        held = super()._get_held(item_ids)
        today = fields.Date.context_today(self)
        moves = self.env["account.move.line"].sudo().browse(item_ids).grouped("move_id")
        found = self.env["billing.negotiation.item"].sudo().search([
            ("move_id", "in", [move.id for move in moves]),
            "|",
            ("negotiation_id.state", "=", "agreed"),
            "&", ("negotiation_id.state", "=", "open"),
            ("negotiation_id.offer_ids", "any", [("state", "=", "open"), ("valid_until", ">=", today)]),
        ])
        for move in found.move_id:
            for line in moves[move]:
                held[line.id].append(("negotiation", None))
        return held

    @api.model
    def _get_apart_fields(self):
        return {**super()._get_apart_fields(), "negotiation": "amount_negotiated"}

    @api.model
    def _get_held_words(self):
        return {**super()._get_held_words(), "negotiation": self.env._("being negotiated")}
