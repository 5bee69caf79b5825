from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLimits(BillingCase):
    """How much somebody may take off a bill alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_adjustment_limit = 50.0
        cls.coordinator = new_test_user(
            cls.env, "limits_coordinator", groups="billing_coordinator.group_coordinator",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )
        cls.invoice = cls._bill(is_self_pay=True)

    def _ask(self, amount):
        adjustment = self.env["billing.adjustment"].with_user(self.coordinator).create({
            "move_id": self.invoice.id, "reason_id": self.small_balance.id, "amount": amount, "date": "2026-03-14",
        })
        adjustment._decide_or_ask()
        return adjustment

    def test_up_to_the_limit_a_coordinator_decides_alone(self):
        self.assertEqual(self._ask(50.0).state, "posted")
        self.assertEqual(self.invoice.amount_residual, 450.0)

    def test_a_large_sum_in_small_pieces_waits_for_a_manager(self):
        self._ask(30.0)
        second = self._ask(30.0)
        self.assertEqual((second.state, self.invoice.amount_residual), ("to_approve", 470.0))
        with self.assertRaisesRegex(UserError, "is above what you may decide"):
            second.action_approve()
        second.with_user(self.env.user).action_approve()
        self.assertEqual(self.invoice.amount_residual, 440.0)

    def test_what_was_taken_back_does_not_count(self):
        self._ask(50.0).action_reverse()
        self.assertEqual(self._ask(50.0).state, "posted")
        self.assertConserved()
