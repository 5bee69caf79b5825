from odoo import api, fields, models
from odoo.tools import format_date

from ..written_numbers import format_number


class BillingCoverageRule(models.Model):
    """A coverage rule in words: what it says, and why it is the one that counts."""

    _inherit = "billing.coverage.rule"

    summary = fields.Char(
        string="In words",
        compute="_compute_summary",
    )
    validity = fields.Char(
        string="For services",
        compute="_compute_validity",
    )

    @api.depends(
        "is_covered", "payer_gives", "payer_percent", "payer_amount", "has_copay", "copay", "skips_deductible",
        "limit_kind", "limit_units", "limit_amount", "limit_period", "authorization_needed", "currency_id",
    )
    def _compute_summary(self):
        for rule in self:
            says = rule._get_benefit_words() if rule.is_covered else [self.env._("not covered")]
            if rule.authorization_needed:
                says.append(self.env._("authorization needed"))
            words = ", ".join(says) or self.env._("as usual")
            rule.summary = words[:1].upper() + words[1:]

    @api.depends("date_from", "date_to")
    def _compute_validity(self):
        for rule in self:
            first, last = (date and format_date(self.env, date) for date in (rule.date_from, rule.date_to))
            if first and last:
                rule.validity = self.env._("from %(first)s to %(last)s", first=first, last=last)
            elif first:
                rule.validity = self.env._("since %s", first)
            elif last:
                rule.validity = self.env._("until %s", last)
            else:
                rule.validity = self.env._("at any time")

    def _get_benefit_words(self):
        """What differs from the plan's usual benefits, each in a few words."""
        self.ensure_one()
        says = []
        if self.payer_gives == "percent":
            says.append(self.env._("the payer pays %s %%", format_number(self.env, self.payer_percent)))
        elif self.payer_gives == "amount":
            says.append(self.env._("the payer pays %s per unit", self.currency_id.format(self.payer_amount)))
        if self.has_copay and self.copay:
            says.append(self.env._("copay %s", self.currency_id.format(self.copay)))
        elif self.has_copay:
            says.append(self.env._("no copay"))
        if self.skips_deductible:
            says.append(self.env._("no deductible"))
        if self.limit_kind != "none":
            says.append(self._get_limit_words())
        return says

    def _get_limit_words(self):
        """The limit of the rule, such as “at most 20 units in a calendar year”."""
        self.ensure_one()
        period = dict(self._fields["limit_period"]._description_selection(self.env))[self.limit_period]
        if self.limit_kind == "units":
            units = format_number(self.env, self.limit_units)
            return self.env._("at most %(units)s units in %(period)s", units=units, period=period)
        return self.env._(
            "at most %(amount)s in %(period)s", amount=self.currency_id.format(self.limit_amount), period=period,
        )

    def _why(self, others=None):
        """Why this rule counts for a service, as a sentence.

        :param others: the rules that speak of the same service and lost, as ``plan._find_rules`` gives them
        """
        self.ensure_one()
        reasons = {
            "product": self.env._("it names the service itself, and nothing is more specific than that"),
            "code": self.env._("it names this very code, and no rule names the service itself"),
            "range": self.env._("it is the narrowest range with this code, and no rule names the service or the code"),
            "category": self.env._("it is for the nearest category, and no rule names the service or its code"),
            "plan": self.env._("it is for all services, and no other rule speaks of this one"),
        }
        return self.env._(
            "“%(rule)s” counts: %(reason)s%(tie)s.",
            rule=self._get_scope_label(),
            reason=reasons[self._get_kind()],
            tie=self._get_tie_words(others or self.browse()),
        )

    def _get_tie_words(self, others):
        """What decides between this rule and ``others`` that are just as specific."""
        mine = self._get_scope()
        equals = others.filtered(lambda rule: rule._get_scope().kind() == mine.kind())
        if not equals:
            return ""
        if self.date_from and self.date_from != equals[0].date_from:
            date = format_date(self.env, self.date_from)
            return self.env._("; of the rules just as specific it began last, on %s", date)
        return self.env._("; of the rules just as specific it stands first")

    def _get_kind(self):
        """The step of the ladder on which the rule stands."""
        self.ensure_one()
        if self.applies_to != "code":
            return self.applies_to
        return "code" if self._is_single_code() else "range"
