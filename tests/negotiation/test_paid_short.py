from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import html2plaintext

from ..common import TODAY
from .common import NegotiationCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPaidShort(NegotiationCase):
    """An agreement is kept by money, and by nothing else: what is taken off instead does not pay.

    The ledger cases, for a bill of 500 and an agreement of 14 March on 400 until 31 March:

    1  answer: pays 400, CO-45 100            BANK 400, ALW 100 / AR 500           kept
    2  answer: pays 300, CO-45 200            BANK 300, ALW 200 / AR 500           broken at once; 100 is fought for
    3  answer: pays 300, PR-1 200             BANK 300, TRF 200 / AR 500           broken at once; nothing to fight
    4  answer: pays 300, CO-50 200            BANK 300 / AR 300                    waits: 200 is open, 100 may come
    5  answer: pays 300, CO-45 150, CO-50 50  BANK 300, ALW 150 / AR 450           broken at once: 50 cannot be 100
    6  answer: pays nothing, CO-45 500        ALW 500 / AR 500                     broken at once; 400 is fought for
    7  payment 300, the office gives up 200   BANK 300 / AR 300 · WO 200 / AR 200  broken: the office took it off
    8  the office gives up 500                WO 500 / AR 500                      over: nobody kept or broke it
    9  payment 399.99                         BANK 399.99 / AR 399.99              waits; broken on 1 April
    10 case 2, that answer reversed           AR 500 open again                    stays broken; denial withdrawn
    11 case 1, corrected to case 2            the agreement's entry is reversed    broken
    """

    def _follow(self, negotiation, day=TODAY):
        # What was made until now was made in another transaction: only then its history is written.
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        with freeze_time(day):
            negotiation.with_context(tracking_disable=False, mail_notrack=False)._follow()

    def _short(self):
        return self.claim.denial_ids.filtered(lambda denial: denial.kind == "short")

    def _said(self, negotiation):
        """The last sentence in the negotiation's own history."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        negotiation.invalidate_recordset()
        return html2plaintext(negotiation.message_ids.sorted("id")[-1].body).replace("\xa0", "")

    def test_case_1_paid_as_agreed_and_the_rest_taken_off_by_the_payer_itself(self):
        negotiation = self._agree(400.0)
        self._answer(self.claim, 400.0, [(self.co_45, 100.0)])
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "kept")
        self.assertFalse(negotiation.adjustment_ids)
        self.assertFalse(self._short())
        self.assertEqual(self._flow(self.bill), {"charge": 500.0, "paid": 400.0, "adjusted": 100.0})

    def test_case_2_paid_short_and_the_rest_taken_off_it_is_broken_and_the_missing_money_is_fought_for(self):
        negotiation = self._agree(400.0)
        self._answer(self.claim, 300.0, [(self.co_45, 200.0)])
        self._follow(negotiation)
        self.assertEqual((negotiation.state, str(negotiation.ended_on)), ("broken", TODAY))
        self.assertFalse(negotiation.adjustment_ids)
        self.assertEqual(self._flow(self.bill), {"charge": 500.0, "paid": 300.0, "adjusted": 200.0})
        self.assertIn("Agreed: $400.00 by 03/31/2026. Paid: $300.00. Taken off: $200.00.", self._said(negotiation))
        short = self._short()
        self.assertEqual((short.amount, short.amount_contract, short.amount_open), (100.0, 400.0, 100.0))
        self.assertEqual((short.state, short.reason_ids), ("open", self.co_45))
        self.assertFalse(short._get_refusals("appeal"))
        self.assertConserved()

    def test_case_2_followed_again_opens_no_second_denial_and_talks_go_on(self):
        negotiation = self._agree(400.0)
        self._answer(self.claim, 300.0, [(self.co_45, 200.0)])
        self._follow(negotiation)
        self._follow(negotiation, "2026-04-01")
        self.assertEqual(len(self._short()), 1)
        negotiation.action_reopen()
        self.assertEqual((negotiation.state, negotiation.amount_agreed), ("open", 0.0))

    def test_case_3_what_is_passed_on_to_the_patient_does_not_pay_either(self):
        negotiation = self._agree(400.0)
        self._answer(self.claim, 300.0, [(self.pr_1, 200.0)])
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "broken")
        self.assertIn("Paid: $300.00. Taken off: $200.00.", self._said(negotiation))
        self.assertFalse(self._short())
        self.assertConserved()

    def test_case_4_what_is_refused_is_still_open_and_may_still_come(self):
        negotiation = self._agree(400.0)
        self._answer(self.claim, 300.0, [(self.co_50, 200.0)])
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "agreed")
        self._answer(self.claim, 100.0, [(self.co_50, 100.0)], date="2026-03-15")
        self._follow(negotiation)
        self.assertEqual((negotiation.state, negotiation.adjustment_ids.amount), ("kept", 100.0))
        self.assertConserved()

    def test_case_5_less_is_left_than_is_missing(self):
        negotiation = self._agree(400.0)
        self._answer(self.claim, 300.0, [(self.co_45, 150.0), (self.co_50, 50.0)])
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "broken")
        self.assertEqual(self.bill.amount_residual, 50.0)
        # 50 is open, and denied; the other 50 was taken off.
        self.assertEqual(self._short().amount, 50.0)
        self.assertConserved()

    def test_case_6_nothing_paid_and_everything_taken_off_by_the_payer_breaks_it(self):
        negotiation = self._agree(400.0)
        self._answer(self.claim, 0.0, [(self.co_45, 500.0)])
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "broken")
        self.assertEqual(self._short().amount, 400.0)
        self.assertConserved()

    def test_case_7_what_the_office_gives_up_does_not_pay(self):
        negotiation = self._agree(400.0)
        self._pay(self.bill, 300.0)
        self._give_up(200.0)
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "broken")
        self.assertIn("Agreed: $400.00 by 03/31/2026. Paid: $300.00. Taken off: $200.00.", self._said(negotiation))
        self.assertConserved()

    def test_case_8_all_given_up_by_the_office_nobody_broke_it(self):
        negotiation = self._agree(400.0)
        self._give_up(500.0)
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "failed")

    def _give_up(self, amount):
        self.env["billing.adjustment"].create({
            "move_id": self.bill.id, "reason_id": self.small_balance.id, "amount": amount, "date": "2026-03-15",
        }).action_approve()

    def test_case_9_a_cent_short_is_short(self):
        negotiation = self._agree(400.0)
        self._answer(self.claim, 399.99, [(self.co_50, 100.01)])
        self._follow(negotiation, "2026-03-31")
        self.assertEqual(negotiation.state, "agreed")
        self._follow(negotiation, "2026-04-01")
        self.assertEqual(negotiation.state, "broken")
        self.assertIn("Paid: $399.99. Taken off: $0.00.", self._said(negotiation))

    def test_case_9_paid_to_the_rounding_of_the_currency_it_is_kept(self):
        negotiation = self._agree(400.0)
        negotiation.sudo().amount_agreed = 400.004
        self._pay(self.bill, 400.0)
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "kept")

    def test_case_10_the_short_answer_taken_back_withdraws_the_denial(self):
        negotiation = self._agree(400.0)
        answer = self._answer(self.claim, 300.0, [(self.co_45, 200.0)])
        self._follow(negotiation)
        answer._reverse(answer.date, "typed wrongly")
        self._follow(negotiation)
        self.assertEqual((negotiation.state, self._short().state), ("broken", "withdrawn"))
        negotiation.action_reopen()
        self.assertEqual(negotiation.amount_open, 500.0)
        self.assertConserved()

    def test_case_11_kept_and_then_corrected_to_less_it_is_broken(self):
        negotiation = self._agree(400.0)
        answer = self._answer(self.claim, 400.0, [(self.co_50, 100.0)])
        self._follow(negotiation)
        self.assertEqual((negotiation.state, negotiation.adjustment_ids.amount), ("kept", 100.0))
        answer._reverse(answer.date, "corrected")
        self._follow(negotiation)
        self.assertEqual((negotiation.state, negotiation.adjustment_ids.state), ("broken", "reversed"))
        self._answer(self.claim, 300.0, [(self.co_45, 200.0)], date="2026-03-15")
        self._follow(negotiation)
        self.assertEqual(self._flow(self.bill), {"charge": 500.0, "paid": 300.0, "adjusted": 200.0})
        self.assertConserved()

    def test_two_claims_are_one_sum_of_money(self):
        other = self._bill(services=[(self.service, 200.0)])
        negotiation = self._agree(600.0, self.bill + other)
        self._answer(self.claim, 350.0, [(self.co_45, 150.0)])
        self._follow(negotiation)
        # 250 is missing, and 200 is all that is open.
        self.assertEqual((negotiation.state, self._short().amount), ("broken", 50.0))
        self.assertEqual(other.amount_residual, 200.0)

    def test_what_was_paid_and_taken_off_before_the_agreement_does_not_count(self):
        self._answer(self.claim, 50.0, [(self.co_45, 50.0), (self.co_50, 400.0)])
        negotiation = self._agree(300.0)
        self._answer(self.claim, 250.0, [(self.co_45, 150.0)], date="2026-03-15")
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "broken")
        self.assertIn("Agreed: $300.00 by 03/31/2026. Paid: $250.00. Taken off: $150.00.", self._said(negotiation))
        self.assertEqual(self._short().amount, 50.0)

    def test_a_visit_of_two_services_is_fought_for_in_proportion_to_what_was_taken_off_each(self):
        bill = self._bill(services=[(self.service, 300.0), (self.service, 200.0)])
        negotiation = self._agree(400.0, bill)
        answer = self._prepare_answer(bill.claim_ids, 300.0, reference="TWO")
        says = ((50.0, 150.0), (250.0, 50.0))
        for line, (paid, off) in zip(answer.line_ids.sorted("amount_asked"), says, strict=True):
            line.write({
                "amount_paid": paid, "adjustment_ids": [(0, 0, {"reason_id": self.co_45.id, "amount": off})],
            })
        answer.action_post()
        self._follow(negotiation)
        shorts = bill.claim_ids.denial_ids.sorted("amount")
        self.assertEqual(shorts.mapped("amount"), [25.0, 75.0])
        self.assertEqual(shorts.mapped("amount_contract"), [275.0, 125.0])
        self.assertEqual(shorts.mapped("amount_open"), [25.0, 75.0])

    def test_the_missing_money_comes_after_all(self):
        negotiation = self._agree(400.0)
        answer = self._answer(self.claim, 300.0, [(self.co_45, 200.0)])
        self._follow(negotiation)
        answer._reverse(answer.date, "they correct it")
        self._answer(self.claim, 400.0, [(self.co_45, 100.0)], date="2026-03-15")
        self._follow(negotiation)
        self.assertEqual(self._short().mapped("state"), ["withdrawn"])
        self.assertConserved()

    def test_the_history_of_the_claim_says_what_was_agreed_paid_and_taken_off(self):
        negotiation = self._agree(400.0)
        self._answer(self.claim, 300.0, [(self.co_45, 200.0)])
        self._follow(negotiation)
        self.env.flush_all()
        self.env.invalidate_all()
        event = self.claim.event_ids.filtered(lambda event: event.kind == "agreement_broken")
        self.assertEqual(
            event.words.replace("\xa0", ""),
            f"Agreement broken: agreed $400.00 · paid $300.00 · taken off $200.00 · {negotiation.name}",
        )

    def test_the_history_of_a_kept_one_says_so_too(self):
        negotiation = self._agree(400.0)
        self._pay(self.bill, 400.0)
        self._follow(negotiation)
        self.env.flush_all()
        self.env.invalidate_all()
        event = self.claim.event_ids.filtered(lambda event: event.kind == "agreement_kept")
        self.assertEqual(
            event.words.replace("\xa0", ""),
            f"Agreement kept: agreed $400.00 · paid $400.00 · taken off $100.00 · {negotiation.name}",
        )
