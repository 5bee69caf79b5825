from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sessions import SessionCase


@tagged("post_install", "-at_install")
class TestDisputeSessions(SessionCase):
    """Two people at one bill: it is taken off once, and never more than it was.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        with self._session() as env:
            product = env["product.product"].create({"name": "Office visit", "type": "service", "list_price": 150.0})
            debtor = env["res.partner"].create({"name": "Nora Neu"})
            bill = env["account.move"].create({
                "move_type": "out_invoice", "partner_id": debtor.id, "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create({"product_id": product.id, "tax_ids": [Command.clear()]})],
            })
            bill.action_post()
            item = bill._get_billing_receivable_item()
            disputes = env["billing.dispute"].create([
                {
                    "partner_id": debtor.id,
                    "category_id": env.ref("billing_coordinator.dispute_category_amount").id,
                    "item_ids": [Command.create({"move_line_id": item.id, "amount": amount})],
                }
                for amount in (80.0, 70.0)
            ])
            self.first_id, self.second_id = self.dispute_ids = disputes.ids
            self.bill_id, self.shared = bill.id, [(record._name, record.ids) for record in (product, debtor)]
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        with self._session() as env:
            bill = env["account.move"].browse(self.bill_id)
            moves = bill | bill.reversal_move_ids
            env["billing.dispute"].browse(self.dispute_ids).activity_ids.unlink()
            env.flush_all()
            env.cr.execute("UPDATE account_move SET billing_dispute_id = NULL WHERE id = ANY(%s)", [moves.ids])
            env.cr.execute("DELETE FROM billing_dispute WHERE id = ANY(%s)", [self.dispute_ids])
            env.invalidate_all()
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            for model, ids in self.shared:
                env[model].browse(ids).unlink()
            env.cr.commit()

    def _credit(self, env, dispute_id, amount):
        dispute = env["billing.dispute"].browse(dispute_id)
        dispute._resolve("credited", {dispute.item_ids: amount})
        env.flush_all()

    def test_one_dispute_is_resolved_once(self):
        with self._session() as first, self._session() as second:
            self._credit(first, self.first_id, 80.0)
            with self.assertRaisesRegex(UserError, "Somebody else is working on"):
                self._credit(second, self.first_id, 80.0)
            second.cr.rollback()
            first.cr.commit()
        with self._session() as second, self.assertRaisesRegex(UserError, "Reopen it, if there is more to say"):
            self._credit(second, self.first_id, 80.0)

    def test_two_disputes_about_one_bill_take_no_more_off_than_it_was(self):
        with self._session() as first, self._session() as second:
            self._credit(first, self.first_id, 100.0)
            with self.assertRaisesRegex(UserError, "Somebody else is working on"):
                self._credit(second, self.second_id, 100.0)
            second.cr.rollback()
            first.cr.commit()
        with self._session() as second, self.assertRaisesRegex(UserError, "of it was not credited yet"):
            self._credit(second, self.second_id, 100.0)

    def test_whoever_had_looked_before_begins_anew(self):
        with self._session() as first, self._session() as second:
            bill = second["account.move"].browse(self.bill_id)
            self.assertEqual(bill.amount_residual, 150.0, "seen before")
            self._credit(first, self.first_id, 100.0)
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._credit(second, self.second_id, 100.0)
            second.cr.rollback()
