from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import RemittanceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestScreens(RemittanceCase):
    """What a person sees and types of answers that take back, keep or let wait."""

    def test_a_claim_is_chosen_to_be_taken_back_and_the_form_says_what_the_money_is_made_of(self):
        first = self._bill()
        answer = self._answer(first.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        with Form(self.env["billing.remittance"]) as form:
            form.payer_id = self.payer
            form.reference = "T 9"
            form.amount = 0.0
            form.claim_to_take_back_id = first.claim_ids
            self.assertEqual(len(form.line_ids), 1)
            with form.provider_adjustment_ids.new() as adjustment:
                adjustment.code = "wo"
                adjustment.reference = "op 1"
                adjustment.amount = -100.0
            self.assertEqual(form.difference, 200.0)
        remittance = form.record
        line = remittance.line_ids
        self.assertEqual((line.kind, line.reversed_line_id, line.amount_paid), ("reversal", answer.line_ids, 300.0))
        self.assertEqual(
            (remittance.provider_adjustment_ids.code, remittance.provider_adjustment_ids.meaning),
            ("WO", "Overpayment recovered"),
        )
        self.assertFalse(remittance.is_balanced)
        remittance.action_let_rest_wait()
        self.assertTrue(remittance.is_balanced)
        self.assertRegex(
            remittance.balance_words,
            r"^\$.0.00 came in, \$.300.00 taken back of earlier answers, the services say \$.0.00 was paid, "
            r"\$.200.00 not applied yet, \$.100.00 were added apart from claims$",
        )
        remittance.action_post()
        self.assertEqual(answer.taken_back_words, f"{remittance.display_name} took back {first.claim_ids.name}.")
        self.assertConserved()

    def test_the_wizard_says_what_comes_back(self):
        first = self._bill()
        answer = self._answer(first.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        later = self._remit(0.0, taken=answer.line_ids, amount_unapplied=300.0)
        wizard = self.env["billing.remittance.reverse"].create({"remittance_id": later.id, "reason": "wrong"})
        self.assertIn(
            f"{answer.display_name}'s answer to {first.claim_ids.name}, which this one took back, is in force again.",
            wizard.consequences,
        )
        wizard.action_reverse()
        self.assertEqual((later.state, first.claim_ids.state), ("reversed", "settled"))
        self.assertConserved()
