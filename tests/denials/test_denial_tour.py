from odoo.tests import HttpCase, tagged

from .common import DenialCase


@tagged("post_install", "-at_install", "is_tour")
class TestDenialTour(DenialCase, HttpCase):
    """In the browser: from the denial to the appeal, its packet and the payer's answer."""

    # The browser lives in the real today.
    freeze_time = None

    def test_from_the_denial_to_the_appeal_to_the_answer(self):
        denial = self._deny()
        make = type(self.env["billing.appeal"])._make_packet
        self.patch(
            type(self.env["billing.appeal"]), "_make_packet",
            # In tests reports stay HTML unless they are asked for.
            lambda appeal: make(appeal.with_context(force_report_rendering=True)),
        )
        self.env.flush_all()
        self.start_tour(
            f"/odoo/action-billing_coordinator.billing_denial_action/{denial.id}", "billing_denial_appeal",
            login=self.env.user.login,
        )
        self.env.invalidate_all()
        appeal = denial.appeal_ids
        self.assertEqual((appeal.state, appeal.result, appeal.channel), ("answered", "upheld", "registered"))
        self.assertGreaterEqual(appeal.packet_pages, 3)
        self.assertEqual((denial.state, denial.level), ("working", 2))
