from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import RemittanceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestProviderAdjustments(RemittanceCase):
    """Money that a payer keeps or adds apart from any claim."""

    def test_an_overpayment_recovered_waits_on_the_payers_account(self):
        """Ledger 9: WO +50, claim C paid 400, cheque 350.

        payment: Dr BANK 350 / Cr AR[A] 350 (claim C) · entry: Dr AR[A] 50 on the payer's own account, with code and
        reference / Cr AR[A] 50 (claim C); Dr ALW 100 / Cr AR[A] 100 (claim C)
        """
        invoice = self._bill()
        remittance = self._remit(
            350.0, [(invoice.claim_ids, 400.0, [(self.co_45, 100.0)])], provider=[("WO", "ICN 4711", 50.0)],
        )
        receivable = self._receivable()
        self.assertItems(remittance.payment_id.move_id, [
            (remittance.payment_id.outstanding_account_id, self.payer, 350.0, 0.0),
            (receivable, self.payer, 0.0, 350.0),
        ])
        self.assertItems(remittance.entry_id, [
            (self.allowance_account, self.payer, 100.0, 0.0),
            (receivable, self.payer, 0.0, 100.0),
            (receivable, self.payer, 50.0, 0.0),
            (receivable, self.payer, 0.0, 50.0),
        ])
        self.assertEqual(
            self._own_items(), [(50.0, f"{remittance.display_name}: WO Overpayment recovered ICN 4711")],
        )
        self.assertEqual((invoice.claim_ids.state, remittance.provider_adjustment_ids.amount_open), ("settled", 50.0))
        self.assertConserved()

    def test_what_was_recovered_meets_the_reversal_that_follows(self):
        """The open 50 of the payer's account meets the 50 that the reversal of claim 1 sets free, by claim number."""
        first, second = self._bill(), self._bill()
        first.claim_ids.payer_control_number = "ICN 4711"
        answer = self._answer(first.claim_ids, 50.0, [(self.co_45, 450.0)])
        self._remit(350.0, [(second.claim_ids, 400.0, [(self.co_45, 100.0)])], provider=[("WO", "icn 4711", 50.0)])
        self._remit(0.0, taken=answer.line_ids, amount_unapplied=50.0)
        self.assertEqual(self._own_items(), [])
        self.assertEqual((self._flow(first), self._owed(self.payer)), ({"charge": 500.0, "open": 500.0}, 500.0))
        self.assertConserved()

    def test_a_reversal_meets_what_is_recovered_later(self):
        first, second = self._bill(), self._bill()
        answer = self._answer(first.claim_ids, 50.0, [(self.co_45, 450.0)])
        self._remit(0.0, taken=answer.line_ids, amount_unapplied=50.0)
        self.assertEqual([amount for amount, _name in self._own_items()], [-50.0])
        self._remit(350.0, [(second.claim_ids, 400.0, [(self.co_45, 100.0)])],
                    provider=[("WO", first.claim_ids.name, 50.0)])
        self.assertEqual(self._own_items(), [])
        self.assertConserved()

    def test_what_forty_adjustments_belong_to_is_looked_up_at_once(self):
        remittance = self.env["billing.remittance"].create({
            "payer_id": self.payer.id, "reference": "CHK 40", "amount": 0.0,
            "provider_adjustment_ids": [
                Command.create({"code": code, "reference": f"ICN {number}", "amount": amount})
                for number in range(10)
                for code, amount in (("WO", 5.0), ("FB", 4.0), ("72", 3.0), ("FB", -4.0))
            ],
        })
        self.env.flush_all()
        with self.assertQueryCount(20):
            found = remittance.provider_adjustment_ids._find_counterparts()
        self.assertEqual([len(found), *found.values()], [40, *[self.env["account.move.line"]] * 40])

    def test_a_reference_is_no_pattern(self):
        """A percent sign stands for itself, not for whatever claim there is."""
        first, second = self._bill(), self._bill()
        answer = self._answer(first.claim_ids, 50.0, [(self.co_45, 450.0)])
        self._remit(0.0, taken=answer.line_ids, amount_unapplied=50.0)
        self._remit(350.0, [(second.claim_ids, 400.0, [(self.co_45, 100.0)])], provider=[("WO", "%", 50.0)])
        self.assertEqual([amount for amount, _name in self._own_items()], [-50.0, 50.0])

    def test_announced_now_and_recovered_later_meet_by_reference(self):
        """A reversal with WO −50 says: to be recovered. WO +50 with the same reference recovers it."""
        first, second = self._bill(), self._bill()
        answer = self._answer(first.claim_ids, 50.0, [(self.co_45, 450.0)])
        announced = self._remit(0.0, taken=answer.line_ids, provider=[("WO", "OP 9", -50.0)])
        self.assertEqual(announced.provider_adjustment_ids.amount_open, -50.0)
        self.assertConserved()
        self._remit(350.0, [(second.claim_ids, 400.0, [(self.co_45, 100.0)])], provider=[("WO", "OP 9", 50.0)])
        self.assertEqual((self._own_items(), announced.provider_adjustment_ids.amount_open), ([], 0.0))
        self.assertConserved()

    def test_interest_is_income(self):
        """Ledger 10: L6 −5, cheque 405.

        payment: Dr BANK 405 / Cr AR[A] 400 (claim C), 5 · entry: Dr AR[A] 5 / Cr INT 5; Dr ALW 100 / Cr AR[A] 100
        """
        invoice = self._bill()
        remittance = self._remit(
            405.0, [(invoice.claim_ids, 400.0, [(self.co_45, 100.0)])], provider=[("L6", "", -5.0)],
        )
        receivable = self._receivable()
        self.assertItems(remittance.payment_id.move_id, [
            (remittance.payment_id.outstanding_account_id, self.payer, 405.0, 0.0),
            (receivable, self.payer, 0.0, 400.0),
            (receivable, self.payer, 0.0, 5.0),
        ])
        self.assertItems(remittance.entry_id, [
            (self.allowance_account, self.payer, 100.0, 0.0),
            (receivable, self.payer, 0.0, 100.0),
            (receivable, self.payer, 5.0, 0.0),
            (self.company.billing_interest_account_id, self.payer, 0.0, 5.0),
        ])
        self.assertEqual((self._own_items(), remittance.payer_credit), ([], 0.0))
        self.assertConserved()

    def test_interest_taken_back_lowers_the_income(self):
        invoice = self._bill()
        remittance = self._remit(
            395.0, [(invoice.claim_ids, 400.0, [(self.co_45, 100.0)])], provider=[("L6", "", 5.0)],
        )
        interest = remittance.entry_id.line_ids.filtered(
            lambda item: item.account_id == self.company.billing_interest_account_id
        )
        self.assertEqual((interest.debit, self._own_items(), self._owed(self.payer)), (5.0, [], 0.0))
        self.assertConserved()

    def test_interest_out_of_what_is_kept_needs_no_cheque(self):
        """WO +50 and L6 −5 in one remittance: cheque 355; the 50 kept pay claim C 45 and the interest 5."""
        invoice = self._bill()
        remittance = self._remit(
            355.0, [(invoice.claim_ids, 400.0, [(self.co_45, 100.0)])],
            provider=[("WO", "OP 1", 50.0), ("L6", "", -5.0)],
        )
        self.assertItems(remittance.entry_id, [
            (self.allowance_account, self.payer, 100.0, 0.0),
            (self._receivable(), self.payer, 0.0, 100.0),
            (self._receivable(), self.payer, 50.0, 0.0),
            (self._receivable(), self.payer, 0.0, 45.0),
            (self.company.billing_interest_account_id, self.payer, 0.0, 5.0),
        ])
        self.assertConserved()

    def test_a_refund_that_the_payer_acknowledges_meets_our_payment(self):
        """We sent 300 back (outbound payment: Dr AR[A] 300 / Cr BANK 300); the payer takes claim 1 back and
        acknowledges the refund with 72 −300: Cr AR[A] 300, which meets it."""
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 200.0)])
        refund = self.env["account.payment"].create({
            "payment_type": "outbound", "partner_type": "customer", "partner_id": self.payer.id, "amount": 300.0,
            "date": "2026-03-11", "journal_id": self.company.billing_payment_journal_id.id,
        })
        refund.action_post()
        self._remit(0.0, taken=answer.line_ids, provider=[("72", "REF 1", -300.0)])
        self.assertEqual((self._own_items(), self._owed(self.payer)), ([], 500.0))
        self.assertConserved()

    def test_a_code_nobody_knows_waits_on_the_payers_account_under_its_code(self):
        invoice = self._bill()
        remittance = self._remit(490.0, [(invoice.claim_ids, 500.0, [])], provider=[(" zz", "", 10.0)])
        self.assertEqual(self._own_items(), [(10.0, f"{remittance.display_name}: ZZ Other (ZZ)")])
        self.assertConserved()

    def test_nothing_but_provider_level_adjustments(self):
        remittance = self._remit(100.0, provider=[("AP", "ADV 1", -100.0)])
        self.assertItems(remittance.payment_id.move_id, [
            (remittance.payment_id.outstanding_account_id, self.payer, 100.0, 0.0),
            (self._receivable(), self.payer, 0.0, 100.0),
        ])
        self.assertFalse(remittance.entry_id)
        self.assertEqual(remittance.payer_credit, 0.0)
        self.assertConserved()
        invoice = self._bill()
        self._remit(400.0, [(invoice.claim_ids, 500.0, [])], provider=[("AP", "ADV 1", 100.0)])
        self.assertEqual((self._own_items(), self._owed(self.payer)), ([], 0.0))
        self.assertConserved()

    def test_a_cheque_of_another_amount_is_refused_with_the_figures(self):
        """Ledger 11."""
        invoice = self._bill()
        with self.assertRaisesRegex(
            UserError, r"400.00 came in, .*50.00 were kept apart from claims.*400.00 was paid.*difference is \$.50.00",
        ):
            self._remit(400.0, [(invoice.claim_ids, 400.0, [(self.co_45, 100.0)])], provider=[("WO", "X", 50.0)])

    def test_reversing_the_whole_takes_them_back_too(self):
        for money, owed in (("take_back", 500.0), ("keep", 500.0 - 355.0)):
            invoice = self._bill()
            remittance = self._remit(
                355.0, [(invoice.claim_ids, 400.0, [(self.co_45, 100.0)])],
                provider=[("WO", "OP 1", 50.0), ("L6", "", -5.0)], reference=f"T {money}",
            )
            before = self._owed(self.payer)
            with self.subTest(money=money):
                remittance._reverse(remittance.date, "wrong", money=money)
                self.assertEqual(self._owed(self.payer) - before, owed - 50.0)
                self.assertEqual(remittance.provider_adjustment_ids.mapped("amount_open"), [0.0, 0.0])
                self.assertEqual(self._flow(invoice), {"charge": 500.0, "open": 500.0})
                self.assertConserved()

    def test_once_posted_they_are_not_edited(self):
        invoice = self._bill()
        remittance = self._remit(490.0, [(invoice.claim_ids, 500.0, [])], provider=[("WO", "X", 10.0)])
        adjustment = remittance.provider_adjustment_ids
        for change in (
            lambda: adjustment.write({"amount": 11.0}),
            adjustment.unlink,
            lambda: remittance.write({"provider_adjustment_ids": [Command.create({"code": "WO", "amount": 1.0})]}),
            lambda: remittance.write({"amount_unapplied": 1.0}),
        ):
            with self.assertRaisesRegex(UserError, "is posted and is not edited"), self.env.cr.savepoint():
                change()


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestUnapplied(RemittanceCase):
    """Money for which no claim is known yet."""

    def test_it_waits_on_the_payment_and_is_drawn_when_its_claim_is_found(self):
        """Cheque 500: claim C 400, 100 for a claim that nobody knows yet.

        payment: Dr BANK 500 / Cr AR[A] 400 (claim C), 100 (no invoice) · later, amount 0, credit 100: Dr AR[A] 100 /
        Cr AR[A] 100 (claim D)
        """
        first, second = self._bill(), self._bill()
        remittance = self._remit(500.0, [(first.claim_ids, 400.0, [(self.co_45, 100.0)])], amount_unapplied=100.0)
        receivable = self._receivable()
        self.assertItems(remittance.payment_id.move_id, [
            (remittance.payment_id.outstanding_account_id, self.payer, 500.0, 0.0),
            (receivable, self.payer, 0.0, 400.0),
            (receivable, self.payer, 0.0, 100.0),
        ])
        self.assertEqual(self._own_items(), [(-100.0, f"{remittance.display_name}: not applied yet")])
        self.assertIn(remittance.reference, self._own_items()[0][1])
        self.assertEqual((remittance.payer_credit, self._owed(self.payer)), (100.0, 400.0))
        credit = self.env["billing.credit.item"].search([("partner_id", "=", self.payer.id)])
        self.assertEqual(sum(credit.mapped("amount")), 100.0, "listed among the credits to apply or send back")
        self.assertConserved()
        later = self._remit(
            0.0, [(second.claim_ids, 100.0, [(self.co_45, 400.0)])], credit_amount=100.0,
            reference=f"{remittance.reference}/2",
        )
        self.assertFalse(later.payment_id)
        self.assertEqual((self._own_items(), self._owed(self.payer), second.claim_ids.state), ([], 0.0, "settled"))
        self.assertConserved()

    def test_a_remittance_of_which_no_claim_is_known_waits_whole(self):
        remittance = self._remit(100.0, amount_unapplied=100.0)
        self.assertEqual((self._own_items()[0][0], remittance.entry_id.ids), (-100.0, []))
        self.assertConserved()

    def test_with_what_is_kept_the_cheque_waits_first(self):
        """Cheque 450, WO +50, claim C 400, 100 not applied: the payment itself holds the 100."""
        invoice = self._bill()
        remittance = self._remit(
            450.0, [(invoice.claim_ids, 400.0, [(self.co_45, 100.0)])], provider=[("WO", "OP", 50.0)],
            amount_unapplied=100.0,
        )
        self.assertEqual(sorted(remittance.payment_id.move_id.line_ids.mapped("credit")), [0.0, 100.0, 350.0])
        self.assertEqual([amount for amount, _name in self._own_items()], [-100.0, 50.0])
        self.assertConserved()

    def test_once_used_the_payment_is_not_taken_back(self):
        first, second = self._bill(), self._bill()
        remittance = self._remit(500.0, [(first.claim_ids, 400.0, [(self.co_45, 100.0)])], amount_unapplied=100.0)
        later = self._remit(0.0, [(second.claim_ids, 100.0, [(self.co_45, 400.0)])], credit_amount=100.0)
        with self.assertRaisesRegex(UserError, f"{later.name}.*used"), self.env.cr.savepoint():
            remittance._reverse(later.date, "bounced")
        remittance._reverse(later.date, "wrong claim", money="keep")
        self.assertEqual(self._own_items()[0][0], -400.0)
        self.assertConserved()

    def test_a_notice_without_money_posts_what_was_not_paid(self):
        invoice = self._bill()
        for handling in ("notification", "non_payment"):
            remittance = self._remit(
                0.0, [(invoice.claim_ids, 0.0, [(self.pr_1, 500.0)])], handling=handling, reference=handling,
            )
            self.assertFalse(remittance.payment_id)
            self.assertItems(remittance.entry_id, [
                (self.transfer_account, self.payer, 500.0, 0.0), (self._receivable(), self.payer, 0.0, 500.0),
            ])
            self.assertEqual(self._bills_of(invoice).amount_residual, 500.0)
            self.assertConserved()
            remittance._reverse(remittance.date, "again")
