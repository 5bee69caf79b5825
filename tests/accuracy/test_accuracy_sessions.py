from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sessions import SessionCase


@tagged("post_install", "-at_install")
class TestAccuracySessions(SessionCase):
    """Two sessions check the same visit: its findings are written once.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        with self._session() as env:
            patient = env["res.partner"].create({"name": "Ana López", "is_billing_account": True})
            product = env["product.product"].create({"name": "Therapy", "type": "service", "list_price": 100.0})
            visit = env["billing.encounter"].create({
                "patient_id": patient.id, "date": fields.Date.today(),
                "line_ids": [Command.create({"product_id": product.id, "tax_ids": [Command.clear()]})],
            })
            env.flush_all()
            env["billing.accuracy.finding"].search([("encounter_id", "=", visit.id)]).unlink()
            self.visit_id = visit.id
            # The price is off from now on, which nobody has looked at yet.
            env.cr.execute("UPDATE product_template SET list_price = 300 WHERE id = %s", [product.product_tmpl_id.id])
            shared = [(record._name, record.ids) for record in (visit, product, patient)]
            env.cr.commit()
        self.addCleanup(self._delete, shared)

    def _delete(self, shared):
        with self._session() as env:
            for model, ids in shared:
                env[model].browse(ids).unlink()
            env.cr.commit()

    def _check(self, env):
        env["billing.encounter"].browse(self.visit_id)._check_accuracy()
        env.flush_all()

    def test_the_second_session_starts_again_and_finds_what_the_first_one_wrote(self):
        with self._session() as first, self._session() as second:
            # Both have begun before either of them writes.
            for env in (first, second):
                env["billing.encounter"].browse(self.visit_id).mapped("state")
            self._check(first)
            first.cr.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self._check(second)
            second.cr.rollback()
        with self._session() as again:
            self._check(again)
            visit = again["billing.encounter"].browse(self.visit_id)
            keys = visit.finding_ids.rule_id.mapped("key")
            self.assertEqual(len(keys), len(visit.finding_ids))
            self.assertIn("price_off", keys)
