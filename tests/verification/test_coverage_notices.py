"""Each night: what is announced once, what is not, and what a broken-off night leaves."""

from datetime import date
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import freeze_time, new_test_user

from ..coverage.common import CoverageCommon

TODAY = "2026-03-16"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCoverageNotices(CoverageCommon):
    def _night(self):
        with self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_verification_coverages").method_direct_trigger()
        self.env.invalidate_all()

    def _ends_soon(self, **vals):
        return self._cover(date_to="2026-04-10", **vals)

    def test_a_coverage_that_ends_within_the_days_of_notice_is_announced_once(self):
        coverage, later = self._ends_soon(), self._cover(patient_id=self.ben.id, date_to="2026-04-16")
        self._night()
        activity = coverage.activity_ids
        self.assertEqual(
            (activity.summary, activity.date_deadline),
            ("Blue Plan of Ana López ends on 04/10/2026. Ask what insurance follows.", date(2026, 4, 10)),
        )
        self.assertFalse(later.activity_ids, "31 days away")
        self._night()
        self.assertEqual(coverage.activity_ids, activity)
        activity.action_done()
        self._night()
        self.assertFalse(coverage.activity_ids, "done stays done")

    def test_another_last_day_asks_anew(self):
        coverage = self._ends_soon()
        self._night()
        coverage.date_to = "2026-04-12"
        self._night()
        self.assertEqual(len(coverage.activity_ids), 2)

    def test_nothing_is_asked_where_the_next_coverage_is_recorded(self):
        coverage = self._ends_soon()
        self._cover(plan_id=self.green.id, date_from="2026-04-11", date_to=False)
        self._night()
        self.assertFalse(coverage.activity_ids)

    def test_another_rank_or_person_is_no_successor(self):
        coverage = self._ends_soon()
        self._cover(plan_id=self.green.id, rank="2", date_from="2026-04-11", date_to=False)
        self._cover(patient_id=self.ben.id, date_from="2026-04-11", date_to=False)
        self._night()
        self.assertEqual(len(coverage.activity_ids), 1)

    def test_ended_archived_and_open_ones_are_left_alone(self):
        coverages = (
            self._cover(date_to="2026-03-15")
            + self._ends_soon(patient_id=self.ben.id, active=False)
            + self._cover(rank="2", date_to=False)
        )
        self._night()
        self.assertFalse(coverages.activity_ids)

    def test_a_plan_that_is_no_longer_offered_asks_for_the_new_card_once(self):
        coverage = self._cover(date_to=False)
        ended = self._cover(date_from="2025-01-01", date_to="2025-12-31")
        self.blue.active = False
        for _night in range(2):
            self._night()
            self.assertEqual(coverage.activity_ids.mapped("summary"), [
                "Blue Plan is no longer offered. Ask Ana López for the new insurance card.",
            ])
        self.assertFalse(ended.activity_ids)

    def test_a_plan_offered_again_and_given_up_again_asks_again(self):
        coverage = self._cover(date_to=False)
        for times in (1, 2):
            self.blue.active = False
            self._night()
            self.assertEqual(len(coverage.activity_ids), times)
            self.blue.active = True
            self.assertFalse(coverage.is_plan_end_announced)
            self._night()
            self.assertEqual(len(coverage.activity_ids), times)

    def test_archiving_a_plan_touches_none_of_its_coverages(self):
        coverage = self._cover(date_to=False)
        self.env.flush_all()
        self.blue.active = False
        waiting = self.env.transaction.tocompute.get(coverage._fields["is_plan_end_announced"], ())
        self.assertNotIn(coverage.id, waiting)

    def test_each_company_has_its_own_days_of_notice_and_its_own_verifier(self):
        other = self.env["res.company"].create({"name": "Second office", "billing_coverage_notice_days": 5})
        vera = new_test_user(self.env, "vera.notices", groups="billing_coordinator.group_coordinator")
        self.company.billing_verifier_id = vera
        theirs = self._ends_soon(plan_id=self.blue.copy({"company_id": other.id}).id)
        ours = self._ends_soon()
        self._night()
        self.assertEqual(ours.activity_ids.user_id, vera)
        self.assertFalse(theirs.activity_ids)

    def test_whoever_asked_last_is_told_and_otherwise_nobody_in_particular(self):
        mine, nobodys = self._ends_soon(), self._ends_soon(patient_id=self.ben.id)
        cora = new_test_user(self.env, "cora.notices", groups="billing_coordinator.group_coordinator")
        self.env["billing.eligibility.check"].with_user(cora).create({"coverage_id": mine.id})
        self._night()
        self.assertEqual(mine.activity_ids.user_id, cora)
        self.assertTrue(nobodys.activity_ids)
        self.assertFalse(nobodys.activity_ids.user_id)

    def test_a_verifier_who_has_left_is_asked_nothing(self):
        vera = new_test_user(self.env, "vera.left", groups="billing_coordinator.group_coordinator")
        self.company.billing_verifier_id = vera
        vera.active = False
        coverage = self._ends_soon()
        self._night()
        self.assertEqual((len(coverage.activity_ids), len(coverage.activity_ids.user_id)), (1, 0))

    def test_a_night_broken_off_goes_on_where_it_stopped(self):
        people = self.env["res.partner"].create([{"name": f"Person {number}"} for number in range(5)])
        coverages = self.env["billing.coverage"].concat(*(self._ends_soon(patient_id=p.id) for p in people))
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 0):
            self.env["billing.coverage"]._cron_announce_changes(batch_size=2)
        self.assertEqual(len(coverages.activity_ids), 2)
        self._night()
        self.assertEqual([len(coverage.activity_ids) for coverage in coverages], [1] * 5)

    def test_the_number_of_queries_does_not_grow_with_the_coverages(self):
        def prepare(count, prefix):
            people = self.env["res.partner"].create([{"name": f"{prefix} {number}"} for number in range(count)])
            self.env["billing.coverage"].create([
                self._coverage_vals(patient_id=person.id, date_to="2026-04-10") for person in people
            ])
            self.env.flush_all()
            self.env.invalidate_all()

        def count():
            before = self.cr.sql_log_count
            with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 0):
                self.env["billing.coverage"]._cron_announce_changes()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        prepare(2, "Warm")
        count()
        prepare(2, "Few")
        few = count()
        prepare(40, "Many")
        self.assertLessEqual(count(), few)
