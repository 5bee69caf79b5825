from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..reports.common import SERVICE_WORDS, PaperCase
from .common import PlanCase

AGREEMENT = "billing_coordinator.action_report_payment_plan"
STATEMENT = "billing_coordinator.action_report_plan_statement"
REMINDER = "billing_coordinator.action_report_plan_reminder"
RECEIPT = "billing_coordinator.action_report_plan_receipt"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanPapers(PlanCase, PaperCase):
    """What the person signs and reads on the way: the sum first, each day and amount, and nothing about health."""

    def test_the_agreement_says_who_pays_what_when_and_what_follows(self):
        plan = self._draw_up()
        plan.action_propose()
        text = self._read(AGREEMENT, plan)
        self.assertIn("You pay 6 instalments , usually $100.00 each, the first one on April 1, 2026", text)
        self.assertIn("and the last one on September 1, 2026 . The plan costs you nothing: no interest and no", text)
        self.assertIn(f"In all $600.00 paid by September 1, 2026 Reference {plan.name}", text)
        self.assertIn("1 April 1, 2026 $100.00 2 May 1, 2026 $100.00", text)
        self.assertIn(f"{self.january.name} January 10, 2026 $200.00 {self.february.name} February 10, 2026", text)
        self.assertIn("An instalment counts as missed when it has not arrived 5 days after it was due.", text)
        self.assertIn(
            "When 2 instalments are missed at once or one is 45 days late, the plan ends, and what is left is due as "
            "if there had been no plan.", text,
        )
        self.assertIn("A late instalment costs you no fee.", text)
        self.assertIn("The plan ends sooner then.", text)
        self.assertIn("This offer holds until March 30, 2026 . Please sign and send it back by then.", text)
        self.assertNotIn("Draft", text)
        for word in SERVICE_WORDS:
            self.assertNotIn(word, text)

    def test_a_draft_says_that_it_is_one(self):
        self.assertIn("Draft: not agreed on yet.", self._read(AGREEMENT, self._draw_up()))

    def test_with_a_charge_the_agreement_discloses_what_the_credit_costs(self):
        plan = self._draw_up(rate=12.0, fee=10.0, down_payment=60.0, instalment_count=3)
        text = self._read(AGREEMENT, plan)
        # The fee is paid with the down payment, at once: 600 - 60 - 10 are financed.
        self.assertEqual((plan.amount_charges, plan.amount_to_pay), (18.23, 618.23))
        self.assertIn("Annual percentage rate", text)
        self.assertIn("$18.23 $530.00 $548.23", text)
        self.assertRegex(text, "It costs nothing ?, and interest counts only until then ?\\.")

    def test_five_instalments_without_charge_are_disclosed_in_the_united_states_only(self):
        plan = self._draw_up(instalment_count=5)
        self.company.country_id = self.env.ref("base.us")
        self.assertIn("Annual percentage rate", self._read(AGREEMENT, plan))
        self.company.country_id = self.env.ref("base.de")
        self.assertNotIn("Annual percentage rate", self._read(AGREEMENT, plan))

    def test_the_signed_agreement_names_who_signed(self):
        plan = self._run()
        text = self._read(AGREEMENT, plan)
        self.assertIn("Nora Neu, March 16, 2026 Date and signature, for", text)
        self.assertNotIn("This offer holds until", text)

    def test_new_terms_say_what_they_take_the_place_of(self):
        plan = self._run()
        later = self.env["billing.payment.plan"].browse(plan.action_renegotiate()["res_id"])
        text = self._read(AGREEMENT, later)
        self.assertIn("New terms of your payment plan", text)
        self.assertIn(f"It takes the place of plan {plan.name}.", text)

    def test_the_statement_shows_each_instalment_and_what_came(self):
        plan = self._run()
        self._pay(self.january, 150.0, date="2026-03-16")
        text = self._read(STATEMENT, plan)
        self.assertIn("Your payment plan in all $600.00 Paid so far -$150.00 Left to pay $450.00", text)
        self.assertIn("1 April 1, 2026 $100.00 $100.00 paid 2 May 1, 2026 $100.00 $50.00 $50.00", text)
        self.assertIn("Payment of March 16, 2026 $150.00", text)
        self.assertIn("Please pay $50.00 by May 1, 2026", text)

    def test_the_statement_of_a_broken_plan_asks_for_all_that_is_left(self):
        plan = self._run()
        self._pay(self.january, 50.0, date="2026-03-16")
        self._night("2026-05-07")
        with freeze_time("2026-05-08"):
            text = self._read(STATEMENT, plan)
        self.assertIn("The plan ended on May 7, 2026. Please call us about what is left.", text)
        self.assertIn("Please pay $550.00 due now", text)

    def test_the_reminder_has_five_lines_and_no_warning(self):
        plan = self._run()
        with freeze_time("2026-03-29"):
            text = self._read(REMINDER, plan)
        self.assertIn("Your next instalment of $100.00 is due on April 1, 2026 .", text)
        self.assertIn("You have paid $0.00 of $600.00; $600.00 is left.", text)
        for word in ("fee", "overdue", "missed", "agency"):
            self.assertNotIn(word, text)

    def test_the_reminder_of_somebody_who_is_late_asks_for_one_sum(self):
        plan = self._run()
        with freeze_time("2026-04-29"):
            text = self._read(REMINDER, plan)
        self.assertIn("Please pay $200.00 $100.00 of it is due now", text)
        self.assertIn(
            "Your next instalment of $100.00 is due on May 1, 2026 , and $100.00 is still open from before. Together "
            "that is $200.00 .", text,
        )
        self.assertIn("Amount $200.00", text)

    def test_nobody_is_reminded_of_an_instalment_of_a_plan_that_has_ended(self):
        plan = self._run()
        plan.action_cancel()
        self.assertIn("The plan has ended. Please call us about what is left.", self._read(REMINDER, plan))
        self.assertNotIn("Next,", self._read(RECEIPT, plan))

    def test_the_down_payment_is_no_instalment(self):
        plan = self._draw_up(down_payment=60.0, instalment_count=3)
        text = self._read(AGREEMENT, plan)
        self.assertIn("You pay $60.00 at once. Then you pay 3 instalments , usually $180.00 each, the first one", text)
        self.assertIn("March 16, 2026 (down payment) $60.00 1 April 1, 2026 $180.00 2 May 1, 2026 $180.00", text)

    def test_the_statement_says_which_instalment_is_late(self):
        plan = self._run()
        with freeze_time("2026-04-03"):
            text = self._read(STATEMENT, plan)
        self.assertIn("1 April 1, 2026 (late) $100.00 – $100.00 2 May 1, 2026 $100.00", text)

    def test_a_payment_from_before_the_signature_is_thanked_for(self):
        plan = self._run()
        self._pay(self.january, 100.0, date="2026-03-10")
        self.assertIn("Thank you. We have received $100.00 .", self._read(RECEIPT, plan))

    def test_the_receipt_thanks_for_the_last_payment(self):
        plan = self._run()
        self.assertIn("We have not received a payment yet.", self._read(RECEIPT, plan))
        self._pay(self.january, 100.0, date="2026-03-16")
        text = self._read(RECEIPT, plan)
        self.assertIn("We have received $100.00 on March 16, 2026 .", text)
        self.assertIn("Next, $100.00 is to be paid by May 1, 2026 .", text)

    def test_each_paper_speaks_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.nora.lang = "de_DE"
        text = self._read(AGREEMENT, self._run())
        self.assertIn("01.04.2026", text)
        self.assertIn("600,00 $", text.replace("\N{NO-BREAK SPACE}", " "))

    def test_a_statement_asks_for_the_instalment_and_not_for_what_comes_later(self):
        self._run()
        text = self._read("billing_coordinator.action_report_statement", self.nora)
        self.assertIn("Please pay $100.00 by April 1, 2026", text)
        self.assertIn("You owe $600.00", text)
        self.assertIn(": $0.00 of $600.00 is paid. The next instalment is $100.00 , on April 1, 2026 .", text)
        self.assertIn("$500.00 of what you owe is paid by later instalments. We do not ask for them now.", text)
        # What is no part of the plan is asked for beside it.
        self._bill_nora(80.0, "2026-03-02")
        text = self._read("billing_coordinator.action_report_statement", self.nora)
        self.assertIn("Please pay $180.00 by April 1, 2026", text)
        with freeze_time("2026-04-20"):
            self.env.invalidate_all()
            text = self._read("billing_coordinator.action_report_statement", self.nora)
        self.assertIn("Please pay $180.00 due now", text)
        self.assertIn("$100.00 is late; please call us if you cannot pay it.", text)

    def test_a_statement_counts_a_late_instalment_once_when_its_bill_is_late_as_well(self):
        self._run()

        def due_now(day):
            with freeze_time(day):
                self.env.invalidate_all()
                statement, = self.env["report.billing_coordinator.report_statement"]._get_statements(
                    self.nora, self.company,
                )
                return statement["amount_due_now"]

        # January, 200, is due with the second instalment.
        self.assertEqual([due_now(f"2026-0{month}-10") for month in (3, 4, 5, 6)], [0.0, 100.0, 200.0, 300.0])
        self._bill_nora(80.0, "2026-03-02")
        self.assertEqual(due_now("2026-05-10"), 280.0)

    def test_the_agreement_says_from_when_on_what_is_left_is_due(self):
        for choice, sentence in (
            ("before", "and what is left is due as if there had been no plan."),
            ("now", "the plan ends, and what is left is due on that day."),
            ("plan", "is 45 days late, the plan ends."),
        ):
            self.policy.due_again = choice
            self.assertIn(sentence, self._read(AGREEMENT, self._draw_up()))
