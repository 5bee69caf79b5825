from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class CollectionCase(BillingCase):
    """Nora Neu owes 200 since 9 February and 400 since 12 March; the office reminds, asks twice, and demands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["billing.collection.stage"].search([]).active = False
        cls.stages = cls.env["billing.collection.stage"].create([
            {"name": name, "sequence": sequence, "company_id": cls.company.id, "subject": name,
             "text": f"<p>{name}.</p>", **values}
            for sequence, (name, values) in enumerate((
                ("Reminder", {"days": 1, "wait": 0}),
                ("First notice", {"days": 1, "wait": 3}),
                ("Second notice", {"days": 15, "wait": 14}),
                ("Final demand", {"days": 30, "wait": 14, "amount_min": 50.0}),
            ), start=1)
        ])
        cls.reminder, cls.first, cls.second, cls.final = cls.stages
        cls.nora = cls._create_patient("Nora Neu", email="nora@example.com")
        cls.nora._set_state("pending")
        cls.nora._set_state("active")
        cls.january = cls._bill_nora(200.0, "2026-01-10")
        cls.february = cls._bill_nora(400.0, "2026-02-10")

    @classmethod
    def _bill_nora(cls, price, date, **values):
        """A bill to Nora, due thirty days later."""
        visit = cls._create_encounter(cls.nora, [(cls.service, price)], date=date, **values)
        return cls._bill(visit, date=date)

    def _night(self, day=TODAY):
        """What happens by itself in the night to this day."""
        self.env.flush_all()
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 1)
        with freeze_time(day), progress:
            self.env["billing.collection.case"].with_user(SUPERUSER_ID).with_context(tz=False)._cron_run()
            self.env.flush_all()
        self.env.invalidate_all()

    def _case(self, partner=None):
        return self.env["billing.collection.case"].search([("partner_id", "=", (partner or self.nora).id)])

    def _steps(self, partner=None):
        """The steps that were done, in words: day, stage, asked for."""
        steps = self._case(partner).step_ids.filtered(lambda step: step.state == "done").sorted("date")
        return [(str(step.date), step.stage_id.name, step.amount) for step in steps]
