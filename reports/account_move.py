from odoo import models


class AccountMove(models.Model):
    """Which paper an invoice is printed on: a bill to a patient explains itself, service by service."""

    _inherit = "account.move"

    def _get_name_invoice_report(self):
        if self._is_itemised_bill():
            return "billing_coordinator.report_itemised_bill_document"
        return super()._get_name_invoice_report()

    def _is_itemised_bill(self):
        """Whether this is a posted bill to a patient or guarantor, printed for somebody who may read it.

        The bill names services and what insurance decided, so whoever may not read health data gets Odoo's usual
        invoice. The portal reads as superuser, for the patient.
        """
        self.ensure_one()
        return (
            self._is_billing_readable()
            and bool(self.billing_kind)
            and self.move_type == "out_invoice"
            and self.state == "posted"
            and not self.billing_coverage_id
        )

    def _is_billing_readable(self):
        """Whether papers printed now may carry health data."""
        return self.env.su or self.env.user.has_group("billing_coordinator.group_readonly")

    def _get_itemised_bill(self):
        """What the itemised bill says; see ``billing.itemised.bill``."""
        return self.env["billing.itemised.bill"]._get_values(self)

    def _is_billing_settlement(self, move_id):
        """Whether this entry, matched with an invoice of ours, says what was not paid and why: it is no payment."""
        entry = self.browse(move_id).sudo()
        return bool(self.billing_kind) and entry.move_type == "entry" and not entry.origin_payment_id and bool(
            entry.remittance_id or entry.billing_adjustment_id
        )
