from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPassingOn(BillingCase):
    """“Decide” on a claim never asks the patient for what the payer holds back for a reason that binds us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.co_16 = cls.env.ref("billing_coordinator.reason_co_16")
        cls.oa_22 = cls.env.ref("billing_coordinator.reason_oa_22")
        cls.pr_held = cls.env["billing.adjustment.reason"].create({
            "group": "PR", "code": "999", "name": "Patient did not answer", "effect": "hold",
        })
        cls.lab = cls._create_service("Blood test", 80.0)

    def _decide(self, claim, reason, amount):
        wizard = self.env["billing.adjust.wizard"].create({
            "move_id": claim.invoice_id.id, "reason_id": reason.id, "amount": amount,
        })
        wizard.action_apply()
        return claim.adjustment_ids.sorted("id")[-1:]

    def _claim(self, **values):
        return self._bill(**values).claim_ids

    def test_a_denial_under_contract_is_not_passed_on_and_the_reason_is_named(self):
        claim = self._claim()
        self._answer(claim, 0.0, [(self.co_50, 500.0)])
        sentence = (
            f"{claim.invoice_id.name} cannot be passed on: Blue Insurance holds it back for "
            f"{self.co_50.display_name}, and only reasons of the group PR are the patient's share. Send the claim "
            "again, appeal, or write it off."
        )
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self._decide(claim, self.pr_96, 500.0)
        self.assertEqual(str(caught.exception), sentence)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._decide(claim, self.pr_1, 0.01)
        self.assertEqual((claim.state, claim.amount_open, self._owed(self.patient)), ("denied", 500.0, 0.0))
        self._decide(claim, self.env.ref("billing_coordinator.reason_office_giveup"), 500.0)
        self.assertEqual((claim.state, claim.amount_open), ("settled", 0.0))
        self.assertConserved()

    def test_what_a_payer_holds_back_for_other_reasons_is_not_the_patients_either(self):
        claim = self._claim()
        self._answer(claim, 300.0, [(self.co_45, 100.0), (self.oa_22, 100.0)])
        with self.assertRaisesRegex(UserError, "OA-22"), self.cr.savepoint():
            self._decide(claim, self.pr_96, 100.0)
        self.assertConserved()

    def test_the_patients_share_passes_up_to_its_amount_and_once(self):
        claim = self._claim()
        self._answer(claim, 0.0, [(self.co_16, 400.0), (self.pr_held, 100.0)])
        with self.assertRaisesRegex(UserError, r"only \$\s100\.00 can be passed on"), self.cr.savepoint():
            self._decide(claim, self.pr_96, 100.01)
        self._decide(claim, self.pr_96, 100.0)
        self.assertEqual((claim.amount_open, self._owed(self.patient)), (400.0, 100.0))
        with self.assertRaisesRegex(UserError, "cannot be passed on"), self.cr.savepoint():
            self._decide(claim, self.pr_96, 1.0)
        self.assertConserved()

    def test_what_was_given_up_of_the_rest_leaves_the_patients_share_as_it_was(self):
        claim = self._claim()
        self._answer(claim, 0.0, [(self.co_16, 400.0), (self.pr_held, 100.0)])
        given_up = self._decide(claim, self.env.ref("billing_coordinator.reason_office_giveup"), 400.0)
        self._decide(claim, self.pr_96, 100.0)
        self.assertEqual((claim.state, claim.amount_open, self._owed(self.patient)), ("settled", 0.0, 100.0))
        given_up._reverse(given_up.date, "taken back")
        with self.assertRaisesRegex(UserError, "cannot be passed on"), self.cr.savepoint():
            self._decide(claim, self.pr_96, 400.0)
        self.assertConserved()

    def test_only_the_services_that_may_pass_on_do(self):
        claim = self._claim(services=[self.service, self.lab])
        remittance = self._prepare_answer(claim, 0.0)
        for line, reason in zip(remittance.line_ids, (self.co_50, self.pr_held), strict=True):
            line.adjustment_ids = [Command.create({"reason_id": reason.id, "amount": line.amount_asked})]
        remittance.action_post()
        decision = self._decide(claim, self.pr_96, 80.0)
        passed = decision.entry_id.line_ids.filtered("adjustment_reason_id")
        self.assertEqual(passed.mapped(lambda item: (item.encounter_line_id.product_id, item.debit)),
                         [(self.lab, 80.0)])
        self.assertConserved()

    def test_a_claim_that_nobody_answered_passes_on_as_the_office_decides(self):
        claim = self._claim()
        self._decide(claim, self.pr_96, 500.0)
        self.assertEqual((claim.state, self._owed(self.patient)), ("settled", 500.0))
        self.assertConserved()

    def test_a_refusal_that_was_taken_back_or_answered_anew_does_not_bind(self):
        claim = self._claim()
        refusal = self._answer(claim, 0.0, [(self.co_50, 500.0)])
        refusal._reverse(refusal.date, "typed wrongly")
        again = self._answer(claim, 0.0, [(self.co_50, 500.0)], reference="AGAIN")
        self.assertEqual(again.state, "posted")
        self._answer(claim, 0.0, [(self.pr_held, 500.0)], reference="ANEW", date="2026-03-11")
        self._decide(claim, self.pr_96, 500.0)
        self.assertEqual((claim.state, self._owed(self.patient)), ("settled", 500.0))
        self.assertConserved()

    def test_a_decision_that_waits_for_a_manager_is_checked_when_it_is_posted(self):
        claim = self._claim()
        decision = self.env["billing.adjustment"].create({
            "move_id": claim.invoice_id.id, "reason_id": self.pr_96.id, "amount": 500.0, "date": "2026-03-13",
        })
        self._answer(claim, 0.0, [(self.co_50, 500.0)])
        with self.assertRaisesRegex(UserError, "CO-50"), self.cr.savepoint():
            decision.action_approve()
        self.assertEqual(self._owed(self.patient), 0.0)
