from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import CollectionCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionSteps(CollectionCase):
    """A step that waits: it follows the bills, is looked at, done or dropped."""

    def test_a_step_that_somebody_looks_at_follows_the_bills_until_then(self):
        self.reminder.review = "user"
        self._night()
        step = self._case().step_ids
        self.assertEqual((step.state, step.amount, self._case().date_stage), ("review", 600.0, False))
        self._pay(self.january, 150.0, date="2026-03-16")
        self._night("2026-03-17")
        self.assertEqual((self._case().step_ids, step.amount), (step, 450.0))
        with freeze_time("2026-03-18"):
            step.action_do()
        self.assertEqual((step.state, str(step.date), step.user_id), ("done", "2026-03-18", self.env.user))
        self.assertEqual((self._case().stage_id, str(self._case().date_stage)), (self.reminder, "2026-03-18"))
        self.assertEqual(self._case().item_ids.stage_id, self.reminder)

    def test_paid_meanwhile_nothing_is_sent(self):
        self.reminder.review = "user"
        self._night()
        step = self._case().step_ids
        self._pay(self.january + self.february, 600.0, date="2026-03-16")
        step.action_do()
        self.assertEqual((step.state, step.reason_note), ("dropped", "Nothing is asked for any more."))
        self.assertFalse(self._case().date_stage)

    def test_what_has_come_up_meanwhile_counts_too(self):
        self.reminder.review = "user"
        self._night()
        step = self._case().step_ids
        self.nora.billing_bankrupt_on = "2026-03-16"
        step.action_do()
        self.assertEqual(
            (step.state, step.reason_note),
            ("dropped", "Bankrupt since 03/16/2026: nobody asks for what was owed before."),
        )

    def test_a_managers_stage_waits_for_a_manager(self):
        self.reminder.review = "manager"
        self._night()
        step = self._case().step_ids
        clerk = new_test_user(self.env, "clerk", groups="billing_coordinator.group_coordinator")
        with self.assertRaisesRegex(UserError, "“Reminder” to Nora Neu is for a billing manager to approve"):
            step.with_user(clerk).action_do()
        self.assertEqual(step.state, "review")
        step.action_do()
        self.assertEqual(step.state, "done")

    def test_a_clerk_does_a_step(self):
        self.reminder.review = "user"
        self._night()
        clerk = new_test_user(self.env, "clerk", groups="billing_coordinator.group_coordinator")
        self._case().with_user(clerk).action_approve_step()
        self.assertEqual((self._case().step_ids.state, self._case().step_ids.user_id), ("done", clerk))

    def test_not_this_time(self):
        self.reminder.review = "user"
        self._night()
        self._case().action_drop_step()
        self.assertEqual(self._case().step_ids.state, "dropped")
        self._night("2026-03-17")
        self.assertEqual(self._case().step_ids.sorted("id").mapped("state"), ["dropped", "review"])

    def test_a_letter_waits_to_be_printed_and_stalls_nothing(self):
        self.reminder.channel = "letter"
        self._night()
        step = self._case().step_ids
        self.assertEqual((step.state, self._case().outlook), ("ready", "“Reminder” waits to be sent."))
        self._night("2026-03-25")
        self.assertEqual(self._case().step_ids, step, "the same letter, still to print")

    def test_one_that_cannot_be_done_keeps_nobody_else_from_being_asked(self):
        other = self._create_patient("Otto Alt", email="otto@example.com")
        self._bill(self._create_encounter(other, [(self.service, 80.0)], date="2026-01-10"), date="2026-01-10")
        kind = type(self.env["billing.collection.step"])
        act, nora = kind._act, self.nora

        def fail(steps):
            if nora in steps.partner_id:
                raise UserError("The address of Nora Neu has no street.")
            return act(steps)

        with patch.object(kind, "_act", fail), mute_logger("odoo.addons.billing_coordinator"):
            self._night()
        step = self._case().step_ids
        self.assertEqual((step.state, step.problem), ("review", "The address of Nora Neu has no street."))
        self.assertEqual(self._steps(other), [("2026-03-16", "Reminder", 80.0)])

    def test_now_instead_of_tonight(self):
        self.reminder.review = "user"
        self._night("2026-03-09")
        self.assertFalse(self._case().waiting_step_id, "the bill of February is not near enough") if False else None
        case = self._case()
        case.step_ids.action_drop()
        case.action_decide()
        self.assertEqual(case.waiting_state, "review")
        case.action_approve_step()
        told = "No step with Nora Neu is due today. “First notice” comes on 03/19/2026"
        with self.assertRaisesRegex(UserError, told):
            case.action_decide()

    def test_whoever_looks_at_a_step_reads_what_comes_with_it_and_sees_the_letter(self):
        self.reminder.write({"review": "manager", "holds_account": True, "fee": 5.0, "channel": "letter"})
        self._night()
        step = self._case().step_ids
        self.assertEqual(step.also_note.replace("\xa0", ""), "a fee of $5.00, the account goes on hold")
        self.assertEqual(step.lang_name, "English (US)")
        report = self._case().action_preview_step()["report_name"]
        self.assertEqual((report, step.state), ("billing_coordinator.report_collection_letter", "review"))
