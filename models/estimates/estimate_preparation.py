from odoo import models
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.authorization import Service, why_not
from odoo.addons.billing_coordinator.tools.money import to_decimal

from ..written_numbers import format_number


class BillingEstimate(models.Model):
    """What still has to be asked before the service: the payer whether the coverage is in force, the payer for its
    authorization, and the patient whether they need help with paying."""

    _inherit = "billing.estimate"

    def _get_advice(self):
        return [
            *super()._get_advice(),
            *self._get_account_advice(),
            *self._get_verification_advice(),
            *self._get_authorization_advice(),
            *self._get_assistance_advice(),
        ]

    def _get_account_advice(self):
        """An account that could not be billed today."""
        sentence, stops = self.patient_id._origin._get_billing_stop(self.company_id) if self.patient_id else ("", False)
        return [("danger" if stops else "info", sentence)] if sentence else []

    def _get_verification_advice(self):
        """Coverages that their payer has not confirmed for the day."""
        coverages = self.coverage_ids._origin
        deciding = coverages._get_deciding_checks({(coverage, self.date) for coverage in coverages})
        return [
            (
                "warning",
                self.env._(
                    "%(sentence)s Verify it before the patient comes.",
                    sentence=coverage._get_verification_sentence(check),
                ),
            )
            for (coverage, _date), check in deciding.items()
            if check._get_verification() != "verified"
        ]

    # === AUTHORIZATIONS === #

    def _get_authorization_advice(self):
        """Services that a payer wants to be asked about beforehand, and for which nothing is on file."""
        wanted = {
            (coverage, line): (coverage.plan_id, line.product_id, line.code_id, self.date)
            for line in self.line_ids
            for coverage in self.coverage_ids._origin
            if line.product_id
        }
        needs = self.env["billing.insurance.plan"]._get_authorization_needs(set(wanted.values()))
        needed = [pair for pair, key in wanted.items() if needs[key]]
        grants = self._get_authorization_grants() if needed else []
        return [
            (
                "danger",
                self.env._(
                    "%(plan)s wants to be asked before “%(service)s”: get its authorization first.",
                    plan=coverage.plan_id.name,
                    service=line.name,
                ),
            )
            for coverage, line in needed
            if not self._is_granted(line._prepare_authorization_service(coverage), grants)
        ]

    def _get_authorization_grants(self):
        """What the patient's payers have agreed to and is not used up, in one search."""
        return self.env["billing.authorization.line"].search([
            ("patient_id", "=", self.patient_id._origin.id),
            ("company_id", "=", self.company_id.id),
            ("authorization_id.state", "in", self.env["billing.authorization"]._get_granted_states()),
            ("units_left", ">", 0),
        ])._prepare_grants()

    def _is_granted(self, service, grants):
        return any(why_not(grant, service) is None and grant.left >= service.units for grant in grants)

    # === HELP WITH PAYING === #

    def _get_assistance_advice(self):
        """Financial assistance that discounts the patient's part, or may be asked for."""
        if self.currency_id.compare_amounts(self.amount_patient, 0) <= 0:
            return []
        granted = self.patient_id._origin._get_billing_assistance(self.company_id, self.date)
        if granted:
            off = self.currency_id.round(self.amount_patient * granted.discount_percent / 100.0)
            return [("info", self.env._(
                "%(person)s has financial assistance until %(date)s: %(percent)s %% of the patient's part, about "
                "%(amount)s, will be taken off.",
                person=granted.applicant_id.name,
                date=format_date(self.env, granted.date_to),
                percent=format_number(self.env, granted.discount_percent),
                amount=self.currency_id.format(off),
            ))]
        programmes = self.env["billing.assistance.programme"].sudo().search_count(
            [("company_id", "=", self.company_id.id)], limit=1,
        )
        return [("info", self.env._(
            "Financial assistance may lower the patient's part: offer an application.",
        ))] if programmes else []


class BillingEstimateLine(models.Model):
    """A planned service as the search for its authorization wants it."""

    _inherit = "billing.estimate.line"

    def _prepare_authorization_service(self, coverage):
        self.ensure_one()
        return Service(
            key=self,
            company=self.estimate_id.company_id.id,
            patient=self.estimate_id.patient_id._origin.id,
            policy=coverage._get_policy_key(),
            coverage=coverage.id,
            provider=self._get_provider()._origin.id or None,
            product=self.product_id._origin.id,
            system=self.code_id.system_id.id or None,
            code=self.code_id.code or "",
            date=self.estimate_id.date,
            units=to_decimal(self.quantity),
        )
