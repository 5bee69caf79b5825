import io
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AccuracyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccuracyCodes(AccuracyCase):
    """Codes, diagnoses, modifiers, and services among one another: what is wrong, in exact words."""

    def _name(self, visit):
        return f"{visit.name} Ana López"

    def test_a_visit_in_order_is_clean(self):
        self.assertClean(self._create_encounter())

    def test_a_service_without_code(self):
        visit = self._create_encounter()
        visit.line_ids.code_id = False
        self.assertFinds(visit, "code_missing", "stop", (
            f"“Office visit” of {self._name(visit)} has no procedure code, and Blue Plan pays by codes. Choose the "
            "code on the service."
        ))
        visit.is_self_pay = True
        self.assertFindsNot(visit, "code_missing")

    def test_a_code_not_valid_on_the_day(self):
        visit = self._create_encounter(date="2026-03-05")
        self.code.date_to = "2026-03-04"
        sentence = (
            f"OV-3 on “Office visit” of {self._name(visit)} was not valid on 03/05/2026. Choose the code that was in "
            "use on that day."
        )
        self.assertFinds(visit, "code_date", "stop", sentence)
        with self.assertRaisesRegex(UserError, "was not valid on 03/05/2026"):
            visit.action_ready()
        visit.date = "2026-03-04"
        self.assertFindsNot(visit, "code_date")

    def test_a_code_that_a_new_edition_of_its_list_has_ended(self):
        visit = self._create_encounter(date="2026-03-05")
        self.assertClean(visit)
        self.env["billing.code.import"]._load_file(
            io.BytesIO(b"code,name,kind\nOV-9,Long visit,procedure\n"), "services.csv", system=self.code.system_id,
            date_from=date(2026, 3, 5), is_complete=True, may_end=True,
        )
        self.assertEqual(self.code.date_to, date(2026, 3, 4))
        self.assertFinds(visit, "code_date", "stop", (
            f"OV-3 on “Office visit” of {self._name(visit)} was not valid on 03/05/2026. Choose the code that was in "
            "use on that day."
        ))

    def test_a_diagnosis_not_valid_on_the_day(self):
        visit = self._create_encounter()
        self.cold.date_from = "2026-03-06"
        self.assertFinds(visit, "code_date", "stop", (
            f"D-1 of {self._name(visit)} was not valid on 03/05/2026. Choose the code that was in use on that day."
        ))

    def test_a_heading_instead_of_a_code(self):
        visit = self._create_encounter()
        self.cold.is_billable = False
        self.assertFinds(visit, "code_header", "stop", (
            f"D-1 of {self._name(visit)} is a heading, under which the codes stand that claims may carry. Choose one "
            "of those."
        ))
        self.cold.is_billable = True
        self.assertClean(visit)

    def test_an_archived_code(self):
        visit = self._create_encounter()
        self.code.active = False
        self.assertFinds(visit, "code_archived", "warn", (
            f"OV-3 of {self._name(visit)} is archived in its list. Choose the code that is in use, or restore this one."
        ))

    def test_a_code_of_another_kind(self):
        visit = self._create_encounter()
        visit.line_ids.code_id = self.cold
        self.assertFinds(visit, "code_unknown", "stop", (
            f"D-1 of {self._name(visit)} stands where this belongs: Procedure. In its list it is this: Diagnosis. "
            "Choose another code."
        ))

    def test_a_list_that_the_payer_does_not_know(self):
        visit = self._create_encounter()
        self.plan.code_system_ids = self.env.ref("billing_coordinator.code_system_hcpcs")
        self.assertFinds(visit, "code_system", "stop", (
            f"Blue Plan does not know the list OWN, so it cannot read OV-3 on “Office visit” of {self._name(visit)}. "
            "Choose a code of HCPCS."
        ))
        self.plan.code_system_ids += self.own
        self.assertFindsNot(visit, "code_system")

    def test_no_diagnosis(self):
        visit = self._create_encounter(diagnosis_ids=[])
        self.assertFinds(visit, "diagnosis_missing", "stop", (
            f"{self._name(visit)} has no diagnosis, and Blue Insurance wants to know why something was done. Add the "
            "diagnosis."
        ))
        self.payer.payer_type = "employer"
        visit._check_accuracy()
        self.assertFindsNot(visit, "diagnosis_missing")

    def test_a_service_that_points_nowhere_or_everywhere(self):
        codes = self.cold + self.env["billing.code"].concat(
            *(self._create_code(f"D-{number}", "diagnosis") for number in range(2, 6))
        )
        visit = self._create_encounter(diagnosis_ids=[Command.create({"code_id": code.id}) for code in codes])
        self.assertFinds(visit, "pointer_missing", "note", (
            f"“Office visit” of {self._name(visit)} points to none of its diagnoses, so the first one, D-1, counts. "
            "Choose the one that explains it."
        ))
        visit.line_ids.diagnosis_ids = visit.diagnosis_ids
        self.assertFinds(visit, "pointer_many", "stop", (
            f"“Office visit” of {self._name(visit)} points to 5 diagnoses; a claim has room for 4. Keep the ones that "
            "explain it best."
        ))
        visit.line_ids.diagnosis_ids = visit.diagnosis_ids[1]
        self.assertClean(visit)

    def test_modifiers_with_a_gap(self):
        visit = self._create_encounter()
        visit.line_ids.modifier_2_id = self._create_code("ZZ", "modifier")
        self.assertFinds(visit, "modifier_gap", "warn", (
            f"The modifiers of “Office visit” of {self._name(visit)} leave an empty place between them. Move them to "
            "the front: payers read up to the first empty one."
        ))

    def test_a_modifier_that_is_not_valid(self):
        visit = self._create_encounter()
        visit.line_ids.modifier_1_id = self._create_code("ZZ", "modifier", date_to="2026-01-31")
        self.assertFinds(visit, "code_date", "stop", (
            f"ZZ on “Office visit” of {self._name(visit)} was not valid on 03/05/2026. Choose the code that was in use "
            "on that day."
        ))

    def test_a_modifier_that_a_rule_of_the_plan_wants(self):
        modifier = self._create_code("GP", "modifier")
        self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "applies_to": "code", "code_from": "OV-1", "code_to": "OV-9",
            "modifier_needed_ids": [Command.set(modifier.ids)],
        })
        visit = self._create_encounter()
        self.assertFinds(visit, "modifier_needed", "stop", (
            f"Blue Plan wants one of the modifiers GP on “Office visit” of {self._name(visit)}. Choose the one that "
            "is true."
        ))
        visit.line_ids.modifier_1_id = modifier
        self.assertClean(visit)
        with self.assertRaisesRegex(UserError, "GP.* cannot be deleted"):
            modifier.unlink()

    # === AMONG ONE ANOTHER === #

    def test_the_same_service_twice_in_a_visit(self):
        visit = self._create_encounter(services=[self.service, self.service])
        self.assertFinds(visit, "twice", "stop", (
            f"“Office visit” (OV-3) stands twice on {self._name(visit)}. Raise the units of one and remove the other, "
            "or add the modifier that tells them apart."
        ))
        visit.line_ids[1].modifier_1_id = self._create_code("76", "modifier")
        self.assertClean(visit)

    def test_the_same_service_in_another_visit_of_the_day(self):
        first, second = self._create_encounter(), self._create_encounter()
        self.assertFinds(second, "twice_elsewhere", "stop", (
            f"“Office visit” (OV-3) of {self._name(second)} stands on {self._name(first)} of 03/05/2026, too. Cancel "
            "the one that was recorded twice, or add the modifier that tells them apart."
        ))
        first.action_cancel()
        second._check_accuracy()
        self.assertClean(second)

    def _create_pair(self, **values):
        self.lab = self._create_service("Blood test", 40.0, billing_code_id=self._create_code("LAB-1").id)
        return self.env["billing.code.pair"].create({
            "system_id": self.own.id, "code_1": "OV-3", "code_2": "LAB-1", "date_from": "2026-01-01", **values,
        })

    def test_a_pair_that_excludes_each_other(self):
        self._create_pair()
        visit = self._create_encounter(services=[self.service, self.lab])
        self.assertFinds(visit, "pair", "stop", (
            f"OV-3 and LAB-1 of {self._name(visit)} exclude each other: the payer pays OV-3 only. No modifier changes "
            "that: remove LAB-1."
        ))
        visit.line_ids[1].unlink()
        self.assertClean(visit)

    def test_a_pair_that_a_modifier_takes_apart(self):
        self._create_pair(modifier_allowed=True)
        visit = self._create_encounter(services=[self.service, self.lab])
        self.assertFinds(visit, "pair_modifier", "stop", (
            f"OV-3 and LAB-1 of {self._name(visit)} exclude each other: the payer pays OV-3 only. If they were apart, "
            "add the modifier that says so, such as 59 or XS; else remove LAB-1."
        ))
        visit.line_ids[1].modifier_1_id = self._create_code("59", "modifier")
        self.assertClean(visit)

    def test_a_pair_across_two_visits_and_one_for_facilities(self):
        pair = self._create_pair()
        first = self._create_encounter()
        second = self._create_encounter(services=[self.lab])
        self.assertFinds(second, "pair", "stop", (
            f"OV-3 and LAB-1 on one day exclude each other, and {self._name(second)} and {self._name(first)} have "
            "both: the payer pays OV-3 only. No modifier changes that: remove LAB-1."
        ))
        pair.setting = "facility"
        second._check_accuracy()
        self.assertClean(second)

    def test_two_versions_of_a_code_that_are_both_wrong_are_pointed_out_once(self):
        old = self._create_code("D-2", "diagnosis", date_from="2020-01-01", date_to="2024-12-31")
        new = self._create_code("D-2", "diagnosis", date_from="2027-01-01")
        visit = self._create_encounter(diagnosis_ids=[
            Command.create({"code_id": code.id}) for code in (old, new)
        ])
        self.assertFinds(visit, "code_date", "stop", (
            f"D-2 of {self._name(visit)} was not valid on 03/05/2026. Choose the code that was in use on that day."
        ))

    def test_edits_that_were_loaded_as_they_are_published_speak_of_cpt_codes(self):
        cpt = self.env.ref("billing_coordinator.code_system_cpt")
        for name, content in (
            ("ccipra-2026q1.txt", "Column 1\tColumn 2\t*\tEffective Date\tDeletion Date\tModifier\tRationale\n"
                                  "99213\t36415\t\t20260101\t*\t0\tMisuse of column two code\n"),
            ("MUE_2026Q1.csv", "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE "
                               "Rationale\n36415,2,3 Date of Service Edit: Clinical,Data\n"),
        ):
            self.env["billing.code.import"]._load_file(io.BytesIO(content.encode()), name, may_end=True)
        visit_code, blood_code = (self._create_code(code, system_id=cpt.id) for code in ("99213", "36415"))
        self.service.billing_code_id = visit_code
        blood = self._create_service("Blood draw", 20.0, billing_code_id=blood_code.id)
        visit = self._create_encounter(services=[self.service, blood])
        visit.line_ids[1].quantity = 3.0
        self.assertFinds(visit, "pair", "stop", (
            f"99213 and 36415 of {self._name(visit)} exclude each other: the payer pays 99213 only. No modifier "
            "changes that: remove 36415."
        ))
        self.assertFinds(visit, "units_day", "stop", (
            f"3 units of 36415 were rendered on the day of {self._name(visit)}; payers accept 2 on a day. Correct the "
            "units of “Blood draw”."
        ))

    def test_a_ceiling_that_was_followed_by_another_one(self):
        for date_from, units in (("2020-01-01", 1), ("2026-01-01", 10)):
            self.env["billing.code.ceiling"].create({
                "system_id": self.own.id, "code": "OV-3", "units": units, "per": "line", "date_from": date_from,
            })
        visit = self._create_encounter()
        visit.line_ids.quantity = 10.0
        self.assertClean(visit)
        visit.line_ids.quantity = 20.0
        self.assertFinds(visit, "units_line", "stop", (
            f"“Office visit” of {self._name(visit)} has 20 units of OV-3; payers accept 10 in a line. Correct the "
            "units."
        ))

    def test_units_above_the_ceiling(self):
        ceiling = self.env["billing.code.ceiling"].create({
            "system_id": self.own.id, "code": "OV-3", "units": 2, "per": "line",
        })
        visit = self._create_encounter()
        visit.line_ids.quantity = 2.5
        self.assertFinds(visit, "units_line", "stop", (
            f"“Office visit” of {self._name(visit)} has 2.5 units of OV-3; payers accept 2 in a line. Correct the "
            "units."
        ))
        ceiling.per = "day"
        visit._check_accuracy()
        self.assertFinds(visit, "units_day", "stop", (
            f"2.5 units of OV-3 were rendered on the day of {self._name(visit)}; payers accept 2 on a day. Correct the "
            "units of “Office visit”."
        ))
        visit.line_ids.quantity = 2
        self.assertClean(visit)
