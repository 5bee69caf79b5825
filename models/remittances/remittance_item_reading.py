import hashlib

from odoo import api, models


class BillingRemittanceItem(models.Model):
    """A claim as it stands in its file."""

    _inherit = "billing.remittance.item"

    @api.model
    def _prepare_vals(self, payment, claim):
        """Values of an item, from the record of its file."""
        known = dict(self._fields["status"].selection)
        people = [claim.patient, claim.insured, claim.corrected_insured]
        patient = claim.patient or claim.insured
        rows = [[row.group, row.code, str(row.amount)] for row in claim.adjustments]
        return {
            "transaction_id": payment.id,
            "position": claim.position,
            "name": claim.claim_id,
            "control_number": claim.control_number,
            "status": claim.status if claim.status in known else "other",
            "amount_charged": float(claim.charge),
            "amount_paid": float(claim.paid),
            "amount_patient": float(claim.patient_share or 0),
            "adjustments": rows,
            "patient_name": " ".join(filter(None, (patient.first_name, patient.name))) if patient else False,
            "members": ", ".join(dict.fromkeys(person.identifier for person in people if person and person.identifier)),
            "date_from": claim.date_from,
            "date_to": claim.date_to,
            "forwarded_to": claim.crossover.name if claim.crossover else False,
            "fingerprint": self._get_fingerprint(claim),
            "service_ids": [
                (0, 0, self._prepare_service_vals(number, service))
                for number, service in enumerate(claim.services, start=1)
            ],
        }

    @api.model
    def _prepare_service_vals(self, number, service):
        return {
            "sequence": number,
            "date": service.date_from,
            "code": service.code or service.revenue_code,
            "modifiers": " ".join(service.modifiers),
            "original_code": service.original_code,
            "units": float(service.units or 0),
            "control_number": service.control_number,
            "amount_charged": float(service.charge),
            "amount_allowed": float(service.amounts.get("B6", 0)),
            "amount_paid": float(service.paid),
            "adjustments": [[row.group, row.code, str(row.amount)] for row in service.adjustments],
            "remarks": " ".join(service.remarks),
        }

    @api.model
    def _get_fingerprint(self, claim):
        """What makes two answers about a claim the same one, wherever they come."""
        parts = [claim.claim_id, claim.control_number, claim.status, f"{claim.charge:f}", f"{claim.paid:f}"]
        parts += sorted(f"{row.group}{row.code}{row.amount:f}" for row in claim.adjustments)
        for service in claim.services:
            parts.append(f"{service.code} {' '.join(service.modifiers)} {service.charge:f} {service.paid:f}")
            parts += sorted(f"{row.group}{row.code}{row.amount:f}" for row in service.adjustments)
        return hashlib.sha256("|".join(parts).encode()).hexdigest()
