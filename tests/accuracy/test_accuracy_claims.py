from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AccuracyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccuracyClaims(AccuracyCase):
    """A claim is checked for its own payer, and what was accepted on its visit is accepted on it."""

    def test_a_claim_in_order_is_clean_and_sent(self):
        claim = self._bill().claim_ids
        self.assertClean(claim)
        self.assertEqual((claim.accuracy_first_level, str(claim.accuracy_first_date)), ("clean", TODAY))
        claim.action_send()
        self.assertEqual((claim.state, claim.accuracy_final_level), ("sent", "clean"))

    def test_a_claim_with_a_stop_is_not_sent(self):
        claim = self._bill().claim_ids
        self.provider.npi = False
        self.assertFinds(claim, "npi_missing", "stop", (
            f"Dr. Ruth Stein, who rendered the services of {claim.name} Blue Insurance, has no NPI on record, and Blue "
            "Insurance asks for it. Type it on the provider's page."
        ))
        with self.assertRaisesRegex(UserError, "has no NPI on record"):
            claim.action_send()
        self.assertEqual(self._findings(claim)["npi_missing"].action_mend()["res_id"], self.provider.id)
        self.provider.npi = "1234567893"
        claim.action_send()

    def test_what_was_accepted_on_the_visit_is_accepted_on_its_claim(self):
        self.patient.birth_date = False
        visit = self._create_encounter()
        self._findings(visit)["birth_date_missing"]._accept("The payer knows her")
        # The database keeps facts in an order of its own: read them from there.
        self.env.flush_all()
        self.env.invalidate_all()
        claim = self._bill(visit).claim_ids
        finding = self._findings(claim)["birth_date_missing"]
        self.assertEqual((finding.is_accepted, finding.accepted_reason), (True, "The payer knows her"))
        self.assertEqual((claim.accuracy_level, claim.accuracy_first_level), ("clean", "stop"))
        claim.action_send()

    def test_a_warning_that_was_silenced_on_the_visit_is_no_stop_that_was_overridden(self):
        self.patient.birth_date = False
        rule = self.env["billing.accuracy.rule"].search([("key", "=", "birth_date_missing")])
        rule.severity = "warn"
        visit = self._create_encounter()
        self._findings(visit)["birth_date_missing"]._accept("Will be asked next time")
        claim = self._bill(visit).claim_ids
        self.assertTrue(self._findings(claim)["birth_date_missing"].is_accepted)
        self.patient.birth_date = "1980-04-01"
        self.assertClean(claim)
        rule.severity = "stop"
        self.patient.birth_date = False
        with self.assertRaisesRegex(UserError, "The date of birth of Ana López is missing"):
            claim.action_send()

    def test_the_second_payer_is_another_matter(self):
        secondary = self._create_coverage(self.patient, self.plan_b, rank="2")
        self._verify(secondary)
        self.plan_b.code_system_ids = self.env.ref("billing_coordinator.code_system_hcpcs")
        visit = self._create_encounter()
        self.assertClean(visit)
        claim = self._bill(visit).claim_ids
        claim.action_send()
        self._answer(claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        second = visit.claim_ids - claim
        self.assertIn("Gold Plan does not know the list OWN", self._findings(second)["code_system"].name)

    def test_a_coverage_that_turned_out_not_to_be_in_force(self):
        claim = self._bill().claim_ids
        self.env.flush_all()
        self.env.cr.execute("UPDATE billing_coverage SET date_to = '2026-03-04' WHERE id = %s", [self.coverage.id])
        self.env.invalidate_all()
        claim._check_accuracy()
        self.assertFinds(claim, "coverage_ended", "stop", (
            f"Blue Plan was not in force on 03/05/2026, the day of {claim.name} Blue Insurance. Correct the dates of "
            "the coverage, or take the claim back."
        ))

    def test_a_claim_whose_services_do_not_add_up(self):
        claim = self._bill().claim_ids
        self.env.flush_all()
        self.env.cr.execute("UPDATE billing_claim SET amount_charged = 501 WHERE id = %s", [claim.id])
        self.env.invalidate_all()
        claim._check_accuracy()
        self.assertFinds(claim, "total", "stop", (
            f"{claim.name} Blue Insurance asks for $\N{NO-BREAK SPACE}501.00, but its services add up to "
            "$\N{NO-BREAK SPACE}500.00. Take the claim back and bill the visit again."
        ))

    def test_a_deadline_that_comes_near_after_billing(self):
        claim = self._bill().claim_ids
        with freeze_time("2027-02-20"):
            claim._check_accuracy()
            self.assertIn("until 03/05/2027", self._findings(claim)["filing_near"].name)

    def test_a_divided_bill_adds_up(self):
        self.plan.billing_mode = "split"
        self.coverage.copay = 25.0
        third = self._create_service("Third", 33.33, billing_code_id=self._create_code("T-1").id)
        visit = self._create_encounter(services=[self.service, third])
        claim = self._bill(visit).filtered("billing_coverage_id").claim_ids
        self.assertClean(claim)

    def test_a_claim_of_a_visit_with_taxes_adds_up(self):
        tax = self.env["account.tax"].create({"name": "7 %", "amount": 7.0, "type_tax_use": "sale"})
        self.service.taxes_id = [Command.set(tax.ids)]
        self.assertClean(self._bill().claim_ids)
