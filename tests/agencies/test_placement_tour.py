from odoo.tests import HttpCase, tagged

from .common import AgencyCase


@tagged("post_install", "-at_install", "is_tour")
class TestPlacementTour(AgencyCase, HttpCase):
    """In the browser: hand over, type what the agency collected, call the rest back."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_debt_goes_to_an_agency_and_money_comes_back(self):
        self.agreement.pays = "net"
        case = self._open_cases()
        self.env.flush_all()
        self.start_tour(
            f"/odoo/action-billing_coordinator.billing_collection_case_action_all/{case.id}", "billing_agency",
            login=self.env.user.login,
        )
        self.env.invalidate_all()
        placement = case.placement_ids
        self.assertEqual(
            (placement.state, placement.amount_recovered, placement.amount_commission, placement.end_reason),
            ("recalled", 100.0, 25.0, "complaint"),
        )
        self.assertEqual(self._owed(self.nora), 500.0)
