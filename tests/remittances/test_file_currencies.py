from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .file_common import RemittanceFileCase

JPY, EUR = [["CUR", "PR", "JPY"]], [["CUR", "PR", "EUR"]]


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFileCurrencies(RemittanceFileCase):
    """A file is in the currency that it names, else in the company's; amounts that cannot be paid are not rounded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yen = cls.setup_other_currency("JPY", rates=[("1900-01-01", 150.0)], rounding=1.0)
        cls.euro = cls.setup_other_currency("EUR", rates=[("1900-01-01", 0.80)])
        cls.in_yen = cls._create_claim(services=[(cls.service, 1200.0)], currency_id=cls.yen.id)
        cls.in_euro = cls._create_claim(services=[(cls.service, 500.0)], currency_id=cls.euro.id)

    def _yen_file(self, paid, adjustments=(), **values):
        return self._file(
            self._clp(self.in_yen, [self._service(paid, adjustments, charge="1200")]), **{"extra": JPY, **values},
        )

    def test_yen_are_posted_as_yen(self):
        file = self._take(self._yen_file("1000.00", [("CO", "45", "200")]))
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        remittance = file.transaction_ids.remittance_id
        self.assertEqual((remittance.currency_id, remittance.amount), (self.yen, 1000.0))
        self.assertEqual((self.in_yen.state, self.in_yen.amount_paid), ("settled", 1000.0))
        self.assertConserved()

    def test_half_a_yen_holds_the_payment_with_the_figures_whatever_is_pressed(self):
        payments = self.env["account.payment"].search_count([])
        for number, (content, figures) in enumerate((
            (self._yen_file("1000.50", [("CO", "45", "199.50")]),
             f"Segment 14: “{self.in_yen.name}” says 1000.50, and the smallest amount in JPY is 1."),
            (self._file(provider_adjustments=[("L6", "", "-10.50"), ("L6", "", "-9.50")], extra=JPY, trace="T2"),
             "Segment 13: “PLB L6” says -10.50, and the smallest amount in JPY is 1."),
            (self._file(self._clp(self.in_yen, [self._service("0", charge="1200", adjustments=[("CO", "45", "1200")])]),
                        amount="0.50", extra=JPY, trace="T3"),
             "Segment 4: “BPR02” says 0.50, and the smallest amount in JPY is 1."),
        )):
            with self.subTest(figures):
                file = self._take(content, f"{number}.835")
                payment = file.transaction_ids
                self.assertEqual((payment.state, payment.why), ("held", "fraction"))
                self.assertEqual(
                    payment.reason_text,
                    f"{figures} Ask BLUE INSURANCE for a file with amounts that can be paid, or that names its "
                    "currency (CUR), and put this aside; nothing of it was posted.",
                )
                payment.action_retry()
                self.assertEqual((payment.state, payment.why), ("held", "fraction"))
        self.assertEqual(self.env["account.payment"].search_count([]), payments)
        self.assertEqual((self.in_yen.amount_open, self._owed(self.payer)), (1200.0, 1200 / 150 + 500 / 0.8))

    def test_dollars_for_a_claim_in_yen_are_held_and_both_are_named(self):
        file = self._take(self._yen_file("1200", extra=[["CUR", "PR", "USD"]]))
        self.assertEqual(self._became(file), ([("held", "other_currency")], [("waiting", "other_currency")]))
        self.assertEqual(
            file.transaction_ids.reason_text,
            f"It pays in USD, but {self.in_yen.name} asks in JPY. Ask Blue Insurance for a file in JPY; or type the "
            "answer yourself in JPY, with what your bank has credited. Then put this aside.",
        )
        self.assertEqual(
            file.item_ids.reason_text,
            f"{self.in_yen.name} has this number, but it asks in JPY, and the answer is in USD. Ask Blue Insurance "
            "which is right. If the currency is wrong only here, type the answer yourself in JPY and press “None of "
            "ours”.",
        )
        self.assertFalse(file.item_ids.candidate_ids)

    def test_a_file_that_names_no_currency_says_in_which_it_was_read(self):
        file = self._take(self._file(self._clp(self.in_euro)))
        self.assertEqual(self._became(file)[0], [("held", "other_currency")])
        self.assertEqual(
            file.transaction_ids.reason_text,
            "The file names no currency (CUR), so it is read in USD, the currency of company_1_data; but "
            f"{self.in_euro.name} asks in EUR. Ask Blue Insurance for a file that names EUR; or type the answer "
            "yourself in EUR, with what your bank has credited. Then put this aside.",
        )

    def test_a_claim_of_the_same_person_and_charge_in_the_other_currency_is_not_taken_for_it(self):
        in_dollars = self._create_claim()
        file = self._take(self._file(self._clp(self.in_euro), self._clp(in_dollars, control="I2")))
        self.assertEqual(self._became(file), ([("posted", "")], [("waiting", "other_currency"), ("posted", "")]))
        self.assertEqual((in_dollars.state, self.in_euro.amount_open), ("settled", 500.0))
        self.assertConserved()

    def test_the_money_can_be_taken_as_credit_in_its_own_currency(self):
        file = self._take(self._file(self._clp(self.in_euro)))
        file.transaction_ids.action_release()
        self.assertEqual(self._became(file), ([("posted", "")], [("waiting", "other_currency")]))
        remittance = file.transaction_ids.remittance_id
        self.assertEqual((remittance.currency_id.name, remittance.amount_unapplied), ("USD", 300.0))
        self.assertConserved()

    def test_the_currency_of_the_file_is_honoured_however_it_is_written(self):
        file = self._take(self._file(self._clp(self.in_euro), extra=[["CUR", "PE", "eur"]]))
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        self.assertEqual(file.transaction_ids.remittance_id.currency_id, self.euro)
        self.assertConserved()

    def test_a_currency_that_is_not_used_stays_held_until_it_is(self):
        self.euro.active = False
        file = self._take(self._file(self._clp(self.in_euro), extra=EUR))
        payment = file.transaction_ids
        for _press in range(2):
            self.assertEqual(self._became(file)[0], [("held", "currency")])
            self.assertEqual(
                payment.reason_text,
                "It is in EUR, which is not used here. Activate the currency, or ask BLUE INSURANCE.",
            )
            payment.action_retry()
        self.euro.active = True
        payment.action_retry()
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        self.assertConserved()
