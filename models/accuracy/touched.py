from odoo import api, models
from odoo.fields import Domain

from ..charges.service_line import MODIFIER_FIELDS

DOCUMENTS = ("billing.encounter", "billing.estimate", "billing.claim")
# What findings about people and their coverages are made of.
PARTNER_FIELDS = frozenset({
    "name", "birth_date", "npi", "street", "city", "zip", "billing_state", "payer_type", "is_company",
})
COVERAGE_FIELDS = frozenset({"member_number", "date_from", "date_to", "active", "rank", "plan_id", "subscriber_id"})
PLAN_FIELDS = frozenset({"name", "timely_filing_days", "code_system_ids", "pricelist_id", "authorization_policy"})
CODE_FIELDS = frozenset({"date_from", "date_to", "is_billable", "active", "kind", "code"})


class BillingAccuracyDocument(models.AbstractModel):
    """Documents whose ground has changed are looked at again before anybody reads their findings."""

    _inherit = "billing.accuracy.document"

    @api.model
    def _touch_where(self, domain):
        """Look again at the documents in the house that a domain finds."""
        self.sudo().search(Domain(domain) & self._get_accuracy_domain())._touch_accuracy()

    @api.model
    def _touch_patients(self, patients):
        """Look again at what is unbilled of these people, and at claims not sent that name them."""
        for name in DOCUMENTS:
            self.env[name]._touch_where([("patient_id", "in", patients.ids)])

    @api.model
    def _touch_codes(self, codes):
        """Look again at what names one of the codes of a domain."""
        for name in DOCUMENTS:
            self.env[name]._touch_where(self.env[name]._get_code_domain(codes))

    @api.model
    def _get_code_domain(self, codes):
        """The domain of documents that name one of the codes of a domain. Hook: diagnoses stand elsewhere in each."""
        return Domain("line_ids", "any", Domain.OR(
            Domain(name, "any", codes) for name in ("code_id", *MODIFIER_FIELDS)
        ))


class BillingEncounter(models.Model):
    """A visit names codes in its services and diagnoses."""

    _inherit = "billing.encounter"

    @api.model
    def _get_code_domain(self, codes):
        return super()._get_code_domain(codes) | Domain("diagnosis_ids.code_id", "any", codes)


class BillingEstimate(models.Model):
    """So does an estimate."""

    _inherit = "billing.estimate"

    @api.model
    def _get_code_domain(self, codes):
        return super()._get_code_domain(codes) | Domain("diagnosis_code_ids", "any", codes)


class BillingClaim(models.Model):
    """A claim names those of its visit, and what its payer is told instead."""

    _inherit = "billing.claim"

    @api.model
    def _get_code_domain(self, codes):
        of_visit = self.env["billing.encounter"]._get_code_domain(codes)
        return Domain("encounter_id", "any", of_visit) | Domain("told_ids.code_id", "any", codes)


class ResPartner(models.Model):
    """Whoever completes an account or a provider sees the finding go."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if PARTNER_FIELDS & vals.keys():
            insured = self.env["billing.coverage"].sudo().search([("subscriber_id", "in", self.ids)]).patient_id
            patients = self.sudo().filtered("is_billing_account") | insured
            if patients:
                self.env["billing.accuracy.document"]._touch_patients(patients)
            providers = self.sudo().filtered("is_provider")
            if providers:
                self.env["billing.encounter"]._touch_where([("provider_id", "in", providers.ids)])
                self.env["billing.claim"]._touch_where([("encounter_id.provider_id", "in", providers.ids)])
        return result


class BillingCoverage(models.Model):
    """Whoever corrects a coverage sees the finding go."""

    _inherit = "billing.coverage"

    @api.model_create_multi
    def create(self, vals_list):
        coverages = super().create(vals_list)
        self.env["billing.accuracy.document"]._touch_patients(coverages.patient_id)
        return coverages

    def write(self, vals):
        result = super().write(vals)
        if COVERAGE_FIELDS & vals.keys():
            self.env["billing.accuracy.document"]._touch_patients(self.sudo().patient_id)
        return result


class BillingInsurancePlan(models.Model):
    """A plan that says something else is believed at once."""

    _inherit = "billing.insurance.plan"

    def write(self, vals):
        result = super().write(vals)
        if PLAN_FIELDS & vals.keys():
            self._touch_members()
        return result

    def _touch_members(self):
        """Look again at what is unbilled of the members of these plans."""
        members = self.env["billing.coverage"].sudo().search([("plan_id", "in", self.ids)]).patient_id
        self.env["billing.accuracy.document"]._touch_patients(members)


class BillingCoverageRule(models.Model):
    """So is a rule of a plan."""

    _inherit = "billing.coverage.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.plan_id._touch_members()
        return rules

    def write(self, vals):
        plans = self.plan_id
        result = super().write(vals)
        (plans | self.plan_id)._touch_members()
        return result

    def unlink(self):
        plans = self.plan_id
        result = super().unlink()
        plans._touch_members()
        return result


class BillingPayerHabit(models.Model):
    """And what a payer wants to be told."""

    _inherit = "billing.payer.habit"

    @api.model_create_multi
    def create(self, vals_list):
        habits = super().create(vals_list)
        habits._touch_members()
        return habits

    def write(self, vals):
        payers = self.payer_id
        result = super().write(vals)
        self._touch_members(payers)
        return result

    def unlink(self):
        payers = self.payer_id
        result = super().unlink()
        self._touch_members(payers)
        return result

    def _touch_members(self, payers=None):
        """Look again at what is unbilled of the members of their payers, these among them."""
        payers = (payers or self.payer_id) | self.exists().payer_id
        self.env["billing.insurance.plan"].sudo().search([("payer_id", "in", payers.ids)])._touch_members()


class BillingEligibilityCheck(models.Model):
    """Whoever asks the payer sees the finding go."""

    _inherit = "billing.eligibility.check"

    def _set_state(self, target, reason=None, **values):
        result = super()._set_state(target, reason, **values)
        self.env["billing.accuracy.document"]._touch_patients(self.sudo().patient_id)
        return result


class BillingCode(models.Model):
    """A code that is corrected is believed at once."""

    _inherit = "billing.code"

    def write(self, vals):
        result = super().write(vals)
        if CODE_FIELDS & vals.keys():
            self.env["billing.accuracy.document"]._touch_codes(Domain("id", "in", self.ids))
        return result


class BillingCodeImport(models.Model):
    """So are codes that a new edition of their list changes or ends."""

    _inherit = "billing.code.import"

    def _finish(self, stage):
        super()._finish(stage)
        if stage.model == "billing.code" and (self.changed_count or self.ended_count):
            written = Domain("system_id", "in", stage.job.all_systems.ids) & Domain(
                "write_date", ">=", self.create_date,
            )
            self.env["billing.accuracy.document"]._touch_codes(written)
