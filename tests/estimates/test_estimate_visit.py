from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import EstimateCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestEstimateVisit(EstimateCase):
    """An accepted estimate becomes a visit, and its bill is compared with what the patient was told."""

    def _make_visit(self, estimate=None, **values):
        """The visit of an accepted estimate for today, to be billed."""
        values = {"date": TODAY, **values}
        return self._hand_over(estimate, accept=True, **({} if estimate else values))._make_visits()

    def test_everything_is_taken_over(self):
        estimate = self._create_estimate(services=[(self.service, 450.0), self.scan])
        modifier = self._create_code("26", "Reading only", "modifier")
        estimate.line_ids[1].write({"modifier_1_id": modifier.id, "quantity": 2, "discount": 10.0})
        visit = self._make_visit(estimate)
        self.assertEqual((estimate.state, estimate.encounter_ids, visit.estimate_id), ("done", visit, estimate))
        self.assertEqual(
            (visit.state, visit.patient_id, str(visit.date), visit.provider_id),
            ("draft", self.patient, "2026-04-15", self.provider),
        )
        self.assertEqual(visit.diagnosis_ids.code_id, self.diagnosis)
        self.assertEqual(
            [(line.product_id, line.code_id.code, line.modifier_codes, line.quantity, line.price_unit, line.amount)
             for line in visit.line_ids],
            [(self.service, "V213", "", 1.0, 450.0, 450.0), (self.scan, "S700", "26", 2.0, 900.0, 1620.0)],
        )

    def test_each_provider_gets_a_visit(self):
        radiologist = self.env["res.partner"].create({"name": "Dr. Ray", "is_provider": True})
        estimate = self._create_estimate(services=[self.service, self.scan])
        estimate.line_ids[1].provider_id = radiologist
        visits = self._make_visit(estimate)
        self.assertEqual(
            {visit.provider_id: visit.line_ids.product_id for visit in visits},
            {self.provider: self.service, radiologist: self.scan},
        )
        self.assertEqual([estimate._get_expected_of(visit) for visit in visits], [260.0, 180.0])

    def test_once_only(self):
        estimate = self._hand_over(accept=True)
        estimate.action_make_visit()
        with self.assertRaisesRegex(UserError, "is “Visit made” and cannot become “Visit made”"):
            estimate.action_make_visit()
        self.assertEqual(estimate.encounter_count, 1)

    def test_a_draft_or_declined_one_is_no_visit(self):
        estimate = self._create_estimate()
        with self.assertRaisesRegex(UserError, "cannot become “Visit made”"):
            estimate.action_make_visit()
        self._hand_over(estimate).action_decline()
        with self.assertRaisesRegex(UserError, "cannot become “Visit made”"):
            estimate.action_make_visit()

    def test_a_closed_account_gets_no_visit_out_of_an_old_estimate(self):
        sent, accepted = self._hand_over(), self._hand_over(accept=True)
        self.patient.action_billing_submit()
        self.patient._billing_move("closed", "Moved away")
        for action in (sent.action_accept, accepted.action_make_visit, self._create_estimate().action_print):
            with self.assertRaisesRegex(UserError, "E-2026-.* cannot go on: Ana López is closed"):
                action()
        sent.action_decline()
        self.assertEqual(sent.state, "declined")

    def test_a_deleted_visit_gives_the_estimate_back(self):
        visit = self._make_visit()
        estimate = visit.estimate_id
        visit.unlink()
        self.assertEqual(estimate.state, "accepted")
        self.assertTrue(estimate._make_visits())

    # === COMPARED WITH THE BILL === #

    def test_a_bill_near_the_estimate_says_nothing(self):
        visit = self._make_visit(patient=self.self_payer)
        visit.line_ids.price_unit = 899.99
        self.assertEqual((visit.estimate_level, visit.estimate_notice), ("none", False))

    def test_four_hundred_dollars_above_raise_the_flag_before_anything_is_billed(self):
        visit = self._make_visit(patient=self.self_payer)
        visit.line_ids.price_unit = 900.0
        estimate = visit.estimate_id
        sentence = (
            f"The patient's part is $\xa0900.00, $\xa0400.00 more than the $\xa0500.00 of good-faith estimate "
            f"{estimate.name}. They may dispute such a bill for 120 days: talk to them before it goes out."
        )
        self.assertEqual((visit.estimate_level, visit.estimate_notice), ("warning", sentence))
        wizard = self.env["billing.bill.wizard"].create({"encounter_ids": [Command.set(visit.ids)]})
        self.assertEqual(wizard.estimate_notice, f"{visit.display_name}: {sentence}")

    def test_the_threshold_is_a_setting(self):
        visit = self._make_visit(patient=self.self_payer)
        visit.line_ids.price_unit = 600.0
        self.company.billing_estimate_threshold = 100.0
        visit.invalidate_recordset(["estimate_level"])
        self.assertEqual(visit.estimate_level, "warning")
        self.company.billing_estimate_threshold = 0.0
        visit.invalidate_recordset(["estimate_level"])
        self.assertEqual(visit.estimate_level, "none")

    def test_insurance_that_is_gone_is_told_for_information(self):
        visit = self._make_visit(services=[self.scan])
        self.assertEqual(visit.estimate_level, "none")
        visit.is_self_pay = True
        self.assertEqual(visit.estimate_level, "info")
        self.assertEqual(
            visit.estimate_notice,
            f"The patient's part is $\xa0900.00, $\xa0560.00 more than the $\xa0340.00 of estimate "
            f"{visit.estimate_id.name}. Explain it before the bill goes out.",
        )

    def test_the_threshold_holds_for_each_provider(self):
        radiologist = self.env["res.partner"].create({"name": "Dr. Ray", "is_provider": True})
        estimate = self._create_estimate(patient=self.self_payer, services=[self.service, self.scan], date=TODAY)
        estimate.line_ids[1].provider_id = radiologist
        visits = self._make_visit(estimate)
        visits.line_ids.filtered(lambda line: line.product_id == self.service).price_unit = 750.0
        visits.line_ids.filtered(lambda line: line.product_id == self.scan).price_unit = 1300.0
        self.assertEqual(visits.mapped("estimate_level"), ["none", "warning"])


