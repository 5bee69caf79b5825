from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import CollectionCase


@tagged("post_install", "-at_install", "is_tour")
class TestCollectionTour(CollectionCase, HttpCase):
    """In the browser: dry run, pipeline, and a step that is looked at and done."""

    # The browser lives in the real today.
    freeze_time = None

    def test_pipeline(self):
        today = fields.Date.today()
        self.reminder.active = False
        self.first.write({"review": "user", "channel": "none"})
        late = fields.Date.to_string(fields.Date.subtract(today, days=40))
        self._bill_nora(90.0, late)
        self.env["billing.collection.case"].sudo()._take_snapshot(self.company)
        self.env.flush_all()
        self.start_tour("/odoo/billing-today", "billing_collections_pipeline", login=self.env.user.login)
        self.env.invalidate_all()
        step = self._case().step_ids
        self.assertEqual((step.state, step.stage_id, step.date, step.user_id), (
            "done", self.first, today, self.env.user,
        ))

    def test_the_pile_of_letters(self):
        self.stages.active = False
        self.first.write({"active": True, "channel": "letter"})
        other = self._create_patient("Otto Alt")
        self._bill(self._create_encounter(other, [(self.service, 80.0)], date="2026-01-10"), date="2026-01-10")
        self._night(fields.Date.to_string(fields.Date.today()))
        self.env.flush_all()
        self.start_tour("/odoo/billing-today", "billing_collections_letters", login=self.env.user.login)
        self.env.invalidate_all()
        steps = (self._case() + self._case(other)).step_ids
        self.assertEqual(steps.mapped("state"), ["done", "done"])
        self.assertTrue(all(steps.mapped("letter_id")))
