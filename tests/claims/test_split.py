from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSplit(BillingCase):
    """Payer and patient billed at once: whatever the taxes and the cents, the parts are the whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.billing_mode = "split"
        cls.tax_21 = cls._create_tax("21 %", 21.0)

    @classmethod
    def _create_tax(cls, name, amount, **values):
        return cls.env["account.tax"].create({
            "name": name, "amount": amount, "amount_type": "percent", "type_tax_use": "sale", **values,
        })

    def _set_benefits(self, **values):
        self.coverage.write({"copay": 0.0, "deductible": 0.0, "coinsurance": 0.0, "oop_max": 0.0, **values})

    def _split(self, *services, **values):
        """Bill a visit in split mode; gives (payer's invoice, patient's invoice)."""
        invoices = self._bill(services=list(services), **values)
        return (
            invoices.filtered(lambda move: move.partner_id == self.payer),
            invoices.filtered(lambda move: move.partner_id == self.patient),
        )

    def _bill_whole(self, *services):
        """What the same services come to on one invoice."""
        invoice = self._bill(services=list(services), is_self_pay=True)
        self.assertEqual(len(invoice), 1)
        return invoice

    def assertSameAsWhole(self, *services):
        """The parts add up to one undivided invoice: total, tax by tax, and revenue."""
        whole = self._bill_whole(*services)
        parts = self._bill(services=list(services))
        currency = whole.currency_id
        self.assertEqual(currency.round(sum(parts.mapped("amount_total"))), whole.amount_total, "total")
        self.assertEqual(currency.round(sum(parts.mapped("amount_tax"))), whole.amount_tax, "tax")
        self.assertEqual(self._taxes(parts), self._taxes(whole), "tax by tax")
        self.assertTrue(all(part.amount_total > 0 for part in parts))
        self.assertTrue(all(line.credit >= 0 and line.debit >= 0 for line in parts.line_ids))
        self.assertConserved()
        return parts

    def _taxes(self, invoices):
        taxes = {}
        for line in invoices.line_ids.filtered("tax_line_id"):
            key = line.tax_repartition_line_id
            taxes[key] = line.currency_id.round(taxes.get(key, 0.0) + line.amount_currency)
        return {key: amount for key, amount in taxes.items() if amount}

    # === THE CASES OF THE LEDGER === #

    def test_payer_pays_80_of_100_plus_tax(self):
        self._set_benefits(coinsurance=20.0)
        service = self._create_service("Therapy", 100.0, taxes=self.tax_21)
        payer_invoice, patient_invoice = self._split(service)
        revenue = self.company_data["default_account_revenue"]
        tax_account = self.tax_21.invoice_repartition_line_ids.account_id or revenue
        self.assertItems(payer_invoice, [
            (self._receivable(), self.payer, 96.80, 0.0),
            (revenue, self.payer, 0.0, 80.0),
            (tax_account, self.payer, 0.0, 16.80),
        ])
        self.assertItems(patient_invoice, [
            (self._receivable(), self.patient, 24.20, 0.0),
            (revenue, self.patient, 0.0, 20.0),
            (tax_account, self.patient, 0.0, 4.20),
        ])
        self.assertEqual(patient_invoice.invoice_line_ids.adjustment_reason_id, self.pr_2)
        self.assertEqual(payer_invoice.claim_ids.amount_open, 96.80)
        self.assertConserved()

    def test_a_third_of_99_99_leaves_no_cent_behind(self):
        self._set_benefits(coinsurance=100 / 3)
        payer_invoice, patient_invoice = self._split((self.service, 99.99))
        self.assertEqual((payer_invoice.amount_total, patient_invoice.amount_total), (66.66, 33.33))
        self.assertConserved()

    def test_a_third_of_100_gives_the_odd_cent_to_one_of_them(self):
        self._set_benefits(coinsurance=100 / 3)
        payer_invoice, patient_invoice = self._split((self.service, 100.0))
        self.assertEqual((payer_invoice.amount_total, patient_invoice.amount_total), (66.67, 33.33))
        self.assertConserved()

    # === WHO OWES WHAT === #

    def test_deductible_and_copay_that_eat_the_whole_charge_bill_the_patient_once(self):
        self._set_benefits(deductible=60.0, copay=40.0)
        invoice = self._bill(services=[(self.service, 100.0)])
        self.assertEqual(invoice.partner_id, self.patient)
        self.assertEqual(invoice.amount_total, 100.0)
        self.assertEqual(
            sorted((line.adjustment_reason_id.code, line.price_subtotal) for line in invoice.invoice_line_ids),
            [("1", 60.0), ("3", 40.0)],
        )
        self.assertFalse(invoice.claim_ids)
        self.assertConserved()

    def test_a_charge_below_the_deductible_says_so_on_the_patients_bill(self):
        self._set_benefits(deductible=1000.0)
        invoice = self._bill(services=[(self.service, 100.0)])
        self.assertEqual(invoice.partner_id, self.patient)
        self.assertEqual(invoice.amount_total, 100.0)
        self.assertEqual(invoice.invoice_line_ids.adjustment_reason_id, self.pr_1)
        self.assertConserved()

    def test_deductible_copay_and_coinsurance_are_lines_of_their_own(self):
        self._set_benefits(deductible=100.0, copay=25.0, coinsurance=20.0)
        payer_invoice, patient_invoice = self._split(self.service)
        self.assertEqual(payer_invoice.amount_total, 300.0)
        self.assertEqual(
            sorted((line.adjustment_reason_id.code, line.price_subtotal) for line in patient_invoice.invoice_line_ids),
            [("1", 100.0), ("2", 75.0), ("3", 25.0)],
        )
        self.assertConserved()

    def test_the_secondary_takes_its_share_of_what_the_primary_leaves(self):
        self._set_benefits(coinsurance=20.0)
        self.plan_b.write({"billing_mode": "split", "coinsurance": 50.0})
        self._create_coverage(self.patient, self.plan_b, rank="2")
        invoices = self._bill()
        self.assertEqual(
            [(move.partner_id.name, move.amount_total) for move in invoices],
            [(self.payer.name, 400.0), (self.payer_b.name, 50.0), (self.patient.name, 50.0)],
        )
        self.assertEqual(len(invoices.claim_ids), 2)
        self.assertConserved()

    def test_a_secondary_that_adjudicates_is_asked_for_all_the_primary_leaves(self):
        self._set_benefits(coinsurance=20.0)
        self._create_coverage(self.patient, self.plan_b, rank="2")
        invoices = self._bill()
        self.assertEqual(
            [(move.partner_id.name, move.amount_total) for move in invoices],
            [(self.payer.name, 400.0), (self.payer_b.name, 100.0)],
        )
        answer = self._answer(invoices[1].claim_ids, 60.0, [(self.pr_2, 40.0)])
        patient_invoice = answer.caused_move_ids.filtered(lambda move: move.partner_id == self.patient)
        self.assertEqual(patient_invoice.amount_total, 40.0)
        self.assertEqual(patient_invoice.billing_charge_id, invoices[1])
        self.assertConserved()

    # === TAXES === #

    def test_odd_cents_and_tax_add_up_to_the_undivided_invoice(self):
        self._set_benefits(coinsurance=100 / 3)
        for price in (0.05, 0.10, 9.99, 10.07, 33.33, 99.99):
            with self.subTest(price=price):
                self.assertSameAsWhole((self._create_service("Taxed", price, taxes=self.tax_21), price))

    def test_several_lines_with_odd_cents_add_up(self):
        self._set_benefits(coinsurance=30.0, deductible=12.34, copay=5.01)
        service = self._create_service("Taxed", 1.0, taxes=self.tax_21)
        self.assertSameAsWhole((service, 10.07), (service, 10.07), (service, 10.07), (service, 3.33), (service, 0.01))

    def test_several_lines_with_odd_cents_add_up_when_tax_is_rounded_line_by_line(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        self._set_benefits(coinsurance=30.0, deductible=12.34, copay=5.01)
        service = self._create_service("Taxed", 1.0, taxes=self.tax_21)
        self.assertSameAsWhole((service, 10.07), (service, 10.07), (service, 10.07), (service, 3.33), (service, 0.01))

    def test_several_taxes_on_one_service_add_up(self):
        self._set_benefits(coinsurance=100 / 3)
        city = self._create_tax("City 1.75 %", 1.75)
        service = self._create_service("Taxed twice", 1.0, taxes=self.tax_21 + city)
        plain = self._create_service("Not taxed", 1.0)
        self.assertSameAsWhole((service, 33.33), (plain, 7.77), (service, 0.99))

    def test_a_tax_on_a_tax_adds_up(self):
        self._set_benefits(coinsurance=100 / 3)
        first = self._create_tax("First 10 %", 10.0, include_base_amount=True, sequence=1)
        second = self._create_tax("Second 7 %", 7.0, sequence=2)
        service = self._create_service("Taxed on tax", 1.0, taxes=first + second)
        self.assertSameAsWhole((service, 33.33), (service, 12.01))

    def test_a_tax_included_in_the_price_adds_up(self):
        self._set_benefits(coinsurance=20.0)
        included = self._create_tax("21 % included", 21.0, price_include_override="tax_included")
        service = self._create_service("Included", 1.0, taxes=included)
        payer_invoice, patient_invoice = self._split((service, 121.0))
        self.assertEqual(
            [(move.amount_total, move.amount_tax) for move in payer_invoice + patient_invoice],
            [(96.80, 16.80), (24.20, 4.20)],
        )
        self.assertConserved()

    def test_a_tax_included_in_the_price_adds_up_with_odd_cents(self):
        self._set_benefits(coinsurance=100 / 3)
        included = self._create_tax("21 % included", 21.0, price_include_override="tax_included")
        service = self._create_service("Included", 1.0, taxes=included)
        for prices in ((33.33,), (10.00, 0.05), (21.53, 21.53, 21.53)):
            with self.subTest(prices=prices):
                services = [(service, price) for price in prices]
                whole, parts = self._bill_whole(*services), self._bill(services=services)
                self.assertEqual(round(sum(parts.mapped("amount_total")), 2), whole.amount_total)
                self.assertConserved()

    def test_a_fixed_tax_is_asked_once_however_many_share_the_charge(self):
        self._set_benefits(deductible=10.0, copay=5.0, coinsurance=20.0)
        fixed = self._create_tax("Fee 5.00", 5.0, amount_type="fixed")
        service = self._create_service("With fee", 1.0, taxes=fixed)
        parts = self.assertSameAsWhole((service, 100.0))
        self.assertEqual(sum(parts.mapped("amount_tax")), 5.0)

    def test_a_fixed_tax_is_never_negative_for_anybody(self):
        self._set_benefits(deductible=10.0, copay=5.0, coinsurance=20.0)
        self.plan_b.write({"billing_mode": "split", "coinsurance": 50.0})
        self._create_coverage(self.patient, self.plan_b, rank="2")
        fixed = self._create_tax("Fee 5.00", 5.0, amount_type="fixed")
        service = self._create_service("With fee", 1.0, taxes=fixed)
        parts = self.assertSameAsWhole((service, 100.0), (service, 50.0))
        self.assertTrue(all(part.amount_tax >= 0 for part in parts))

    def test_a_fixed_tax_counts_units(self):
        self._set_benefits(coinsurance=20.0)
        fixed = self._create_tax("Fee 5.00", 5.0, amount_type="fixed")
        service = self._create_service("With fee", 100.0, taxes=fixed)
        encounter = self._create_encounter(services=[service])
        encounter.line_ids.quantity = 3
        parts = self._bill(encounter)
        self.assertEqual(round(sum(parts.mapped("amount_tax")), 2), 15.0)
        self.assertEqual(round(sum(parts.mapped("amount_total")), 2), 315.0)
        self.assertConserved()

    def test_a_tax_with_a_negative_repartition_keeps_both_of_its_lines(self):
        self._set_benefits(coinsurance=100 / 3)
        reverse_charge = self._create_tax("Reverse charge", 21.0, invoice_repartition_line_ids=[
            Command.create({"repartition_type": "base", "factor_percent": 100.0}),
            Command.create({"repartition_type": "tax", "factor_percent": 100.0}),
            Command.create({"repartition_type": "tax", "factor_percent": -100.0}),
        ], refund_repartition_line_ids=[
            Command.create({"repartition_type": "base", "factor_percent": 100.0}),
            Command.create({"repartition_type": "tax", "factor_percent": 100.0}),
            Command.create({"repartition_type": "tax", "factor_percent": -100.0}),
        ])
        service = self._create_service("Abroad", 1.0, taxes=reverse_charge)
        parts = self._bill(services=[(service, 99.99)])
        self.assertEqual(round(sum(parts.mapped("amount_total")), 2), 99.99)
        self.assertConserved()

    def test_discounts_and_units_with_odd_cents_bill_what_the_visit_says(self):
        self._set_benefits(coinsurance=20.0)
        encounter = self._create_encounter(services=[(self.service, 12.35), (self.service, 12.35)])
        encounter.line_ids.discount = 10.0
        parts = self._bill(encounter)
        self.assertEqual(round(sum(parts.mapped("amount_total")), 2), encounter.amount_total)

    # === ANSWERS AND UNDOING === #

    def test_the_payer_can_answer_its_taxed_share_in_full(self):
        self._set_benefits(coinsurance=100 / 3)
        service = self._create_service("Taxed", 1.0, taxes=self.tax_21)
        payer_invoice, _patient_invoice = self._split((service, 10.07), (service, 10.07), (service, 10.07))
        claim = payer_invoice.claim_ids
        answer = self._prepare_answer(claim, 0.0)
        answer.action_pay_in_full()
        self.assertEqual(answer.amount, claim.amount_charged)
        answer.action_post()
        self.assertEqual((claim.state, claim.amount_open), ("settled", 0.0))
        self.assertConserved()

    def test_undoing_a_split_visit_with_odd_tax_cents_leaves_nobody_owing(self):
        self._set_benefits(coinsurance=100 / 3)
        service = self._create_service("Taxed", 1.0, taxes=self.tax_21)
        for prices in ((10.07, 10.07, 10.07), (33.33, 0.05), (0.10,)):
            with self.subTest(prices=prices):
                invoices = self._bill(services=[(service, price) for price in prices])
                encounter = invoices.encounter_id
                encounter._unbill("typed wrongly")
                self.assertEqual((encounter.state, set(invoices.claim_ids.mapped("state"))), ("ready", {"void"}))
                self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (0.0, 0.0))
                self.assertEqual(set(invoices.mapped("payment_state")), {"reversed"})
                self.assertConserved()

    def test_the_deductible_is_read_in_the_currency_of_the_visit(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])
        self._set_benefits(deductible=100.0)
        invoices = self._bill(services=[(self.service, 500.0)], currency_id=euro.id)
        patient_invoice = invoices.filtered(lambda move: move.partner_id == self.patient)
        self.assertEqual(patient_invoice.amount_total, 50.0)
        self.assertConserved()

    def test_what_has_been_met_of_the_deductible_is_not_asked_again(self):
        self._set_benefits(deductible=100.0)
        self._bill(services=[(self.service, 80.0)])
        _payer_invoice, patient_invoice = self._split((self.service, 80.0))
        self.assertEqual(patient_invoice.amount_total, 20.0)
        self.assertConserved()

    def test_visits_billed_together_meet_one_deductible(self):
        self._set_benefits(deductible=100.0)
        visits = self._create_encounter(services=[(self.service, 80.0)]) + self._create_encounter(
            services=[(self.service, 80.0)], date="2026-03-06",
        )
        visits.action_ready()
        invoices = visits._bill()
        asked = invoices.filtered(lambda move: move.partner_id == self.patient)
        self.assertEqual(sum(asked.mapped("amount_total")), 100.0)
        self.assertConserved()

    def test_a_cent_that_only_the_whole_owes_in_tax_is_asked(self):
        self._set_benefits(coinsurance=50.0)
        self.assertSameAsWhole((self._create_service("Cents", 0.04, taxes=self.tax_21), 0.04))

    def test_the_payer_can_answer_services_whose_taxes_are_rounded_together(self):
        self.plan.billing_mode = "adjudicate"
        for method in ("round_globally", "round_per_line"):
            self.company.tax_calculation_rounding_method = method
            service = self._create_service("Taxed", 1.0, taxes=self.tax_21)
            invoice = self._bill(services=[(service, 10.07), (service, 10.07), (service, 10.07)])
            claim = invoice.claim_ids
            answer = self._prepare_answer(claim, 0.0, reference=method)
            answer.action_pay_in_full()
            with self.subTest(method=method):
                self.assertEqual(answer.amount, claim.amount_charged)
                answer.action_post()
                self.assertEqual((claim.state, claim.amount_open), ("settled", 0.0))
        self.assertConserved()

    def test_discounts_with_half_cents_bill_what_the_visit_says(self):
        self.plan.billing_mode = "adjudicate"
        taxed = self._create_service("Taxed", 1.0, taxes=self.tax_21)
        for service in (self.service, taxed):
            with self.subTest(service=service.name):
                encounter = self._create_encounter(services=[(service, 12.35), (service, 12.35)])
                encounter.line_ids.discount = 10.0
                invoice = self._bill(encounter)
                self.assertEqual(invoice.amount_untaxed, encounter.amount_total)
                answer = self._prepare_answer(invoice.claim_ids, 0.0, reference=service.name)
                answer.action_pay_in_full()
                answer.action_post()
                self.assertEqual(invoice.claim_ids.state, "settled")
        self.assertConserved()

    def test_taxes_of_a_divided_charge_in_another_currency_are_whole_cents_in_both(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.83)])
        self._set_benefits(coinsurance=100 / 3)
        service = self._create_service("Taxed", 1.0, taxes=self.tax_21)
        services = [(service, 33.33), (service, 10.07)]
        whole = self._bill(services=services, currency_id=euro.id, is_self_pay=True)
        parts = self._bill(services=services, currency_id=euro.id)
        self.assertEqual(euro.round(sum(parts.mapped("amount_total"))), whole.amount_total)
        self.assertEqual(self._taxes(parts), self._taxes(whole))
        for line in parts.line_ids.filtered("tax_line_id"):
            self.assertAlmostEqual(line.balance, line.amount_currency / 0.83, delta=0.015)
        self.assertConserved()
