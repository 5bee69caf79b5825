from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import CollectionCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionQueries(CollectionCase):
    """Nights, lists and cards cost as many queries for twenty debtors as for five."""

    def _create_debtors(self, count, first=0):
        for number in range(first, first + count):
            patient = self._create_patient(f"Patient {number}", email=f"p{number}@example.com")
            self._bill(self._create_encounter(patient, [(self.service, 300.0)], date="2026-01-10"), date="2026-01-10")

    def _count_night(self, day):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self._night(day)
        return self.cr.sql_log_count - before

    def test_a_night(self):
        self.stages.channel = "letter"
        self._night()
        self._create_debtors(5)
        five = self._count_night("2026-03-17")
        self._create_debtors(20, first=5)
        twenty = self._count_night("2026-03-18")
        self.assertLessEqual(twenty, five)

    def test_the_list_and_the_cards(self):
        self._create_debtors(25)
        self._night()
        cases = self.env["billing.collection.case"].search([])
        names = [
            "partner_id", "amount_overdue", "days_late", "outlook", "guard_note", "priority", "user_id", "stage_id",
            "waiting_state", "date_next", "score_reason", "amount_on_plan", "amount_waiting", "amount_credit",
        ]

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.web_read({name: {} for name in names})
            return self.cr.sql_log_count - before

        count(cases[:1])
        self.assertLessEqual(count(cases[5:25]), count(cases[:5]))
