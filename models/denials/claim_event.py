from odoo import api, fields, models
from odoo.tools import SQL

ICONS = {
    "denial": "fa-ban",
    "short": "fa-scissors",
    "denial_over": "fa-flag-checkered",
    "appealed": "fa-balance-scale",
    "appeal_answered": "fa-envelope-open-o",
    "appeal_withdrawn": "fa-undo",
}


class BillingClaimEvent(models.Model):
    """Denials and appeals in the histories of their claims."""

    _inherit = "billing.claim.event"
    _depends = {
        "billing.denial": ["claim_id", "kind", "state", "date", "amount", "name", "closed_on"],
        "billing.appeal": [
            "claim_ids", "state", "name", "user_id", "amount", "channel", "tracking", "date_sent", "date_answered",
            "result", "answer_reference", "withdrawn_on",
        ],
    }

    kind = fields.Selection(selection_add=[
        ("denial", "Denial opened"),
        ("short", "Short paid"),
        ("denial_over", "Denial closed"),
        ("appealed", "Appealed"),
        ("appeal_answered", "Appeal answered"),
        ("appeal_withdrawn", "Appeal withdrawn"),
    ])

    # === HOOKS === #

    @api.model
    def _get_event_icons(self):
        return {**super()._get_event_icons(), **ICONS}

    def _get_words(self):
        if self.kind == "denial_over":
            return [self._label("billing.denial", "state"), self.text]
        if self.kind == "appeal_answered":
            return [self._label("billing.appeal", "result"), self.text]
        if self.kind == "appealed":
            return [self.currency_id.format(self.amount), self._label("billing.appeal", "channel"), self.text]
        return super()._get_words()

    def _get_event_queries(self):
        return [*super()._get_event_queries(), *self._get_denial_queries(), *self._get_appeal_queries()]

    # === QUERIES === #

    def _get_denial_queries(self):
        """Opened by an answer, and closed by what became of the money; one withdrawn was never one."""
        denials = SQL("FROM billing_denial denial JOIN billing_claim claim ON claim.id = denial.claim_id "
                      "WHERE denial.state != 'withdrawn'")
        own = {"record": SQL("denial.id"), "model": "billing.denial", "has_time": False, "text": SQL("denial.name")}
        return [
            self._select(
                20, denials, kind=SQL("CASE WHEN denial.kind = 'short' THEN 'short' ELSE 'denial' END"),
                date=SQL("denial.date"), amount=SQL("denial.amount"), **own,
            ),
            self._select(
                21, SQL("%s AND denial.closed_on IS NOT NULL", denials), kind=SQL("'denial_over'"),
                date=SQL("denial.closed_on"), key=SQL("denial.state"), **own,
            ),
        ]

    def _get_appeal_queries(self):
        """Sent, answered, not pursued: each in the histories of all claims that it is about."""
        appeals = SQL("FROM billing_appeal appeal JOIN billing_appeal_claim_rel about ON about.appeal_id = appeal.id "
                      "JOIN billing_claim claim ON claim.id = about.claim_id WHERE appeal.date_sent IS NOT NULL")
        own = {
            "record": self._number_about("billing_appeal_claim_rel", "appeal_id"), "document": SQL("appeal.id"),
            "model": "billing.appeal", "has_time": False,
        }
        return [
            self._select(
                22, SQL("%s AND appeal.state != 'draft'", appeals), kind=SQL("'appealed'"),
                date=SQL("appeal.date_sent"), user=SQL("appeal.user_id"), amount=SQL("appeal.amount"),
                text=SQL("CONCAT_WS(' · ', appeal.name, appeal.tracking)"), key=SQL("appeal.channel"), **own,
            ),
            self._select(
                23, SQL("%s AND appeal.state = 'answered'", appeals), kind=SQL("'appeal_answered'"),
                date=SQL("appeal.date_answered"), text=SQL("CONCAT_WS(' · ', appeal.name, appeal.answer_reference)"),
                key=SQL("appeal.result"), **own,
            ),
            self._select(
                24, SQL("%s AND appeal.withdrawn_on IS NOT NULL", appeals), kind=SQL("'appeal_withdrawn'"),
                date=SQL("appeal.withdrawn_on"), text=SQL("appeal.name"), **own,
            ),
        ]


class BillingClaim(models.Model):
    """A claim's own history, denials and appeals in it."""

    _inherit = "billing.claim"

    @api.depends("denial_ids.state", "denial_ids.appeal_ids.state")
    def _compute_event_ids(self):
        super()._compute_event_ids()
