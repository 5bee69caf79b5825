from collections import defaultdict
from typing import NamedTuple

from odoo import models

from odoo.addons.billing_coordinator.tools.claim_content import (
    Accident,
    ClaimContent,
    Dates,
    Diagnosis,
    Insured,
    Service,
)
from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_TO_SEND
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

ICD9 = "ICD9CM"


class Telling(NamedTuple):
    """What one claim's payer is told otherwise than the visit says.

    ``services``: {visit service: (code, modifiers)}; ``diagnoses``: [(letter, code)] or empty; ``values``: labels and
    values that the payer asks for.
    """

    services: dict
    diagnoses: list
    values: list


class BillingClaim(models.Model):
    """The facts of claims, the same for files, forms and letters."""

    _inherit = "billing.claim"

    # === BUSINESS METHODS === #

    def _get_contents(self, frequency=None):
        """What each of these claims tells its payer, in a number of queries that does not grow with them.

        :param str frequency: "1", "7" or "8" where the caller knows as what they go out; else what they went out as
            last, or would go out as now
        :return: {claim: :class:`~odoo.addons.billing_coordinator.tools.claim_content.ClaimContent`}
        """
        self.check_access("read")
        self._read_ahead()
        telling = self._get_telling()
        charges = self._get_whole_charges()
        others = self._get_other_payers(charges)
        desks = self.payer_id._get_billing_contacts("claims")
        return {
            claim: claim._get_content(
                telling[claim], charges[claim], others[claim], desks.get(claim.payer_id), frequency,
            )
            for claim in self
        }

    def _read_ahead(self):
        """Read at once what is then looked at claim by claim: a filtered set forgets what it was read with."""
        visits = self.encounter_id
        visits.invoice_ids.invoice_line_ids.encounter_line_id.mapped("name")
        visits.invoice_ids.reversal_move_ids.mapped("state")
        visits.claim_ids.remittance_line_ids.adjustment_ids.reason_id.mapped("code")
        visits.claim_ids.remittance_line_ids.remittance_id.mapped("date")

    def _get_telling(self):
        """{claim: :class:`Telling`}. Hook: the room of habits knows what payers are told otherwise."""
        return {claim: Telling({}, [], []) for claim in self}

    def _get_whole_charges(self):
        """{claim: {visit service: (charge with its taxes, taxes)}}, whoever was asked for it, in the claim's money."""
        charges = {}
        for claim in self:
            found = charges[claim] = defaultdict(lambda: (0.0, 0.0))
            for item in claim._get_charge_invoices().invoice_line_ids:
                if item.display_type == "product":
                    charge, tax = found[item.encounter_line_id]
                    found[item.encounter_line_id] = (
                        charge + item.price_total, tax + item.price_total - item.price_subtotal,
                    )
        return charges

    def _get_charge_invoices(self):
        """The invoices among which the charge of the visit was divided when this claim was made.

        Those of a claim that was taken back were taken back with it; the visit may have been billed anew since.
        """
        self.ensure_one()
        root = self.invoice_id.billing_charge_id or self.invoice_id
        invoices = self.encounter_id.invoice_ids.filtered(
            lambda move: move.billing_kind == "charge" and move.move_type == "out_invoice" and move.state == "posted"
        )
        if not root._is_billing_credited():
            return invoices.filtered(lambda move: not move._is_billing_credited())
        return invoices.filtered(
            lambda move: move == root or (
                move.create_date == root.create_date and move.billing_coverage_id != root.billing_coverage_id
                and move._is_billing_credited()
            )
        )

    def _get_content(self, telling, charges, others, desk, frequency=None):
        """The facts of one claim."""
        self.ensure_one()
        frequency, original = self._get_outgoing(frequency)
        visit, coverage, company = self.encounter_id, self.coverage_id, self.company_id
        services = self._get_content_services(telling, charges)
        diagnoses = telling.diagnoses or [
            (diagnosis.letter, diagnosis.code_id) for diagnosis in visit.diagnosis_ids
        ]
        unit = self._get_unit()
        authorizations = list(dict.fromkeys(service.authorization for service in services if service.authorization))
        return ClaimContent(
            number=self.name,
            payer=self.payer_id._to_party(company, desk),
            payer_code=self.payer_id.payer_code or "",
            insured=coverage._to_insured(company),
            patient=self.patient_id._to_party(company),
            billing=company.partner_id._to_party(company),
            diagnoses=tuple(Diagnosis(letter or "", code.code or "") for letter, code in diagnoses),
            services=services,
            total=sum((service.charge for service in services), to_decimal(0, unit)),
            frequency=frequency,
            original_reference=original,
            rank=int(self.rank or 1),
            filing=self.payer_id.claim_filing or "ZZ",
            patient_birth=self.patient_id.birth_date or None,
            patient_sex=self.patient_id.sex or "",
            diagnosis_system="9" if any(code.system_id.code == ICD9 for _letter, code in diagnoses) else "10",
            paid_by_patient=to_decimal(visit.amount_patient_paid, unit),
            place=visit.place_id.code or "",
            authorization=authorizations[0] if authorizations else "",
            referring=visit.referring_id._to_party(company),
            rendering=visit.provider_id._to_party(company),
            facility=visit.facility_id._to_party(company),
            pay_to=company.billing_pay_to_id._to_party(company),
            accident=self._get_accident(),
            supervising=visit.supervising_id._to_party(company),
            dates=self._get_dates(),
            note=visit.claim_note or "",
            values=tuple(telling.values),
            accepts_assignment=coverage.plan_id.accepts_assignment,
            others=others,
            currency=self.currency_id.name,
            secondary_reason=coverage.medicare_reason or "",
        )

    def _get_outgoing(self, frequency=None):
        """(frequency, payer's number of the original) with which the claim goes out, or went out last."""
        self.ensure_one()
        sent = self.last_submission_id
        if frequency is None and self.cancellation_due:
            frequency = "8"
        elif frequency is None and self.state in CLAIM_TO_SEND:
            frequency = self._prepare_submission_vals()["frequency"]
        elif frequency is None and sent:
            return sent.frequency, sent.original_reference or ""
        frequency = frequency or self.frequency
        return frequency, (self._get_original_reference() or "") if frequency != "1" else ""

    def _get_unit(self):
        """The smallest amount of this claim's currency, as a Decimal."""
        self.ensure_one()
        return to_unit(self.currency_id.rounding)

    def _get_dates(self):
        visit = self.encounter_id
        return Dates(*(day or None for day in (
            visit.onset_date, visit.last_period_date, visit.first_seen_date, visit.unable_from_date,
            visit.unable_to_date, visit.admission_date, visit.discharge_date,
        )))

    def _get_accident(self):
        visit = self.encounter_id
        if not visit.accident_kind:
            return Accident()
        return Accident(visit.accident_kind, visit.accident_state_id.code or "", visit.accident_date or None)

    # === SERVICES === #

    def _get_content_services(self, telling, charges):
        """The services asked for, each once, in the order of the visit."""
        self.ensure_one()
        unit, items = self._get_unit(), defaultdict(lambda: self.env["account.move.line"])
        for item in self.invoice_id.invoice_line_ids:
            if item.display_type == "product":
                items[item.encounter_line_id] |= item
        lines = sorted(items, key=lambda line: (line.sequence, line.id))
        numbers = self._get_authorization_numbers(lines)
        return tuple(
            self._get_content_service(number, line, items[line], telling, charges[line], numbers.get(line, ""), unit)
            for number, line in enumerate(lines, start=1)
        )

    def _get_content_service(self, number, line, items, telling, charge, authorization, unit):
        visit = self.encounter_id
        code, modifiers = telling.services.get(line) or (line.code_id, line.modifier_codes)
        return Service(
            number=number,
            code=code.code or "",
            modifiers=tuple((modifiers or "").split()),
            charge=to_decimal(charge[0], unit),
            units=to_decimal(line.quantity),
            date_from=visit.date,
            description=line.name or "",
            pointers=line._get_pointers()[:4],
            place=visit.place_id.code or "",
            emergency=visit.is_emergency,
            authorization=authorization,
            control_number=str(items[:1].id),
            tax=to_decimal(charge[1], unit),
            asked=to_decimal(sum(items.mapped("price_total")), unit),
            system=(code.system_id.code or "").upper(),
        )

    def _get_authorization_numbers(self, lines):
        """{visit service: number of the prior authorization that this claim's payer gave for it}."""
        key = self.coverage_id._get_policy_key()
        given = {line: line.authorization_line_id.authorization_id for line in lines}
        return {
            line: authorization.number or ""
            for line, authorization in given.items()
            if authorization and authorization.coverage_id._get_policy_key() == key
        }


class BillingCoverage(models.Model):
    """A policy as claims name it."""

    _inherit = "billing.coverage"

    def _to_insured(self, company):
        """Who holds the policy, and what the patient is to them."""
        self.ensure_one()
        holder = self.subscriber_id
        return Insured(
            holder._to_party(company), self.member_number or "", holder.birth_date or None, holder.sex or "",
            self.relationship, self.group_number or "", self.group_name or "", self.plan_id.name or "",
        )
