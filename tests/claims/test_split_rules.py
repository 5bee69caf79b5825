from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


class RuleBillingCase(BillingCase):
    """The Blue Plan splits at once: nothing for the member to pay but what a test says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.billing_mode = "split"
        cls.therapy = cls._create_service("Therapy", 100.0)
        cls.pr_119 = cls.env.ref("billing_coordinator.reason_pr_119")

    def _rule(self, plan=None, **values):
        """A rule of the Blue Plan, for therapy unless said otherwise."""
        values.setdefault("product_id", self.therapy.id)
        return self.env["billing.coverage.rule"].create({"plan_id": (plan or self.plan).id, **values})

    def _bill_units(self, *units, services=None, **values):
        """Bill a visit with so many units of therapy a line."""
        encounter = self._create_encounter(services=services or [self.therapy for _number in units], **values)
        for line, quantity in zip(encounter.line_ids, units, strict=True):
            line.quantity = quantity
        return self._bill(encounter)

    def _asked(self, invoices):
        """Who is asked for what, and why: sorted (debtor, reason code, amount)."""
        return sorted(
            (invoice.partner_id.name, line.adjustment_reason_id.code or "", line.price_subtotal)
            for invoice in invoices
            for line in invoice.invoice_line_ids
        )


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSplitByRules(RuleBillingCase):
    """Billing at once by the rule that counts: who is asked for what, and why."""

    def test_the_share_and_copay_of_the_rule_count(self):
        self.coverage.write({"copay": 20.0, "coinsurance": 10.0})
        self._rule(payer_gives="percent", payer_percent=50.0, has_copay=True, copay=40.0)
        invoices = self._bill(services=[self.service, self.therapy])
        self.assertEqual(self._asked(invoices), [
            ("Ana López", "2", 30.0),
            ("Ana López", "2", 48.0),
            ("Ana López", "3", 20.0),
            ("Ana López", "3", 40.0),
            ("Blue Insurance", "", 30.0),
            ("Blue Insurance", "", 432.0),
        ])
        self.assertConserved()

    def test_a_rule_without_deductible_pays_from_the_first_cent(self):
        self.coverage.deductible = 1000.0
        self._rule(skips_deductible=True)
        self.assertEqual(self._asked(self._bill(services=[self.therapy, self.service])), [
            ("Ana López", "1", 500.0), ("Blue Insurance", "", 100.0),
        ])

    def test_what_is_not_covered_is_asked_of_the_patient(self):
        self._rule(is_covered=False)
        invoices = self._bill(services=[self.service, self.therapy])
        self.assertEqual(self._asked(invoices), [("Ana López", "96", 100.0), ("Blue Insurance", "", 500.0)])
        self.assertConserved()

    def test_what_is_not_covered_uses_up_neither_deductible_nor_maximum(self):
        self.coverage.write({"deductible": 50.0, "oop_max": 80.0})
        self._rule(is_covered=False)
        self._bill(services=[self.therapy])
        used = self.coverage._get_used(fields.Date.to_date(TODAY))[self.coverage]
        self.assertEqual((float(used["deductible"]), float(used["oop"])), (0.0, 0.0))

    def test_what_the_first_does_not_cover_goes_to_the_second_in_full(self):
        self._rule(is_covered=False)
        self.plan_b.write({"billing_mode": "split", "coinsurance": 30.0})
        secondary = self._create_coverage(self.patient, self.plan_b, rank="2")
        invoices = self._bill(services=[self.service, self.therapy])
        self.assertEqual(self._asked(invoices), [
            ("Ana López", "2", 30.0), ("Blue Insurance", "", 500.0), ("Gold Insurance", "96", 70.0),
        ])
        lines = invoices.invoice_line_ids
        self.assertEqual(lines.filtered(lambda line: line.price_subtotal == 30.0).billing_coverage_id, secondary)
        self.assertEqual(lines.filtered(lambda line: line.price_subtotal == 70.0).billing_coverage_id, self.coverage)
        self.assertConserved()

    def test_what_nobody_covers_is_the_patients_after_both(self):
        self._rule(is_covered=False)
        self._rule(self.plan_b, is_covered=False)
        self.plan_b.billing_mode = "split"
        self._create_coverage(self.patient, self.plan_b, rank="2")
        self.assertEqual(self._asked(self._bill(services=[self.therapy])), [("Ana López", "96", 100.0)])

    def test_a_second_payer_that_decides_later_is_asked_for_what_the_first_does_not_cover(self):
        self._rule(is_covered=False)
        self._create_coverage(self.patient, self.plan_b, rank="2")
        invoices = self._bill(services=[self.therapy])
        self.assertEqual(self._asked(invoices), [("Gold Insurance", "96", 100.0)])
        self.assertEqual(len(invoices.claim_ids), 1)

    def test_units_beyond_the_limit_are_the_patients(self):
        self._rule(limit_kind="units", limit_units=3, payer_gives="percent", payer_percent=80.0)
        invoices = self._bill_units(5)
        self.assertEqual(self._asked(invoices), [
            ("Ana López", "119", 200.0), ("Ana López", "2", 60.0), ("Blue Insurance", "", 240.0),
        ])
        self.assertEqual(
            self.env.ref("billing_coordinator.reason_pr_119").patient_text,
            "Your plan's limit for this service is used up",
        )
        self.assertConserved()

    def test_a_limit_of_a_visit_begins_anew_with_every_visit(self):
        self._rule(limit_kind="units", limit_units=2, limit_period="visit")
        for _visit in range(2):
            self.assertEqual(self._asked(self._bill_units(1, 2)), [
                ("Ana López", "119", 100.0), ("Blue Insurance", "", 100.0), ("Blue Insurance", "", 100.0),
            ])

    def test_money_beyond_the_limit_is_the_patients(self):
        self._rule(limit_kind="amount", limit_amount=150.0)
        self.assertEqual(self._asked(self._bill_units(1, 1)), [
            ("Ana López", "119", 50.0), ("Blue Insurance", "", 50.0), ("Blue Insurance", "", 100.0),
        ])

    # === WHAT THE PAYER RECOGNISES === #

    def _set_allowed(self, amount, plan=None):
        (plan or self.plan).allowed_pricelist_id = self.env["product.pricelist"].create({
            "name": "Allowed",
            "item_ids": [Command.create({
                "applied_on": "0_product_variant", "product_id": self.therapy.id, "compute_price": "fixed",
                "fixed_price": amount,
            })],
        })

    def test_the_discount_stays_with_the_payer_and_its_answer_gives_it_up(self):
        self._set_allowed(70.0)
        self.coverage.coinsurance = 10.0
        invoices = self._bill_units(2)
        self.assertEqual(self._asked(invoices), [("Ana López", "2", 14.0), ("Blue Insurance", "", 186.0)])
        claim = invoices.claim_ids
        self.assertEqual((claim.amount_charged, claim.amount_expected), (186.0, 126.0))
        self._answer(claim, 126.0, [(self.co_45, 60.0)])
        self.assertEqual((claim.state, claim.is_underpaid), ("settled", False))
        self.assertConserved()

    def test_a_service_that_the_list_does_not_name_is_recognised_in_full(self):
        self._set_allowed(70.0)
        self.assertEqual(self._asked(self._bill(services=[(self.service, 600.0)])), [("Blue Insurance", "", 600.0)])

    def test_under_the_deductible_the_patient_pays_what_is_recognised_and_no_more(self):
        self._set_allowed(70.0)
        self.coverage.deductible = 500.0
        invoices = self._bill_units(1)
        self.assertEqual(self._asked(invoices), [("Ana López", "1", 70.0), ("Blue Insurance", "", 30.0)])
        self.assertEqual(invoices.claim_ids.amount_expected, 0.0)

    # === EXPECTED === #

    def test_a_payer_that_decides_first_is_expected_to_pay_by_the_same_rules(self):
        self.plan.billing_mode = "adjudicate"
        self.coverage.write({"deductible": 100.0, "coinsurance": 20.0})
        self._rule(is_covered=False)
        invoice = self._bill(services=[self.service, self.therapy])
        claim = invoice.claim_ids
        self.assertEqual(self._asked(invoice), [("Blue Insurance", "", 100.0), ("Blue Insurance", "", 500.0)])
        self.assertEqual(claim.amount_expected, 320.0)
        self.assertFalse(claim.is_underpaid, "nothing has been answered yet")

    def test_an_answer_below_what_was_expected_is_seen(self):
        self.plan.billing_mode = "adjudicate"
        self.coverage.coinsurance = 20.0
        claim = self._bill().claim_ids
        self.assertEqual(claim.amount_expected, 400.0)
        answer = self._answer(claim, 390.0, [(self.pr_2, 110.0)])
        self.assertTrue(claim.is_underpaid)
        answer._reverse(fields.Date.to_date("2026-03-15"), "typed wrongly")
        self._answer(claim, 400.0, [(self.pr_2, 100.0)])
        self.assertFalse(claim.is_underpaid)

    def test_what_is_expected_includes_its_part_of_the_taxes(self):
        self.coverage.coinsurance = 20.0
        tax = self.env["account.tax"].create({"name": "21 %", "amount": 21.0, "type_tax_use": "sale"})
        claim = self._bill(services=[self._create_service("Taxed", 100.0, taxes=tax)]).claim_ids
        self.assertEqual((claim.amount_charged, claim.amount_expected), (96.80, 96.80))
        self.plan.billing_mode = "adjudicate"
        claim = self._bill(services=[self._create_service("Taxed", 100.0, taxes=tax)]).claim_ids
        self.assertEqual((claim.amount_charged, claim.amount_expected), (121.0, 96.80))

    def test_the_second_payer_is_expected_to_pay_its_benefits_on_what_the_first_left(self):
        self.plan.billing_mode = "adjudicate"
        self.plan_b.coinsurance = 25.0
        self._create_coverage(self.patient, self.plan_b, rank="2")
        first = self._bill().claim_ids
        self._answer(first, 420.0, [(self.pr_1, 80.0)])
        second = first.encounter_id.claim_ids - first
        self.assertEqual((second.amount_charged, second.amount_expected), (80.0, 60.0))

    def test_what_was_expected_is_never_typed(self):
        line = self._bill().invoice_line_ids
        manager = self.env["res.users"].create({
            "name": "Max", "login": "max.rules",
            "group_ids": [Command.set([
                self.env.ref("billing_coordinator.group_manager").id, self.env.ref("account.group_account_manager").id,
            ])],
        })
        with self.assertRaisesRegex(Exception, "filled in by billing alone"), self.cr.savepoint():
            line.with_user(manager).write({"billing_amount_expected": 1.0})

    def test_the_preview_says_what_will_be_asked(self):
        self._rule(is_covered=False)
        encounter = self._create_encounter(services=[self.service, self.therapy])
        wizard = self.env["billing.bill.wizard"].create({"encounter_ids": encounter.ids})
        self.assertEqual(
            [(line.debtor_id.name, line.amount) for line in wizard.line_ids],
            [("Blue Insurance", 500.0), ("Ana López", 100.0)],
        )

    # === ON THE VISIT === #

    def test_a_service_says_which_rule_counts_for_it_and_why(self):
        rule = self._rule(limit_kind="units", limit_units=20, authorization_needed=True)
        encounter = self._create_encounter(services=[self.service, self.therapy])
        usual, therapy = encounter.line_ids
        self.assertTrue(encounter.has_plan_rules)
        self.assertEqual((usual.rule_id, usual.rule_note, usual.rule_why), (rule.browse(), False, False))
        self.assertEqual(therapy.rule_id, rule)
        self.assertEqual(
            therapy.rule_note, "At most 20 units in a calendar year, authorization needed (Therapy)",
        )
        self.assertEqual(
            therapy.rule_why, "“Therapy” counts: it names the service itself, and nothing is more specific than that.",
        )
        encounter.is_self_pay = True
        self.assertFalse(therapy.rule_note, "no payer is asked")
        self.assertFalse(encounter.has_plan_rules)

    def test_many_services_say_it_without_a_query_each(self):
        self._rule()
        counts = []
        for number in (1, 1, 12):
            encounter = self._create_encounter(services=[self.therapy] * number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            encounter.line_ids.mapped("rule_note")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
