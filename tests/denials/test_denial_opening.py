from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import DenialCase


class TestDenialOpening(DenialCase):
    """An answer that refuses opens denials, and takes them along when it is taken back."""

    def test_a_refused_service_opens_a_denial_with_its_cause_and_deadline(self):
        denial = self._deny()
        self.assertEqual(
            (denial.kind, denial.state, denial.payer_id, denial.patient_id, denial.provider_id),
            ("denied", "open", self.payer, self.patient, self.provider),
        )
        self.assertEqual((denial.amount, denial.amount_open, denial.amount_recovered), (500.0, 500.0, 0.0))
        self.assertEqual(denial.reason_ids, self.co_50)
        self.assertEqual(denial.category_id, self._category("necessity"))
        self.assertEqual(fields.Date.to_string(denial.date), "2026-03-10")
        self.assertEqual(fields.Date.to_string(denial.date_deadline), "2026-09-06", "180 days, a Sunday")
        self.assertEqual((denial.level, denial.chance, denial.amount_weighted), (1, 50, 250.0))
        self.assertEqual(denial.chance_why, "Nothing like this has been decided yet: half and half")
        self.assertConserved()

    def test_one_denial_for_each_refused_service_and_none_for_what_was_paid(self):
        denials = self._deny_two()
        self.assertEqual(denials.mapped("amount"), [500.0, 80.0])
        self.assertEqual(denials.mapped("category_id.name"), ["Medical necessity", "Information missing"])
        claim = self._bill().claim_ids
        self._answer(claim, 380.0, [(self.co_45, 100.0), (self.pr_1, 20.0)])
        self.assertFalse(self._denials(claim))

    def test_the_cause_is_that_of_the_reason_which_holds_back_most(self):
        claim = self._bill().claim_ids
        self._answer(claim, 0.0, [(self.co_16, 100.0), (self.co_197, 400.0)])
        denial = self._denials(claim)
        self.assertEqual((denial.amount, denial.category_id), (500.0, self._category("authorization")))
        self.assertEqual(denial.reason_ids, self.co_16 | self.co_197)

    def test_a_reason_that_nobody_has_sorted_in_goes_to_other(self):
        strange = self.env["billing.adjustment.reason"].create({
            "group": "OA", "code": "A99", "name": "Strange", "effect": "hold",
        })
        self.assertEqual(self._deny(strange).category_id, self._category("other"))

    def test_the_payers_own_person_comes_before_that_of_the_cause(self):
        anna = new_test_user(self.env, "anna", groups="billing_coordinator.group_coordinator")
        bert = new_test_user(self.env, "bert", groups="billing_coordinator.group_coordinator")
        self._category("necessity").user_id = anna
        denial = self._deny()
        self.assertEqual(denial.user_id, anna)
        activity = denial.activity_ids
        self.assertEqual(
            (activity.user_id, activity.summary, fields.Date.to_string(activity.date_deadline)),
            (anna, "Blue Insurance: Medical necessity, $\xa0500.00", "2026-03-23"),
        )
        self.payer.with_company(self.company).billing_denial_user_id = bert
        self.assertEqual(self._deny().user_id, bert)

    def test_a_level_of_the_payer_replaces_those_of_every_payer(self):
        level = self.env["billing.appeal.level"].create({
            "name": "Redetermination", "payer_id": self.payer.id, "level": 1, "days": 6, "unit": "months",
            "weekend": "next",
        })
        denial = self._deny(date="2026-03-13")
        self.assertEqual(fields.Date.to_string(denial.date_deadline), "2026-09-14", "13 September is a Sunday")
        levels = self.env["billing.appeal.level"]._find_levels(denial.claim_id)[denial.claim_id]
        self.assertEqual(levels, {1: level}, "no second level of every payer")
        own = level.copy({"plan_id": self.plan.id, "days": 10, "unit": "business"})
        self.assertEqual(self.env["billing.appeal.level"]._find_levels(denial.claim_id)[denial.claim_id], {1: own})

    def test_an_answer_that_is_taken_back_takes_its_denials_along(self):
        denial = self._deny()
        denial.remittance_id._reverse(fields.Date.to_date("2026-03-12"), "Typed wrongly")
        self.assertEqual((denial.state, denial.closed_on.isoformat()), ("withdrawn", "2026-03-16"))
        self.assertFalse(denial.activity_ids)
        self.assertConserved()

    def test_a_reason_belongs_to_one_cause(self):
        with self.assertRaisesRegex(
            ValidationError, "CO-50 Not considered necessary by the payer belongs to “Medical necessity” already",
        ):
            self._category("coding").reason_ids = [Command.link(self.co_50.id)]

    def test_it_is_nobodys_whose_company_it_is_not(self):
        other = self.env["res.company"].create({"name": "Other Practice"})
        stranger = new_test_user(
            self.env, "stranger", groups="billing_coordinator.group_coordinator", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self._category("necessity").user_id = stranger
        denial = self._deny()
        self.assertFalse(denial.user_id, "it stands in the office's list, where somebody sees it")
        self.assertFalse(denial.activity_ids)

    def test_a_denial_stays_on_record_and_what_it_says_is_not_typed(self):
        denial = self._deny()
        with self.assertRaisesRegex(UserError, "stays on record"):
            denial.sudo().unlink()
        clerk = new_test_user(self.env, "clerk", groups="billing_coordinator.group_coordinator")
        for vals in ({"amount": 1.0}, {"state": "overturned"}, {"chance": 99}, {"level": 2}):
            with self.subTest(vals), self.assertRaises(UserError):
                denial.with_user(clerk).write(vals)
        denial.with_user(clerk).write({
            "note": "Called them", "user_id": clerk.id, "category_id": self._category("other").id,
        })

    def _count(self, denials):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        denials.read(["amount_open", "amount_recovered", "chance_why", "is_late", "display_name"])
        denials._get_refusals("appeal")
        denials._get_refusals("pass_on")
        return self.cr.sql_log_count - before

    def test_a_list_of_denials_takes_no_more_queries_for_many_than_for_few(self):
        counts = []
        for visits in (2, 12):
            claims = self.env["billing.claim"].browse(
                [self._bill().claim_ids.id for _number in range(visits)]
            )
            remittance = self._prepare_answer(claims, 0.0, reference=f"MANY {visits}")
            remittance.line_ids.write({"adjustment_ids": [
                Command.create({"reason_id": self.co_50.id, "amount": 500.0}),
            ]})
            remittance.action_post()
            denials = self._denials(claims)
            self.assertEqual(len(denials), visits)
            # The first time fills Odoo's caches of rights and fields.
            self._count(denials)
            counts.append(self._count(denials))
        self.assertEqual(counts[0], counts[1])
