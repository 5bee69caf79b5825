from odoo import api, fields, models
from odoo.tools import SQL, format_date

ICONS = {
    "negotiation": "fa-comments-o",
    "agreed": "fa-handshake-o",
    "agreement_kept": "fa-check",
    "agreement_broken": "fa-chain-broken",
    "agreement_failed": "fa-times",
}


class BillingClaimEvent(models.Model):
    """Negotiations about the bill of a claim in its history."""

    _inherit = "billing.claim.event"
    _depends = {
        "billing.negotiation": [
            "name", "state", "date", "user_id", "person", "amount_agreed", "agreed_on", "pay_until", "ended_on",
            "amount_came", "amount_lost",
        ],
        "billing.negotiation.item": ["negotiation_id", "move_id"],
    }

    kind = fields.Selection(selection_add=[
        ("negotiation", "Negotiation begun"),
        ("agreed", "Agreed"),
        ("agreement_kept", "Agreement kept"),
        ("agreement_broken", "Agreement broken"),
        ("agreement_failed", "No agreement"),
    ])

    # === HOOKS === #

    @api.model
    def _get_event_icons(self):
        return {**super()._get_event_icons(), **ICONS}

    def _get_words(self):
        if self.kind == "agreed":
            return [self.env._(
                "%(amount)s by %(day)s",
                amount=self.currency_id.format(self.amount), day=format_date(self.env, self.selection_key),
            ), self.text]
        if self.kind in ("agreement_kept", "agreement_broken"):
            came, lost = map(float, self.selection_key.split("/"))
            return [
                self.env._("agreed %(amount)s", amount=self.currency_id.format(self.amount)),
                self.env._("paid %(amount)s", amount=self.currency_id.format(came)),
                self.env._("taken off %(amount)s", amount=self.currency_id.format(lost)),
                self.text,
            ]
        return super()._get_words()

    def _get_event_queries(self):
        return [*super()._get_event_queries(), *self._get_negotiation_queries()]

    # === QUERIES === #

    def _get_negotiation_queries(self):
        """Begun, agreed, and how it ended; the offers in between stand on the negotiation."""
        talks = SQL("FROM billing_negotiation_item item JOIN billing_negotiation talk ON talk.id = item.negotiation_id "
                    "JOIN billing_claim claim ON claim.invoice_id = item.move_id")
        own = {
            "record": SQL("item.id"), "document": SQL("talk.id"), "model": "billing.negotiation", "has_time": False,
        }
        return [
            self._select(
                30, talks, kind=SQL("'negotiation'"), date=SQL("talk.date"), user=SQL("talk.user_id"),
                text=SQL("CONCAT_WS(' · ', talk.name, talk.person)"), **own,
            ),
            self._select(
                31, SQL("%s WHERE talk.agreed_on IS NOT NULL", talks), kind=SQL("'agreed'"),
                date=SQL("talk.agreed_on"), amount=SQL("talk.amount_agreed"), text=SQL("talk.name"),
                key=SQL("talk.pay_until"), **own,
            ),
            self._select(
                32, SQL("%s WHERE talk.ended_on IS NOT NULL", talks),
                kind=SQL("'agreement_' || talk.state"), date=SQL("talk.ended_on"), text=SQL("talk.name"),
                amount=SQL("CASE WHEN talk.state <> 'failed' THEN talk.amount_agreed END"),
                key=SQL("COALESCE(talk.amount_came, 0) || '/' || COALESCE(talk.amount_lost, 0)"), **own,
            ),
        ]
