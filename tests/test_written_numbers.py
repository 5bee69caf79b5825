from decimal import Decimal

from odoo.tests import TransactionCase, tagged

from odoo.addons.billing_coordinator.models.written_numbers import format_number


@tagged("post_install", "-at_install")
class TestWrittenNumbers(TransactionCase):
    """Numbers in sentences are written as their reader writes them."""

    def test_no_zeros_that_say_nothing(self):
        for value, written in (
            (0.0, "0"), (12.0, "12"), (100.0, "100"), (33.5, "33.5"), (-1.0, "-1"), (0.1 + 0.2, "0.3"), (0.25, "0.25"),
            (1000000.0, "1,000,000"), (Decimal("2.50"), "2.5"),
        ):
            self.assertEqual(format_number(self.env(context={"lang": "en_US"}), value), written)

    def test_in_german(self):
        self.env["res.lang"]._activate_lang("de_DE")
        german = self.env(context={"lang": "de_DE"})
        for value, written in ((33.5, "33,5"), (1000000.0, "1.000.000"), (100.0, "100")):
            self.assertEqual(format_number(german, value), written)
