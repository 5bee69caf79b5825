from odoo import fields

from .common import DenialCase


class TestDenialOutcome(DenialCase):
    """The state of a denial follows the money, whichever way it comes."""

    def test_paid_after_all_in_a_later_answer(self):
        denial = self._deny()
        self._answer(denial.claim_id, 400.0, [(self.co_45, 100.0)], date="2026-03-12")
        self.assertEqual((denial.state, denial.amount_recovered, denial.amount_open), ("overturned", 400.0, 0.0))
        self.assertTrue(denial.is_partly)
        self.assertEqual(denial.claim_id.state, "settled")
        self.assertConserved()

    def test_paid_in_full(self):
        denial = self._deny()
        self._answer(denial.claim_id, 500.0, date="2026-03-12")
        self.assertEqual((denial.state, denial.amount_recovered, denial.is_partly), ("overturned", 500.0, False))

    def test_paid_past_billing_counts_as_well(self):
        denial = self._deny()
        self._pay(denial.claim_id.invoice_id)
        self.assertEqual((denial.state, denial.amount_recovered), ("overturned", 500.0))
        self.assertConserved()

    def test_a_part_of_it_is_paid_and_the_rest_stays_open(self):
        denial = self._deny()
        self._pay(denial.claim_id.invoice_id, 120.0)
        self.assertEqual((denial.state, denial.amount_recovered, denial.amount_open), ("open", 120.0, 380.0))

    def test_refused_once_more_the_fight_goes_on_in_the_new_denial(self):
        first = self._deny()
        first.write({"note": "Asked Mrs. Bell"})
        self._answer(first.claim_id, 100.0, [(self.co_29, 400.0)], date="2026-03-12")
        first_again, second = self._denials(first.claim_id)
        self.assertEqual(first_again, first)
        self.assertEqual((first.state, first.amount_recovered, first.amount_open), ("overturned", 100.0, 0.0))
        self.assertEqual(
            (second.state, second.previous_id, second.note, second.amount, second.amount_open, second.category_id),
            ("open", first, "Asked Mrs. Bell", 400.0, 400.0, self._category("timely")),
        )
        self._answer(second.claim_id, 0.0, [(self.co_50, 400.0)], date="2026-03-13")
        self.assertEqual((second.state, second.amount_recovered), ("upheld", 0.0))

    def test_taken_off_by_contract_is_upheld(self):
        denial = self._deny()
        self._answer(denial.claim_id, 0.0, [(self.co_45, 500.0)], date="2026-03-12")
        self.assertEqual((denial.state, denial.amount_recovered), ("upheld", 0.0))

    def test_the_office_gives_it_up(self):
        denial = self._deny()
        self.env["billing.adjustment"].create({
            "move_id": denial.claim_id.invoice_id.id, "reason_id": self.give_up.id, "amount": 500.0,
        }).action_approve()
        self.assertEqual((denial.state, denial.amount_open), ("written_off", 0.0))
        self.assertConserved()

    def test_a_decision_that_is_taken_back_opens_the_denial_again(self):
        denial = self._deny()
        decision = self.env["billing.adjustment"].create({
            "move_id": denial.claim_id.invoice_id.id, "reason_id": self.give_up.id, "amount": 500.0,
        })
        decision.action_approve()
        decision.action_reverse()
        self.assertEqual((denial.state, denial.amount_open, denial.closed_on), ("working", 500.0, False))
        self.assertConserved()

    def test_the_answer_that_paid_is_taken_back_and_the_denial_is_open_again(self):
        denial = self._deny()
        paying = self._answer(denial.claim_id, 500.0, date="2026-03-12")
        paying._reverse(fields.Date.to_date("2026-03-14"), "Cheque bounced")
        self.assertEqual((denial.state, denial.amount_open, denial.amount_recovered), ("working", 500.0, 0.0))
        self.assertConserved()

    def test_the_chance_is_told_from_how_earlier_ones_ended(self):
        for paid in (500.0, 500.0, 500.0):
            self._answer(self._deny().claim_id, paid, date="2026-03-12")
        lost = self._deny()
        self._answer(lost.claim_id, 0.0, [(self.co_45, 500.0)], date="2026-03-12")
        denial = self._deny()
        # Three of four won, and an even chance that counts like four.
        self.assertEqual((denial.chance, denial.amount_weighted), (62, 310.0))
        self.assertEqual(
            denial.chance_why,
            "3 of 4 like this were paid after all by Blue Insurance; 0 of 0 by other payers",
        )
