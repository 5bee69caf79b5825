from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sessions import SessionCase

BUSY = (
    "Somebody else is working on {name}.* right now. Wait a moment, reload the page and look whether it is still to be "
    "done."
)


@tagged("post_install", "-at_install")
class TestTwoSessions(SessionCase):
    """Two people at the same document: the second one is told so, and nothing is done twice.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        with self._session() as env:
            payer = env["res.partner"].create({"name": "Blue Insurance", "is_company": True, "is_payer": True})
            patient = env["res.partner"].create({"name": "Ana López", "is_billing_account": True})
            product = env["product.product"].create({"name": "Office visit", "type": "service", "list_price": 500.0})
            encounter = env["billing.encounter"].create({
                "patient_id": patient.id, "date": fields.Date.today(),
                "line_ids": [Command.create({"product_id": product.id, "tax_ids": [Command.clear()]})],
            })
            encounter.action_ready()
            remittance = env["billing.remittance"].create({"payer_id": payer.id, "reference": "CHK 1", "amount": 500.0})
            shared = [(record._name, record.id) for record in (encounter, remittance, product, patient, payer)]
            self.encounter_id, self.remittance_id, self.patient_id = encounter.id, remittance.id, patient.id
            env.cr.commit()
        self.addCleanup(self._delete, shared)

    def _delete(self, shared):
        with self._session() as env:
            for model, record_id in shared:
                record = env[model].browse(record_id)
                if model == "billing.encounter" and record.state != "draft":
                    record.action_draft()
                record.unlink()
            env.cr.commit()

    def test_a_visit_is_not_billed_by_two_at_once(self):
        with self._session() as first, self._session() as second:
            first["billing.encounter"].browse(self.encounter_id)._lock_or_refuse()
            encounter = second["billing.encounter"].browse(self.encounter_id)
            with self.assertRaisesRegex(UserError, BUSY.format(name=encounter.name)):
                encounter._bill()
            self.assertEqual(encounter.state, "ready")
            self.assertFalse(encounter.invoice_ids)

    def test_who_bills_or_closes_an_account_begins_anew_with_what_another_session_has_billed(self):
        # A deductible left, a limit left, an account with nothing open: all are read from what is posted.
        steps = {
            "bills": lambda env: env["billing.encounter"].browse(self.encounter_id)._bill(),
            "closes": lambda env: env["res.partner"].browse(self.patient_id)._billing_move("closed", "Moved away"),
        }
        for what, step in steps.items():
            with self.subTest(what), self._session() as first, self._session() as second:
                self.assertEqual(second["res.partner"].browse(self.patient_id).name, "Ana López", "seen before")
                first["res.partner"].browse(self.patient_id)._billing_take_turn()
                first.cr.commit()
                # Odoo runs a request again that fails this way.
                with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                    step(second)

    def test_a_visit_is_not_undone_while_somebody_bills_it(self):
        with self._session() as first, self._session() as second:
            first["billing.encounter"].browse(self.encounter_id)._lock_or_refuse()
            encounter = second["billing.encounter"].browse(self.encounter_id)
            with self.assertRaisesRegex(UserError, BUSY.format(name=encounter.name)):
                encounter.action_unbill()

    def test_an_answer_is_not_posted_by_two_at_once(self):
        with self._session() as first, self._session() as second:
            first["billing.remittance"].browse(self.remittance_id)._lock_or_refuse()
            remittance = second["billing.remittance"].browse(self.remittance_id)
            with self.assertRaisesRegex(UserError, BUSY.format(name=remittance.name)):
                remittance.action_post()
            self.assertEqual(remittance.state, "draft")

    def test_the_lock_ends_with_the_session(self):
        with self._session() as first:
            first["billing.encounter"].browse(self.encounter_id)._lock_or_refuse()
        with self._session() as second:
            second["billing.encounter"].browse(self.encounter_id)._lock_or_refuse()
