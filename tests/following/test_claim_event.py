from odoo import fields
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.models.following.claim_event import KINDS

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimEvent(BillingCase):
    """Everything that happened to a claim, as one list in the user's words."""

    def _history(self, claim):
        self.env.flush_all()
        self.env.invalidate_all()
        own = dict(KINDS).keys() - {"made"}
        return [(str(event.day), event.words) for event in claim.event_ids if event.kind in own]

    def test_a_claim_from_sending_to_closing(self):
        claim = self._bill().claim_ids
        claim._submit("fax", reference="F 1", date="2026-03-07")
        claim._reject("Unreadable", date="2026-03-08")
        claim._submit("portal", date="2026-03-09")
        claim._acknowledge("Accepted", date="2026-03-10", payer_control_number="ICN 5")
        self.env["billing.claim.contact"].create({
            "claim_ids": [fields.Command.set(claim.ids)], "outcome": "in_process", "spoken_to": "Marion",
            "date": "2026-03-12 10:00:00",
        })
        self._answer(claim, 420.0, [(self.co_50, 80.0)], date="2026-03-13", reference="CHK 7")
        decision = self.env["billing.adjustment"].create({
            "move_id": claim.invoice_id.id, "reason_id": self.small_balance.id, "amount": 80.0, "date": "2026-03-14",
        })
        decision._post_decision()
        self.assertEqual(self._history(claim), [
            ("2026-03-14", "Decided: $\N{NO-BREAK SPACE}80.00"),
            ("2026-03-13", "Denied: $\N{NO-BREAK SPACE}420.00 · CHK 7"),
            ("2026-03-12", "Asked: In process · Marion"),
            ("2026-03-10", "Acknowledged: ICN 5 · Accepted"),
            ("2026-03-09", "Submitted: Payer's portal"),
            ("2026-03-08", "Rejected: Unreadable"),
            ("2026-03-07", "Submitted: Fax · F 1"),
        ])
        made = claim.event_ids.filtered(lambda event: event.kind == "made")
        self.assertEqual((made.words, made.user_id), ("Made: $\N{NO-BREAK SPACE}500.00", self.env.user))

    def test_taken_back_and_billed_again_stands_in_both_histories(self):
        claim = self._bill().claim_ids
        claim._submit("paper", date="2026-03-07")
        claim._acknowledge("Received", payer_control_number="ICN 3", date="2026-03-09")
        claim.action_void()
        again = claim.encounter_id._bill(fields.Date.to_date("2026-03-15")).claim_ids
        again._submit("file", reference="17")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(set(claim.event_ids.mapped("kind")), {"made", "sent", "acknowledged", "void", "replaced"})
        self.assertEqual(claim.event_ids.filtered(lambda e: e.kind == "replaced").words, f"Replaced: {again.name}")
        self.assertEqual(set(again.event_ids.mapped("kind")), {"made", "sent_7"})
        self.assertEqual(again.event_ids.filtered(lambda e: e.kind == "sent_7").words,
                         "Replacement submitted: As a file · 17")

    def test_an_answer_taken_back_and_one_remittance_over_two_claims(self):
        claims = self._bill().claim_ids + self._bill().claim_ids
        claims.action_send()
        answer = self._prepare_answer(claims, 1000.0)
        for line in answer.line_ids:
            line.amount_paid = 500.0
        answer.action_post()
        answer._reverse(fields.Date.to_date("2026-03-12"), "Wrong")
        self.env.flush_all()
        self.env.invalidate_all()
        for claim in claims:
            self.assertEqual(sorted(claim.event_ids.mapped("kind")), ["answer_reversed", "answered", "made", "sent"])
            event = claim.event_ids.filtered(lambda event: event.kind == "answered")
            self.assertEqual(event.words, "Answered: $\N{NO-BREAK SPACE}500.00 paid · CHK 1")
            self.assertEqual(event.action_open()["res_model"], "billing.remittance")

    def test_one_call_about_two_claims_stands_in_both_histories(self):
        claims = self._bill().claim_ids + self._bill().claim_ids
        claims.action_send()
        self.env["billing.claim.contact"].create({
            "claim_ids": [fields.Command.set(claims.ids)], "outcome": "in_process", "spoken_to": "Marion",
            "date": "2026-03-12 10:00:00",
        })
        for claim in claims:
            self.assertIn(("2026-03-12", "Asked: In process · Marion"), self._history(claim))
        calls = claims.event_ids.filtered(lambda event: event.kind == "contact")
        self.assertEqual(calls.claim_id, claims)
        self.assertEqual(set(calls.mapped("res_id")), set(claims.contact_ids.ids))

    def test_forty_histories_are_read_in_as_many_queries_as_two(self):
        encounters = self.env["billing.encounter"].concat(*(self._create_encounter() for _number in range(40)))
        encounters.action_ready()
        claims = self.env["billing.claim"].browse(encounters._bill(fields.Date.to_date("2026-03-06")).claim_ids.ids)
        claims.action_send()

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.event_ids.mapped("words")
            return self.cr.sql_log_count - before

        count(claims)
        self.assertEqual(count(claims), count(claims[:2]))

    def test_every_kind_of_event_has_words_and_an_icon(self):
        claim = self._bill().claim_ids
        claim.action_send()
        kinds = dict(self.env["billing.claim.event"]._fields["kind"]._description_selection(self.env))
        icons = self.env["billing.claim.event"]._get_event_icons()
        self.assertEqual(set(kinds), set(icons), "every kind has its icon")
