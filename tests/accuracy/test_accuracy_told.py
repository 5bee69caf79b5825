from odoo.fields import Command

from .common import AccuracyCase


class TestAccuracyTold(AccuracyCase):
    """What a payer wants to be told instead decides whether it would pay, on the visit, the estimate and the claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blue = cls.env["billing.code.system"].create({"name": "Blue's own list", "code": "BLUE"})
        cls.blue_visit = cls._create_code("B100", system_id=cls.blue.id)
        cls.blue_lab = cls._create_code("B200", system_id=cls.blue.id)
        cls.lab = cls._create_service("Blood test", 40.0, billing_code_id=cls._create_code("LAB-1").id)

    def _habit(self, **values):
        values.setdefault("payer_id", self.payer.id)
        return self.env["billing.payer.habit"].create({"applies_to": "all", **values})

    def _name(self, visit):
        return visit.display_name

    def test_a_habit_that_translates_a_list_mends_the_visit_and_a_habit_that_ends_does_not(self):
        visit = self._create_encounter()
        self.plan.code_system_ids = self.blue
        self.assertFinds(visit, "code_system", "stop", (
            f"Blue Plan does not know the list OWN, so it cannot read OV-3 on “Office visit” of {self._name(visit)}. "
            "Choose a code of BLUE."
        ))
        habit = self._habit(kind="code", use_code_id=self.blue_visit.id)
        self.assertClean(visit)
        habit.date_to = "2026-03-04"
        self.assertIn("code_system", self._findings(visit))
        habit.date_to = False
        self.assertClean(visit)
        habit.unlink()
        self.assertIn("code_system", self._findings(visit))

    def test_the_code_that_a_service_has_in_the_list_of_the_plan_is_enough(self):
        self.plan.code_system_ids = self.blue
        self.service.product_tmpl_id.billing_other_code_ids = [Command.create({"code_id": self.blue_visit.id})]
        visit = self._create_encounter()
        self.assertClean(visit)
        claim = self._bill(visit).claim_ids
        self.assertClean(claim)
        self.assertEqual(claim.told_ids.filtered(lambda told: told.kind == "service").told, "B100")

    def test_a_code_that_becomes_a_heading_is_not_told_without_a_word(self):
        self._habit(kind="code", use_code_id=self.blue_visit.id)
        visit = self._create_encounter()
        self.blue_visit.is_billable = False
        visit._check_accuracy()
        self.assertIn("code_header", self._findings(visit))

    def test_a_modifier_that_the_payer_is_told_anyway_need_not_be_typed(self):
        modifier = self._create_code("GP", "modifier")
        self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "applies_to": "code", "code_from": "OV-3",
            "modifier_needed_ids": [Command.set(modifier.ids)],
        })
        visit = self._create_encounter()
        self.assertIn("modifier_needed", self._findings(visit))
        self._habit(kind="modifier", modifier_action="add", use_modifier_id=modifier.id)
        self.assertClean(visit)
        self.assertClean(self._bill(visit).claim_ids)

    def test_pairs_and_ceilings_are_those_of_the_codes_that_the_payer_reads(self):
        self.env["billing.code.pair"].create({
            "system_id": self.blue.id, "code_1": "B100", "code_2": "B200", "modifier_allowed": True,
        })
        self.env["billing.code.ceiling"].create({"system_id": self.blue.id, "code": "B100", "units": 1, "per": "line"})
        visit = self._create_encounter(services=[self.service, self.lab])
        visit.line_ids[0].quantity = 2
        self.assertClean(visit)
        self._habit(kind="code", applies_to="code", code_from="OV-3", use_code_id=self.blue_visit.id)
        self._habit(kind="code", applies_to="code", code_from="LAB-1", use_code_id=self.blue_lab.id)
        self.assertFinds(visit, "pair_modifier", "stop", (
            f"OV-3 → B100 and LAB-1 → B200 of {self._name(visit)} exclude each other: the payer pays OV-3 → B100 only. "
            "If they were apart, add the modifier that says so, such as 59 or XS; else remove LAB-1 → B200."
        ))
        self.assertFinds(visit, "units_line", "stop", (
            f"“Office visit” of {self._name(visit)} has 2 units of OV-3 → B100; payers accept 1 in a line. Correct the "
            "units."
        ))
        apart = self._create_code("59", "modifier")
        self._habit(
            kind="modifier", modifier_action="add", applies_to="code", code_from="LAB-1", use_modifier_id=apart.id,
        )
        self.assertNotIn("pair_modifier", self._findings(visit))

    def test_a_pair_across_two_visits_is_seen_when_one_of_them_is_looked_at_alone(self):
        self.env["billing.code.pair"].create({"system_id": self.own.id, "code_1": "OV-3", "code_2": "LAB-1"})
        self._create_encounter()
        self.env.flush_all()
        second = self._create_encounter(services=[self.lab])
        self.env.flush_all()
        second._check_accuracy()
        self.assertIn("pair", self._findings(second))

    def test_two_services_that_the_payer_reads_as_one_are_one_twice(self):
        visit = self._create_encounter(services=[self.service, self.lab])
        self.assertClean(visit)
        habit = self._habit(kind="code", use_code_id=self.blue_visit.id)
        self.assertFinds(visit, "twice", "stop", (
            f"“Blood test” (LAB-1 → B100) stands twice on {self._name(visit)}. Raise the units of one and remove the "
            "other, or add the modifier that tells them apart."
        ))
        habit.write({"applies_to": "code", "code_from": "LAB-1"})
        self.assertClean(visit)

    def test_what_the_payer_reads_of_two_visits_of_a_day_is_compared(self):
        self._habit(kind="code", applies_to="code", code_from="OV-3", use_code_id=self.blue_visit.id)
        self._habit(kind="code", applies_to="code", code_from="LAB-1", use_code_id=self.blue_lab.id)
        self.env["billing.code.pair"].create({"system_id": self.blue.id, "code_1": "B100", "code_2": "B200"})
        self.env["billing.code.ceiling"].create({"system_id": self.blue.id, "code": "B200", "units": 3, "per": "day"})
        first, second = self._create_encounter(services=[self.lab]), self._create_encounter(services=[self.lab])
        (first + second).line_ids.quantity = 2
        self.assertFinds(second, "units_day", "stop", (
            f"4 units of LAB-1 → B200 were rendered on the day of {self._name(second)}; payers accept 3 on a day. "
            "Correct the units of “Blood test”."
        ))
        second.action_cancel()
        third = self._create_encounter()
        self.assertFinds(third, "pair", "stop", (
            f"OV-3 → B100 and LAB-1 → B200 on one day exclude each other, and {self._name(third)} and "
            f"{self._name(first)} have both: the payer pays OV-3 → B100 only. No modifier changes that: remove "
            "LAB-1 → B200."
        ))

    def test_many_visits_are_asked_about_habits_in_the_same_number_of_queries(self):
        self._habit(kind="code", applies_to="code", code_from="OV-3", use_code_id=self.blue_visit.id)
        self._habit(kind="system", use_system_id=self.blue.id)
        visits = self.env["billing.encounter"].concat(*(
            self._create_encounter(date=f"2026-03-{day:02d}") for day in range(1, 25)
        ))

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._check_accuracy()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(visits[:1])
        self.assertLessEqual(count(visits), count(visits[:3]) + 3)
