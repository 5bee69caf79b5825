from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CoverageCommon


@tagged("post_install", "-at_install")
class TestInsuranceCard(CoverageCommon):
    def test_it_reads_as_plan_rank_and_member(self):
        self.assertEqual(self._cover().display_name, "Blue Plan, primary (member 123)")

    def test_the_insured_person_is_the_policy_holder_unless_told_otherwise(self):
        coverage = self._cover()
        self.assertEqual((coverage.relationship, coverage.subscriber_id), ("self", self.ana))

    def test_a_child_is_insured_through_somebody(self):
        coverage = self._cover(relationship="child", subscriber_id=self.ben.id)
        self.assertEqual(coverage.subscriber_id, self.ben)

    def test_the_form_asks_who_the_policy_holder_is(self):
        form = Form(self.env["billing.coverage"])
        form.plan_id = self.blue
        form.patient_id = self.ana
        form.member_number = "123"
        form.date_from = "2026-01-01"
        self.assertEqual(form.subscriber_id, self.ana)
        form.relationship = "spouse"
        self.assertFalse(form.subscriber_id)
        form.subscriber_id = self.ben
        self.assertEqual(form.copay, 25.0)
        coverage = form.save()
        self.assertEqual((coverage.subscriber_id, coverage.payer_id), (self.ben, self.payer))

    def test_relationship_and_policy_holder_must_agree(self):
        for vals in (
            {"relationship": "self", "subscriber_id": self.ben.id},
            {"relationship": "child", "subscriber_id": self.ana.id},
        ):
            with (
                self.assertRaisesRegex(ValidationError, "does not agree with “Insured as”"),
                self.cr.savepoint(),
            ):
                self._cover(**vals)

    def test_blanks_around_numbers_are_dropped(self):
        coverage = self._cover(member_number="  XY 77 ", group_number=" 9 ")
        self.assertEqual((coverage.member_number, coverage.group_number), ("XY 77", "9"))
        coverage.member_number = "XY 78 "
        self.assertEqual(coverage.member_number, "XY 78")

    def test_a_missing_member_number_is_refused_by_name(self):
        with (
            self.assertRaisesRegex(ValidationError, "Blue Plan of Ana López has no member number"),
            self.cr.savepoint(),
        ):
            self._cover(member_number="   ")
        coverage = self._cover()
        with self.assertRaisesRegex(ValidationError, "has no member number"), self.cr.savepoint():
            coverage.member_number = " "

    def test_dates_in_the_wrong_order_are_refused_by_name(self):
        sentence = "Blue Plan of Ana López would end on 01/01/2026, before it begins on 02/01/2026"
        with self.assertRaisesRegex(ValidationError, sentence), self.cr.savepoint():
            self._cover(date_from="2026-02-01", date_to="2026-01-01")
        coverage = self._cover()
        with self.assertRaisesRegex(ValidationError, "would end on 12/31/2025"), self.cr.savepoint():
            coverage.date_to = "2025-12-31"

    def test_a_coverage_of_one_day_is_allowed(self):
        self.assertTrue(self._cover(date_from="2026-03-03", date_to="2026-03-03"))

    def test_another_companys_patient_is_refused(self):
        other = self.env["res.company"].create({"name": "Second office"})
        self.ben.company_id = other
        with self.assertRaises(UserError):
            self._cover(patient_id=self.ben.id)

    def test_it_is_found_by_member_number(self):
        coverage = self._cover(member_number="ZZ-4711")
        self.assertIn(coverage.id, dict(self.env["billing.coverage"].name_search("4711")))

    def test_its_history_is_kept(self):
        coverage = self._cover()
        self.flush_tracking()
        before = coverage.message_ids
        coverage.member_number = "124"
        self.flush_tracking()
        [tracked] = (coverage.message_ids - before).tracking_value_ids
        self.assertEqual((tracked.old_value_char, tracked.new_value_char), ("123", "124"))

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()


@tagged("post_install", "-at_install")
class TestCoverageWithClaims(CoverageCommon):
    """Claims were made under it: what they say stays, and the card can still be corrected."""

    def setUp(self):
        super().setUp()
        self.coverage = self._cover()
        # A visit on June 1 was claimed.
        service = self.coverage.date_from.replace(month=6, day=1)

        def has_postings(coverages, outside=None):
            if outside and outside[0] <= service and (not outside[1] or service <= outside[1]):
                return coverages.browse()
            return coverages & self.coverage

        self.startPatch(patch.object(type(self.coverage), "_has_postings", has_postings))

    def startPatch(self, patcher):
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_plan_person_and_rank_stay(self):
        for vals in ({"plan_id": self.green.id}, {"patient_id": self.ben.id}, {"rank": "2"}):
            with (
                self.assertRaisesRegex(UserError, "Claims were already made under .* of Ana López"),
                self.cr.savepoint(),
            ):
                self.coverage.write(vals)

    def test_its_dates_keep_covering_what_was_claimed(self):
        for vals in ({"date_to": "2026-05-31"}, {"date_from": "2026-06-02"}):
            with self.assertRaisesRegex(UserError, "give it an end date after them"), self.cr.savepoint():
                self.coverage.write(vals)

    def test_it_can_be_ended_after_the_last_service_and_typing_errors_be_mended(self):
        self.coverage.write(
            {"date_to": "2026-06-01", "member_number": "321", "plan_id": self.blue.id, "copay": 30.0}
        )
        self.assertEqual((self.coverage.member_number, self.coverage.copay), ("321", 30.0))

    def test_it_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "has claims behind it and cannot be deleted"):
            self.coverage.unlink()

    def test_another_one_can(self):
        other = self._cover(rank="2")
        other.plan_id = self.green
        other.unlink()
        self.assertFalse(other.exists())
