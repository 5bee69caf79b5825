from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import NegotiationCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAgreement(NegotiationCase):
    """From an agreement to the money: what is posted when, and what happens when it does not come."""

    def _follow(self, negotiation, day):
        with freeze_time(day):
            negotiation._follow()

    def test_an_agreement_posts_nothing_and_the_whole_claim_stays_owed(self):
        before = self.env["account.move"].search_count([])
        negotiation = self._agree(400.0)
        self.assertEqual(negotiation.state, "agreed")
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertEqual(self.bill.amount_residual, 500.0)
        self.assertConserved()

    def test_once_paid_the_rest_is_taken_off_with_its_reason_and_approver(self):
        negotiation = self._agree(400.0)
        self._pay(self.bill, 400.0)
        self._follow(negotiation, TODAY)
        self.assertEqual(negotiation.state, "kept")
        adjustment = negotiation.adjustment_ids
        self.assertItems(adjustment.entry_id, [
            (self.allowance_account, self.payer, 100.0, 0.0),
            (self._receivable(), self.payer, 0.0, 100.0),
        ])
        self.assertEqual(adjustment.reason_id, self.settled_payer)
        self.assertEqual(adjustment.approver_id, negotiation.approver_id)
        self.assertEqual(self.claim.state, "settled")
        self.assertEqual(self._flow(self.bill), {"charge": 500.0, "paid": 400.0, "adjusted": 100.0})
        self.assertConserved()

    def test_a_remittance_keeps_it_as_any_payment_does(self):
        negotiation = self._agree(400.0)
        self._answer(self.claim, 400.0, [(self.co_50, 100.0)])
        self._follow(negotiation, TODAY)
        self.assertEqual((negotiation.state, self.bill.amount_residual), ("kept", 0.0))
        self.assertConserved()

    def test_a_persons_bill_gets_a_discount(self):
        self._answer(self.claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        bill = self.claim.encounter_id.invoice_ids.filtered(lambda move: move.partner_id == self.patient)
        negotiation = self._agree(60.0, bill)
        self._pay(bill, 60.0)
        self._follow(negotiation, TODAY)
        self.assertItems(negotiation.adjustment_ids.entry_id, [
            (self.company.billing_discount_account_id, self.patient, 20.0, 0.0),
            (self._receivable(), self.patient, 0.0, 20.0),
        ])
        self.assertConserved()

    def test_paid_in_part_it_waits_and_after_its_day_it_is_broken_and_the_rest_is_owed(self):
        negotiation = self._agree(400.0)
        self._pay(self.bill, 399.99)
        self._follow(negotiation, "2026-03-31")
        self.assertEqual(negotiation.state, "agreed")
        self._follow(negotiation, "2026-04-01")
        self.assertEqual(negotiation.state, "broken")
        self.assertFalse(negotiation.adjustment_ids)
        self.assertEqual(self.bill.amount_residual, 100.01)
        self.assertEqual(
            negotiation.activity_ids.mapped("summary"),
            ["The agreement was not kept: talk again, or ask for all of it"],
        )
        self.assertConserved()

    def test_a_broken_agreement_is_talked_about_again(self):
        negotiation = self._agree(400.0)
        self._follow(negotiation, "2026-04-01")
        negotiation.action_reopen()
        self.assertEqual((negotiation.state, negotiation.amount_agreed), ("open", 0.0))
        with freeze_time("2026-04-02"):
            self._offer(negotiation, 450.0, date="2026-04-02", pay_until="2026-04-30").action_accept()
            self._pay(self.bill, 450.0, "2026-04-02")
            negotiation._follow()
        self.assertEqual(negotiation.adjustment_ids.amount, 50.0)
        self.assertConserved()

    def test_money_that_was_paid_before_does_not_keep_it(self):
        self._pay(self.bill, 100.0, "2026-03-10")
        negotiation = self._agree(300.0)
        self._follow(negotiation, TODAY)
        self.assertEqual((negotiation.state, negotiation.amount_paid), ("agreed", 0.0))
        self._pay(self.bill, 300.0)
        self._follow(negotiation, TODAY)
        self.assertEqual((negotiation.state, negotiation.amount_paid), ("kept", 300.0))
        self.assertConserved()

    def test_a_payment_that_bounces_later_takes_back_what_was_taken_off(self):
        negotiation = self._agree(400.0)
        payment = self._pay(self.bill, 400.0)
        self._follow(negotiation, TODAY)
        payment.action_draft()
        payment.action_cancel()
        self._follow(negotiation, TODAY)
        self.assertEqual(negotiation.state, "broken")
        self.assertEqual(negotiation.adjustment_ids.state, "reversed")
        self.assertEqual(self._flow(self.bill), {"charge": 500.0, "open": 500.0})
        negotiation.action_reopen()
        self.assertEqual(negotiation.amount_open, 500.0)
        self.assertConserved()

    def test_several_bills_are_settled_together_each_with_its_own_entry(self):
        other = self._bill(services=[(self.service, 200.0)])
        negotiation = self._agree(600.0, self.bill + other)
        self._pay(self.bill, 500.0)
        self._pay(other, 100.0)
        self._follow(negotiation, TODAY)
        self.assertEqual(negotiation.adjustment_ids.mapped(lambda one: (one.move_id, one.amount)), [(other, 100.0)])
        self.assertEqual(negotiation.state, "kept")
        self.assertConserved()

    def test_paid_in_full_after_all_nothing_is_taken_off(self):
        negotiation = self._agree(400.0)
        self._pay(self.bill, 500.0)
        self._follow(negotiation, TODAY)
        self.assertEqual(negotiation.state, "kept")
        self.assertFalse(negotiation.adjustment_ids)

    def test_money_sends_for_the_agreement_at_once(self):
        negotiation = self._agree(400.0)
        cron = self.env.ref("billing_coordinator.cron_negotiations_follow")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self._answer(self.claim, 400.0, [(self.co_50, 100.0)])
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(negotiation.state, "kept")

    def test_an_offer_about_what_is_not_open_any_more_is_not_accepted(self):
        negotiation = self._negotiate()
        offer = self._offer(negotiation, 400.0)
        self._pay(self.bill, 50.0)
        with self.assertRaisesRegex(UserError, r"The offer was about \$.500\.00; now \$.450\.00 is open"):
            offer.action_accept()

    def test_a_bill_stands_in_one_live_negotiation(self):
        negotiation = self._negotiate()
        with self.assertRaisesRegex(UserError, f"is negotiated already in {negotiation.name}"), self.cr.savepoint():
            self._negotiate()
        negotiation.action_fail()
        self._negotiate()

    def test_a_negotiated_bill_leaves_dunning_and_comes_back_when_broken(self):
        self._answer(self.claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        bill = self.claim.encounter_id.invoice_ids.filtered(lambda move: move.partner_id == self.patient)
        item = bill._get_billing_receivable_item()
        cases = self.env["billing.collection.case"]
        negotiation = self._negotiate(bill)
        self.assertFalse(cases._get_held(item.ids).get(item.id))
        offer = self._offer(negotiation, 60.0, valid_until="2026-03-20")
        self.assertEqual(cases._get_held(item.ids)[item.id], [("negotiation", None)])
        with freeze_time("2026-03-21"):
            self.assertFalse(cases._get_held(item.ids).get(item.id))
        offer.action_accept()
        with freeze_time("2026-03-21"):
            self.assertEqual(cases._get_held(item.ids)[item.id], [("negotiation", None)])
        self._follow(negotiation, "2026-04-01")
        self.assertFalse(cases._get_held(item.ids).get(item.id))
