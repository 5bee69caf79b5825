from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import HabitCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAskedValues(HabitCase):
    """What payers ask for beyond codes: asked on the visit, checked before billing, told on the claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.referral = cls._habit(kind="value", value_label="Referral number", note="Contract 2026")

    def test_the_visit_asks_and_is_not_billed_without(self):
        visit = self._visit()
        asked = visit.value_ids
        self.assertEqual((asked.payer_id, asked.label, asked.value, asked.is_required),
                         (self.payer, "Referral number", False, True))
        self.assertEqual(asked.reason, "Blue Insurance wants “Referral number” as well (Contract 2026)")
        self.assertEqual(visit.missing_values, "Blue Insurance: Referral number")
        for missing in (False, "   "):
            asked.value = missing
            with self.assertRaisesRegex(UserError, "Blue Insurance asks for “Referral number” with V-2026"):
                visit.action_ready()
        asked.value = "R-4711"
        claim = self._claim(visit)
        self.assertEqual(self._told(claim, "value"), [("R-4711", "R-4711")])
        self.assertFalse(claim.missing_values)

    def test_where_a_warning_is_enough_it_is_billed_and_the_claim_says_so(self):
        self.referral.value_missing = "warn"
        visit = self._visit()
        visit.action_ready()
        self.assertIn("Blue Insurance asks for “Referral number”, which is missing.", visit._get_billing_notices())
        claim = visit._bill().claim_ids
        self.assertEqual(claim.missing_values, "Referral number")
        told = claim.told_ids.filtered(lambda told: told.kind == "value")
        told.told = "R-1"
        self.assertFalse(claim.missing_values)
        claim.action_send()
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            told.told = "R-2"

    def test_what_a_payer_comes_to_want_later_is_asked_on_open_visits(self):
        visit, billed = self._visit(), self._visit()
        (visit + billed).value_ids.value = "R-1"
        self._claim(billed)
        self._habit(kind="value", value_label="Case number")
        self.assertEqual(visit.value_ids.mapped("label"), ["Referral number", "Case number"])
        self.assertEqual(billed.value_ids.mapped("label"), ["Referral number"])
        with self.assertRaisesRegex(UserError, "asks for “Case number”"):
            visit.action_ready()

    def test_what_a_payer_wants_no_more_is_not_asked_on_open_visits(self):
        changes = {
            "given up": lambda habit: habit.unlink(),
            "archived": lambda habit: habit.write({"active": False}),
            "ended": lambda habit: habit.write({"date_to": "2026-03-04"}),
            "another payer's": lambda habit: habit.write({"payer_id": self._create_payer("Red Insurance").id}),
            "another kind": lambda habit: habit.write({"kind": "code", "use_code_id": self.blue_visit.id}),
        }
        for why, change in changes.items():
            with self.subTest(why):
                habit = self._habit(kind="value", value_label=f"Number: {why}")
                visit = self._visit()
                visit.value_ids[0].value = "R-1"
                self.env.flush_all()
                self.assertEqual(len(visit.value_ids), 2)
                change(habit)
                self.assertEqual(visit.value_ids.mapped("label"), ["Referral number"])

    def test_what_the_habit_says_by_now_counts_and_what_is_typed_stays(self):
        visit, typed = self._visit(), self._visit()
        typed.value_ids.value = "R-1"
        self.env.flush_all()
        self.referral.write({"value_missing": "warn", "note": "Letter of May", "value_default": "V-1"})
        self.assertEqual((visit + typed).value_ids.mapped("is_required"), [False, False])
        self.assertIn("(Letter of May)", visit.value_ids.reason)
        self.assertEqual((visit.value_ids.value, typed.value_ids.value), ("V-1", "R-1"))

    def test_insurance_found_later_brings_its_question(self):
        patient = self._create_patient("Late Larry")
        visit = self._visit(patient=patient)
        self.env.flush_all()
        self.assertFalse(visit.value_ids)
        coverage = self._create_coverage(patient, self.plan)
        self.assertEqual(visit.value_ids.label, "Referral number")
        self.env.flush_all()
        coverage.plan_id = self.plan_b
        self.assertFalse(visit.value_ids)

    def test_a_claim_asks_as_its_payer_does_whatever_the_visit_says(self):
        visit = self._visit()
        self.env.flush_all()
        visit.value_ids.is_required = False
        claim = self._claim(visit)
        with self.assertRaisesRegex(UserError, "asks for “Referral number” with C-2026"):
            claim.action_send()

    def test_a_claim_that_still_lacks_what_its_payer_needs_is_not_sent(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        visit = self._visit()
        visit.value_ids.value = "R-1"
        first = self._claim(visit)
        self._habit(kind="value", payer_id=self.payer_b.id, value_label="Claim number of the first payer")
        self._answer(first, 300.0, [(self.pr_1, 200.0)])
        second = visit.claim_ids - first
        self.assertEqual(second.missing_values, "Claim number of the first payer")
        with self.assertRaisesRegex(UserError, "Gold Insurance asks for “Claim number of the first payer” with C"):
            second.action_send()
        second.told_ids.filtered(lambda told: told.kind == "value").told = "C-1"
        second.action_send()
        self.assertEqual(second.state, "sent")

    def test_today_shows_the_claims_that_lack_a_value_and_counts_them_in_one_query(self):
        self.referral.value_missing = "warn"
        self._habit(kind="value", value_label="Case number", value_missing="warn")
        card = self.env.ref("billing_coordinator.worklist_claims_missing_value")
        there = card.record_count
        claims = self._claim() + self._claim() + self._claim()
        asked = claims.told_ids.filtered(lambda told: told.kind == "value")
        asked.filtered(lambda told: told.claim_id == claims[0]).value = "R-1"
        asked.filtered(lambda told: told.claim_id == claims[1]).value = "  "
        claims[2].action_send()
        card.invalidate_recordset()
        self.assertEqual(card.record_count, there + 1)
        found = self.env["billing.claim"].search(card.action_open()["domain"])
        self.assertEqual(found & claims, claims[1])
        claims.flush_recordset()
        card._read_figures()
        with self.assertQueryCount(1):
            self.assertEqual(card._read_figures()["count"], there + 1)
        claims[1]._set_state("denied")
        self.assertIn(claims[1], self.env["billing.claim"].search(card.action_open()["domain"]))
        claims[1].told_ids.filtered(lambda told: told.kind == "value").value = "R-2"
        self.assertNotIn(claims[1], self.env["billing.claim"].search(card.action_open()["domain"]))

    def test_what_is_known_is_filled_in(self):
        self._habit(kind="value", value_label="Provider number", value_kind="provider")
        self._habit(kind="value", value_label="Place", value_kind="place")
        self._habit(kind="value", value_label="Our number", value_default="OFFICE-9")
        visit = self._visit(place_id=self.video_place.id)
        self.assertEqual(
            {asked.label: asked.value for asked in visit.value_ids},
            {"Referral number": False, "Provider number": "1234567893", "Place": "X2", "Our number": "OFFICE-9"},
        )

    def test_only_for_the_services_days_and_payers_that_it_speaks_of(self):
        self.referral.write({"applies_to": "code", "code_from": "G0202", "date_from": "2026-02-01"})
        self.assertFalse(self._visit().value_ids)
        self.assertTrue(self._visit(self.scan).value_ids)
        self.assertFalse(self._visit(self.scan, date="2026-01-31").value_ids)
        self.assertFalse(self._visit(self.scan, is_self_pay=True).value_ids)

    def test_a_service_added_later_brings_its_question_and_what_is_typed_stays(self):
        self.referral.write({"applies_to": "code", "code_from": "G0202"})
        visit = self._visit()
        visit.line_ids = [Command.create({"product_id": self.scan.id})]
        self.assertEqual(visit.value_ids.label, "Referral number")
        visit.value_ids.value = "R-1"
        visit.line_ids.filtered(lambda line: line.product_id == self.scan).unlink()
        self.assertEqual(visit.value_ids.value, "R-1")
        visit.value_ids.value = False
        visit.line_ids = [Command.create({"product_id": self.service.id})]
        self.assertFalse(visit.value_ids)

    def test_on_the_screen_the_question_appears_with_the_service(self):
        form = Form(self.env["billing.encounter"])
        form.patient_id = self.patient
        form.date = "2026-03-05"
        with form.line_ids.new() as line:
            line.product_id = self.service
        self.assertEqual(len(form.value_ids), 1)
        with form.value_ids.edit(0) as asked:
            asked.value = "R-9"
        self.assertEqual(form.save().value_ids.mapped("value"), ["R-9"])

    def test_a_billed_visit_keeps_what_it_said(self):
        visit = self._visit()
        visit.value_ids.value = "R-1"
        self._claim(visit)
        with self.assertRaisesRegex(UserError, "is billed and can no longer be changed"):
            visit.value_ids.value = "R-2"
        self.referral.value_label = "Something else"
        self.env.invalidate_all()
        self.assertEqual(visit.value_ids.label, "Referral number")

    def test_many_visits_ask_in_the_same_number_of_queries(self):
        visits = self.env["billing.encounter"].concat(*(self._visit() for _number in range(12)))

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.browse(some.ids)._compute_value_ids()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(visits[:1])
        self.assertLessEqual(count(visits), count(visits[:2]) + 1)
