from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import CollectionCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionMerge(CollectionCase):
    """Two debtors who are one person, and stages that are not needed any more."""

    def test_the_case_of_who_remains_goes_on_with_the_bills_of_both(self):
        self.reminder.review = "user"
        again = self._create_patient("Nora Neu", email="nora@example.com")
        again._set_state("pending")
        again._set_state("active")
        self._bill(self._create_encounter(again, [(self.service, 80.0)], date="2026-01-10"), date="2026-01-10")
        self._night()
        first, second = self._case(), self._case(again)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.nora + again).ids, self.nora)
        self.env.invalidate_all()
        self.assertEqual((first.state, second.state, second.step_ids.state), ("open", "closed", "dropped"))
        self.assertEqual(second.step_ids.reason_note, "The same person has another case, which goes on.")
        self._night("2026-03-17")
        self.assertEqual(
            (first.amount_overdue, first.step_ids.amount, first.step_ids.state), (680.0, 680.0, "review"),
        )

    def test_a_stage_of_which_something_is_on_record_is_archived_not_deleted(self):
        self._night()
        with self.assertRaisesRegex(UserError, "Reminder is part of the history of collection cases. Archive it"):
            self.reminder.unlink()
        self.final.unlink()
        self.reminder.active = False
        self._night("2026-03-19")
        self.assertEqual(self._steps()[-1], ("2026-03-19", "First notice", 600.0))

    def test_whoever_looks_after_the_debtor_looks_after_the_case(self):
        self.nora.user_id = self.env.user
        self._night()
        self.assertEqual(self._case().user_id, self.env.user)

    def test_a_stage_at_which_somebody_stood_stays_with_its_debtors(self):
        self._night()
        with self.assertRaisesRegex(UserError, "Reminder is part of the history of collection cases, and stays with"):
            self.reminder.debtor_class = "company"
        self.reminder.write({"debtor_class": "person", "name": "Friendly"})
        self.final.debtor_class = "company"

    def test_without_stages_the_cases_of_before_close_all_the_same(self):
        self._night()
        self.stages.active = False
        self._pay(self.january + self.february, 600.0, date="2026-03-17")
        self._night("2026-03-18")
        self.assertEqual(self._case().state, "closed")
