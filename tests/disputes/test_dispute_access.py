from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import DisputeCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDisputeAccess(DisputeCase):
    """Who may write a dispute down and end it, in which company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.cora = new_test_user(cls.env, "cora", "billing_coordinator.group_coordinator", **values)
        cls.rosa = new_test_user(cls.env, "rosa", "billing_coordinator.group_readonly", **values)
        cls.arno = new_test_user(cls.env, "arno", "base.group_user,account.group_account_manager", **values)

    def test_a_coordinator_does_it_alone(self):
        dispute = self.env["billing.dispute"].with_user(self.cora).create({
            "partner_id": self.nora.id, "category_id": self.wrong_amount.id,
            "item_ids": [Command.create({"move_line_id": self._item(self.january).id, "amount": 80.0})],
        })
        self.env.invalidate_all()
        dispute.action_start()
        self._resolve(dispute, "credited", channel="letter")
        self.assertEqual((dispute.state, dispute.answered_on, self.january.amount_residual), (
            "resolved", dispute.ended_on, 120.0,
        ))

    def test_a_reader_sees_it_and_changes_nothing(self):
        dispute = self._dispute().with_user(self.rosa)
        self.env.invalidate_all()
        self.assertEqual((dispute.amount_held, dispute.item_ids.amount), (80.0, 80.0))
        self.assertEqual(self.january.with_user(self.rosa).billing_disputed, 80.0)
        for action in (dispute.action_start, dispute.action_withdraw, lambda: dispute._resolve("rejected")):
            with self.assertRaises(AccessError), self.cr.savepoint():
                action()
        self._resolve(dispute.sudo(), "rejected", channel="later")
        for action in (dispute.action_print_answer, dispute.action_told):
            with self.assertRaises(AccessError), self.cr.savepoint():
                action()

    def test_accountants_and_others_do_not_read_what_people_say(self):
        dispute = self._dispute()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            dispute.with_user(self.arno).read(["claim"])
        with self.assertRaises(AccessError):
            self.january.with_user(self.arno).read(["billing_dispute_note"])

    def test_what_was_taken_back_is_never_typed(self):
        dispute = self._dispute()
        dispute.item_ids.with_user(self.cora).write({"amount_credited": 80.0})
        self.assertEqual((dispute.item_ids.amount_credited, self._held(self.january)), (0.0, [80.0]))
        new = self.env["billing.dispute"].with_user(self.cora).create({
            "partner_id": self.nora.id, "item_ids": [Command.create({
                "move_line_id": self._item(self.february).id, "amount": 80.0, "amount_credited": 80.0,
            })],
        })
        self.assertEqual((new.item_ids.amount_credited, self._held(self.february)), (0.0, [80.0]))

    def test_what_came_of_it_is_never_typed(self):
        dispute = self._dispute().with_user(self.cora)
        for values in ({"resolution": "rejected"}, {"answered_on": "2026-03-16"}, {"lift_days": 9999}):
            with self.assertRaisesRegex(UserError, "follows from what was done, and is never typed or imported"):
                dispute.write(values)

    def test_another_company_sees_none_of_it(self):
        dispute = self._dispute()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "sam", "billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.env.flush_all()
        self.env.invalidate_all()
        figure = self.env["billing.dispute.figure"].search([("dispute_id", "=", dispute.id)])
        self.assertTrue(figure)
        for record in (dispute, dispute.item_ids, figure):
            self.assertFalse(record.with_user(stranger).search([("id", "in", record.ids)]))
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
        with self.assertRaises(UserError):
            self.env["billing.dispute"].with_user(stranger).create({
                "partner_id": self.nora.id, "company_id": other.id,
                "item_ids": [Command.create({"move_line_id": self._item(self.january).id, "amount": 1.0})],
            })
