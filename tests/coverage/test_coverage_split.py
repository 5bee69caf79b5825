from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from ...models.coverage.coverage_split import ServiceLine
from .common import CoverageCommon

JUNE = date(2026, 6, 1)


@tagged("post_install", "-at_install")
class TestSplitByRules(CoverageCommon):
    """What a plan's rules make of services, before any of them is rendered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.company.currency_id
        cls.service = cls.env["product.product"].create({"name": "Therapy", "type": "service"})
        cls.no_code = cls.env["billing.code"]

    def _line(self, amount="100", quantity=1, product=None, key=None, code=None):
        return ServiceLine(key or "line", product or self.service, code or self.no_code, quantity, Decimal(amount))

    def _rule(self, **values):
        return self.env["billing.coverage.rule"].create({
            "plan_id": self.blue.id, "product_id": self.service.id, **values,
        })

    def _split(self, *lines, coverages=None):
        coverages = self.coverage if coverages is None else coverages
        return self.env["billing.coverage"]._split(lines, coverages, JUNE, self.currency)

    def test_without_coverage_the_patient_pays_all(self):
        split = self._split(self._line(), coverages=self.env["billing.coverage"])
        self.assertEqual((split.patient(), split.reasons()), (Decimal(100), {None: Decimal(100)}))

    def test_without_rules_the_coverages_own_figures_count(self):
        self.coverage = self._cover(deductible=0.0)
        split = self._split(self._line("125"))
        self.assertEqual(split.reasons(), {"copay": Decimal(25), "coinsurance": Decimal(20)})
        self.assertEqual(split.payer(self.coverage.id), Decimal(80))

    def test_a_rule_of_the_second_plan_counts_for_what_the_first_leaves(self):
        first = self._cover(deductible=0.0, copay=0.0)
        second = self._cover(plan_id=self.green.id, rank="2")
        self._rule(plan_id=self.green.id, payer_gives="amount", payer_amount=5.0)
        split = self._split(self._line("100", quantity=2), coverages=first + second)
        self.assertEqual((split.payer(first.id), split.payer(second.id), split.patient()), (80, 10, 10))

    def test_amounts_of_rules_are_read_in_the_currency_of_the_services(self):
        currency = self.env["res.currency"].create({
            "name": "TBR", "symbol": "T", "rounding": 1.0,
            "rate_ids": [Command.create({"name": "2026-01-01", "rate": 2.0, "company_id": self.company.id})],
        })
        self.coverage = self._cover(deductible=0.0, coinsurance=0.0)
        self._rule(has_copay=True, copay=15.0, limit_kind="amount", limit_amount=50.0)
        split = self.env["billing.coverage"]._split([self._line("300")], self.coverage, JUNE, currency)
        self.assertEqual(split.reasons(), {"copay": Decimal(30), "over_limit": Decimal(170)})

    def test_what_needs_an_authorization_says_so(self):
        self.assertFalse(self.blue._needs_authorization(self.service, self.no_code, JUNE))
        self._rule(authorization_needed=True, date_from="2026-02-01")
        self.assertTrue(self.blue._needs_authorization(self.service, self.no_code, JUNE))
        self.assertFalse(self.blue._needs_authorization(self.service, self.no_code, date(2026, 1, 31)))

    # === IN WORDS === #

    def _words(self, *lines):
        split = self._split(*lines)
        return [self.coverage._explain(step, self.currency) for step in split.steps()]

    def test_every_figure_is_explained(self):
        money = self.currency.format
        self.coverage = self._cover(deductible=100.0, oop_max=150.0)
        self.blue.allowed_pricelist_id = self.env["product.pricelist"].create({
            "name": "Allowed",
            "item_ids": [Command.create({"compute_price": "fixed", "fixed_price": 400.0})],
        })
        self._rule(limit_kind="amount", limit_amount=200.0)
        self.assertEqual(self._words(self._line("500")), [
            f"{money(50)} is beyond the limit of “Therapy” (at most {money(200)} in a calendar year).",
            f"{money(100)} is more than Blue Insurance recognises: it is its discount.",
            f"{money(100)} towards the deductible, of which {money(100)} was still to be met.",
            f"{money(25)} copay of the visit.",
            f"{money(25)} coinsurance: 20 % of what deductible and copay leave.",
            f"The out-of-pocket maximum is reached: Blue Insurance takes over {money(30)}.",
            f"Blue Insurance pays {money(200)}.",
        ])

    def test_what_rules_say_is_explained(self):
        money = self.currency.format
        self.coverage = self._cover(deductible=0.0)
        rule = self._rule(has_copay=True, copay=10.0, payer_gives="amount", payer_amount=70.0)
        self.assertEqual(self._words(self._line("100")), [
            f"{money(10)} copay, as the rule for “Therapy” says.",
            f"{money(20)} that Blue Insurance leaves: it pays {money(70)} per unit.",
            f"Blue Insurance pays {money(70)}.",
        ])
        rule.is_covered = False
        self.assertEqual(self._words(self._line("100")), [
            f"Blue Plan does not cover this service: {money(100)} goes on.",
        ])

    def test_the_rule_of_a_service_counts_instead(self):
        self.coverage = self._cover(deductible=0.0)
        self._rule(payer_gives="percent", payer_percent=50.0, has_copay=True)
        split = self._split(self._line())
        self.assertEqual(split.reasons(), {"coinsurance": Decimal(50)})
