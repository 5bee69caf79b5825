from decimal import Decimal
from typing import NamedTuple

from odoo import api, models

from odoo.addons.billing_coordinator.tools.benefit_split import Cover, Piece, Terms, split_services
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

from ..written_numbers import format_number

PERCENT = Decimal(100)


class ServiceLine(NamedTuple):
    """A service to be divided: ``key`` names it in the answer, ``amount`` is its charge in the currency of the split,
    tax not included; product and code decide which coverage rule counts."""

    key: object
    product: models.Model
    code: models.Model
    quantity: float | Decimal
    amount: Decimal


class BillingCoverage(models.Model):
    """What coverages will pay of services: the one place where benefits, rules and limits meet."""

    _inherit = "billing.coverage"

    @api.model
    def _split(self, lines, coverages, date, currency, usage=None):
        """Divide services among coverages, in the order given, and the patient.

        Every coverage is asked for what the one before has left, whatever way its plan is billed: an expectation.

        :param list lines: :class:`ServiceLine` records
        :param coverages: ``billing.coverage`` records in the order in which they are asked; none: all is the patient's
        :param date: day of service
        :param currency: the currency of the amounts
        :param usage: the answer of :meth:`_read_usage`, when the caller divides for many
        :return: :class:`~tools.benefit_split.Split`; its covers are keyed by coverage id, its lines by ``line.key``
        """
        lines = list(lines)
        unit = to_unit(currency.rounding)
        pieces = [
            Piece(line=line.key, amount=to_decimal(line.amount, unit), units=to_decimal(line.quantity))
            for line in lines
        ]
        return split_services(pieces, coverages._get_covers(lines, date, currency, usage), unit)

    def _get_covers(self, lines, date, currency, usage=None):
        """These coverages as the split wants them, for these services on ``date``.

        :return: list of :class:`Cover`, in the order of the records
        """
        coverages = self.sudo()
        usage = usage or coverages._read_usage([date])
        return [coverage._get_cover(lines, date, currency, usage) for coverage in coverages]

    def _get_cover(self, lines, date, currency, usage):
        self.ensure_one()
        terms, rules = {}, self.env["billing.coverage.rule"]
        for line in lines:
            if line.key not in terms:
                rule = usage.find_rule(self.plan_id, line.product, line.code, date)
                rules |= rule
                terms[line.key] = self._get_terms(rule, line, date, currency, usage)
        return Cover(
            key=self.id,
            benefits=self._get_benefits(date, currency, used=usage.get_used(date)),
            terms=terms,
            limits={rule.id: self._get_limit(rule, date, currency, usage) for rule in rules},
        )

    def _get_terms(self, rule, line, date, currency, usage):
        """What the plan says of one service, in the currency of the split."""
        allowed = usage.get_allowed(self.plan_id, line.product, float(line.quantity), date, currency)
        if allowed is not None:
            allowed = max(to_decimal(allowed, to_unit(currency.rounding)), Decimal(0))
        if not rule:
            return Terms(allowed=allowed)
        return Terms(
            rule=rule.id,
            covered=rule.is_covered,
            coinsurance=1 - to_decimal(rule.payer_percent) / PERCENT if rule.payer_gives == "percent" else None,
            payer_fixed=(
                self._to_currency(to_decimal(rule.payer_amount), currency, date)
                if rule.payer_gives == "amount" else None
            ),
            copay=self._to_currency(to_decimal(rule.copay), currency, date) if rule.has_copay else None,
            deductible_applies=not rule.skips_deductible,
            allowed=allowed,
        )

    def _get_splitting(self):
        """Those of these coverages under which the patient is asked for their share at once."""
        return self.filtered(lambda coverage: coverage.plan_id.billing_mode == "split")

    # === IN WORDS === #

    def _explain(self, step, currency):
        """One figure of a split as a sentence for the office and the patient.

        :param step: a :class:`Step` of the answer of :meth:`_split`
        :param currency: the currency of the split
        """
        coverage = self.browse(step.cover).sudo()
        rule = self.env["billing.coverage.rule"].sudo().browse(step.terms.rule)
        terms, benefits = step.terms, step.benefits
        fraction = benefits.coinsurance if terms.coinsurance is None else terms.coinsurance
        return self._get_step_sentence(self._get_step_word(step), {
            "payer": coverage.payer_id.name,
            "plan": coverage.plan_id.name,
            "services": rule.display_name or "",
            "amount": currency.format(float(step.amount)),
            "deductible": currency.format(float(benefits.deductible_left)),
            "limit": rule._get_limit_words() if rule else "",
            "percent": format_number(self.env, float(fraction * PERCENT)),
            "fixed": currency.format(float(terms.payer_fixed or 0)),
        })

    def _get_step_word(self, step):
        """Which sentence a figure gets."""
        if step.kind == "copay" and step.terms.copay is not None:
            return "own_copay"
        if step.kind == "coinsurance" and step.terms.payer_fixed is not None:
            return "above_fixed"
        return step.kind

    def _get_step_sentence(self, word, facts):
        """The sentence for one kind of figure, with its facts."""
        return {
            "not_covered": self.env._("%(plan)s does not cover this service: %(amount)s goes on.", **facts),
            "over_limit": self.env._("%(amount)s is beyond the limit of “%(services)s” (%(limit)s).", **facts),
            "discount": self.env._("%(amount)s is more than %(payer)s recognises: it is its discount.", **facts),
            "deductible": self.env._(
                "%(amount)s towards the deductible, of which %(deductible)s was still to be met.", **facts,
            ),
            "copay": self.env._("%(amount)s copay of the visit.", **facts),
            "own_copay": self.env._("%(amount)s copay, as the rule for “%(services)s” says.", **facts),
            "coinsurance": self.env._(
                "%(amount)s coinsurance: %(percent)s %% of what deductible and copay leave.", **facts,
            ),
            "above_fixed": self.env._("%(amount)s that %(payer)s leaves: it pays %(fixed)s per unit.", **facts),
            "capped": self.env._("The out-of-pocket maximum is reached: %(payer)s takes over %(amount)s.", **facts),
            "payer": self.env._("%(payer)s pays %(amount)s.", **facts),
        }[word]
