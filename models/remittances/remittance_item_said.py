from decimal import Decimal

from odoo import api, fields, models


class BillingRemittanceItem(models.Model):
    """What the payer says of the claim: it is never changed."""

    _inherit = "billing.remittance.item"

    name = fields.Char(
        string="Number in the file",
        readonly=True,
        help="The claim number that the payer repeats (CLP01).",
    )
    control_number = fields.Char(
        string="Payer's number",
        readonly=True,
        help="The number under which the payer knows the claim (CLP07).",
    )
    status = fields.Selection(
        selection=[
            ("1", "Answered first"),
            ("2", "Answered second"),
            ("3", "Answered third"),
            ("4", "Denied"),
            ("19", "Answered first, sent on"),
            ("20", "Answered second, sent on"),
            ("21", "Answered third, sent on"),
            ("22", "Taken back"),
            ("23", "Not theirs, sent on"),
            ("25", "Said in advance"),
            ("other", "Other"),
        ],
        string="Says",
        readonly=True,
        help="What the payer did with the claim (CLP02).",
    )
    amount_charged = fields.Monetary(
        string="Charged",
        readonly=True,
    )
    amount_paid = fields.Monetary(
        string="Paid",
        readonly=True,
    )
    amount_patient = fields.Monetary(
        string="Patient's share",
        readonly=True,
    )
    adjustments = fields.Json(
        readonly=True,
        help="Reasons of the claim as a whole: group, code, amount.",
    )
    adjustment_text = fields.Char(
        string="Not paid because",
        compute="_compute_adjustment_text",
    )
    patient_name = fields.Char(
        string="Patient",
        readonly=True,
    )
    members = fields.Char(
        string="Member numbers",
        readonly=True,
    )
    date_from = fields.Date(
        string="Date of service",
        readonly=True,
    )
    date_to = fields.Date(
        string="Until",
        readonly=True,
    )
    forwarded_to = fields.Char(
        string="Sent on to",
        readonly=True,
        help="The payer to whom this one has sent the claim on.",
    )
    fault = fields.Text(
        readonly=True,
    )
    fingerprint = fields.Char(
        readonly=True,
        help="The same claim, payer's number, status, amounts and reasons make the same fingerprint.",
    )
    service_ids = fields.One2many(
        comodel_name="billing.remittance.item.service",
        inverse_name="item_id",
        string="Services",
    )

    # === COMPUTE METHODS === #

    @api.depends("adjustments")
    def _compute_adjustment_text(self):
        for item in self:
            item.adjustment_text = item._tell_adjustments(item.adjustments)

    # === BUSINESS METHODS === #

    def _tell_adjustments(self, rows):
        return ", ".join(f"{group}-{code} {self._format(float(amount))}" for group, code, amount in rows or [])

    def _get_reason_rows(self):
        """(group, code, amount) of all that was not paid, of the claim and of its services."""
        self.ensure_one()
        return [*(self.adjustments or []), *(row for service in self.service_ids for row in service.adjustments or [])]

    def _get_reasons(self):
        """{(group, code)} of all that was not paid."""
        return {(group, code) for group, code, _amount in self._get_reason_rows()}

    def _get_balance(self):
        """Charged, less all that was not paid, less what was paid: zero if it balances (835 TR3, 1.10.2.1.2)."""
        reduced = sum((Decimal(amount) for *_key, amount in self._get_reason_rows()), Decimal(0))
        return self._exact(self.amount_charged) - reduced - self._exact(self.amount_paid)
