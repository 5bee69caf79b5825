from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlacementSeams(AgencyCase):
    """Where agencies meet the rest: disputes, credit notes, money taken back, confidential addresses, who may what."""

    def _refuses(self, what, action):
        with self.assertRaises(UserError, msg=what):
            action()
            self.env.flush_all()

    def _dispute(self, *amounts):
        return self.env["billing.dispute"].create({
            "partner_id": self.nora.id, "category_id": self.env.ref("billing_coordinator.dispute_category_amount").id,
            "item_ids": [
                Command.create({"move_line_id": bill._get_billing_receivable_item().id, "amount": amount})
                for bill, amount in amounts
            ],
        })

    def _tell(self):
        """The rows of the file with changes."""
        batch = self.env["billing.placement.batch"].browse(self.agreement.action_tell_changes()["res_id"])
        return [row.split(";") for row in self._content(batch).decode("utf-8-sig").split("\r\n")[1:-1]]

    def test_whoever_is_not_written_to_at_home_is_not_written_to_there_by_the_agency(self):
        self.nora.write({
            "street": "Allee 1", "zip": "10115", "city": "Berlin",
            "billing_confidential_address": "c/o Susan Reed\n99 Elm Road, Chicago",
        })
        text = self._content(self._place().batch_id).decode("utf-8-sig")
        for home in ("Allee 1", "10115", "Berlin"):
            self.assertNotIn(home, text)
        self.assertIn("c/o Susan Reed, 99 Elm Road, Chicago", text)

    def test_who_disputes_something_that_nobody_knows_yet_is_not_handed_over(self):
        case = self._open_cases()
        self._dispute()
        with self.assertRaisesRegex(UserError, "Nora Neu: Disputes something, and nobody has said yet which bills"):
            case._prepare_batch(self.agreement)

    def test_who_disputes_something_that_an_agency_has_is_on_somebodys_list(self):
        placement = self._place()
        self._dispute()
        placement.sudo()._find_recalls()
        self.assertEqual(placement.recall_reasons, "question")
        self.assertEqual(placement.recall_note,
                         "Disputes something, and nobody has said yet which bills it is about.")
        wizard = self.env["billing.placement.end"].create({"placement_ids": placement.ids})
        self.assertEqual(wizard.reason, "dispute")

    def test_the_agency_hears_of_what_was_taken_off(self):
        placement = self._place()
        dispute = self._dispute((self.january, 80.0))
        dispute._resolve("credited", credits={dispute.item_ids: 80.0})
        self.assertEqual((placement.amount_open, placement.amount_direct), (520.0, 0.0))
        self.assertEqual(self.agreement.to_tell_count, 1)
        self.assertEqual(self._tell(), [[placement.name, "Taken off", "2026-03-16", "80.00", "USD", "520.00"]])
        self.env.invalidate_all()
        self.assertEqual(self.agreement.to_tell_count, 0)

    def test_what_was_taken_off_before_is_no_news(self):
        self.january._billing_credit_part(80.0, "2026-03-10", "Mistake")
        placement = self._place()
        self.assertEqual((placement.amount_placed, self.agreement.to_tell_count), (520.0, 0))

    def test_the_agency_hears_of_money_that_was_taken_back(self):
        placement = self._place()
        payment = self._pay(self.january + self.february)
        placement._close_paid()
        self.assertEqual(self._tell(), [[placement.name, "Paid to us", "2026-03-16", "600.00", "USD", "0.00"]])
        payment.move_id.line_ids.remove_move_reconcile()
        placement._close_paid()
        self.assertEqual((placement.state, self.agreement.to_tell_count), ("placed", 1))
        self.assertEqual(self._tell(), [[placement.name, "Paid to us", "2026-03-16", "-600.00", "USD", "600.00"]])

    def test_what_the_agency_collected_is_no_news_to_it(self):
        placement = self._place()
        self._report((placement, 100.0), pays="net")
        self.assertEqual((placement.amount_open, self.agreement.to_tell_count), (500.0, 0))

    def test_what_is_written_off_is_not_credited_once_more(self):
        fee = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "invoice_date": "2026-01-15",
            "invoice_date_due": "2026-01-20", "invoice_line_ids": [Command.create({
                "name": "Late fee", "price_unit": 5.0, "tax_ids": [],
                "account_id": self.company.billing_fee_account_id.id,
            })],
        })
        fee.action_post()
        placement = self._place()
        dispute = self._dispute((fee, 5.0))
        placement._return()
        placement._write_off()
        self.assertEqual(self._owed(self.nora), 0.0)
        with self.assertRaisesRegex(UserError, r"cannot be taken back"):
            dispute._resolve("credited", credits={dispute.item_ids: 5.0})
        dispute.invalidate_recordset()
        self.assertEqual(self._owed(self.nora), 0.0)

    def test_what_was_written_down_is_never_typed(self):
        placement = self._place()
        recovery = self._report((placement, 100.0))
        cora = new_test_user(self.env, "cora", "billing_coordinator.group_coordinator")
        batch = placement.batch_id
        for record, vals in (
            (placement, {"amount_direct_told": 1000.0}),
            (placement, {"notice_waits": False}),
            (placement, {"end_waits": True}),
            (placement, {"end_reason": "error"}),
            (placement, {"amount_open": 0.0}),
            (placement, {"recall_reasons": False}),
            (placement, {"date_end": TODAY}),
            (batch, {"file_id": False}),
            (batch, {"file_total": "1 row"}),
            (batch, {"kind": "change"}),
            (batch, {"date": "2026-01-01"}),
            (batch, {"placement_ids": [Command.unlink(placement.id)]}),
            (recovery.line_ids, {"commission": 1.0}),
            (recovery.line_ids, {"amount": 1.0}),
            (recovery, {"bill_id": False}),
            (recovery, {"amount_received": 1.0}),
            (recovery, {"amount_commission": 1.0}),
        ):
            self._refuses(str(vals), lambda record=record, vals=vals: record.with_user(cora).write(vals))

    def test_buttons_are_for_who_may_press_them(self):
        placement = self._place()
        self._pay(self.january, 50.0)
        recovery = self._report((placement, 100.0), post=False)
        for groups in ("billing_coordinator.group_readonly", "base.group_portal",
                       "base.group_user,account.group_account_manager"):
            user = new_test_user(self.env, f"u{len(groups)}", groups)
            for name, action in (
                ("notice", placement.with_user(user).action_print_notice),
                ("tell", self.agreement.with_user(user).action_tell_changes),
                ("recall", lambda user=user: placement.with_user(user)._recall("other")),
                ("write off", placement.with_user(user).action_write_off),
                ("notices", placement.batch_id.with_user(user).action_print_notices),
                ("post", recovery.with_user(user).action_post),
                ("direct", recovery.with_user(user).action_take_direct),
                ("drop", placement.batch_id.with_user(user).action_drop),
            ):
                self._refuses(f"{groups}: {name}", action)

    def test_of_two_debtors_who_are_one_the_agency_keeps_what_it_has(self):
        placement = self._place()
        again = self._create_patient("Nora Neu")
        again._set_state("pending")
        again._set_state("active")
        self._bill(self._create_encounter(again, [(self.service, 80.0)], date="2026-01-10"), date="2026-01-10")
        kept = self._open_cases().filtered(lambda case: case.partner_id == again)
        kept = kept or self.env["billing.collection.case"].search([("partner_id", "=", again.id)])
        self.env["base.partner.merge.automatic.wizard"]._merge((self.nora + again).ids, again)
        self.env.invalidate_all()
        self.assertEqual((placement.case_id, placement.case_id.state), (kept, "open"))
        # In the night the bills of both stand in it.
        self.env["billing.collection.case"].sudo()._add_items(self.company)
        self.assertEqual(kept.amount_placed, 600.0)
