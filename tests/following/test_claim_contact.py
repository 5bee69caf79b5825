from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import BillingCase


@freeze_time("2026-03-16 12:00:00")
@tagged("post_install", "-at_install")
class TestClaimContact(BillingCase):
    """What payers said on the phone, and what comes next."""

    def setUp(self):
        super().setUp()
        self.plan.answer_days = 5
        self.claim = self._bill().claim_ids
        self.claim._submit("paper", date="2026-03-07")

    def _log(self, claims=None, **values):
        claims = claims or self.claim
        return self.env["billing.claim.contact"].create({
            "claim_ids": [fields.Command.set(claims.ids)], "outcome": "in_process", **values,
        })

    def _to_ask(self):
        card = self.env.ref("billing_coordinator.worklist_claims_unanswered")
        return self.env["billing.claim"].search(card.action_open()["domain"])

    def test_a_promise_takes_the_claim_off_the_worklist_until_its_day(self):
        self.assertIn(self.claim, self._to_ask())
        contact = self._log(outcome="paid", date_promised="2026-03-25", spoken_to="Marion", said="Cheque on the 25th")
        self.assertEqual((str(contact.date_next), str(self.claim.date_follow_up)), ("2026-03-25", "2026-03-25"))
        self.assertEqual((self.claim.last_outcome, str(self.claim.date_expected)), ("paid", "2026-03-12"))
        self.assertNotIn(self.claim, self._to_ask())
        with freeze_time("2026-03-25 12:00:00"):
            self.assertIn(self.claim, self._to_ask())

    def test_one_call_about_several_claims_of_a_payer(self):
        other = self._bill().claim_ids
        other._submit("paper", date="2026-03-07")
        action = (self.claim + other).action_log_contact()
        contact = self.env["billing.claim.contact"].with_context(**action["context"]).create({
            "outcome": "in_process", "next_step": "Ask again", "date_next": "2026-03-30",
        })
        self.assertEqual((contact.claim_ids, contact.payer_id, contact.user_id),
                         (self.claim + other, self.payer, self.env.user))
        activities = (self.claim + other).activity_ids
        self.assertEqual(activities.mapped("summary"), ["Ask again"] * 2)
        self.assertEqual(set(map(str, activities.mapped("date_deadline"))), {"2026-03-30"})

    def test_claims_of_two_payers_are_two_calls(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        self._answer(self.claim, 300.0, [(self.pr_1, 200.0)])
        second = self.claim.encounter_id.claim_ids - self.claim
        with self.assertRaisesRegex(UserError, "One call is about claims of one payer and one company. The claims "
                                               "chosen are from Blue Insurance, Gold Insurance."):
            self._log(self.claim + second)
        with self.assertRaisesRegex(UserError, "One call is about claims of one payer"):
            (self.claim + second).action_log_contact()

    def test_a_call_without_claims_is_none(self):
        with self.assertRaisesRegex(UserError, "Say which claims were talked about"):
            self.env["billing.claim.contact"].create({"outcome": "other"})

    def test_what_was_said_stays(self):
        contact = self._log()
        with self.assertRaisesRegex(UserError, "What Blue Insurance said on 03/16/2026 is logged and stays"):
            contact.with_user(new_test_user(self.env, "m", groups="billing_coordinator.group_manager")).said = "No"

    def test_days_that_cannot_be(self):
        with self.assertRaisesRegex(UserError, "Blue Insurance cannot have said anything on 03/17/2026"):
            self._log(date="2026-03-17 12:00:00")
        with self.assertRaisesRegex(UserError, "“Promised for” lies before the contact with Blue Insurance of"):
            self._log(date_promised="2026-03-15")

    def test_whom_to_ask_and_when(self):
        desk = self.env["res.partner"].create({
            "name": "Claims line", "parent_id": self.payer.id, "phone": "+1 555 0100", "billing_hours": "Mon–Fri 8–17",
            "billing_purpose_ids": [fields.Command.set(
                self.env["billing.contact.purpose"].search([("code", "=", "claims")]).ids,
            )],
        })
        contact = self._log()
        self.assertEqual((contact.desk_id, contact.desk_phone, contact.desk_hours),
                         (desk, "+1 555 0100", "Mon–Fri 8–17"))

    def test_a_call_about_an_earlier_sending_does_not_count_for_the_next(self):
        self._log(outcome="not_on_file", date="2026-03-10 12:00:00")
        self.assertEqual(self.claim.last_outcome, "not_on_file")
        self.claim._submit("fax", date="2026-03-14")
        self.assertEqual((self.claim.last_outcome, str(self.claim.date_follow_up)), (False, "2026-03-19"))

    def test_only_who_works_on_claims_logs_calls(self):
        reader = new_test_user(self.env, "reads", groups="billing_coordinator.group_readonly")
        with self.assertRaises(AccessError):
            self.env["billing.claim.contact"].with_user(reader).create({
                "claim_ids": [fields.Command.set(self.claim.ids)], "outcome": "other",
            })
        coordinator = new_test_user(self.env, "calls", groups="billing_coordinator.group_coordinator")
        contact = self.env["billing.claim.contact"].with_user(coordinator).create({
            "claim_ids": [fields.Command.set(self.claim.ids)], "outcome": "other", "user_id": self.env.uid,
        })
        self.assertEqual(contact.user_id, coordinator, "nobody calls in another's name")

    def test_another_company_sees_no_calls_and_no_history(self):
        contact = self._log()
        other = self.env["res.company"].create({"name": "Other practice"})
        stranger = new_test_user(
            self.env, "stranger", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[fields.Command.set(other.ids)],
        )
        for model in ("billing.claim.contact", "billing.claim.event", "billing.claim.submission"):
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
        with self.assertRaises(AccessError):
            contact.with_user(stranger).read(["said"])
        with self.assertRaises(AccessError):
            self.env["billing.claim.contact"].with_user(stranger).create({
                "claim_ids": [fields.Command.set(self.claim.ids)], "outcome": "other",
            })
