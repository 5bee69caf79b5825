from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlacementEnding(AgencyCase):
    """Called back, given back, written off, paid; what the night finds; what agencies make of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_cases()

    def _sleep(self, day=TODAY):
        self.env.flush_all()
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 1)
        with freeze_time(day), progress:
            self.env["billing.placement"].with_user(SUPERUSER_ID).with_context(tz=False)._cron_placements()
            self.env.flush_all()
        self.env.invalidate_all()

    def _end(self, placement, **values):
        return self.env["billing.placement.end"].create({"placement_ids": placement.ids, **values}).action_apply()

    def test_called_back_it_is_asked_for_here_again(self):
        placement = self._place()
        with self.assertRaisesRegex(UserError, "Choose why it is called back"):
            self._end(placement, kind="recall")
        self._end(placement, kind="recall", reason="complaint", note="Calls at night")
        self.assertEqual(
            (placement.state, placement.end_reason, str(placement.date_end), placement.end_waits),
            ("recalled", "complaint", TODAY, True),
        )
        self.assertEqual(self._case().amount_placed, 0.0)
        self.assertEqual(self._place(self._case()).amount_placed, 600.0)

    def test_given_back_and_written_off_by_who_may(self):
        cora = new_test_user(self.env, login="cora", groups="billing_coordinator.group_coordinator")
        placement = self._place().with_user(cora)
        self.env["billing.placement.end"].with_user(cora).create({
            "placement_ids": placement.ids, "kind": "return",
        }).action_apply()
        self.assertEqual((placement.state, placement.writing_off), ("returned", True))
        self.assertEqual(placement.adjustment_ids.mapped("state"), ["to_approve", "to_approve"])
        self.assertEqual(self._owed(self.nora), 600.0)
        with self.assertRaisesRegex(UserError, "Nothing of PLC.* is left to write off"):
            placement.action_write_off()
        placement.adjustment_ids.with_user(self.env.user).action_approve()
        self.assertEqual((self._owed(self.nora), placement.amount_open), (0.0, 0.0))
        self.assertEqual(placement.adjustment_ids.approver_id, self.env.user)
        self.assertConserved()

    def test_what_an_agency_still_has_is_not_written_off(self):
        with self.assertRaisesRegex(UserError, "has not been given back by Rigor Inkasso"):
            self._place().action_write_off()

    def test_a_fee_that_no_visit_stands_behind_is_bad_debt_too(self):
        fee = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "invoice_date": "2026-01-15",
            "invoice_date_due": "2026-01-20", "invoice_line_ids": [(0, 0, {
                "name": "Late fee", "price_unit": 5.0, "tax_ids": [],
                "account_id": self.company.billing_fee_account_id.id,
            })],
        })
        fee.action_post()
        self._open_cases()
        placement = self._place()
        self.assertEqual(placement.amount_placed, 605.0)
        placement._return()
        decision = placement._write_off().filtered(lambda one: one.move_id == fee)
        self.assertItems(decision.entry_id, [
            (self.bad_debt_account, self.nora, 5.0, 0.0), (self.receivable, self.nora, 0.0, 5.0),
        ])
        self.assertEqual(self._owed(self.nora), 0.0)
        self._report((placement, 605.0))
        self.assertEqual(self._owed(self.nora), 0.0)
        self.assertEqual(sum(self.env["account.move.line"].search([
            ("account_id", "=", self.bad_debt_account.id),
        ]).mapped("balance")), 0.0)
        self.assertConserved()

    def test_the_night_closes_what_is_paid_and_opens_what_bounced(self):
        placement = self._place()
        payment = self._pay(self.january + self.february)
        self._sleep("2026-03-17")
        self.assertEqual((placement.state, placement.amount_direct), ("closed", 600.0))
        payment.move_id.line_ids.remove_move_reconcile()
        self._sleep("2026-03-18")
        self.assertEqual((placement.state, placement.amount_open, placement.date_end), ("placed", 600.0, False))

    def test_the_night_finds_what_should_be_called_back_and_asks_once(self):
        placement = self._place()
        self._sleep("2026-03-17")
        self.assertFalse(placement.recall_reasons)
        self.nora.billing_bankrupt_on = "2026-03-17"
        for day in ("2026-03-18", "2026-03-19"):
            self._sleep(day)
        self.assertEqual(placement.recall_note, "Bankrupt since 03/17/2026: nobody asks for what was owed before.")
        self.assertEqual(placement.activity_ids.mapped("summary"), [
            "Call it back from Rigor Inkasso? Bankrupt since 03/17/2026: nobody asks for what was owed before.",
        ])
        wizard = self.env["billing.placement.end"].create({"placement_ids": placement.ids})
        self.assertEqual(wizard.reason, "bankrupt")
        wizard.action_apply()
        self.assertEqual((placement.state, placement.recall_reasons), ("recalled", False))

    def test_the_day_on_which_it_comes_back_moves_with_payments(self):
        self.agreement.return_days = 90
        placement = self._place()
        self.assertEqual(str(placement.date_back), "2026-06-14")
        with freeze_time("2026-04-01"):
            self._report((placement, 10.0), date="2026-04-01")
        self.assertEqual(str(placement.date_back), "2026-06-30")
        placement._return(reason="time")
        self.assertFalse(placement.date_back)

    def test_what_agencies_make_of_it(self):
        otto = self._create_patient("Otto Alt")
        self._bill(self._create_encounter(otto, [(self.service, 1000.0)], date="2026-01-05"), date="2026-01-05")
        cases = self._open_cases()
        nora = self._place(cases.filtered(lambda case: case.partner_id == self.nora))
        with freeze_time("2026-04-10"):
            other = self._place(cases.filtered(lambda case: case.partner_id == otto))
            self._report((nora, 60.0), (other, 500.0), date="2026-04-10")
        self.env.flush_all()
        figures = self.env["billing.placement.figure"].search([("agency_id", "=", self.agency.id)], order="month")
        self.assertEqual(
            figures.mapped(lambda row: (
                str(row.month), row.count, row.amount_placed, row.amount_recovered, row.amount_commission,
                row.amount_net, row.rate,
            )),
            [("2026-03-01", 1, 600.0, 60.0, 15.0, 45.0, 10.0), ("2026-04-01", 1, 1000.0, 500.0, 125.0, 375.0, 50.0)],
        )
        [(rate,)] = self.env["billing.placement.figure"]._read_group(
            [("agency_id", "=", self.agency.id)], [], ["rate:avg"],
        )
        # 560 of 1600, not the mean of 10 and 50.
        self.assertEqual(rate, 35.0)
        self.assertEqual(self.env["billing.placement"].search(figures[1].action_view_placements()["domain"]), other)
