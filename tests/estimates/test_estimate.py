from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import EstimateCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestEstimateAmounts(EstimateCase):
    """What payers and patient are expected to pay of a planned service, and why."""

    def test_benefits_say_who_pays_what(self):
        estimate = self._create_estimate(services=[self.service, self.scan])
        self.assertEqual(self._shares(estimate.line_ids), [(500.0, 0.0, 240.0, 260.0), (900.0, 0.0, 720.0, 180.0)])
        self.assertEqual(self._shares(estimate), [(1400.0, 0.0, 960.0, 440.0)])

    def test_each_figure_has_its_reason_in_words(self):
        estimate = self._create_estimate()
        self.assertEqual(estimate.line_ids.reasons, "\n".join((
            "$\xa0200.00 towards the deductible, of which $\xa0200.00 was still to be met.",
            "$\xa060.00 coinsurance: 20 % of what deductible and copay leave.",
            "Blue Insurance pays $\xa0240.00.",
        )))
        self.assertEqual(estimate._get_totals(), [("Charge", 500.0), ("Paid by Blue Insurance", -240.0)])
        self.assertEqual(estimate._get_reasons(), [("deductible", 200.0), ("coinsurance", 60.0)])
        self.assertIn("towards the deductible", estimate.explanation)

    def test_payers_are_asked_in_the_order_of_their_ranks(self):
        secondary = self._create_coverage(self.patient, self.plan_b, rank="2", copay=40.0)
        estimate = self._create_estimate()
        self.assertEqual(estimate.coverage_ids, self.coverage + secondary)
        self.assertEqual(self._shares(estimate), [(500.0, 0.0, 460.0, 40.0)])
        self.assertEqual(estimate._get_totals(), [
            ("Charge", 500.0), ("Paid by Blue Insurance", -240.0), ("Paid by Gold Insurance", -220.0),
        ])
        self.assertEqual(estimate._get_reasons(), [("copay", 40.0)])

    def test_what_the_payer_does_not_recognise_is_nobodys(self):
        self.plan.allowed_pricelist_id = self.env["product.pricelist"].create({
            "name": "Blue allows",
            "currency_id": self.company.currency_id.id,
            "item_ids": [Command.create({
                "applied_on": "1_product", "product_tmpl_id": self.service.product_tmpl_id.id,
                "compute_price": "fixed", "fixed_price": 300.0,
            })],
        })
        estimate = self._create_estimate()
        self.assertEqual(self._shares(estimate), [(500.0, 200.0, 80.0, 220.0)])
        self.assertEqual(estimate._get_totals(), [
            ("Charge", 500.0), ("Discount by contract", -200.0), ("Paid by Blue Insurance", -80.0),
        ])

    def test_the_coverage_of_the_planned_day_counts(self):
        self.coverage.date_to = "2026-03-31"
        self.assertEqual(self._shares(self._create_estimate(date="2026-03-31")), [(500.0, 0.0, 240.0, 260.0)])
        self.assertEqual(self._shares(self._create_estimate(date="2026-04-01")), [(500.0, 0.0, 0.0, 500.0)])

    def test_who_asks_to_pay_themselves_pays_all(self):
        estimate = self._create_estimate(is_self_pay=True)
        self.assertEqual(self._shares(estimate), [(500.0, 0.0, 0.0, 500.0)])
        self.assertEqual(estimate._get_reasons(), [("not billed to insurance", 500.0)])

    def test_what_was_used_up_since_counts_when_it_is_worked_out_anew(self):
        estimate = self._create_estimate()
        self.coverage.deductible_opening = 150.0
        self.assertEqual(estimate.amount_patient, 140.0, "a new figure on the coverage is seen at once")
        self._answer(self._bill().claim_ids, 420.0, [(self.pr_1, 50.0), (self.pr_2, 30.0)])
        estimate.action_refresh()
        self.assertEqual(estimate.amount_patient, 100.0, "no deductible is left")

    def test_taxes_are_shared_like_the_charge(self):
        tax = self.env["account.tax"].create({"name": "VAT 10", "amount": 10.0, "type_tax_use": "sale"})
        service = self._create_service("Foot care", 500.0, taxes=tax)
        estimate = self._create_estimate(services=[service])
        self.assertEqual(self._shares(estimate), [(550.0, 0.0, 264.0, 286.0)])
        self.assertEqual(estimate._get_totals(), [
            ("Charge", 500.0), ("Taxes", 50.0), ("Paid by Blue Insurance", -240.0),
            ("Paid by insurance: taxes and others", -24.0),
        ])

    def test_taxes_inside_the_price_change_nothing(self):
        tax = self.env["account.tax"].create({
            "name": "VAT 10 in", "amount": 10.0, "type_tax_use": "sale", "price_include_override": "tax_included",
        })
        estimate = self._create_estimate(services=[self._create_service("Foot care", 500.0, taxes=tax)])
        self.assertEqual(self._shares(estimate), [(500.0, 0.0, 240.0, 260.0)])

    def test_shares_add_up_to_the_cent_whatever_the_prices(self):
        self.coverage.write({"coinsurance": 33.33, "copay": 7.77, "deductible": 0.05})
        estimate = self._create_estimate(services=[(self.service, 33.35), (self.scan, 0.01), (self.service, 99.99)])
        for charge, discount, payer, patient in [*self._shares(estimate.line_ids), *self._shares(estimate)]:
            self.assertEqual(round(discount + payer + patient, 6), round(charge, 6))

    def test_prices_of_a_plan_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        self.plan.pricelist_id = self.env["product.pricelist"].create({"name": "Euro prices", "currency_id": euro.id})
        estimate = self._create_estimate()
        self.assertEqual(estimate.currency_id, euro)
        self.assertEqual(self._shares(estimate), [(250.0, 0.0, 120.0, 130.0)], "deductible: 100 euros")

    def test_a_currency_without_cents(self):
        yen = self.setup_other_currency("JPY", rounding=1.0, rates=[("2026-01-01", 1.0)])
        self.plan.pricelist_id = self.env["product.pricelist"].create({"name": "Yen prices", "currency_id": yen.id})
        self.coverage.write({"deductible": 0.0, "coinsurance": 33.0})
        estimate = self._create_estimate(services=[(self.service, 101.0)])
        self.assertEqual(self._shares(estimate), [(101.0, 0.0, 68.0, 33.0)])

    def test_the_screen_shows_the_shares_while_services_are_typed(self):
        with Form(self.env["billing.estimate"]) as form:
            form.patient_id = self.patient
            form.date = "2026-04-15"
            with form.line_ids.new() as line:
                line.product_id = self.service
                self.assertEqual((line.amount_total, line.amount_payer, line.amount_patient), (500.0, 240.0, 260.0))
                line.quantity = 0
                self.assertEqual(line.amount_patient, 0.0)
                line.quantity = 2
            self.assertEqual((form.amount_total, form.amount_patient), (1000.0, 360.0))

    def test_a_rule_that_is_deleted_leaves_what_was_told(self):
        rule = self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "product_id": self.service.id, "has_copay": True, "copay": 15.0,
            "skips_deductible": True, "payer_gives": "percent", "payer_percent": 100.0,
        })
        estimate = self._hand_over()
        self.assertIn("$\xa015.00 copay, as the rule for “Office visit” says.", estimate.line_ids.reasons)
        rule.unlink()
        estimate.invalidate_recordset()
        self.assertEqual(estimate.amount_patient, 15.0)
        self.assertIn("$\xa015.00 copay of the visit.", estimate.line_ids.reasons)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestEstimateStates(EstimateCase):
    """From draft to answer: what was told stays."""

    def test_an_estimate_gets_a_number_of_its_year(self):
        self.assertRegex(self._create_estimate().name, r"^E-2026-\d{5}$")

    def test_printing_hands_it_over(self):
        estimate = self._create_estimate()
        action = estimate.action_print()
        self.assertEqual(action["report_name"], "billing_coordinator.report_estimate")
        self.assertEqual((estimate.state, str(estimate.date_sent)), ("sent", TODAY))

    def test_an_email_hands_it_over_in_the_patients_language_without_health_data_in_the_subject(self):
        estimate = self._create_estimate()
        self.patient.email = "ana@example.com"
        action = estimate.action_send()
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        self.assertEqual(composer.subject, f"{self.company.name}: your estimate {estimate.name}")
        self.assertEqual(composer.partner_ids, self.patient)
        self.assertNotIn("Office visit", composer.body + composer.subject)
        self.assertEqual(composer.template_id.report_template_ids.report_name, "billing_coordinator.report_estimate")
        self.assertEqual(estimate.state, "draft", "only sending tells the patient")
        paper = str(composer.attachment_ids.raw)
        self.assertIn(estimate.name, paper)
        self.assertIn("Estimate of March 16, 2026", paper, "the day on which the patient gets it")
        self.assertNotIn("not handed over yet", paper, "what is sent is no draft")
        composer._action_send_mail()
        self.assertEqual((estimate.state, str(estimate.date_sent)), ("sent", TODAY))

    def test_nobody_is_written_to_who_took_that_consent_back(self):
        estimate = self._create_estimate()
        consent = self.env["billing.consent"].create({"partner_id": self.patient.id, "kind": "email"})
        self.assertTrue(estimate.action_send())
        consent.action_withdraw()
        with self.assertRaisesRegex(UserError, "took back the consent to be contacted by e-mail on 03/16/2026"):
            estimate.action_send()
        consent.copy({"date_withdrawn": False})
        self.assertTrue(estimate.action_send())

    def test_the_guarantor_gets_it(self):
        mother = self._create_patient("Eva Keller")
        child = self._create_patient("Leo Keller", guarantor_id=mother.id)
        self.assertEqual(self._create_estimate(patient=child).addressee_id, mother)

    def test_nothing_is_planned_for_an_account_that_is_closed_and_one_on_hold_is_said(self):
        estimate = self._create_estimate()
        self.patient._billing_move("pending", "Complete")
        self.patient._billing_move("active", "Seen")
        self.patient._billing_move("on_hold", "Returned mail")
        self.assertIn("is on hold: Returned mail. Release the account to bill it.", estimate.advice)
        self.patient._billing_move("active", "New address")
        estimate.action_print()
        estimate.action_decline()
        self.patient._billing_move("closed", "Moved away")
        with self.assertRaisesRegex(UserError, "cannot go on: Ana López is closed: Moved away. Reopen"):
            self._create_estimate().action_print()

    def test_what_was_told_stays(self):
        estimate = self._hand_over()
        self.coverage.write({"deductible": 0.0})
        self.company.billing_good_faith = False
        self.assertEqual((estimate.amount_patient, estimate.is_good_faith), (260.0, False))
        with self.assertRaisesRegex(UserError, f"{estimate.name} Ana López was handed over, and what it says stays"):
            estimate.line_ids.price_unit = 1.0
        with self.assertRaisesRegex(UserError, "Press “Revise” to change it"):
            estimate.date = "2026-05-01"
        with self.assertRaisesRegex(UserError, "what it says stays"):
            estimate.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "what it says stays"):
            self.env["billing.estimate.line"].create({"estimate_id": estimate.id, "product_id": self.scan.id})
        with self.assertRaisesRegex(UserError, "what it says stays"):
            estimate.action_refresh()
        estimate.action_revise()
        self.assertEqual((estimate.state, estimate.amount_patient), ("draft", 100.0))

    def test_who_said_yes_and_when(self):
        estimate = self._hand_over(accept=True)
        self.assertEqual((estimate.state, str(estimate.date_accepted), estimate.accepted_by),
                         ("accepted", TODAY, "Ana López"))
        other = self._hand_over()
        other.write({"accepted_by": "Her daughter, by phone", "date_accepted": TODAY})
        other.action_accept()
        self.assertEqual(other.accepted_by, "Her daughter, by phone")

    def test_nobody_accepts_before_it_was_sent_or_in_the_future(self):
        estimate = self._hand_over()
        for date in ("2026-03-15", "2026-03-17"):
            with self.assertRaisesRegex(ValidationError, "before it was sent, or still to come"):
                estimate.date_accepted = date

    def test_a_patient_may_say_no_and_come_back(self):
        estimate = self._hand_over(accept=True)
        estimate.action_decline()
        self.assertEqual((estimate.state, estimate.date_accepted, estimate.accepted_by), ("declined", False, False))
        estimate.action_revise()
        self.assertEqual(estimate.state, "draft")

    def test_an_unanswered_estimate_expires_after_its_day(self):
        waiting, answered = self._hand_over(), self._hand_over(accept=True)
        self.env.flush_all()
        with freeze_time("2026-04-16"), self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_estimates_expire").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((waiting.state, answered.state), ("expired", "accepted"))

    def test_a_draft_is_not_accepted(self):
        with self.assertRaisesRegex(UserError, "is “Draft” and cannot become “Accepted”"):
            self._create_estimate().action_accept()

    def test_an_old_estimate_is_made_anew_for_a_day_to_come(self):
        estimate = self._hand_over(accept=True)
        with freeze_time("2026-06-01"):
            copy = estimate.copy()
        self.assertEqual((copy.state, str(copy.date), copy.date_sent), ("draft", "2026-06-01", False))
        self.assertEqual((copy.amount_patient, copy.diagnosis_code_ids), (260.0, self.diagnosis))

    def test_the_state_is_not_typed_over(self):
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            self._create_estimate().state = "accepted"

    def test_what_was_told_is_not_deleted(self):
        estimate = self._hand_over()
        estimate.action_decline()
        with self.assertRaisesRegex(UserError, "was handed over on 03/16/2026 and cannot be deleted"):
            estimate.unlink()
        self._create_estimate().unlink()

    # === BAD INPUT === #

    def test_the_day_on_which_it_was_handed_over_is_not_typed_over(self):
        estimate = self._hand_over()
        with self.assertRaisesRegex(UserError, f"When {estimate.name} .* written down by sending"):
            estimate.date_sent = False
        estimate.action_revise()
        with self.assertRaisesRegex(UserError, f"When {estimate.name} .* written down by sending"):
            estimate.date_sent = "2026-01-01"

    def test_a_service_is_not_moved_onto_what_was_told(self):
        told, draft = self._hand_over(), self._create_estimate()
        with self.assertRaisesRegex(UserError, f"{told.name} .* was handed over"), self.cr.savepoint():
            draft.line_ids.estimate_id = told

    def test_a_copy_for_another_day_takes_the_day_as_text(self):
        estimate = self._create_estimate()
        self.assertEqual(str(estimate.copy({"date": "2026-06-01"}).date), "2026-06-01")
        self.assertEqual(str(estimate.copy({"date": "2026-01-01"}).date), TODAY)

    def test_a_day_that_is_over_is_refused(self):
        estimate = self._create_estimate(date="2026-03-15", date_scheduled=False)
        with self.assertRaisesRegex(UserError, "is planned for 03/15/2026, which is over. Correct the date"):
            estimate.action_print()

    def test_a_booking_after_the_service_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "“Booked on” of .*, 04/16/2026, is after the day .* 04/15/2026"):
            self._create_estimate(date_scheduled="2026-04-16")
        with self.assertRaisesRegex(ValidationError, "“Asked for on” of"):
            self._create_estimate(date_requested="2026-04-16")

    def test_an_estimate_without_services_is_refused(self):
        estimate = self._create_estimate()
        estimate.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "has no services. Add a line for what is planned."):
            estimate.action_send()

    def test_an_estimate_of_nothing_is_refused(self):
        with self.assertRaisesRegex(UserError, "there is nothing to estimate"):
            self._create_estimate(services=[(self.service, 0.0)]).action_print()

    def test_an_archived_account_is_refused(self):
        estimate, sent = self._create_estimate(), self._hand_over()
        self.patient.active = False
        for action in (estimate.action_print, sent.action_accept, sent.action_make_visit):
            with self.assertRaisesRegex(UserError, "The account of Ana López is archived"):
                action()

    def test_people_and_services_of_another_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_patient("Sam Stranger", company_id=other.id)
        with self.assertRaisesRegex(UserError, "(?s)belongs to company|incompatible|company"):
            self._create_estimate(patient=stranger)
