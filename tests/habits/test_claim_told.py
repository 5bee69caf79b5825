from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import HabitCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimTold(HabitCase):
    """What a payer is told of a visit when the claim is made, and that it stays what it was told."""

    # === CODES === #

    def test_without_habits_the_payer_is_told_what_the_visit_says(self):
        claim = self._claim()
        self.assertEqual(self._told(claim), [("G0463", "G0463")])
        self.assertEqual(self._told(claim, "diagnosis"), [("J06.9X", "J06.9X")])
        self.assertEqual((claim.told_differently, claim.told_ids.mapped("why")), (0, [False, False]))

    def test_another_code_is_told_and_visit_and_invoice_keep_their_own(self):
        self._habit(applies_to="code", code_from="g0463", note="Manual, page 12", date_from="2026-01-01")
        claim = self._claim()
        told = claim.told_ids.filtered(lambda told: told.kind == "service")
        self.assertEqual(self._told(claim), [("G0463", "B100")])
        self.assertEqual(told.why, "Blue Insurance wants B100 instead since 01/01/2026 (Manual, page 12)")
        self.assertEqual(claim.told_differently, 1)
        self.assertEqual(claim.encounter_id.line_ids.code_id, self.visit_code)
        self.assertEqual(claim.invoice_id.invoice_line_ids.billing_code_id, self.visit_code)

    def test_the_most_specific_habit_on_the_day_of_service_counts(self):
        self._habit()
        self._habit(
            applies_to="code", code_from="G0463", use_code_id=self.other_visit.id, date_from="2026-03-01",
            date_to="2026-03-08",
        )
        for date, code in (
            ("2026-02-28", "B100"), ("2026-03-01", "B200"), ("2026-03-08", "B200"), ("2026-03-09", "B100"),
        ):
            self.assertEqual(self._told(self._claim(date=date)), [("G0463", code)])
        self._habit(plan_id=self.plan.id, use_code_id=self.visit_code.id)
        self.assertEqual(self._told(self._claim()), [("G0463", "G0463")], "the plan itself wants the usual one")

    def test_another_payer_another_company_and_archived_habits_do_not_count(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._habit(payer_id=self.payer_b.id)
        self._habit(company_id=other.id)
        self._habit(active=False)
        self._habit(applies_to="product", product_id=self.scan.id)
        self.assertEqual(self._told(self._claim()), [("G0463", "G0463")])

    def test_a_habit_for_one_place_counts_there(self):
        self._habit(place_id=self.video_place.id)
        self.assertEqual(self._told(self._claim()), [("G0463", "G0463")])
        self.assertEqual(self._told(self._claim(place_id=self.video_place.id)), [("G0463", "B100")])

    def test_a_code_that_has_ended_is_not_told(self):
        self.blue_visit.date_to = "2025-12-31"
        self._habit()
        claim = self._claim()
        self.assertEqual(self._told(claim), [("G0463", "G0463")])
        self.assertIn("B100, which the payer wants instead, was not valid", claim.told_ids[0].why)

    def test_a_diagnosis_is_told_by_another_code(self):
        allergy = self._create_code("T78.4X", "diagnosis")
        self._habit(subject="diagnosis", applies_to="code", code_from="J06.9X", use_code_id=allergy.id)
        claim = self._claim()
        self.assertEqual(self._told(claim, "diagnosis"), [("J06.9X", "T78.4X")])
        self.assertEqual(self._told(claim), [("G0463", "G0463")])

    # === LISTS === #

    def test_the_code_that_the_service_has_in_the_payers_list_is_told(self):
        self.service.product_tmpl_id.billing_other_code_ids = [Command.create({"code_id": self.blue_visit.id})]
        self._habit(kind="system", use_system_id=self.blue.id)
        self.assertEqual(self._told(self._claim()), [("G0463", "B100")])

    def _crosswalk(self, code_to, **values):
        return self.env["billing.code.crosswalk"].create({
            "system_from_id": self.hcpcs.id, "code_from": "G0463", "system_to_id": self.blue.id, "code_to": code_to,
            **values,
        })

    def test_else_the_only_one_that_the_crosswalk_names(self):
        self._habit(kind="system", use_system_id=self.blue.id)
        claim = self._claim()
        self.assertEqual(self._told(claim), [("G0463", "G0463")])
        self.assertIn("no single code of that list is known for G0463", claim.told_ids[0].why)
        self._crosswalk("B100")
        self.assertEqual(self._told(self._claim()), [("G0463", "B100")])
        self._crosswalk("B200")
        self.assertEqual(self._told(self._claim()), [("G0463", "G0463")], "a person has to choose")

    def test_what_only_several_codes_together_say_is_not_told(self):
        self._habit(kind="system", use_system_id=self.blue.id)
        self._crosswalk("B100", is_combination=True, scenario=1)
        self.assertEqual(self._told(self._claim()), [("G0463", "G0463")])

    def test_diagnoses_are_told_in_the_list_that_the_payer_wants(self):
        icd9 = self.env.ref("billing_coordinator.code_system_icd9cm")
        self._create_code("465.9X", "diagnosis", icd9)
        self.env["billing.code.crosswalk"].create({
            "system_from_id": self.icd.id, "code_from": "J06.9X", "system_to_id": icd9.id, "code_to": "4659X",
        })
        self._habit(kind="system", subject="diagnosis", use_system_id=icd9.id)
        self.assertEqual(self._told(self._claim(), "diagnosis"), [("J06.9X", "465.9X")])

    def test_a_plan_is_told_the_code_of_a_list_that_it_understands(self):
        self.plan.code_system_ids = self.blue
        with self.assertRaisesRegex(UserError, "Blue Plan does not know the list HCPCS"):
            self._claim()
        self.service.product_tmpl_id.billing_other_code_ids = [Command.create({"code_id": self.blue_visit.id})]
        claim = self._claim()
        self.assertEqual(self._told(claim), [("G0463", "B100")])
        self.assertEqual(claim.told_ids[0].why, "Blue Plan understands codes of Blue's own list")

    # === MODIFIERS === #

    def test_modifiers_are_told_as_the_payer_wants_them(self):
        self._habit(kind="modifier", modifier_action="replace", modifier_id=self.mod_tc.id,
                    use_modifier_id=self.mod_26.id)
        self._habit(kind="modifier", modifier_action="first", use_modifier_id=self.mod_25.id)
        visit = self._visit()
        visit.line_ids.modifier_1_id = self.mod_tc
        claim = self._claim(visit)
        self.assertEqual(self._told(claim), [("G0463 XC", "G0463 X5 X6")])
        self.assertEqual(claim.invoice_id.invoice_line_ids.billing_modifiers, "XC")
        self.assertIn("modifier X6 instead of XC", claim.told_ids[0].why)
        self.assertEqual(self._told(self._claim()), [("G0463", "G0463 X5")])

    def test_a_fifth_modifier_is_left_out_and_the_claim_says_so(self):
        self._habit(kind="modifier", modifier_action="first", use_modifier_id=self.mod_25.id)
        visit = self._visit()
        system = self.mod_25.system_id
        four = [self._create_code(code, "modifier", system) for code in ("Y1", "Y2", "Y3", "Y4")]
        for number, modifier in enumerate(four, start=1):
            visit.line_ids[f"modifier_{number}_id"] = modifier
        claim = self._claim(visit)
        self.assertEqual(self._told(claim), [("G0463 Y1 Y2 Y3 Y4", "G0463 Y1 Y2 Y3 Y4")])
        self.assertEqual(
            claim.told_ids[0].why,
            "Blue Insurance wants modifier X5 in front, but a claim has no room for a fifth modifier: X5 is left out",
        )

    # === WHAT WAS TOLD STAYS === #

    def test_changed_habits_never_touch_claims_made_before(self):
        habit = self._habit()
        claim = self._claim()
        before = claim.told_ids.read(["said", "told", "why"])
        habit.use_code_id = self.other_visit
        habit.note = "another reason"
        self.assertEqual(claim.told_ids.read(["said", "told", "why"]), before)
        habit.unlink()
        self.env.invalidate_all()
        self.assertEqual(claim.told_ids.read(["said", "told", "why"]), before)
        claim.encounter_id.action_unbill()
        again = claim.encounter_id._bill().claim_ids
        self.assertEqual(self._told(again), [("G0463", "G0463")])
        self.assertEqual(self._told(claim), [("G0463", "B100")])

    def test_a_habit_speaks_of_what_the_visit_says_never_of_what_another_one_made_of_it(self):
        for said, told in (("G0463", self.blue_visit), ("B100", self.other_visit), ("B200", self.visit_code)):
            self._habit(applies_to="code", code_from=said, use_code_id=told.id)
        self.assertEqual(self._told(self._claim()), [("G0463", "B100")])

    def test_of_habits_whose_days_overlap_the_later_one_counts(self):
        self._habit(applies_to="code", code_from="G0463", date_from="2026-01-01", date_to="2026-12-31")
        self._habit(
            applies_to="code", code_from="G0463", date_from="2026-03-01", date_to="2026-03-31",
            use_code_id=self.other_visit.id,
        )
        told = {day: self._told(self._claim(date=day)) for day in ("2026-02-28", "2026-03-01", "2026-03-05")}
        self.assertEqual([pairs[0][1] for pairs in told.values()], ["B100", "B200", "B200"])

    def test_what_was_told_is_not_typed_over(self):
        claim = self._claim()
        for values in ({"told": "X"}, {"value": "X"}, {"modifiers": "X"}, {"why": "X"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "cannot be typed over"):
                claim.told_ids[0].write(values)
        reader = new_test_user(self.env, "told_reader", groups="billing_coordinator.group_readonly")
        with self.assertRaises(AccessError):
            claim.told_ids.with_user(reader)[0].value = "X"
        for operation in ("create", "unlink"):
            self.assertFalse(claim.told_ids.has_access(operation))

    def test_the_next_payer_is_told_after_its_own_habits(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        self._habit(payer_id=self.payer_b.id)
        first = self._claim()
        self._answer(first, 300.0, [(self.pr_1, 200.0)])
        second = first.encounter_id.claim_ids - first
        self.assertEqual((self._told(first), self._told(second)), ([("G0463", "G0463")], [("G0463", "B100")]))

    def test_the_claim_form_prints_what_the_payer_is_told(self):
        from ..reports.common import PaperCase

        self._habit()
        self._habit(kind="modifier", use_modifier_id=self.mod_25.id)
        self._habit(kind="value", value_label="Referral number", value_default="R-77")
        text = PaperCase._read(self, "billing_coordinator.action_report_claim", self._claim())
        self.assertIn("B100 X5 Office visit A 1.00", text)
        self.assertIn("Referral number R-77", text)
        self.assertNotIn("G0463", text)

    def test_many_claims_are_told_in_the_same_number_of_queries(self):
        self._habit()
        self._habit(kind="system", subject="diagnosis", use_system_id=self.blue.id)
        claims = self.env["billing.claim"].browse(
            self.env["billing.claim"].concat(*(self._claim() for _number in range(12))).ids,
        )

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._tell()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(claims[:1])
        self.assertLessEqual(count(claims), count(claims[:2]) + 2)
