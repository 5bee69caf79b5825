from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestMerge(BillingCase):
    """Somebody who was registered twice becomes one account; what cannot be twice is said by name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls._create_patient("Anna Lopez")

    def _merge(self, kept=None):
        both = self.patient + self.twin
        self.env["base.partner.merge.automatic.wizard"]._merge(both.ids, kept or self.patient)

    def test_a_consent_given_twice_is_in_force_once(self):
        consents = self.env["billing.consent"].create([
            {"partner_id": self.twin.id, "kind": "assignment", "date_given": "2026-01-02"},
            {"partner_id": self.patient.id, "kind": "assignment", "date_given": "2026-02-02"},
            {"partner_id": self.twin.id, "kind": "release", "date_given": "2026-01-02"},
        ])
        self._merge()
        self.assertEqual(consents.partner_id, self.patient)
        self.assertEqual([str(day) for day in consents.mapped("date_withdrawn")], ["False", TODAY, "False"])

    def test_two_primary_insurances_of_the_same_days_are_named(self):
        other = self._create_coverage(self.twin, self.plan_b)
        with self.assertRaisesRegex(UserError, "cannot become one while “.*” and “.*” are in force on the same days"):
            self._merge()
        self.assertTrue(other.exists())
        other.rank = "2"
        self._merge()
        self.assertEqual(self.patient.coverage_ids, self.coverage + other)

    def test_a_closed_account_takes_over_nothing_that_is_in_use(self):
        self.patient._billing_move("closed", "Moved away")
        with self.assertRaisesRegex(UserError, "The account of Ana López is closed, that of Anna Lopez is in use"):
            self._merge()
        self._merge(kept=self.twin)
        self.assertEqual(self.twin.billing_state, "new")
