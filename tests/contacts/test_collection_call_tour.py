from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.tests import HttpCase, tagged

from ..collections.common import CollectionCase


@tagged("post_install", "-at_install", "is_tour")
class TestCollectionCallTour(CollectionCase, HttpCase):
    """In the browser: a call from the list, a promise, and what follows when it is broken."""

    # The browser lives in the real today.
    freeze_time = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whatever day and hour it is.
        cls.company.write({
            "billing_contact_days": "all", "billing_contact_earliest": 0, "billing_contact_latest": 24,
        })
        cls.nora.write({"phone": "+1 213 555 0142", "country_id": cls.env.ref("base.us").id})
        cls.stages.script = "<p>Good day, this is the office.</p>"
        cls.reminder.activity_type_id = cls.env.ref("billing_coordinator.activity_collection_call")

    def test_a_call_with_a_promise_that_is_broken(self):
        login = self.env.user.login
        self._night(fields.Date.to_string(fields.Date.today()))
        case = self._case()
        case.activity_ids.sudo().date_deadline = fields.Date.today()
        self.env.flush_all()
        self.start_tour("/odoo/billing-today", "billing_collection_call", login=login)
        self.env.invalidate_all()
        promise = case.promise_id
        self.assertEqual((promise.amount, promise.way), (200.0, "card"))
        self.assertEqual(case.contact_ids.note, "Was away for two weeks")
        self.assertEqual((case.contact_ids.outcome, case.date_call), ("promise", False))
        # Two weeks go by.
        promise.part_ids.sudo().date = fields.Date.subtract(fields.Date.today(), days=7)
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 1)
        with progress:
            self.env["billing.collection.promise"].with_user(SUPERUSER_ID)._cron_follow()
        self.env.flush_all()
        self.assertEqual(promise.state, "broken")
        self.start_tour("/odoo/billing-today", "billing_collection_promise_broken", login=login)
        self.env.invalidate_all()
        self.assertEqual(case.contact_ids[0].is_incoming, True)
        self.assertEqual(self.nora.billing_consent_ids.kind, "phone")
        self.assertFalse(promise.needs_look)
