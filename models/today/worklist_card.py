from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.misc import format_amount

from .worklist import DOMAIN_ERRORS

# How many currencies a card spells out.
CURRENCIES_SHOWN = 2


class BillingWorklist(models.Model):
    """The card of a worklist on the Today screen: how many wait, how much money, and the oldest."""

    _inherit = "billing.worklist"

    record_count = fields.Integer(
        string="Waiting",
        compute="_compute_figures",
    )
    amount_text = fields.Char(
        string="Amount",
        compute="_compute_figures",
    )
    oldest_date = fields.Date(
        compute="_compute_figures",
    )
    age_text = fields.Char(
        string="Age",
        compute="_compute_figures",
    )
    is_urgent = fields.Boolean(
        compute="_compute_figures",
    )
    problem = fields.Char(
        compute="_compute_figures",
        help="Why the records cannot be counted.",
    )

    # === COMPUTE METHODS === #

    @api.depends("res_model", "domain", "amount_field", "date_field", "warn_after")
    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_figures(self):
        """Count what waits: one grouped query a worklist, under the reader's own rights and companies."""
        today = fields.Date.context_today(self)
        for worklist in self:
            figures = {"count": 0, "amounts": {}, "oldest": False}
            problem = False
            if worklist.is_available:
                try:
                    figures = worklist._read_figures()
                except DOMAIN_ERRORS as error:
                    # One worklist written wrongly must not take the whole screen away.
                    problem = self.env._("This worklist cannot be counted: %(error)s", error=error)
            worklist.problem = problem
            worklist.record_count = figures["count"]
            worklist.amount_text = worklist._format_amounts(figures["amounts"])
            worklist.oldest_date = oldest = figures["oldest"]
            worklist.age_text = worklist._format_age(oldest, today)
            days = (today - oldest).days if oldest else 0
            worklist.is_urgent = bool(oldest and worklist.warn_after and days > worklist.warn_after)

    # === CRUD METHODS === #

    @api.model
    @api.readonly
    def web_search_read(self, domain, specification, offset=0, limit=None, order=None, count_limit=None):
        """Show the cards of which nothing waits after the others; within both, in the office's own order."""
        result = super().web_search_read(
            domain, specification, offset=offset, limit=limit, order=order, count_limit=count_limit
        )
        if "record_count" in specification:
            result["records"].sort(key=lambda card: not (card["record_count"] or card.get("problem")))
        return result

    # === BUSINESS METHODS === #

    def _read_figures(self):
        """Count, add up and find the oldest in one query.

        :return: {"count": int, "amounts": {currency: float}, "oldest": date or False}
        """
        model = self.env[self.res_model]
        amount = model._fields.get(self.amount_field)
        currency_field = amount.get_currency_field(model) if amount and amount.type == "monetary" else None
        aggregates = ["__count"]
        if self.amount_field:
            aggregates.append(f"{self.amount_field}:sum")
        if self.date_field:
            aggregates.append(f"{self.date_field}:min")
        figures = {"count": 0, "amounts": defaultdict(float), "oldest": False}
        rows = model._read_group(self._get_domain(), [currency_field] if currency_field else [], aggregates)
        for row in rows:
            values = list(row)
            currency = values.pop(0) if currency_field else self.env.company.currency_id
            figures["count"] += values.pop(0)
            if self.amount_field:
                figures["amounts"][currency] += values.pop(0) or 0.0
            if self.date_field and (oldest := fields.Date.to_date(values.pop(0))):
                figures["oldest"] = min(figures["oldest"] or oldest, oldest)
        return figures

    def _format_amounts(self, amounts):
        """The money that waits, as people write it: currencies side by side, never added to one another.

        Credits are shown without a sign: the name of the worklist says what they are.
        """
        shown = sorted(
            ((abs(amount), currency) for currency, amount in amounts.items() if currency and amount),
            key=lambda pair: pair[0],
            reverse=True,
        )
        texts = [format_amount(self.env, amount, currency) for amount, currency in shown[:CURRENCIES_SHOWN]]
        if len(shown) > CURRENCIES_SHOWN:
            texts.append(self.env._("and %(count)s more", count=len(shown) - CURRENCIES_SHOWN))
        return " · ".join(texts) or False

    def _format_age(self, oldest, today):
        """How long the oldest has waited, or how soon the next is due, as people say it."""
        if not oldest:
            return False
        days = (today - oldest).days
        if days == 0:
            return self.env._("oldest: today")
        if days == 1:
            return self.env._("oldest: 1 day")
        if days > 1:
            return self.env._("oldest: %(days)s days", days=days)
        if days == -1:
            return self.env._("next: tomorrow")
        return self.env._("next: in %(days)s days", days=-days)
