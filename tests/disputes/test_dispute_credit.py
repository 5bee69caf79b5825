from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import DisputeCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDisputeCredit(DisputeCase):
    """A part of a bill is taken back: service by service, with its taxes, in its currency, to the cent.

    100 with 21 % tax, 60.50 taken back: Dr REV 50, Dr TAX 10.50 / Cr AR[N] 60.50.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create({"name": "21 %", "amount": 21.0, "type_tax_use": "sale"})
        cls.taxed = cls._create_service("Taxed visit", 100.0, taxes=cls.tax)

    def _bill_services(self, *services, **values):
        visit = self._create_encounter(self.nora, list(services), date="2026-02-10", **values)
        return self._bill(visit, date="2026-02-10")

    def _take_off(self, bill, amount):
        dispute = self._dispute((bill, min(amount, bill.amount_residual)))
        self._resolve(dispute, "credited", [amount])
        note = dispute.move_ids
        self.assertEqual(note.amount_total, amount)
        return note

    def test_taxes_are_taken_back_with_their_service(self):
        bill = self._bill_services(self.taxed)
        note = self._take_off(bill, 60.50)
        self.assertEqual((note.amount_untaxed, note.amount_tax, bill.amount_residual), (50.0, 10.5, 60.5))
        self.assertConserved()

    def test_every_odd_amount_is_met_to_the_cent(self):
        for amount in (0.01, 0.02, 0.03, 33.33, 77.77, 120.99):
            with self.subTest(amount=amount):
                self._take_off(self._bill_services((self.taxed, 66.67), (self.service, 40.33)), amount)
        self.assertConserved()

    def test_each_service_gives_up_its_part_and_keeps_its_trace(self):
        bill = self._bill_services((self.service, 150.0), (self.taxed, 50.0))
        note = self._take_off(bill, 105.25)
        self.assertEqual(note.invoice_line_ids.mapped("price_subtotal"), [75.0, 25.0])
        self.assertEqual(note.invoice_line_ids.encounter_line_id, bill.encounter_id.line_ids)

    def test_prices_that_include_their_tax(self):
        self.tax.price_include_override = "tax_included"
        bill = self._bill_services((self.taxed, 121.0))
        note = self._take_off(bill, 60.50)
        self.assertEqual((note.amount_untaxed, note.amount_tax), (50.0, 10.5))

    def test_a_second_dispute_takes_the_rest_off(self):
        bill = self._bill_services((self.taxed, 100.0))
        self._take_off(bill, 40.33)
        self._take_off(bill, 80.67)
        self.assertEqual((bill.amount_residual, bill.encounter_id.state), (0.0, "ready"))
        self.assertConserved()

    def test_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.90), ("2026-03-01", 0.80)])
        bill = self._bill_services((self.taxed, 100.0), currency_id=euro.id)
        dispute = self._dispute((bill, 60.50))
        self.assertEqual(dispute.currency_id, euro)
        self._night()
        case = self._case()
        # 121 euros were 134.44 dollars on the day of the bill.
        self.assertEqual((case.amount_open, round(case.amount_disputed, 2)), (734.44, 67.22))
        self._resolve(dispute, "credited")
        self.assertEqual((bill.amount_residual, dispute.move_ids.amount_total), (60.5, 60.5))
        self.assertConserved()

    def test_bills_in_two_currencies_are_two_disputes(self):
        euro = self.setup_other_currency("EUR")
        bill = self._bill_services((self.service, 100.0), currency_id=euro.id)
        with self.assertRaisesRegex(Exception, "Write down one dispute for each currency"):
            self._dispute((self.january, 10.0), (bill, 10.0))

    def test_in_a_currency_without_cents(self):
        yen = self.setup_other_currency("JPY", rounding=1.0, rates=[("1900-01-01", 150.0)])
        bill = self._bill_services((self.taxed, 10001.0), (self.service, 3333.0), currency_id=yen.id)
        note = self._take_off(bill, 777.0)
        self.assertTrue(all(line.price_subtotal == round(line.price_subtotal) for line in note.invoice_line_ids))
        self.assertConserved()

    def test_a_bill_in_instalments_is_credited_once(self):
        term = self.env["account.payment.term"].create({"name": "Halves", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50.0, "nb_days": 0}),
            Command.create({"value": "percent", "value_amount": 50.0, "nb_days": 30}),
        ]})
        self.nora.property_payment_term_id = term
        bill = self._bill_services((self.service, 100.0))
        items = bill.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        dispute = self._dispute(item_ids=[
            Command.create({"move_line_id": item.id, "amount": 20.0}) for item in items
        ])
        self._resolve(dispute, "credited")
        self.assertEqual((len(dispute.move_ids), bill.amount_residual, dispute.amount_credited), (1, 60.0, 40.0))

    def test_a_plain_bill_is_credited_as_well(self):
        bill = self._create_invoice_one_line(
            price_unit=50.0, tax_ids=self.tax, partner_id=self.nora, invoice_date="2026-02-10", post=True,
        )
        self._take_off(bill, 12.10)
        self.assertEqual(bill.amount_residual, 48.40)
