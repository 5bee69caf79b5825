from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..histories import HistoryCase
from .books import Books


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestRegisterHistories(Books, HistoryCase):
    """Whatever happens in whatever order, register, allowances and profit are what the books say, day by day."""

    def _play(self, history):
        super()._play(history)
        self.assertRegisterTies()
        self.assertAllowancesTie()
        self.assertProfitTies()
        self.assertMoneyIsMoney()

    def assertMoneyIsMoney(self):
        """What the register calls paid, less what was paid back, is what came to the bank, day by day."""
        came = self._sum_items(
            [("account_id", "in", self._get_liquidity_accounts().ids)], lambda item: item.date,
        )
        paid = self._sum_rows(
            "billing.register.entry", ["date:day"], "amount", [("kind", "in", ("paid", "refunded"))],
        )
        self.assertEqual({day: -amount for day, amount in paid.items()}, came)
        self.assertFalse(self._sum_rows("billing.register.entry", ["kind"], "amount", [("kind", "=", "other")]))

    def _get_liquidity_accounts(self):
        payments = self.env["account.payment"].search([("company_id", "=", self.company.id)])
        return payments.outstanding_account_id | self.bank.default_account_id

    def test_reports_are_what_the_books_say(self):
        self._play_histories(4, 60)
