from base64 import b64encode

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sessions import SessionCase


@tagged("post_install", "-at_install")
class TestPlacementSessions(SessionCase):
    """Two people at one case, and two at one report: handed over once, posted once.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        long_ago = fields.Date.subtract(fields.Date.today(), days=90)
        with self._session() as env:
            company = env.company
            company._billing_setup()
            agency = env["res.partner"].create({"name": "Rigor", "is_collection_agency": True})
            debtor = env["res.partner"].create({"name": "Debtor", "is_billing_account": True})
            agreement = env["billing.agency.agreement"].create({
                "name": "Rigor 1", "agency_id": agency.id, "date_from": long_ago, "document": b64encode(b"signed"),
                "since_demand": 0, "fee_ids": [Command.create({"percent": 25.0})],
            })
            bill = env["account.move"].create({
                "move_type": "out_invoice", "partner_id": debtor.id, "invoice_date": long_ago,
                "invoice_date_due": long_ago,
                "invoice_line_ids": [Command.create({"name": "Visit", "price_unit": 100.0, "tax_ids": []})],
            })
            bill.action_post()
            case = env["billing.collection.case"].create({"partner_id": debtor.id, "company_id": company.id})
            line = bill.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
            env["billing.collection.item"].create({"case_id": case.id, "move_line_id": line.id})
            self.case_id, self.agreement_id, self.bill_id = case.id, agreement.id, bill.id
            self.shared = [("billing.agency.agreement", agreement.ids), ("res.partner", (agency | debtor).ids)]
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        with self._session() as env:
            batches = env["billing.placement.batch"].search([("agreement_id", "=", self.agreement_id)])
            env["ir.attachment"].search([("res_model", "=", batches._name), ("res_id", "in", batches.ids)]).unlink()
            env["mail.message"].search([("model", "=like", "billing.placement%")]).unlink()
            for table in ("billing_placement", "billing_placement_batch"):
                env.cr.execute(f"DELETE FROM {table} WHERE agreement_id = %s", [self.agreement_id])
            env["billing.collection.case"].browse(self.case_id).unlink()
            bill = env["account.move"].browse(self.bill_id)
            bill.button_draft()
            bill.with_context(force_delete=True).unlink()
            for model, ids in self.shared:
                env[model].browse(ids).unlink()
            env.cr.commit()

    def _prepare(self, env):
        case = env["billing.collection.case"].browse(self.case_id)
        return case._prepare_batch(env["billing.agency.agreement"].browse(self.agreement_id))

    def test_of_two_people_who_hand_over_one_case_one_wins_and_the_other_is_told(self):
        with self._session() as first, self._session() as second:
            batch = self._prepare(first)
            first.flush_all()
            with self.assertRaisesRegex(UserError, "Somebody else is working on Debtor right now"):
                self._prepare(second)
            second.cr.rollback()
            batch.action_hand_over()
            first.cr.commit()
        with self._session() as second:
            with self.assertRaisesRegex(UserError, "Debtor: with a collection agency"):
                self._prepare(second)
            placements = second["billing.placement"].search([("agreement_id", "=", self.agreement_id)])
            self.assertEqual(placements.mapped("state"), ["placed"])

    def test_a_batch_goes_once_whoever_had_looked_before(self):
        with self._session() as env:
            batch_id = self._prepare(env).id
            env.cr.commit()
        with self._session() as first, self._session() as second:
            other = second["billing.placement.batch"].browse(batch_id)
            self.assertEqual(other.state, "draft", "seen before")
            first["billing.placement.batch"].browse(batch_id).action_hand_over()
            first.flush_all()
            with self.assertRaisesRegex(UserError, "Somebody else is working on AG-"):
                other.action_hand_over()
            second.cr.rollback()
            first.cr.commit()
        with self._session() as first, self._session() as second:
            second["billing.placement.batch"].browse(batch_id).mapped("state")
            first.cr.execute("UPDATE billing_placement_batch SET write_date = write_date WHERE id = %s", [batch_id])
            first.cr.commit()
            # Odoo runs a request again that fails this way; then it is told.
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                second["billing.placement.batch"].browse(batch_id).action_hand_over()
        with self._session() as env, self.assertRaisesRegex(UserError, "Nothing is sent as new twice"):
            env["billing.placement.batch"].browse(batch_id).action_hand_over()
