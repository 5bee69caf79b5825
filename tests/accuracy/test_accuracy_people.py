from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AccuracyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccuracyPeople(AccuracyCase):
    """Insurance, deadlines, authorizations, accounts, and the people whom a claim names."""

    def _name(self, visit):
        return f"{visit.name} Ana López"

    # === INSURANCE === #

    def test_no_coverage_on_the_day(self):
        self.coverage.date_to = "2026-02-28"
        visit = self._create_encounter()
        self.assertFinds(visit, "coverage_none", "warn", (
            f"No coverage was in force on 03/05/2026, the day of {self._name(visit)}: Blue Plan ended on 02/28/2026. "
            "Ask for the insurance that follows, or tick “Do not bill insurance”."
        ))
        visit.is_self_pay = True
        self.assertFindsNot(visit, "coverage_none")
        visit = self._create_encounter(date="2025-12-31")
        self.assertFinds(visit, "coverage_none", "warn", (
            f"No coverage was in force on 12/31/2025, the day of {self._name(visit)}: Blue Plan begins later. Correct "
            "its first day, or tick “Do not bill insurance”."
        ))

    def test_insurance_that_nobody_verified(self):
        visit = self._create_encounter(date="2026-02-10")
        self.assertFinds(visit, "eligibility_old", "warn", (
            f"Nobody has confirmed Blue Plan for 02/10/2026, the day of {self._name(visit)}. Verify the insurance."
        ))
        self._verify(self.coverage, service_date="2026-02-01")
        self.assertClean(visit)

    def test_a_payer_that_disagrees(self):
        visit = self._create_encounter()
        self._verify(self.coverage, "unclear", date="2026-03-02")
        self.assertFinds(visit, "eligibility_problem", "stop", (
            f"Asked about Blue Plan on 03/02/2026, the payer of {self._name(visit)} said: unclear. Verify the "
            "insurance again, or correct the coverage."
        ))

    def test_a_filing_deadline_near_and_past(self):
        self.plan.timely_filing_days = 41
        visit = self._create_encounter()
        self.assertFinds(visit, "filing_near", "warn", (
            f"Blue Plan accepts the claim of {self._name(visit)} until 04/15/2026. Send it before that day."
        ))
        self.plan.timely_filing_days = 42
        self.assertClean(visit)
        self.plan.timely_filing_days = 10
        self.assertFinds(visit, "filing_past", "stop", (
            f"Blue Plan accepted the claim of {self._name(visit)} until 03/15/2026, which is over. Have a manager "
            "decide: file it with a reason for the delay, or give it up."
        ))

    def test_a_deadline_that_runs_over_the_29th_of_february(self):
        with freeze_time("2028-02-29"):
            self.coverage.date_to = False
            self.plan.timely_filing_days = 60
            visit = self._create_encounter(date="2028-01-01")
            self.assertIn("until 03/01/2028", self._findings(visit)["filing_near"].name)
            self.plan.timely_filing_days = 58
            self.assertIn("until 02/28/2028, which is over", self._findings(visit)["filing_past"].name)

    # === AUTHORIZATIONS AND ACCOUNTS === #

    def test_an_authorization_that_is_missing(self):
        self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "applies_to": "product", "product_id": self.service.id,
            "authorization_needed": True,
        })
        visit = self._create_encounter()
        self.assertFinds(visit, "authorization_missing", "stop", (
            f"{self._name(visit)} has to wait. Blue Plan wants to be asked before these services are rendered, and no "
            "authorization with units left is on file for 03/05/2026: Office visit (OV-3). Press “Request "
            "authorization” on the visit, record the payer's answer, or choose an authorization on the service."
        ))
        self.plan.authorization_policy = "warn"
        self.assertEqual(self._findings(visit)["authorization_missing"].severity, "warn")
        self.plan.authorization_policy = "ignore"
        self.assertClean(visit)

    def _authorize(self, units):
        """An authorization of the office visit, given by the payer, for so many units."""
        given = self.env["billing.authorization"].create({
            "patient_id": self.patient.id, "coverage_id": self.coverage.id, "number": "A-77",
            "date_from": "2026-01-01", "date_to": "2026-06-30",
            "line_ids": [Command.create({"units_asked": units, "code_id": self.code.id})],
        })
        given.action_submit()
        given.action_approve()
        return given

    def test_an_authorization_with_too_few_units_left(self):
        given = self._authorize(2)
        visit = self._create_encounter()
        visit.line_ids.write({"authorization_line_id": given.line_ids.id, "quantity": 3})
        self.assertFinds(visit, "authorization_short", "stop", (
            f"{given.name} Ana López has 2 units of OV-3 left, and “Office visit” of {self._name(visit)} wants 3. Bill "
            "fewer units, choose another authorization on the service, or ask Blue Insurance for more and record what "
            "it approves."
        ))
        visit.line_ids.quantity = 2
        self.assertFindsNot(visit, "authorization_short")

    def test_an_authorization_of_another_provider(self):
        given = self._authorize(2)
        visit = self._create_encounter()
        visit.line_ids.authorization_line_id = given.line_ids
        self.assertFindsNot(visit, "authorization_wrong")
        # Forms refuse it; a migration does not.
        otto = self.env["res.partner"].create({"name": "Dr. Otto Weiss", "is_provider": True})
        self.env.cr.execute("UPDATE billing_authorization SET provider_id = %s WHERE id = %s", [otto.id, given.id])
        given.invalidate_recordset()
        visit._check_accuracy()
        self.assertFinds(visit, "authorization_wrong", "stop", (
            f"“Office visit” of {self._name(visit)} cannot be billed under {given.name} Ana López: it is for services "
            "of Dr. Otto Weiss. Choose another authorization on the service, or leave it empty."
        ))

    def test_an_account_on_hold(self):
        visit = self._create_encounter()
        self.patient._set_state("on_hold", "Asks for a lawyer")
        self.assertFinds(visit, "account", "stop", (
            "Ana López is on hold: Asks for a lawyer. Release the account to bill it."
        ))
        self.patient._set_state("active", "Settled")
        self.assertClean(visit)

    def test_an_account_that_nobody_approved(self):
        nora = self._create_patient("Nora Neu")
        visit = self._create_encounter(nora)
        self.assertFinds(visit, "account", "warn", "Nora Neu is not approved yet.")
        self.company.billing_unapproved = "no"
        visit._check_accuracy()
        self.assertEqual(self._findings(visit)["account"].severity, "stop")

    # === WHO AND BY WHOM === #

    def test_who_rendered_the_service(self):
        visit = self._create_encounter(provider_id=False)
        self.assertFinds(visit, "provider_missing", "stop", (
            f"{self._name(visit)} does not say who rendered the service, and Blue Insurance asks for it. Choose the "
            "provider."
        ))
        visit.provider_id = self.provider
        self.assertClean(visit)
        self.provider.npi = False
        self.assertFinds(visit, "npi_missing", "stop", (
            f"Dr. Ruth Stein, who rendered the services of {self._name(visit)}, has no NPI on record, and Blue "
            "Insurance asks for it. Type it on the provider's page."
        ))
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET npi = '123' WHERE id = %s", [self.provider.id])
        self.env.invalidate_all()
        visit._check_accuracy()
        self.assertFinds(visit, "npi_wrong", "stop", (
            f"123 cannot be the NPI of Dr. Ruth Stein, who rendered the services of {self._name(visit)}. Compare it "
            "with the provider's papers, digit by digit."
        ))

    def test_nobody_asks_for_an_npi_outside_the_united_states(self):
        self.provider.npi = False
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        self.assertClean(self._create_encounter())

    def test_the_npi_of_the_office(self):
        self.company.partner_id.npi = False
        visit = self._create_encounter()
        self.assertFinds(visit, "npi_office", "warn", (
            f"{self.company.name} has no NPI of its own for the claim of {self._name(visit)}. Type it on the contact "
            "of the company."
        ))

    def test_a_member_number_that_is_none(self):
        visit = self._create_encounter()
        self.coverage.member_number = "n/a?"
        self.assertFinds(visit, "member_number", "stop", (
            f"“n/a?” does not look like a member number of Blue Plan, which is billed for {self._name(visit)}. Compare "
            "it with the insurance card."
        ))
        self.coverage.member_number = "1EG4-TE5-MK73"
        self.assertClean(visit)

    def test_the_date_of_birth(self):
        visit = self._create_encounter()
        self.patient.birth_date = False
        self.assertFinds(visit, "birth_date_missing", "stop", (
            "The date of birth of Ana López is missing, and Blue Insurance finds nobody without it "
            f"({self._name(visit)}). Type it on the account."
        ))
        self.patient.birth_date = "2026-03-06"
        self.assertFinds(visit, "birth_date_wrong", "stop", (
            f"Ana López cannot be born on 03/06/2026 and be seen on 03/05/2026 ({self._name(visit)}). Correct the date "
            "of birth on the account."
        ))
        self.patient.birth_date = "1980-02-29"
        self.assertClean(visit)

    def test_the_address(self):
        visit = self._create_encounter()
        self.patient.write({"street": False, "zip": False})
        self.assertFinds(visit, "address_missing", "warn", (
            f"The address of Ana López is not complete ({self._name(visit)}): street, postal code missing. Complete it "
            "on the account."
        ))

    def test_a_policy_holder_is_looked_at_too(self):
        luis = self.env["res.partner"].create({
            "name": "Luis López", "street": "1 Elm St", "city": "Oakdale", "zip": "12345",
        })
        visit = self._create_encounter()
        self.coverage.write({"relationship": "spouse", "subscriber_id": luis.id})
        self.assertFinds(visit, "birth_date_missing", "stop", (
            "The date of birth of Luis López is missing, and Blue Insurance finds nobody without it "
            f"({self._name(visit)}). Type it on the account."
        ))
        self.assertEqual(self._findings(visit)["birth_date_missing"].action_mend()["res_id"], luis.id)
        luis.birth_date = "1979-05-05"
        self.assertClean(visit)
