from datetime import datetime

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimSubmission(BillingCase):
    """Each sending of a claim is a fact, and says what became of it."""

    def setUp(self):
        super().setUp()
        self.claim = self._bill().claim_ids

    def test_one_click_sends_it_on_paper_today(self):
        self.claim.action_send()
        sent = self.claim.submission_ids
        self.assertEqual(
            (self.claim.state, sent.channel, sent.frequency, sent.amount, sent.payer_id, sent.user_id, sent.state),
            ("sent", "paper", "1", 500.0, self.payer, self.env.user, "sent"),
        )
        self.assertEqual(
            (self.claim.date_sent, self.claim.date_first_sent, sent.day), (fields.Date.to_date(TODAY),) * 3,
        )
        self.assertEqual(sent.display_name, f"{self.claim.name} {TODAY}")

    def test_several_leave_in_one_file_under_its_number(self):
        other = self._bill().claim_ids
        sent = (self.claim + other)._submit("file", reference="000000017", date=datetime(2026, 3, 15, 9, 30))
        self.assertEqual(sent.mapped("reference"), ["000000017"] * 2)
        self.assertEqual(sent.mapped("date"), [datetime(2026, 3, 15, 9, 30)] * 2)
        self.assertEqual((self.claim + other).mapped("state"), ["sent", "sent"])

    def test_the_payer_has_it(self):
        self.claim.action_send()
        self.claim._acknowledge("Accepted for adjudication", date="2026-03-16", payer_control_number="ICN 5")
        sent = self.claim.submission_ids
        self.assertEqual(
            (self.claim.state, self.claim.payer_control_number, sent.state, sent.payer_control_number, sent.answer_text,
             sent.answer_date),
            ("acknowledged", "ICN 5", "acknowledged", "ICN 5", "Accepted for adjudication", datetime(2026, 3, 16, 12)),
        )

    def test_the_payer_sends_it_back_and_it_is_sent_again_as_an_original(self):
        self.claim.action_send()
        self.claim._reject("Subscriber not found")
        self.assertEqual((self.claim.state, self.claim.last_answer_text), ("rejected", "Subscriber not found"))
        self.claim.action_send()
        self.assertEqual(self.claim.submission_ids.sorted("id").mapped("state"), ["rejected", "sent"])
        self.assertEqual(self.claim.submission_ids.mapped("frequency"), ["1", "1"])
        self.assertEqual((self.claim.state, self.claim.last_answer_text), ("sent", False))

    def test_an_acknowledgement_after_the_answer_changes_no_state(self):
        self.claim.action_send()
        self._answer(self.claim, 500.0)
        self.claim._acknowledge("Received", payer_control_number="ICN 6")
        self.assertEqual(
            (self.claim.state, self.claim.payer_control_number, self.claim.submission_ids.state),
            ("settled", "ICN 6", "acknowledged"),
        )

    def test_nothing_comes_back_of_what_was_never_sent(self):
        with self.assertRaisesRegex(UserError, f"{self.claim.name} Blue Insurance has not been sent, so nothing can"):
            self.claim._acknowledge("Received")

    def test_not_sent_after_all_stays_on_record_as_a_mistake(self):
        self.claim._submit("paper", date="2026-03-10")
        self.claim._submit("fax", date="2026-03-12", reference="F 1")
        self.claim.action_unsend()
        self.assertEqual(self.claim.submission_ids.sorted("id").mapped("state"), ["sent", "withdrawn"])
        self.assertEqual((self.claim.state, str(self.claim.date_sent), str(self.claim.date_first_sent)),
                         ("ready", "2026-03-10", "2026-03-10"))

    def test_what_the_payer_has_was_sent(self):
        self.claim.action_send()
        self.claim._acknowledge("Received")
        with self.assertRaisesRegex(UserError, f"Blue Insurance has received {self.claim.name}, sent on 03/16/2026"):
            self.claim.action_unsend()

    def test_no_claim_is_sent_tomorrow_or_before_its_service(self):
        with self.assertRaisesRegex(UserError, "cannot have been sent on 03/17/2026, which is still to come"):
            self.claim._submit("paper", date="2026-03-17")
        with self.assertRaisesRegex(UserError, "on 03/04/2026, before its service of 03/05/2026"):
            self.claim._submit("paper", date="2026-03-04")
        self.assertFalse(self.claim.submission_ids)

    def test_a_claim_taken_back_is_not_sent(self):
        self.claim.action_void()
        with self.assertRaisesRegex(UserError, "is “Void” and is not sent any more"):
            self.claim.action_send()

    def test_a_sending_is_never_changed_or_deleted(self):
        self.claim.action_send()
        sent = self.claim.submission_ids
        coordinator = new_test_user(self.env, "sends", groups="billing_coordinator.group_coordinator")
        manager = new_test_user(self.env, "manages", groups="billing_coordinator.group_manager")
        for user in (coordinator, manager):
            for attempt in (
                lambda user=user: sent.with_user(user).write({"day": "2026-01-01"}),
                lambda user=user: sent.with_user(user).write({"state": "acknowledged"}),
                lambda user=user: sent.with_user(user).unlink(),
                lambda user=user: sent.with_user(user).copy(),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    attempt()
        with self.assertRaisesRegex(UserError, "was sent stays on record: it proves"):
            sent.sudo().unlink()

    def test_whoever_may_work_on_claims_sends_them(self):
        coordinator = new_test_user(self.env, "sends", groups="billing_coordinator.group_coordinator")
        self.claim.with_user(coordinator).action_send()
        self.assertEqual(self.claim.submission_ids.user_id, coordinator)

    def test_a_first_answer_is_measured_from_the_first_sending(self):
        self.claim._submit("paper", date="2026-03-08")
        self.claim._reject("Unreadable", date="2026-03-09")
        self.claim._submit("paper", date="2026-03-10")
        self.assertEqual((str(self.claim.date_first_sent), str(self.claim.date_sent)), ("2026-03-08", "2026-03-10"))
