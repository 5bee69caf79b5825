from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..tools import x12_files as x12
from .file_common import RemittanceFileCase

GOLD = {"payer": ("GOLD INSURANCE", "XV", "GOLD1")}


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFileSeams(RemittanceFileCase):
    """Reversals and corrections in whatever order they come, of whatever was posted however."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim, cls.other = cls._create_claim(), cls._create_claim()

    def _corrected(self):
        return self._clp(self.claim, [self._service("350.00", [("CO", "45", "120.00"), ("PR", "1", "30.00")])])

    def assertCorrected(self):
        self.assertEqual(
            (self.claim.state, self.claim.amount_paid, self.claim.amount_open), ("settled", 350.0, 0.0),
        )
        self.assertConserved()

    def test_what_is_only_taken_back_waits_as_if_it_was_just_sent(self):
        first = self._clp(self.claim)
        self._take(self._file(first))
        self._take(self._file(x12.reversal(first), self._clp(self.other), trace="T2"), "two.835")
        self.assertEqual(
            (self.claim.state, self.claim.amount_open, self.claim.date_answered), ("sent", 500.0, False),
        )
        self.assertEqual(self._owed(self.payer), 500.0)
        self.assertConserved()
        self._take(self._file(self._corrected(), trace="T3"), "three.835")
        self.assertCorrected()
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (0.0, 110.0))

    def test_a_correction_before_its_reversal_in_one_payment(self):
        first = self._clp(self.claim)
        self._take(self._file(first))
        file = self._take(self._file(self._corrected(), x12.reversal(first), trace="T2"), "two.835")
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", ""), ("posted", "")]))
        self.assertCorrected()
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (500.0, 30.0))

    def test_a_correction_a_payment_earlier_than_its_reversal_waits_for_it_and_follows_by_itself(self):
        first = self._clp(self.claim)
        self._take(self._file(first))
        early = self._take(self._file(self._corrected(), trace="T2"), "two.835")
        self.assertEqual(self._became(early), ([("posted", "")], [("waiting", "more_than_open")]))
        # The money is the payer's credit meanwhile.
        self.assertEqual((self._owed(self.payer), self.claim.amount_paid), (500.0 - 350.0, 300.0))
        self.assertConserved()
        late = self._take(self._file(x12.reversal(first), self._clp(self.other), trace="T3"), "three.835")
        self.assertEqual(self._became(late)[1], [("posted", ""), ("posted", "")])
        self.assertEqual(self._became(early)[1], [("posted", "")])
        self.assertCorrected()
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (0.0, 110.0))

    def test_a_typed_answer_is_taken_back_after_the_patient_has_paid(self):
        self._answer(self.claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        self._pay(self.claim.encounter_id.invoice_ids - self.claim.invoice_id)
        file = self._take(self._file(x12.reversal(self._clp(self.claim)), self._clp(self.other), trace="T2"))
        self.assertEqual(self._became(file)[1], [("posted", ""), ("posted", "")])
        # Ana's 80 of then are her credit, and she owes 80 of the other visit.
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (500.0, 0.0))
        self.assertConserved()

    def test_money_kept_for_a_claim_is_met_by_its_reversal(self):
        first = self._clp(self.claim)
        self._take(self._file(first))
        self._take(
            self._file(self._clp(self.other), provider_adjustments=[("WO", "ICN-1", "300.00")], trace="T2"), "two.835",
        )
        self.assertEqual(self._owed(self.payer), 300.0)
        file = self._take(self._file(
            x12.reversal(first), provider_adjustments=[("WO", "ICN-1", "-300.00")], trace="T3", method="NON",
        ), "three.835")
        self.assertEqual(self._became(file)[1], [("posted", "")])
        self.assertEqual((self._owed(self.payer), self.claim.amount_open), (500.0, 500.0))
        self.assertConserved()

    def test_twice_in_one_payment_it_is_posted_once_and_the_money_waits(self):
        file = self._take(self._file(self._clp(self.claim), self._clp(self.claim)))
        self.assertEqual(self._became(file)[1], [("posted", ""), ("duplicate", "duplicate")])
        self.assertEqual(self._owed(self.payer), 500.0 - 300.0)
        self.assertConserved()

    def test_the_second_payer_over_two_lines_is_corrected_and_falls_with_the_first_answer(self):
        patient = self._create_patient("Bea Zweig")
        self._create_coverage(patient, self.plan)
        self._create_coverage(patient, self.plan_b, rank="2")
        claim = self._create_claim(patient=patient)
        first = self._clp(claim, [self._service("300.00", [
            ("CO", "45", "120.00"), ("PR", "1", "50.00"), ("PR", "2", "30.00"),
        ])])
        self._take(self._file(first))
        second = claim.encounter_id.claim_ids - claim
        second.action_send()
        answer = self._clp(second, [self._service("60.00", [("OA", "23", "420.00"), ("PR", "2", "20.00")])], status="2")
        self._take(self._file(answer, trace="G1", **GOLD), "gold.835")
        self.assertEqual((second.state, second.amount_paid, self._owed(patient)), ("settled", 60.0, 20.0))
        corrected = self._clp(second, [self._service("80.00", [("OA", "23", "420.00")])], status="2")
        self._take(self._file(corrected, x12.reversal(answer), trace="G2", **GOLD), "gold2.835")
        self.assertEqual((second.state, second.amount_paid, self._owed(patient)), ("settled", 80.0, 0.0))
        self.assertConserved()
        anew = self._clp(claim, [self._service("200.00", [("CO", "45", "120.00"), ("PR", "1", "180.00")])])
        self._take(self._file(x12.reversal(first), anew, self._clp(self.other), trace="T2"), "two.835")
        third = claim.encounter_id.claim_ids - claim - second
        self.assertEqual((second.state, third.state, third.amount_open), ("void", "ready", 180.0))
        # What Gold Insurance paid on the claim that fell is its credit.
        self.assertEqual(self._owed(self.payer_b), 180.0 - 80.0)
        self.assertConserved()

    def test_a_file_that_comes_before_its_money_is_posted_on_the_day_of_the_money(self):
        file = self._take(self._file(self._clp(self.claim), day=date(2026, 3, 18)))
        payment = file.transaction_ids
        self.assertEqual(self._became(file), ([("held", "early")], [("new", "")]))
        self.assertEqual(payment.reason_text, "The money comes on 03/18/2026; it is posted by itself then.")
        for day, state in (("2026-03-17", "held"), ("2026-03-18", "ready")):
            with self.subTest(day), freeze_time(day):
                self.env["billing.remittance.transaction"].with_context(tz=False)._release_due()
                self.assertEqual(payment.state, state)
        with freeze_time("2026-03-18"):
            payment.with_context(tz=False)._work()
            self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
            self.assertEqual((str(payment.remittance_id.date), self.claim.state), ("2026-03-18", "settled"))
            self.assertConserved()

    def _second(self):
        """The claim to Gold Insurance, which comes after Blue Insurance."""
        patient = self._create_patient("Bea Zweig")
        self._create_coverage(patient, self.plan)
        self._create_coverage(patient, self.plan_b, rank="2")
        claim = self._create_claim(patient=patient)
        self._take(self._file(self._clp(claim), trace=f"B {claim.name}"), f"{claim.name}.835")
        second = claim.encounter_id.claim_ids - claim
        second.action_send()
        return second

    def test_what_only_repeats_the_first_answer_is_no_denial(self):
        second = self._second()
        self._take(self._file(self._clp(
            second, [self._service("50.00", [("OA", "23", "420.00"), ("PR", "2", "30.00")])], status="2",
        ), trace="G1", **GOLD), "gold.835")
        self.assertEqual(second.state, "settled")
        self.assertFalse(second.denial_ids)
        self.assertConserved()

    def test_a_second_payers_denial_is_over_what_it_was_asked_and_names_its_own_reason(self):
        second = self._second()
        self._take(self._file(self._clp(
            second, [self._service("0.00", [("OA", "23", "420.00"), ("CO", "50", "80.00")])], status="2",
        ), trace="G1", method="NON", **GOLD), "gold.835")
        denial = second.denial_ids
        self.assertEqual((denial.amount, denial.amount_open, denial.reason_ids), (80.0, 80.0, self.co_50))
        self._take(self._file(self._clp(
            second, [self._service("80.00", [("OA", "23", "420.00")])], status="2",
        ), trace="G2", **GOLD), "gold2.835")
        self.assertEqual((denial.state, denial.amount_recovered, second.denial_ids), ("overturned", 80.0, denial))
        self.assertConserved()

    def test_a_denied_claim_passed_on_by_file_is_never_the_patients_by_decision(self):
        self._take(self._file(self._clp(
            self.claim, [self._service("0.00", [("CO", "50", "500.00")])], status="4",
        ), method="NON"))
        decision = self.env["billing.adjustment"].create({
            "move_id": self.claim.invoice_id.id, "reason_id": self.pr_96.id, "amount": 500.0, "date": "2026-03-15",
        })
        with self.assertRaisesRegex(UserError, "CO-50"), self.cr.savepoint():
            decision.action_approve()
        self.assertEqual((self._owed(self.patient), self.claim.state), (0.0, "denied"))

    def test_a_line_that_says_nothing_of_money_hinders_nobody(self):
        claim = self._create_claim(encounter=self._create_encounter(
            services=[(self.service, 500.0), (self.service, 0.0)],
        ))
        file = self._take(self._file(self._clp(
            claim, [self._service(), self._service("0.00", [], charge="0.00")], charge="500.00",
        )))
        self.assertEqual((self._became(file)[1], file.item_ids.reason_text), ([("posted", "")], False))
        self.assertEqual((claim.state, claim.amount_paid, len(claim.remittance_line_ids)), ("settled", 300.0, 1))
        self.assertConserved()
