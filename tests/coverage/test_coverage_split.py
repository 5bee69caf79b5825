from datetime import date
from decimal import Decimal

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

    def test_the_rule_of_a_service_counts_instead(self):
        self.coverage = self._cover(deductible=0.0)
        self.env["billing.coverage.rule"].create({
            "plan_id": self.blue.id, "product_id": self.service.id, "payer_gives": "percent", "payer_percent": 50.0,
            "has_copay": True,
        })
        split = self._split(self._line())
        self.assertEqual(split.reasons(), {"coinsurance": Decimal(50)})
