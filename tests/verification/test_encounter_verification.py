"""Visits whose insurance is not verified: the badge, the worklist, the button."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestEncounterVerification(BillingCase):
    def setUp(self):
        super().setUp()
        self.visit = self._create_encounter(date="2026-03-18")

    def _verify(self, coverage=None, **vals):
        check = self.env["billing.eligibility.check"].create({
            "coverage_id": (coverage or self.coverage).id, "responder": "Maria", "result": "active", **vals,
        })
        check.action_apply()
        return check

    def _worklist(self):
        return self.env["billing.encounter"].search([("is_to_verify", "=", True)])

    def test_the_badge_turns_green_once_the_payer_has_confirmed(self):
        self.assertEqual((self.visit.insurance_status, self.visit.insurance_note),
                         ("unverified", "Insurance not verified"))
        self.assertEqual(self._worklist(), self.visit)
        self._verify()
        self.assertEqual((self.visit.insurance_status, self.visit.insurance_note),
                         ("verified", "Insurance verified on 03/16/2026"))
        self.assertFalse(self._worklist())

    def test_an_answer_that_no_longer_counts_on_the_day_of_the_visit_does_not_help(self):
        self._verify(valid_until="2026-03-17")
        self.assertEqual(self.visit.insurance_status, "unverified")
        self.assertEqual(self._worklist(), self.visit)

    def test_every_coverage_in_force_is_to_be_verified_one_after_the_other(self):
        secondary = self._create_coverage(self.patient, self.plan_b, rank="2")
        action = self.visit.action_verify()
        self.assertEqual(action["context"]["default_coverage_id"], self.coverage.id)
        self.assertEqual(action["context"]["default_service_date"], "2026-03-18")
        check = self.env["billing.eligibility.check"].with_context(**action["context"]).create({
            "result": "active", "responder": "Maria",
        })
        following = check.action_apply()
        self.assertEqual(following["context"]["default_coverage_id"], secondary.id)
        self.assertEqual(self.visit.insurance_note, "Blue Plan was verified on 03/16/2026. Gold Plan is not verified.")
        self.assertEqual(self.visit.insurance_status, "unverified")
        last = self.env["billing.eligibility.check"].with_context(**following["context"]).create({
            "result": "active", "responder": "Jo",
        })
        self.assertEqual(last.action_apply(), {"type": "ir.actions.act_window_close"})
        self.assertEqual(self.visit.insurance_status, "verified")
        self.assertEqual(last.encounter_id, self.visit)

    def test_a_payer_that_disagrees_is_shown_in_red_and_stays_on_the_list(self):
        self._verify(result="unclear")
        self.assertEqual((self.visit.insurance_status, self.visit.insurance_note),
                         ("problem", "Blue Plan stayed unclear on 03/16/2026: ask again."))
        self.assertEqual(self._worklist(), self.visit)

    def test_who_is_no_longer_insured_has_nothing_to_verify(self):
        self._verify(result="inactive", date_to="2026-03-15")
        self.assertEqual((self.visit.insurance_status, self.visit.insurance_note), ("none", False))
        self.assertFalse(self._worklist())
        with self.assertRaisesRegex(UserError, "Ana López has no coverage in force on 03/18/2026, so there is nobody"):
            self.visit.action_verify()

    def test_the_worklist_holds_visits_of_today_and_the_coming_days_only(self):
        today, seventh = self._create_encounter(date="2026-03-16"), self._create_encounter(date="2026-03-23")
        for past_or_far in ("2026-03-15", "2026-03-24"):
            self._create_encounter(date=past_or_far)
        self._create_encounter(date="2026-03-17").action_cancel()
        self._create_encounter(date="2026-03-17", is_self_pay=True)
        self._create_encounter(patient=self._create_patient("Ben"), date="2026-03-17")
        self.assertEqual(self._worklist(), self.visit | today | seventh)
        self.company.billing_verify_ahead_days = 0
        self.assertEqual(self._worklist(), today)
        today.action_ready()
        self.assertEqual(self._worklist(), today, "not billed yet")

    def test_screen_and_search_follow_the_same_rule(self):
        self._create_coverage(self.patient, self.plan_b, rank="2", date_from="2026-03-20")
        ben = self._create_patient("Ben")
        bens = self._create_coverage(ben, self.plan, date_to="2026-03-25")
        self._verify(valid_until="2026-03-21")
        self._verify(bens, result="unclear", valid_until="2026-03-18")
        self._verify(bens, service_date="2026-03-10", valid_until="2026-03-17")
        visits = self.env["billing.encounter"].concat(*(
            self._create_encounter(patient=patient, date=f"2026-03-{day}", is_self_pay=day == 17)
            for patient in (self.patient, ben) for day in range(8, 28)
        ))
        Visit = self.env["billing.encounter"]
        mine = [("id", "in", visits.ids)]
        seen = set()
        for status in ("verified", "problem", "unverified", "none"):
            shown = visits.filtered(lambda visit, status=status: visit.insurance_status == status)
            self.assertEqual(Visit.search([*mine, ("insurance_status", "=", status)]), shown.sorted(), status)
            self.assertEqual(Visit.search([*mine, ("insurance_status", "!=", status)]), (visits - shown).sorted())
            seen.add(bool(shown))
        self.assertEqual(seen, {True}, "each status occurs")
        shown = visits.filtered("is_to_verify")
        self.assertEqual(Visit.search([*mine, ("is_to_verify", "=", True)]), shown.sorted())
        self.assertEqual(Visit.search([*mine, ("is_to_verify", "=", False)]), (visits - shown).sorted())

    def test_another_offices_answer_does_not_count_here(self):
        other = self.env["res.company"].create({"name": "Second office"})
        self.env.user.company_ids += other
        theirs = self._create_coverage(self.patient, self._create_plan("Blue Plan", self.payer, company_id=other.id))
        self._verify(theirs)
        self.assertEqual(self.visit.insurance_status, "unverified")
        self.assertEqual(self._worklist(), self.visit)

    def test_the_card_on_the_today_screen_counts_them(self):
        worklist = self.env.ref("billing_coordinator.worklist_insurance_to_verify")
        self.assertEqual((worklist.record_count, worklist.problem), (1, False))
        self.assertEqual(worklist.age_text, "next: in 2 days")

    def test_the_worklist_costs_the_same_for_many_visits(self):
        def count(visits):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            visits.search([("is_to_verify", "=", True), ("id", "in", visits.ids)]).read(
                ["insurance_status", "insurance_note", "is_to_verify", "primary_coverage_id"],
            )
            return self.cr.sql_log_count - before

        visits = self.visit
        for number in range(30):
            patient = self._create_patient(f"Person {number}")
            coverage = self._create_coverage(patient, self.plan)
            visits += self._create_encounter(patient=patient, date="2026-03-17")
            if number % 3 == 0:
                self._verify(coverage, result="unclear")
        count(visits[:2])
        self.assertEqual(count(visits[:2]), count(visits))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestMetSoFar(BillingCase):
    """What the payer counts includes our own visits: the coverage opens with the rest only."""

    def setUp(self):
        super().setUp()
        self.plan.billing_mode = "split"
        self.coverage.write({"deductible": 500.0, "oop_max": 2000.0})

    def _used(self, day="2026-06-01"):
        figures = self.coverage._get_used(fields.Date.to_date(day))[self.coverage]
        return float(figures["deductible"]), float(figures["oop"])

    def _hear(self, **vals):
        check = self.env["billing.eligibility.check"].create({
            "coverage_id": self.coverage.id, "responder": "Maria", "result": "active", **vals,
        })
        check.action_apply()
        return check

    def _openings(self):
        coverage = self.coverage
        return coverage.deductible_opening, coverage.oop_opening, str(coverage.opening_date or "")

    def test_the_opening_is_what_the_payer_says_less_what_our_ledger_counts(self):
        self._bill(self._create_encounter(services=[(self.service, 80.0)]))
        self.assertEqual(self._used(), (80.0, 80.0))
        check = self._hear(deductible_met=350.0)
        self.assertEqual(self._openings(), (270.0, 0.0, "2026-03-16"))
        self.assertEqual(self._used(), (350.0, 80.0))
        change = check.change_ids.filtered(lambda line: line.name == "Deductible already met")
        self.assertEqual((change.old_value, change.new_value, change.note), (
            "$\xa00.00", "$\xa0270.00", "The payer says $\xa0350.00; $\xa080.00 are visits posted here.",
        ))

    def test_asking_again_replaces_the_opening_and_later_visits_add_to_it(self):
        self._hear(deductible_met=100.0, oop_met=150.0)
        self._bill(self._create_encounter(services=[(self.service, 80.0)]))
        self.assertEqual(self._used(), (180.0, 230.0))
        self._hear(deductible_met=200.0)
        self.assertEqual(self._openings(), (120.0, 150.0, "2026-03-16"))
        self.assertEqual(self._used(), (200.0, 230.0))

    def test_saying_what_we_count_already_changes_nothing(self):
        self.coverage.write({"deductible_opening": 20.0, "opening_date": "2026-01-05"})
        self._bill(self._create_encounter(services=[(self.service, 80.0)]))
        check = self.env["billing.eligibility.check"].create({"coverage_id": self.coverage.id})
        self.assertEqual((check.deductible_met, check.oop_met), (100.0, 80.0))
        self.assertFalse(self._hear().change_ids)
        self.assertEqual(self._openings(), (20.0, 0.0, "2026-01-05"))

    def test_a_payer_behind_our_books_never_makes_the_opening_negative(self):
        self._bill(self._create_encounter(services=[(self.service, 80.0)]))
        self._hear(deductible_met=50.0)
        self.assertEqual(self._openings()[:2], (0.0, 0.0))
        self.assertEqual(self._used(), (80.0, 80.0))

    def test_a_reversed_visit_gives_back_its_part_and_the_rest_stays(self):
        invoices = self._bill(self._create_encounter(services=[(self.service, 80.0)]))
        self._hear(deductible_met=350.0)
        invoices.encounter_id.action_unbill()
        self.assertEqual(self._used(), (270.0, 0.0))

    def test_last_years_openings_do_not_move_into_this_year(self):
        self.coverage.write({
            "date_from": "2025-01-01", "deductible_opening": 400.0, "oop_opening": 900.0, "opening_date": "2025-05-01",
        })
        self._hear(deductible_met=60.0)
        self.assertEqual(self._openings(), (60.0, 0.0, "2026-03-16"))
        self.assertEqual(self._used(), (60.0, 0.0))

    def test_a_coverage_does_not_end_before_claims_that_were_made_under_it(self):
        self.plan.billing_mode = "adjudicate"
        self._bill()
        check = self._hear(result="inactive", service_date="2026-03-05", date_to="2026-03-01")
        self.assertFalse(self.coverage.date_to)
        self.assertFalse(check.change_ids)
        self.assertIn("claims were made for later visits", self.coverage.activity_ids.summary)
        self._hear(result="inactive", service_date="2026-03-10", date_to="2026-03-05")
        self.assertEqual(str(self.coverage.date_to), "2026-03-05")

    def test_another_plan_does_not_begin_before_claims_that_were_made_under_the_old_one(self):
        self.plan.billing_mode = "adjudicate"
        self._bill()
        with self.assertRaisesRegex(UserError, "Claims were already made under Blue Plan"):
            self._hear(result="other_plan", plan_id=self.plan_b.id, date_from="2026-03-01")
        check = self.coverage.check_ids
        self.assertEqual((check.state, self.coverage.date_to, len(self.patient.coverage_ids)), ("open", False, 1))
