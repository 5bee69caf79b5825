from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..tools import x12_files as x12
from .file_common import RemittanceFileCase

GOLD = {"payer": ("GOLD INSURANCE", "XV", "GOLD1")}
LATER = date(2026, 3, 12)


class DayCase(RemittanceFileCase):
    """What a day says, and what somebody does about it."""

    def _held(self, file):
        payment = file.transaction_ids
        return payment.state, payment.why, payment.reason_text

    def _book(self, payment, day):
        """Type a day in "Book on" and press "Try again"."""
        payment.date_booked = day
        payment.action_retry()


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFileDays(DayCase):
    """A payment is in the books on the day on which the payer paid, or on another one that somebody has typed."""

    def test_the_29th_of_february(self):
        with freeze_time("2028-03-01"):
            claim = self._bill(date="2028-02-29", encounter=self._create_encounter(date="2028-02-28")).claim_ids
            claim.action_send()
            day = {"day": date(2028, 2, 28)}
            file = self._take(self._file(self._clp(claim, [self._service(**day)], **day), day=date(2028, 2, 29)))
            self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
            self.assertEqual(str(file.transaction_ids.remittance_id.payment_id.date), "2028-02-29")
            self.assertConserved()

    def test_a_29th_of_february_that_was_not_waits_for_the_day(self):
        claim = self._create_claim()
        file = self._take(self._file(self._clp(claim)).replace(b"20260310", b"20260229", 1))
        payment = file.transaction_ids
        self.assertEqual(self._held(file), (
            "held", "fault",
            "Segment 4: BPR16 is no date: “20260229”. Ask BLUE INSURANCE about it; if all is right, press “Try again”.",
        ))
        payment.action_retry()
        self.assertEqual(self._held(file), (
            "held", "no_date",
            "It has no date (BPR16). Ask Blue Insurance for a corrected file; or type the day on which the money came "
            "in “Book on”, and press “Try again”.",
        ))
        self._book(payment, "2026-03-09")
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        self.assertEqual(str(payment.remittance_id.date), "2026-03-09")
        self.assertConserved()

    def test_a_day_far_off_may_be_mistyped(self):
        claim = self._create_claim()
        file = self._take(self._file(self._clp(claim), day=date(2062, 3, 10)))
        self.assertEqual(self._held(file), (
            "held", "early",
            "It says that the money comes on 03/10/2062, more than two months from now; it is posted by itself then. "
            "Is the date wrong, type the day on which the money came in “Book on” and press “Try again”.",
        ))
        self._book(file.transaction_ids, "2026-03-10")
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        self.assertConserved()

    def test_a_day_of_years_ago_moves_no_money_into_that_year(self):
        claim = self._create_claim()
        file = self._take(self._file(self._clp(claim), day=date(2019, 3, 10)))
        self.assertEqual(self._held(file), (
            "held", "old",
            "It is dated 03/10/2019, before the services of the claims that it answers. Ask Blue Insurance about it; "
            "if only the date is wrong, type the right one in “Book on” and press “Try again”.",
        ))
        self.assertFalse(self.env["account.move"].search([("date", "<", "2020-01-01")]))
        self._book(file.transaction_ids, "2026-03-10")
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        self.assertConserved()

    def test_in_a_closed_month_it_is_booked_on_the_day_that_somebody_types(self):
        claim = self._create_claim()
        denied = self._create_claim()
        self.company.fiscalyear_lock_date = "2026-03-12"
        file = self._take(self._file(
            self._clp(claim), self._clp(denied, [self._service("0.00", [("CO", "50", "500.00")])], control="I2"),
        ))
        payment = file.transaction_ids
        self.assertEqual(self._held(file)[:2], ("held", "closed"))
        self._book(payment, "2026-03-12")
        self.assertEqual(self._held(file)[:2], ("held", "closed"))
        self._book(payment, "2026-03-13")
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", ""), ("posted", "")]))
        remittance = payment.remittance_id
        self.assertEqual(set(map(str, (remittance.caused_move_ids | remittance.payment_id.move_id).mapped("date"))),
                         {"2026-03-13"})
        # The payer said so on the 10th: its deadlines count from then.
        self.assertEqual((str(payment.date), str(denied.denial_ids.date)), ("2026-03-10", "2026-03-10"))
        self.assertConserved()

    def test_what_waited_until_its_month_was_closed_says_so_and_takes_another_day(self):
        claim, other = self._create_claim(), self._create_claim()
        file = self._take(self._file(
            self._clp(claim), self._clp(other, patient=("HOLM", "GRETA"), member="M-X", control="I2"),
        ))
        item = file.item_ids.filtered(lambda one: one.state == "waiting")
        self.company.fiscalyear_lock_date = "2026-03-12"
        item.claim_id = other
        item.action_post_to_claim()
        self.assertEqual((item.state, item.why), ("waiting", "closed"))
        self.assertEqual(
            item.reason_text,
            "The books of company_1_data are closed on 03/10/2026. Type a later day in “Book on” of its payment and "
            "press “Look again”, or ask accounting to reopen the period first.",
        )
        file.transaction_ids.date_booked = "2026-03-16"
        item.action_retry()
        self.assertEqual((item.state, str(item.remittance_id.date)), ("posted", "2026-03-16"))
        self.assertConserved()

    def test_it_is_not_booked_before_the_payer_paid(self):
        payment = self._take(self._file(x12.claim("ELSE", [self._service()]))).transaction_ids
        with self.assertRaisesRegex(ValidationError, "was paid on 03/10/2026 and cannot be booked on 03/09/2026"):
            payment.date_booked = "2026-03-09"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestTakenBackAndLater(DayCase):
    """What a payer takes back may have something later hanging on it; what it corrects may have been settled since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim, cls.other = cls._create_claim(), cls._create_claim()

    def _take_back(self, first, day=LATER, trace="T2"):
        """A payment that takes ``first`` back and pays the other claim; the answer that takes back."""
        file = self._take(self._file(x12.reversal(first), self._clp(self.other), trace=trace, day=day), trace)
        self.assertEqual(file.transaction_ids.state, "posted")
        return file.item_ids.filtered(lambda item: item.status == "22")

    def _look_again_on(self, item, day):
        item.transaction_id.date_booked = day
        item.action_retry()

    def test_before_a_later_write_off_it_waits_and_names_it(self):
        first = self._clp(self.claim)
        self._take(self._file(first))
        bill = self.claim.encounter_id.invoice_ids - self.claim.invoice_id
        decision = self.env["billing.adjustment"].create({
            "move_id": bill.id, "reason_id": self.small_balance.id, "amount": 4.2, "date": "2026-03-15",
        })
        decision.action_approve()
        item = self._take_back(first)
        self.assertEqual((item.state, item.why), ("waiting", "later_entry"))
        self.assertEqual(
            item.reason_text,
            f"It takes back an answer to {self.claim.name} on 03/12/2026, but {decision.display_name} of 03/15/2026 "
            "over $\xa04.20 came after and falls with it. Type 03/15/2026 or a later day in “Book on” of its payment, "
            "and press “Look again”.",
        )
        self.assertEqual((decision.state, self.claim.amount_open), ("posted", 0.0))
        self.assertConserved()
        self._look_again_on(item, "2026-03-15")
        self.assertEqual((item.state, decision.state, self.claim.amount_open), ("posted", "reversed", 500.0))
        self.assertEqual(str(item.remittance_id.date), "2026-03-15")
        self.assertConserved()

    def test_before_a_later_answer_of_the_next_payer_it_waits_and_names_that(self):
        patient = self._create_patient("Bea Zweig")
        self._create_coverage(patient, self.plan)
        self._create_coverage(patient, self.plan_b, rank="2")
        claim = self._create_claim(patient=patient)
        first = self._clp(claim)
        self._take(self._file(first))
        second = claim.encounter_id.claim_ids - claim
        second.action_send()
        gold = self._take(self._file(
            self._clp(second, [self._service("50.00", [("OA", "23", "420.00"), ("PR", "2", "30.00")])], status="2"),
            trace="G1", day=date(2026, 3, 14), **GOLD,
        ), "gold.835").transaction_ids.remittance_id
        item = self._take_back(first)
        self.assertEqual(
            item.reason_text,
            f"It takes back an answer to {claim.name} on 03/12/2026, but {gold.display_name} of 03/14/2026 over "
            "$\xa080.00 came after and falls with it. Type 03/14/2026 or a later day in “Book on” of its payment, and "
            "press “Look again”.",
        )
        self._look_again_on(item, "2026-03-14")
        self.assertEqual((item.state, claim.amount_open, second.state), ("posted", 500.0, "void"))
        self.assertConserved()

    def test_nothing_is_taken_back_before_it_was_posted(self):
        first = self._clp(self.claim)
        answer = self._take(self._file(first, day=LATER)).transaction_ids.remittance_id
        item = self._take_back(first, day=date(2026, 3, 9))
        self.assertEqual((item.state, item.why), ("waiting", "later_entry"))
        self.assertEqual(
            item.reason_text,
            f"It takes back an answer to {self.claim.name} on 03/09/2026, but {answer.display_name} of 03/12/2026 over "
            "$\xa0500.00 came after and falls with it. Type 03/12/2026 or a later day in “Book on” of its payment, and "
            "press “Look again”.",
        )
        self._look_again_on(item, "2026-03-12")
        self.assertEqual((item.state, self.claim.amount_open), ("posted", 500.0))
        self.assertConserved()

    def test_a_correction_after_a_payment_by_hand_names_that_payment(self):
        first = self._clp(self.claim, [self._service("300.00", [("CO", "45", "120.00"), ("CO", "50", "80.00")])])
        self._take(self._file(first))
        paid = self._pay(self.claim.invoice_id, date="2026-03-13")
        anew = self._clp(self.claim, [self._service("380.00", [("CO", "45", "120.00")])])
        file = self._take(self._file(x12.reversal(first), anew, trace="T2", day=date(2026, 3, 15)), "two.835")
        taken, item = file.item_ids.sorted("position")
        self.assertEqual((taken.state, item.state, item.why), ("posted", "waiting", "more_than_open"))
        self.assertEqual(
            item.reason_text,
            f"It settles another amount than is open: $\xa0420.00 of {self.claim.name}. Settled before by: "
            f"{paid.move_id.name} of 03/13/2026 ($\xa080.00). Is this the same again, press “None of ours”; does it "
            "replace one of them, take that back or off the claim, and press “Look again”.",
        )
        self.assertConserved()
        self.claim.invoice_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).matched_credit_ids.filtered(
            lambda partial: partial.credit_move_id.move_id == paid.move_id
        ).unlink()
        item.action_retry()
        self.assertEqual((item.state, self.claim.amount_open), ("posted", 0.0))
        self.assertConserved()

    def test_a_correction_after_a_write_off_of_the_rest_names_the_write_off(self):
        first = self._clp(self.claim, [self._service("300.00", [("CO", "45", "120.00"), ("CO", "50", "80.00")])])
        self._take(self._file(first))
        decision = self.env["billing.adjustment"].create({
            "move_id": self.claim.invoice_id.id, "reason_id": self.small_balance.id, "amount": 80.0,
            "date": "2026-03-15",
        })
        decision.action_approve()
        anew = self._clp(self.claim, [self._service("380.00", [("CO", "45", "120.00")])])
        file = self._take(self._file(x12.reversal(first), anew, trace="T2", day=LATER), "two.835")
        item = file.item_ids.sorted("position")[1]
        self.assertEqual((item.state, item.why), ("waiting", "more_than_open"))
        self.assertIn(
            f"Settled before by: {decision.display_name} of 03/15/2026 ($\xa080.00). Is this the same again",
            item.reason_text,
        )
        decision._reverse(date(2026, 3, 16), "The payer has paid it")
        item.action_retry()
        self.assertEqual((item.state, self.claim.amount_open), ("posted", 0.0))
        self.assertConserved()
