from collections import defaultdict

from odoo import api, models


class ReportClaim(models.AbstractModel):
    """What the claim form tells a payer: whom it insured, what was done and why, and what others have paid of it."""

    _name = "report.billing_coordinator.report_claim"
    _description = "Claim form"

    @api.model
    def _get_report_values(self, docids, data=None):
        claims = self.env["billing.claim"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": "billing.claim",
            "docs": claims,
            "forms": {claim: self._get_form(claim) for claim in claims},
        }

    @api.model
    def _get_form(self, claim):
        """The figures of one claim form."""
        services = self._get_services(claim)
        currency = claim.currency_id
        return {
            "services": services,
            "diagnoses": self._get_diagnoses(claim),
            "values": claim.told_ids.filtered(lambda told: told.kind == "value" and told.value),
            "has_place": bool(claim.encounter_id.place_id),
            "has_tax": any(service["tax"] for service in services),
            "amount_charge": currency.round(sum(service["charge"] for service in services)),
            "amount_tax": currency.round(sum(service["tax"] for service in services)),
            "authorizations": ", ".join(self._get_authorizations(claim).mapped("number")),
            "others": self._get_others(claim),
        }

    def _get_services(self, claim):
        """Each service asked for, once: its whole charge, and what of it this payer is asked for."""
        charges = self._get_charges(claim)
        asked, tax = defaultdict(float), defaultdict(float)
        for item in claim.invoice_id.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            asked[item.encounter_line_id] += item.price_total
            tax[item.encounter_line_id] += item.price_total - item.price_subtotal
        told = {told.encounter_line_id: told for told in claim.told_ids if told.kind == "service"}
        return [
            {
                "line": line,
                # Claims of the first days have nothing written down: they say what the visit says.
                "code": told[line].code_id.code if line in told else line.code_id.code,
                "modifiers": told[line].modifiers if line in told else line.modifier_codes,
                "pointers": line._get_pointers(),
                "charge": claim.currency_id.round(charges[line]),
                "tax": claim.currency_id.round(tax[line]),
                "asked": claim.currency_id.round(amount),
            }
            for line, amount in sorted(asked.items(), key=lambda pair: (pair[0].sequence, pair[0].id))
        ]

    def _get_diagnoses(self, claim):
        """(letter, code) of each diagnosis, as the payer is told."""
        told = claim.told_ids.filtered(lambda told: told.kind == "diagnosis")
        if told:
            return [(diagnosis.letter, diagnosis.code_id) for diagnosis in told]
        return [(diagnosis.letter, diagnosis.code_id) for diagnosis in claim.encounter_id.diagnosis_ids]

    def _get_charges(self, claim):
        """{service: its charge before tax}, whoever was asked for it."""
        root = claim.invoice_id.billing_charge_id or claim.invoice_id
        invoices = claim.encounter_id.invoice_ids.filtered(
            lambda m: m.billing_kind == "charge" and m.move_type == "out_invoice" and m.state == "posted"
            and (m == root or not m._is_billing_credited())
        )
        charges = defaultdict(float)
        for item in invoices.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            charges[item.encounter_line_id] += item.price_subtotal
        return charges

    def _get_authorizations(self, claim):
        """The prior authorizations that this claim's payer gave for its services (CMS-1500 box 23)."""
        services = claim.invoice_id.invoice_line_ids.encounter_line_id or claim.encounter_id.line_ids
        authorizations = services.authorization_line_id.authorization_id
        return authorizations.filtered(
            lambda authorization: authorization.coverage_id._get_policy_key() == claim.coverage_id._get_policy_key()
        ).sorted("number")

    def _get_others(self, claim):
        """The patient's other coverages, by rank; those asked before this one with their answers about this visit."""
        encounter = claim.encounter_id
        claims = encounter.claim_ids.filtered(lambda other: other.state != "void")
        coverages = (encounter.coverage_ids | claims.coverage_id) - claim.coverage_id
        before = coverages.filtered(lambda coverage: coverage.rank < claim.coverage_id.rank)
        return [
            {
                "coverage": coverage,
                "is_before": coverage in before,
                "answers": self._get_answers(
                    claims.filtered(lambda other, own=coverage & before: other.coverage_id == own)
                ),
            }
            for coverage in coverages.sorted("rank")
        ]

    def _get_answers(self, claims):
        """What was answered to these claims, service by service."""
        lines = claims.remittance_line_ids.filtered("is_in_force")
        answers = []
        for item, item_lines in lines.grouped("move_line_id").items():
            adjustments = item_lines.adjustment_ids
            answers.append({
                "item": item,
                "dates": sorted(set(item_lines.remittance_id.mapped("date"))),
                "asked": item.price_total,
                "paid": sum(item_lines.mapped("amount_paid")),
                "adjustments": [
                    {"code": f"{adjustment.reason_id.group}-{adjustment.reason_id.code}", "amount": adjustment.amount}
                    for adjustment in adjustments
                ],
            })
        return answers
