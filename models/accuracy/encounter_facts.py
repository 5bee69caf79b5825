from odoo import models
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools.accuracy import Flaw

# What the checks want to know of services elsewhere.
OTHER_FIELDS = ("encounter_id", "product_id", "code_id", "modifier_1_id", "quantity", "name")


class BillingEncounter(models.Model):
    """What the checks want to know of visits: other visits of the day, accounts, authorizations."""

    _inherit = "billing.encounter"

    def _get_accuracy_diagnoses(self):
        return self.diagnosis_ids.sorted(lambda diagnosis: (diagnosis.sequence, diagnosis.id)).code_id

    def _get_other_services(self):
        """Services of the same patients in other visits of the same days, cancelled ones left out: one search."""
        lines = self.env["billing.encounter.line"].search_fetch(
            Domain("encounter_id.patient_id", "in", self.patient_id.ids)
            & Domain("encounter_id.date", "in", list(set(self.mapped("date"))))
            & Domain("encounter_id.state", "!=", "cancelled")
            & Domain("company_id", "in", self.company_id.ids),
            OTHER_FIELDS,
        )
        by_day = lines.grouped(lambda line: (line.encounter_id.patient_id.id, line.encounter_id.date))
        others = {
            visit: by_day.get((visit.patient_id.id, visit.date), lines.browse()) - visit.line_ids for visit in self
        }
        # What payers read is compared with what they read.
        told = lines.browse().union(*others.values()).encounter_id._find_told()
        return {
            visit: [
                line._prepare_accuracy_service(line.encounter_id, told=told.get((line.encounter_id, line)))
                for line in of_visit
            ]
            for visit, of_visit in others.items()
        }

    def _get_lost_coverage(self):
        """The patient is insured, but not on the day: the coverage that ended last before, or begins first after."""
        self.ensure_one()
        if self.is_self_pay or self.primary_coverage_id or not self.date:
            return None
        coverages = self.patient_id.coverage_ids.filtered(lambda coverage: coverage.company_id == self.company_id)
        ended = coverages.filtered(lambda coverage: coverage.date_to and coverage.date_to < self.date)
        if ended:
            last = max(ended, key=lambda coverage: (coverage.date_to, coverage.id))
            return last.plan_id.name, last.date_to
        coming = coverages.filtered(lambda coverage: coverage.date_from > self.date)
        return (min(coming, key=lambda coverage: coverage.date_from).plan_id.name, None) if coming else None

    def _find_known_flaws(self):
        found = {visit: [] for visit in self}
        for part in (self._find_account_flaws, self._find_authorization_flaws):
            for visit, flaw in part():
                found[visit].append(flaw)
        return found

    def _find_account_flaws(self):
        """(visit, flaw) where the account is on hold, closed, or approved by nobody."""
        stops = self.patient_id._find_billing_stops(self.company_id)
        for visit in self:
            if stop := stops.get(visit.patient_id):
                yield visit, Flaw(
                    kind="account",
                    facts={"stop": stop, "reason": visit.patient_id.billing_state_reason or ""},
                    severity="warn" if stop == "not_approved" else "stop",
                )

    def _find_authorization_flaws(self):
        """(visit, flaw) where an authorization is missing, is another one's, or has too few units left."""
        # What a rule of the plan says may have changed since somebody looked.
        self.line_ids.invalidate_recordset(["authorization_needed", "authorization_missing"], flush=False)
        for service in self._get_authorized_services():
            if service._get_authorization_sentence():
                yield service.encounter_id, Flaw(
                    kind="authorization_wrong", place=str(service.id), service=service.id,
                    facts={"service": service.name, "authorization": service.authorization_line_id.id},
                )
        for visit in self:
            for service, left in visit._get_authorized_services()._find_units_short().items():
                yield visit, Flaw(
                    kind="authorization_short", place=str(service.id), service=service.id,
                    facts={"service": service.name, "left": f"{left:f}", "wanted": f"{service.quantity:g}"},
                )
            policy = visit.primary_coverage_id.plan_id.authorization_policy
            missing = visit.line_ids.filtered("authorization_missing")
            if missing and policy in ("stop", "warn"):
                yield visit, Flaw(
                    kind="authorization_missing",
                    facts={"services": missing.mapped("name"), "plan": visit.primary_coverage_id.plan_id.name},
                    severity=policy,
                )
