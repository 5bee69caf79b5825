from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import DenialCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDenialHistory(DenialCase):
    """Denials and appeals stand in the history of their claim."""

    KINDS = ("denial", "short", "denial_over", "appealed", "appeal_answered", "appeal_withdrawn")

    def _history(self, claim):
        self.env.flush_all()
        self.env.invalidate_all()
        events = claim.event_ids.filtered(lambda event: event.kind in self.KINDS)
        return [(str(event.day), event.words) for event in events.sorted(lambda event: (event.date, event.id))]

    def test_denied_appealed_and_paid_after_all(self):
        denial = self._deny()
        appeal = self._appeal(denial, tracking="RR 1 US", date_sent="2026-03-12")
        appeal.action_send()
        appeal.write({"result": "overturned", "answer_reference": "D-77", "date_answered": "2026-03-14"})
        appeal.action_answer()
        self._answer(denial.claim_id, 500.0, date="2026-03-16")
        self.assertEqual(self._history(denial.claim_id), [
            ("2026-03-10", f"Denial opened: $\N{NO-BREAK SPACE}500.00 · {denial.name}"),
            ("2026-03-12", f"Appealed: $\N{NO-BREAK SPACE}500.00 · Registered post · {appeal.name} · RR 1 US"),
            ("2026-03-14", f"Appeal answered: Overturned: they pay · {appeal.name} · D-77"),
            ("2026-03-16", f"Denial closed: Paid after all · {denial.name}"),
        ])
        appealed = denial.claim_id.event_ids.filtered(lambda event: event.kind == "appealed")
        self.assertEqual(
            (appealed.action_open()["res_model"], appealed.action_open()["res_id"]), ("billing.appeal", appeal.id),
        )

    def test_one_appeal_about_two_claims_stands_in_both_histories_until_it_is_withdrawn(self):
        denials = self._deny(reference="A 1") + self._deny(reference="A 2")
        appeal = self._appeal_together(denials)
        appeal.action_send()
        appeal.action_withdraw()
        for denial in denials:
            self.assertEqual(self._history(denial.claim_id), [
                ("2026-03-10", f"Denial opened: $\N{NO-BREAK SPACE}500.00 · {denial.name}"),
                ("2026-03-16", f"Appealed: $\N{NO-BREAK SPACE}1,000.00 · Registered post · {appeal.name}"),
                ("2026-03-16", f"Appeal withdrawn: {appeal.name}"),
            ])
        appeal.action_reopen()
        self.assertFalse(appeal.withdrawn_on, "it is pursued after all")

    def _appeal_together(self, denials):
        appeal = denials._appeal(is_together=True)
        appeal.channel = "registered"
        return appeal

    def test_an_appeal_that_was_never_sent_is_nobodys_history(self):
        denial = self._deny()
        self._appeal(denial).action_withdraw()
        self.assertEqual(len(self._history(denial.claim_id)), 1)
