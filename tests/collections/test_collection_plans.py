from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..plans.common import PlanCase
from .common import CollectionCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionPlans(CollectionCase):
    """A broken plan goes back to collections, where its policy says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["billing.plan.policy"].create({
            "name": "Usual", "company_id": cls.company.id, "grace_days": 5, "missed_max": 2, "late_max": 45,
        })

    def _break(self):
        """A plan that is signed on 16 March and never paid breaks on 7 May, with its second instalment."""
        plan = self.env["billing.payment.plan"].create({
            "partner_id": self.nora.id, "policy_id": self.policy.id, "date": TODAY, "date_first": "2026-04-01",
            "instalment_count": 6,
        })
        plan._take_debts()
        plan.action_accept()
        PlanCase._night(self, "2026-05-07")
        self.assertEqual(plan.state, "defaulted")

    def test_at_the_stage_that_the_policy_names(self):
        self.policy.collection_stage_id = self.second
        self._break()
        self._night("2026-05-08")
        self.assertEqual(self._steps(), [("2026-05-08", "Second notice", 600.0)])

    def test_where_they_had_stopped_before(self):
        self._night("2026-03-16")
        self._break()
        self._night("2026-05-08")
        self.assertEqual(self._steps(), [("2026-03-16", "Reminder", 600.0), ("2026-05-08", "First notice", 600.0)])

    def test_what_had_come_further_stays_there(self):
        self._night("2026-03-16")
        self._case().item_ids.sudo().stage_id = self.second
        self.policy.collection_stage_id = self.first
        self._break()
        self.final.review = "none"
        self._night("2026-05-08")
        self.assertEqual(self._steps()[-1], ("2026-05-08", "Final demand", 600.0))
