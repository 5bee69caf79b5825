from odoo.fields import Command
from odoo.tests import Form

from ..common import BillingCase


class TestQuickEntry(BillingCase):
    """The commonest reasons typed as columns are the very adjustments that are posted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._bill().claim_ids
        cls.remittance = cls._prepare_answer(cls.claim, 300.0)
        cls.line = cls.remittance.line_ids

    def assertAdjustments(self, expected):
        """:param dict expected: {reason: amount}"""
        found = {adjustment.reason_id: adjustment.amount for adjustment in self.line.adjustment_ids}
        self.assertEqual(found, expected)
        self.assertEqual(len(self.line.adjustment_ids), len(expected), "one adjustment for each reason")

    def test_typing_in_the_list_writes_the_adjustments(self):
        with Form(self.remittance) as form, form.line_ids.edit(0) as line:
            line.amount_paid = 300.0
            line.quick_allowance = 120.0
            self.assertEqual(line.difference, 80.0, "said while typing")
            line.quick_deductible = 50.0
            line.quick_copay = 30.0
            self.assertEqual(line.difference, 0.0)
        self.assertTrue(self.remittance.is_balanced)
        self.assertAdjustments({self.co_45: 120.0, self.pr_1: 50.0, self.pr_3: 30.0})

    def test_typing_one_column_later_leaves_the_others_alone(self):
        self.line.write({"quick_allowance": 120.0, "quick_copay": 30.0})
        with Form(self.remittance) as form, form.line_ids.edit(0) as line:
            line.quick_coinsurance = 50.0
        self.assertAdjustments({self.co_45: 120.0, self.pr_3: 30.0, self.pr_2: 50.0})

    def test_a_column_shows_what_was_typed_as_a_list(self):
        self.line.adjustment_ids = [
            Command.create({"reason_id": self.co_45.id, "amount": 100.0}),
            Command.create({"reason_id": self.co_45.id, "amount": 20.0}),
            Command.create({"reason_id": self.co_50.id, "amount": 80.0}),
        ]
        self.assertEqual(self.line.quick_allowance, 120.0)
        self.assertEqual(self.line.quick_deductible, 0.0)
        self.assertEqual(self.line.quick_other, 80.0, "what has no column of its own")

    def test_another_amount_replaces_the_first_and_zero_removes_it(self):
        self.line.write({"quick_allowance": 120.0, "quick_deductible": 80.0})
        self.line.quick_allowance = 100.0
        self.assertAdjustments({self.co_45: 100.0, self.pr_1: 80.0})
        self.line.quick_deductible = 0.0
        self.assertAdjustments({self.co_45: 100.0})

    def test_several_adjustments_of_one_reason_become_one(self):
        self.line.adjustment_ids = [
            Command.create({"reason_id": self.co_45.id, "amount": amount}) for amount in (100.0, 20.0)
        ]
        self.line.quick_allowance = 150.0
        self.assertAdjustments({self.co_45: 150.0})

    def test_a_new_line_may_come_with_its_amounts(self):
        vals = self.claim._prepare_answer_lines()[0][2]
        self.remittance.line_ids = [
            Command.delete(self.line.id), Command.create({**vals, "amount_paid": 380.0, "quick_allowance": 120.0}),
        ]
        self.line = self.remittance.line_ids
        self.assertAdjustments({self.co_45: 120.0})

    def test_it_says_how_many_services_are_unexplained(self):
        self.assertEqual(self.remittance.unexplained_count, 1)
        self.line.write({"amount_paid": 300.0, "quick_allowance": 200.0})
        self.assertEqual(self.remittance.unexplained_count, 0)
        self.assertTrue(self.remittance.is_balanced)
