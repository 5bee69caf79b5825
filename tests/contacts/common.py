from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, new_test_user
from odoo.tests.common import freeze_time

from ..collections.common import CollectionCase
from ..common import TODAY

# Noon in Los Angeles on Monday, 16 March 2026, in UTC.
NOON = "2026-03-16 19:00:00"


class ContactCase(CollectionCase):
    """Nora lives in Los Angeles, the office is in New York; Cora calls, Max is the manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "America/New_York"
        cls.nora.write({
            "phone": "+1 213 555 0142",
            "country_id": cls.env.ref("base.us").id,
            "state_id": cls.env.ref("base.state_us_5").id,
            "street": "1 Main St", "city": "Los Angeles", "zip": "90001",
        })
        values = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)], "tz": "America/New_York"}
        cls.cora = new_test_user(cls.env, "cora", "billing_coordinator.group_coordinator", **values)
        cls.max = new_test_user(cls.env, "max", "billing_coordinator.group_manager", **values)
        cls.rosa = new_test_user(cls.env, "rosa", "billing_coordinator.group_readonly", **values)

    def _night(self, day=TODAY):
        """The small hours of this day in New York."""
        super()._night(f"{day} 09:00:00")

    def _open(self, day=TODAY):
        """The case as the night to this day leaves it."""
        self._night(day)
        return self._case().with_user(self.cora)

    def _contact(self, case, moment, outcome="no_answer", user=None, **values):
        """A contact as it is written down at a moment in UTC."""
        with freeze_time(moment):
            return self.env["billing.collection.contact"].with_user(user or self.cora).create({
                "case_id": case.id, "outcome": outcome, **values,
            })

    def _call(self, case, outcome, moment=NOON, user=None, parts=None, **values):
        """A call on the screen, as the clerk fills it in; gives what follows."""
        with freeze_time(moment):
            action = case.with_user(user or self.cora).action_call()
            model = self.env["billing.collection.call"].with_user(user or self.cora).with_context(
                tz="America/New_York", **action["context"],
            )
            form = Form(model)
            form.outcome = outcome
            for name, value in values.items():
                setattr(form, name, value)
            if parts is not None:
                while len(form.part_ids):
                    form.part_ids.remove(0)
                for day, amount in parts:
                    with form.part_ids.new() as line:
                        line.date, line.amount = fields.Date.to_date(day), amount
            return form.save().action_done()

    def _promise(self, case, *parts, day="2026-03-16", user=None, way="bank"):
        with freeze_time(f"{day} 19:00:00"):
            return case.with_user(user or self.cora).with_context(tz="America/New_York")._take_promise(
                [(fields.Date.to_date(date), amount) for date, amount in parts], way,
            )
