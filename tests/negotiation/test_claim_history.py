from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import NegotiationCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimHistory(NegotiationCase):
    """What was negotiated about its bill stands in the history of a claim."""

    KINDS = ("negotiation", "agreed", "agreement_kept", "agreement_broken", "agreement_failed")

    def _history(self):
        self.env.flush_all()
        self.env.invalidate_all()
        events = self.claim.event_ids.filtered(lambda event: event.kind in self.KINDS)
        return [(str(event.day), event.words) for event in events.sorted(lambda event: (event.date, event.id))]

    def test_talked_agreed_and_not_kept(self):
        negotiation = self._agree(400.0)
        self.assertEqual(self._history(), [
            ("2026-03-12", f"Negotiation begun: {negotiation.name} · Mr Brown"),
            ("2026-03-16", f"Agreed: $\N{NO-BREAK SPACE}400.00 by 03/31/2026 · {negotiation.name}"),
        ])
        with freeze_time("2026-04-01"):
            negotiation._follow()
        self.assertEqual(self._history()[-1], (
            "2026-04-01",
            "Agreement broken: agreed $\N{NO-BREAK SPACE}400.00 · paid $\N{NO-BREAK SPACE}0.00 · "
            f"taken off $\N{NO-BREAK SPACE}0.00 · {negotiation.name}",
        ))
        negotiation.action_reopen()
        self.assertEqual(len(self._history()), 1, "what was agreed does not count any more")
        event = self.claim.event_ids.filtered(lambda event: event.kind == "negotiation")
        self.assertEqual(event.action_open()["res_model"], "billing.negotiation")

    def test_talks_without_an_agreement(self):
        negotiation = self._negotiate()
        negotiation.action_fail()
        self.assertEqual(self._history()[-1], ("2026-03-16", f"No agreement: {negotiation.name}"))
