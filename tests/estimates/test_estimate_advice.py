from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import EstimateCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestEstimateAdvice(EstimateCase):
    """What the office should think of before the patient is told."""

    def test_an_authorization_is_needed(self):
        self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "product_id": self.scan.id, "authorization_needed": True,
        })
        estimate = self._create_estimate(services=[self.service, self.scan])
        self.assertIn("Blue Plan wants to be asked before “Scan of the back”: get its authorization first.",
                      self._advise(estimate))
        self.assertFalse([s for s in self._advise(self._create_estimate()) if "wants to be asked" in s])

    def test_an_authorization_on_file_is_enough_while_units_are_left(self):
        self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "product_id": self.scan.id, "authorization_needed": True,
        })
        request = self.env["billing.authorization"].create({
            "patient_id": self.patient.id, "coverage_id": self.coverage.id, "date_from": "2026-03-01",
            "line_ids": [Command.create({"product_id": self.scan.id, "units_asked": 1.0})],
        })
        estimate = self._create_estimate(services=[self.scan])
        sentence = "Blue Plan wants to be asked before “Scan of the back”: get its authorization first."
        self.assertIn(sentence, self._advise(estimate))
        request.action_submit()
        request.number = "A-1"
        request.line_ids.units_approved = 1.0
        request.action_approve()
        self.assertNotIn(sentence, self._advise(estimate))
        estimate.line_ids.quantity = 2.0
        self.assertIn(sentence, self._advise(estimate))

    def test_insurance_that_the_payer_has_not_confirmed(self):
        sentence = "Blue Plan is not verified. Verify it before the patient comes."
        self.assertIn(sentence, self._advise(self._create_estimate()))
        self.env["billing.eligibility.check"].create({
            "coverage_id": self.coverage.id, "how": "portal", "result": "active", "valid_until": "2026-12-31",
        }).action_apply()
        self.assertNotIn(sentence, self._advise(self._create_estimate()))
        self.assertNotIn(sentence, self._advise(self._create_estimate(is_self_pay=True)))

    def test_financial_assistance_in_force_or_to_be_offered(self):
        offer = "Financial assistance may lower the patient's part: offer an application."
        self.assertNotIn(offer, self._advise(self._create_estimate()), "no programme, no offer")
        programme = self.env["billing.assistance.programme"].create({"name": "Help", "guideline_amount": 15000.0})
        self.assertIn(offer, self._advise(self._create_estimate()))
        granted = self.env["billing.assistance.application"].new({
            "programme_id": programme.id, "applicant_id": self.patient.id, "discount_percent": 40.0,
            "date_to": "2026-12-31",
        })
        self.patch(type(self.env["res.partner"]), "_get_billing_assistance", lambda person, company, date: granted)
        advice = self._advise(self._create_estimate())
        self.assertIn(
            "Ana López has financial assistance until 12/31/2026: 40 % of the patient's part, about $\xa0104.00, will "
            "be taken off.", advice,
        )
        self.assertNotIn(offer, advice)

    def test_a_provider_outside_the_network(self):
        estimate = self._create_estimate()
        sentence = "Dr. Ruth Stein is outside the network of Blue Plan: it may pay less than shown here, or nothing."
        self.assertNotIn(sentence, self._advise(estimate), "a plan without a list knows everybody")
        self.plan.network_provider_ids = self.env["res.partner"].create({"name": "Dr. Other", "is_provider": True})
        self.assertIn(sentence, self._advise(estimate))
        self.plan.network_provider_ids += self.provider
        self.assertNotIn(sentence, self._advise(estimate))

    def test_a_coverage_that_ends_before_the_service(self):
        self.coverage.date_to = "2026-03-31"
        self.assertEqual(self._advise(self._create_estimate())[0],
                         "Blue Plan of Ana López ends on 03/31/2026, before the service. Ask for the insurance that "
                         "follows.")
        self.assertFalse([s for s in self._advise(self._create_estimate(date="2026-03-31")) if "ends on" in s])

    def test_no_insurance_at_all(self):
        sentence = "No insurance is on record for that day: everything is the patient's. Ask whether there is any."
        self.assertIn(sentence, self._advise(self._create_estimate(patient=self.self_payer)))
        self.assertNotIn(sentence, self._advise(self._create_estimate(patient=self.self_payer, is_self_pay=True)))

    def test_a_discount_for_paying_soon(self):
        self.company.billing_patient_term_id = self.env["account.payment.term"].create({
            "name": "5 % within 7 days", "early_discount": True, "discount_percentage": 5.0, "discount_days": 7,
        })
        self.assertIn("Paid within 7 days of the bill, $\xa013.00 (5 %) is taken off the patient's part.",
                      self._advise(self._create_estimate()))

    def test_a_plan_is_offered_from_the_amount_of_the_settings_on(self):
        sentence = "$\xa0260.00 is a lot at once: offer to pay it in instalments."
        estimate = self._create_estimate()
        self.assertIn(sentence, self._advise(estimate))
        for limit in (260.01, 0.0):
            self.company.billing_plan_offer_from = limit
            self.assertNotIn(sentence, self._advise(estimate))

    def test_what_a_good_faith_estimate_still_lacks(self):
        self.self_payer.birth_date = False
        estimate = self._create_estimate(patient=self.self_payer, provider_id=False, diagnosis_code_ids=False)
        self.assertIn(
            "A good-faith estimate also has to say: the patient's date of birth, the diagnosis, if there is one yet, "
            "who renders the service.",
            self._advise(estimate),
        )
        self.assertFalse([s for s in self._advise(self._create_estimate()) if "good-faith" in s])

    def test_the_most_urgent_advice_stands_first_and_each_once(self):
        self.coverage.date_to = "2026-03-31"
        estimate = self._create_estimate(services=[self.service, self.service])
        severities = [severity for severity, _sentence in estimate._get_sorted_advice()]
        self.assertEqual(severities, sorted(severities, key=["danger", "warning", "info"].index))
        self.assertIn("ends on 03/31/2026", estimate.advice)
        self._hand_over(estimate).action_decline()
        self.assertFalse(estimate.advice, "nothing to think of any more")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestGoodFaithEstimate(EstimateCase):
    """Patients who pay themselves get their estimate in time (45 CFR 149.610)."""

    def _due(self, **values):
        estimate = self._create_estimate(patient=self.self_payer, **values)
        return str(estimate.date_due or ""), estimate.due_reason or ""

    def test_booked_at_short_notice(self):
        self.assertEqual(
            self._due(date="2026-03-19"), ("2026-03-17", "Booked at short notice: due within 1 business day"),
        )

    def test_booked_long_ahead(self):
        self.assertEqual(self._due(date="2026-03-30"), ("2026-03-19", "Booked long ahead: due within 3 business days"))

    def test_asked_for(self):
        due = self._due(date="2026-03-17", date_scheduled=False, date_requested=TODAY)
        self.assertEqual(due, ("2026-03-19", "Asked for: due within 3 business days"))

    def test_too_near_or_only_planned(self):
        self.assertEqual(self._due(date="2026-03-18"), ("", ""))
        self.assertEqual(self._due(date_scheduled=False), ("", ""))

    def test_a_holiday_of_the_company_does_not_count(self):
        calendar = self.company.resource_calendar_id
        calendar.tz = "America/New_York"
        self.env["resource.calendar.leaves"].create({
            "name": "Founders' day", "calendar_id": calendar.id, "company_id": self.company.id,
            "date_from": "2026-03-17 04:00:00", "date_to": "2026-03-18 03:59:59",
        })
        self.assertEqual(self._due(date="2026-03-20")[0], "2026-03-18")

    def test_only_those_who_pay_themselves_and_where_the_law_holds(self):
        self.assertFalse(self._create_estimate().is_good_faith)
        self.assertTrue(self._create_estimate(is_self_pay=True).is_good_faith)
        self.company.billing_good_faith = False
        estimate = self._create_estimate(patient=self.self_payer)
        self.assertEqual((estimate.is_good_faith, estimate.date_due), (False, False))

    def test_the_law_holds_in_its_country(self):
        company = self.env["res.company"].create({"name": "Elsewhere", "country_id": self.env.ref("base.us").id})
        self.assertTrue(company.billing_good_faith)
        company.account_fiscal_country_id = self.env.ref("base.de")
        self.assertFalse(company.billing_good_faith)

    def test_terms_are_settings(self):
        self.company.write({"billing_good_faith_short_notice": 0, "billing_good_faith_short_days": 2})
        self.assertEqual(self._due(date="2026-03-16"),
                         ("2026-03-18", "Booked at short notice: due within 2 business days"))
        with self.assertRaisesRegex(ValidationError, "“Days to dispute a bill” of .* cannot be less than zero"):
            self.company.billing_estimate_dispute_days = -1
        self.company.billing_estimate_dispute_days = 120
        with self.assertRaisesRegex(ValidationError, r"booked long ahead \(2 business days\) cannot be nearer"):
            self.company.write({"billing_good_faith_short_notice": 3, "billing_good_faith_long_notice": 2})

    def test_a_late_one_says_so(self):
        estimate = self._create_estimate(patient=self.self_payer, date="2026-03-26", date_scheduled="2026-03-12")
        self.assertEqual((str(estimate.date_due), estimate.is_late), ("2026-03-17", False))
        with freeze_time("2026-03-18"):
            estimate.invalidate_recordset(["is_late"])
            self.assertTrue(estimate.is_late)
            estimate.action_print()
            self.assertTrue(estimate.is_late)

    def test_the_worklist_shows_what_is_to_send(self):
        due = self._create_estimate(patient=self.self_payer)
        self._create_estimate()
        self._hand_over(patient=self.self_payer)
        worklist = self.env.ref("billing_coordinator.worklist_estimates_to_send")
        self.assertEqual(self.env["billing.estimate"].search(worklist._get_domain()), due)
        self.assertEqual(worklist.action_open()["res_model"], "billing.estimate")
