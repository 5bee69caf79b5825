from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestRecoveryLedger(AgencyCase):
    """The journal items of debts at an agency (cases 16 to 20 of the ledger).

    P is Nora, who owes 200 and 400; G is the agency, which gets 25 %.

    | # | event | items | reconciled |
    |---|---|---|---|
    | 16 | handed over | none | |
    | 17 | G collects 100, pays gross | Dr BANK 100 / Cr AR[P] 100; bill Dr COM 25 / Cr AP[G] 25 | AR[P] 100 |
    | 18 | G pays net 75 | Dr BANK 75 / Cr AR[P] 75; bill; Dr AP[G] 25 / Cr AR[P] 25 | AP[G] 25; AR[P] 100 = 75 + 25 |
    | 19 | given back | Dr BD / Cr AR[P], each bill, with the approver | |
    | 20 | 50 come later | Dr AR[P] 50 / Cr BD 50, then the payment | |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = cls._open_cases()

    def test_16_handing_over_books_nothing(self):
        moves = self.env["account.move"].search_count([])
        placement = self._place()
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        self.assertEqual(
            (placement.state, placement.amount_placed, placement.amount_open, placement.percent),
            ("placed", 600.0, 600.0, 25.0),
        )
        self.assertEqual(self._owed(self.nora), 600.0)
        self.assertConserved()

    def test_17_the_agency_pays_all_it_collected_and_sends_a_bill(self):
        placement = self._place()
        recovery = self._report((placement, 100.0))
        payment, bill, netting, again = self._moves(recovery)
        self.assertItems(payment, [
            (self._bank(payment), self.nora, 100.0, 0.0), (self.receivable, self.nora, 0.0, 100.0),
        ])
        self.assertItems(bill, [
            (self.commission_account, self.agency, 25.0, 0.0), (self.payable, self.agency, 0.0, 25.0),
        ])
        self.assertEqual((bill.move_type, bill.state, bill.ref, bill.amount_residual),
                         ("in_invoice", "posted", recovery.reference, 25.0))
        self.assertFalse(netting | again)
        self.assertEqual((self.january.amount_residual, self.february.amount_residual), (100.0, 400.0))
        self.assertEqual(
            (placement.amount_recovered, placement.amount_commission, placement.amount_open, placement.amount_direct),
            (100.0, 25.0, 500.0, 0.0),
        )
        self.assertConserved()

    def test_18_the_agency_pays_what_is_left_after_its_commission(self):
        placement = self._place()
        recovery = self._report((placement, 100.0), pays="net")
        payment, bill, netting, again = self._moves(recovery)
        self.assertEqual(recovery.amount_received, 75.0)
        self.assertItems(payment, [
            (self._bank(payment), self.nora, 75.0, 0.0), (self.receivable, self.nora, 0.0, 75.0),
        ])
        self.assertItems(bill, [
            (self.commission_account, self.agency, 25.0, 0.0), (self.payable, self.agency, 0.0, 25.0),
        ])
        self.assertItems(netting, [
            (self.payable, self.agency, 25.0, 0.0), (self.receivable, self.nora, 0.0, 25.0),
        ])
        self.assertFalse(again)
        self.assertEqual((bill.amount_residual, bill.payment_state), (0.0, bill._get_invoice_in_payment_state()))
        self.assertTrue(all(line.reconciled for line in (payment | netting).line_ids
                            if line.account_id in (self.receivable, self.payable)))
        self.assertEqual(self.january.amount_residual, 100.0)
        self.assertEqual(self._flow(self.january), {"charge": 200.0, "paid": 100.0, "open": 100.0})
        self.assertConserved()

    def test_19_what_is_given_back_as_uncollectable_is_bad_debt(self):
        placement = self._place()
        placement._return("Moved away")
        self.assertEqual((placement.state, self._owed(self.nora)), ("returned", 600.0))
        decisions = placement._write_off()
        self.assertEqual(decisions.mapped("state"), ["posted", "posted"])
        self.assertEqual(decisions.approver_id, self.env.user)
        self.assertItems(decisions.filtered(lambda one: one.move_id == self.february).entry_id, [
            (self.bad_debt_account, self.nora, 400.0, 0.0), (self.receivable, self.nora, 0.0, 400.0),
        ])
        self.assertEqual(self._owed(self.nora), 0.0)
        self.assertEqual(self._flow(self.february), {"charge": 400.0, "adjusted": 400.0})
        self.assertConserved()

    def test_20_what_comes_later_is_asked_for_again_and_paid(self):
        placement = self._place()
        placement._return()
        placement._write_off()
        recovery = self._report((placement, 50.0))
        payment, bill, netting, again = self._moves(recovery)
        self.assertItems(again, [
            (self.receivable, self.nora, 50.0, 0.0), (self.bad_debt_account, self.nora, 0.0, 50.0),
        ])
        self.assertItems(payment, [
            (self._bank(payment), self.nora, 50.0, 0.0), (self.receivable, self.nora, 0.0, 50.0),
        ])
        self.assertItems(bill, [
            (self.commission_account, self.agency, 12.5, 0.0), (self.payable, self.agency, 0.0, 12.5),
        ])
        self.assertFalse(netting)
        self.assertEqual(self._owed(self.nora), 0.0)
        self.assertEqual(self._flow(self.january), {"charge": 200.0, "adjusted": 150.0, "paid": 50.0})
        self.assertEqual(placement.state, "returned")
        self.assertConserved()

    def test_20_net(self):
        placement = self._place()
        placement._return()
        placement._write_off()
        recovery = self._report((placement, 50.0), pays="net")
        payment, _bill, netting, again = self._moves(recovery)
        self.assertItems(payment, [
            (self._bank(payment), self.nora, 37.5, 0.0), (self.receivable, self.nora, 0.0, 37.5),
        ])
        self.assertItems(netting, [
            (self.payable, self.agency, 12.5, 0.0), (self.receivable, self.nora, 0.0, 12.5),
        ])
        self.assertItems(again, [
            (self.receivable, self.nora, 50.0, 0.0), (self.bad_debt_account, self.nora, 0.0, 50.0),
        ])
        self.assertEqual(self._flow(self.january), {"charge": 200.0, "adjusted": 150.0, "paid": 50.0})
        self.assertConserved()

    def test_20_paid_straight_to_the_office(self):
        placement = self._place()
        placement._return()
        decision = placement._write_off().filtered(lambda one: one.move_id == self.february)
        payment = self.env["account.payment"].create({
            "partner_id": self.nora.id, "amount": 50.0, "date": TODAY, "journal_id": self.company.
            billing_payment_journal_id.id, "payment_type": "inbound", "partner_type": "customer",
        })
        payment.action_post()
        decision.action_reinstate()
        entry = decision._get_reinstating_entries()
        self.assertItems(entry, [
            (self.receivable, self.nora, 50.0, 0.0), (self.bad_debt_account, self.nora, 0.0, 50.0),
        ])
        self.assertEqual(self._owed(self.nora), 0.0)
        self.assertEqual(self._flow(self.february), {"charge": 400.0, "adjusted": 350.0, "paid": 50.0})
        self.assertConserved()
        decision.action_reverse()
        self.assertEqual(self._owed(self.nora), 350.0)
        self.assertConserved()
