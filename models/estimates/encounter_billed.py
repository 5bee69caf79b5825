from collections import defaultdict

from odoo import models

from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit


class BillingEncounter(models.Model):
    """What patients really pay of their visits, once those are billed."""

    _inherit = "billing.encounter"

    def _get_patient_shares(self):
        # What is billed is no expectation any more: the ledger says what the patient has been asked for so far.
        billed = self.filtered(lambda visit: visit.state == "billed")
        shares = super(BillingEncounter, self - billed)._get_patient_shares()
        for visit, amounts in billed._get_ledger_amounts().items():
            shares[visit] = to_decimal(amounts["patient"], to_unit(visit.currency_id.rounding))
        return shares

    def _get_ledger_amounts(self):
        """What became of the charges of these visits, by the journal items.

        :return: {visit: {"patient": asked of the patient, "payer": paid by payers, "waiting": open with payers,
            "adjusted": given up}} in the visit's currency
        """
        invoices = self.invoice_ids.filtered(
            lambda move: move.billing_kind
            and move.move_type == "out_invoice"
            and move.state == "posted"
            and not move._is_billing_credited()
        )
        amounts = {visit: defaultdict(float) for visit in self}
        for invoice, flow in self.env["billing.charge.flow"]._get_flows(invoices).items():
            figures = amounts[invoice.encounter_id]
            figures["adjusted"] += flow["adjusted"]
            if invoice.billing_coverage_id:
                figures["payer"] += flow["paid"]
                figures["waiting"] += flow["open"]
            else:
                figures["patient"] += flow["paid"] + flow["open"]
        return amounts
