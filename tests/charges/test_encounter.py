from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestEncounter(BillingCase):
    """Recording a visit: what it needs, what it costs, and that it stays what it was once billed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.env.ref("billing_coordinator.code_system_own")
        cls.code = cls._create_code("OV-3", "procedure")

    @classmethod
    def _create_code(cls, code, kind, **values):
        return cls.env["billing.code"].create({
            "system_id": cls.own.id, "code": code, "name": f"Name of {code}", "kind": kind, **values,
        })

    def test_a_visit_gets_a_number_of_its_year(self):
        encounter = self._create_encounter(date="2026-03-05")
        self.assertRegex(encounter.name, r"^V-2026-\d{5}$")

    def test_a_service_brings_its_code_words_and_price(self):
        self.service.billing_code_id = self.code
        line = self._create_encounter().line_ids
        self.assertEqual((line.code_id, line.name, line.price_unit, line.amount),
                         (self.code, "Office visit", 500.0, 500.0))

    def test_the_price_comes_from_the_price_list_of_the_plan_billed_first(self):
        self.plan.pricelist_id = self.env["product.pricelist"].create({
            "name": "Blue contract",
            "currency_id": self.company.currency_id.id,
            "item_ids": [Command.create({
                "applied_on": "1_product",
                "product_tmpl_id": self.service.product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": 420.0,
            })],
        })
        self.assertEqual(self._create_encounter().amount_total, 420.0)
        self.assertEqual(self._create_encounter(is_self_pay=True).amount_total, 500.0)
        self.assertEqual(self._create_encounter(date="2025-12-31").amount_total, 500.0, "not insured yet")

    def test_the_coverage_in_force_on_the_day_is_billed_by_rank(self):
        self.coverage.date_to = "2026-06-30"
        secondary = self._create_coverage(self.patient, self.plan_b, rank="2")
        self.assertEqual(self._create_encounter().coverage_ids, self.coverage + secondary)
        self.assertEqual(self._create_encounter(date="2026-07-01").coverage_ids, secondary)

    def test_unbilled_work_is_visible_until_it_is_billed(self):
        encounter = self._create_encounter()
        self.assertEqual(encounter.amount_unbilled, 500.0)
        self._bill(encounter)
        self.assertEqual((encounter.state, encounter.amount_unbilled), ("billed", 0.0))

    def test_diagnoses_are_lettered_in_their_order(self):
        codes = [self._create_code(f"D{number}", "diagnosis") for number in range(3)]
        encounter = self._create_encounter(diagnosis_ids=[
            Command.create({"code_id": code.id, "sequence": 30 - index}) for index, code in enumerate(codes)
        ])
        letters = {diagnosis.code_id.code: diagnosis.letter for diagnosis in encounter.diagnosis_ids}
        self.assertEqual(letters, {"D2": "A", "D1": "B", "D0": "C"})

    def test_a_claim_has_room_for_twelve_diagnoses(self):
        codes = [self._create_code(f"D{number}", "diagnosis") for number in range(13)]
        with self.assertRaisesRegex(ValidationError, "has 13 diagnoses; a claim has room for 12"):
            self._create_encounter(diagnosis_ids=[Command.create({"code_id": code.id}) for code in codes])

    def test_modifiers_keep_the_order_in_which_they_were_chosen(self):
        late, early = self._create_code("ZZ", "modifier"), self._create_code("AA", "modifier")
        line = self._create_encounter().line_ids
        line.write({"modifier_1_id": late.id, "modifier_2_id": early.id})
        self.assertEqual(line.modifier_codes, "ZZ AA")
        with self.assertRaisesRegex(ValidationError, "name one modifier twice"):
            line.modifier_3_id = late

    def test_a_code_that_was_not_valid_on_the_day_is_refused(self):
        self.code.write({"date_from": "2026-04-01"})
        self.service.billing_code_id = self.code
        encounter = self._create_encounter()
        with self.assertRaisesRegex(UserError, "was not valid on 03/05/2026"):
            encounter.action_ready()
        self.assertEqual(encounter.state, "draft")

    def test_a_visit_needs_services_and_an_amount(self):
        empty = self.env["billing.encounter"].create({"patient_id": self.patient.id, "date": "2026-03-05"})
        with self.assertRaisesRegex(UserError, "has no services. Add a line for what was done"):
            empty.action_ready()
        free = self._create_encounter(services=[(self.service, 0.0)])
        with self.assertRaisesRegex(UserError, "there is nothing to bill"):
            free.action_ready()

    def test_a_service_still_to_come_cannot_be_billed(self):
        with self.assertRaisesRegex(UserError, "is dated 03/17/2026, which is still to come"):
            self._create_encounter(date="2026-03-17").action_ready()

    def test_a_billed_visit_stays_what_it_was(self):
        encounter = self._bill().encounter_id
        for change in (
            lambda: encounter.write({"date": "2026-03-01"}),
            lambda: encounter.line_ids.write({"price_unit": 1.0}),
            lambda: encounter.line_ids.unlink(),
            lambda: encounter.write({"line_ids": [Command.create({"product_id": self.service.id})]}),
        ):
            with self.assertRaisesRegex(UserError, "can no longer be changed. Undo its billing first"):
                change()
        encounter.notes = "A note is always possible."

    def test_nothing_is_moved_onto_a_billed_visit(self):
        system = self.env["billing.code.system"].create({"name": "Test codes", "code": "TESTCODES"})
        code = self.env["billing.code"].create({
            "system_id": system.id, "code": "M54", "name": "Back pain", "kind": "diagnosis",
        })
        billed, draft = self._bill().encounter_id, self._create_encounter()
        draft.diagnosis_ids = [Command.create({"code_id": code.id})]
        for part in (draft.line_ids, draft.diagnosis_ids):
            with self.assertRaisesRegex(UserError, f"{billed.name} .* is billed"), self.cr.savepoint():
                part.encounter_id = billed

    def test_a_state_is_never_typed_over(self):
        encounter = self._create_encounter()
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            encounter.state = "billed"
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            self._create_encounter(state="billed")

    def test_the_price_of_a_visit_to_bill_does_not_change_with_the_list(self):
        encounter = self._create_encounter()
        encounter.action_ready()
        self.service.list_price = 700.0
        self.assertEqual(encounter.amount_total, 500.0)

    def test_undoing_the_billing_makes_the_visit_billable_again(self):
        invoice = self._bill()
        encounter = invoice.encounter_id
        encounter.action_unbill()
        self.assertEqual((encounter.state, invoice.payment_state), ("ready", "reversed"))
        self.assertEqual(invoice.claim_ids.state, "void")
        again = encounter._bill()
        self.assertEqual(again.claim_ids.state, "ready")
        self.assertEqual(self._owed(self.payer), 500.0)
        self.assertConserved()

    def test_choosing_the_coverage_of_many_visits_takes_one_search(self):
        encounters = self.env["billing.encounter"].concat(*(self._create_encounter() for _number in range(12)))
        self.env.flush_all()

        def count(records):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.mapped("coverage_ids")
            return self.cr.sql_log_count - before

        count(encounters[:1])
        self.assertEqual(count(encounters[:2]), count(encounters))
