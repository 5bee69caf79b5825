from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestAssistanceTwoSessions(TransactionCase):
    """Two people at the same application: the second one is told so, or begins anew.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        with self._session() as env:
            patient = env["res.partner"].create({"name": "Ana López", "is_billing_account": True})
            programme = env["billing.assistance.programme"].create({
                "name": "Care Fund", "guideline_amount": 15000.0,
                "bracket_ids": [Command.create({"guideline_percent": 200.0, "discount_percent": 100.0})],
            })
            application = env["billing.assistance.application"].create({
                "applicant_id": patient.id, "programme_id": programme.id, "income": 1.0,
            })
            self.application_id = application.id
            shared = [(record._name, record.id) for record in (application, programme, patient)]
            env.cr.commit()
        self.addCleanup(self._delete, shared)

    @contextmanager
    def _session(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete(self, shared):
        with self._session() as env:
            for model, record_id in shared:
                env[model].browse(record_id).unlink()
            env.cr.commit()

    def test_an_application_is_not_decided_by_two_at_once(self):
        with self._session() as first, self._session() as second:
            first["billing.assistance.application"].browse(self.application_id)._lock_or_refuse()
            application = second["billing.assistance.application"].browse(self.application_id)
            with self.assertRaisesRegex(UserError, "Somebody else is working on .* right now"):
                application.action_accept()

    def test_who_looked_before_the_discounts_were_posted_begins_anew(self):
        with self._session() as first, self._session() as second:
            application = second["billing.assistance.application"].browse(self.application_id)
            self.assertFalse(application.last_applied, "the second session has its view of the database")
            first["billing.assistance.application"].browse(self.application_id).last_applied = "2026-03-16 10:00:00"
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                application._lock_or_refuse()
            second.cr.rollback()