@tagged("post_install", "-at_install")
class TestEstimateTwoSessions(TransactionCase):
    """Two people press “Make the visit” at the same moment: one visit. Sessions are real database cursors."""

    def setUp(self):
        super().setUp()
        with self._session() as env:
            patient = env["res.partner"].create({"name": "Ana López", "is_billing_account": True})
            product = env["product.product"].create({"name": "Office visit", "type": "service", "list_price": 500.0})
            estimate = env["billing.estimate"].create({
                "patient_id": patient.id, "date": fields.Date.today(),
                "line_ids": [Command.create({"product_id": product.id, "tax_ids": [Command.clear()]})],
            })
            estimate.action_print()
            self.estimate_id = estimate.id
            shared = [(record._name, record.id) for record in (estimate, product, patient)]
            env.cr.commit()
        self.addCleanup(self._delete, shared)

    @contextmanager
    def _session(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete(self, shared):
        with self._session() as env:
            estimate = env["billing.estimate"].browse(self.estimate_id)
            estimate.encounter_ids.unlink()
            env.cr.execute("UPDATE billing_estimate SET date_sent = NULL WHERE id = %s", [estimate.id])
            for model, record_id in shared:
                env[model].browse(record_id).unlink()
            env.cr.commit()

    def test_a_visit_is_not_made_by_two_at_once(self):
        with self._session() as first, self._session() as second:
            first["billing.estimate"].browse(self.estimate_id)._make_visits()
            late = second["billing.estimate"].browse(self.estimate_id)
            with self.assertRaisesRegex(UserError, f"Somebody else is working on {late.name} Ana López right now"):
                late.action_make_visit()
            first.cr.commit()
        with self._session() as third:
            estimate = third["billing.estimate"].browse(self.estimate_id)
            with self.assertRaisesRegex(UserError, "cannot become “Visit made”"):
                estimate.action_make_visit()
            self.assertEqual(len(estimate.encounter_ids), 1)
