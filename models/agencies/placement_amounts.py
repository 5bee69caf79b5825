from odoo import api, fields, models
from odoo.tools import float_round

from odoo.addons.billing_coordinator.tools.agency_fees import get_commission
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit


class BillingPlacement(models.Model):
    """What has become of a debt that an agency has: read from the ledger and from what the agency reports."""

    _inherit = "billing.placement"

    amount_placed = fields.Monetary(
        string="Handed over",
        compute="_compute_amount_placed",
        store=True,
    )
    amount_open = fields.Monetary(
        string="Open now",
        compute="_compute_ledger",
        store=True,
        compute_sudo=True,
    )
    amount_direct = fields.Monetary(
        string="Paid to us",
        compute="_compute_ledger",
        store=True,
        compute_sudo=True,
        help="Money that came straight to the office since it was handed over.",
    )
    amount_direct_told = fields.Monetary(
        string="The agency knows of",
        readonly=True,
        copy=False,
    )
    amount_direct_to_tell = fields.Monetary(
        string="Payments to report",
        compute="_compute_to_tell",
        store=True,
        help="Paid to the office, and the agency was not told yet: it would ask for money that has come. Less than "
             "nothing: it knows of money that was taken back since.",
    )
    amount_taken_off = fields.Monetary(
        string="Taken off",
        compute="_compute_ledger",
        store=True,
        compute_sudo=True,
        help="What credit notes, discounts and the like took off since it was handed over.",
    )
    amount_taken_off_told = fields.Monetary(
        string="Taken off, the agency knows of",
        readonly=True,
        copy=False,
    )
    amount_taken_off_to_tell = fields.Monetary(
        string="Taken off, to report",
        compute="_compute_to_tell",
        store=True,
        help="Nobody owes it any more, and the agency was not told yet.",
    )
    has_to_tell = fields.Boolean(
        string="Changes to report",
        compute="_compute_to_tell",
        store=True,
        index=True,
        help="The agency was not told of everything yet.",
    )
    amount_recovered = fields.Monetary(
        string="Collected by the agency",
        compute="_compute_recovered",
        store=True,
        compute_sudo=True,
    )
    amount_commission = fields.Monetary(
        string="Commission",
        compute="_compute_recovered",
        store=True,
        compute_sudo=True,
    )
    date_last = fields.Date(
        string="Last payment",
        compute="_compute_recovered",
        store=True,
        compute_sudo=True,
        help="The last day on which the agency collected something of it.",
    )
    date_back = fields.Date(
        string="Comes back on",
        compute="_compute_date_back",
        store=True,
        index=True,
        help="By the agreement: so many days after it was handed over, or after the last payment that the agency "
             "collected.",
    )

    # === COMPUTE METHODS === #

    @api.depends("item_ids.amount_start")
    def _compute_amount_placed(self):
        for placement in self:
            placement.amount_placed = sum(placement.item_ids.mapped("amount_start"))

    @api.depends(
        "item_ids.amount_direct_before", "item_ids.amount_taken_before",
        "item_ids.move_line_id.amount_residual_currency",
        "item_ids.move_line_id.matched_credit_ids.debit_amount_currency",
    )
    def _compute_ledger(self):
        for placement in self:
            items = placement.item_ids
            placement.amount_open = sum(items.move_line_id.mapped("amount_residual_currency"))
            direct = sum(items.move_line_id._get_billing_direct().values())
            # What was taken apart since had come before.
            placement.amount_direct = max(direct - sum(items.mapped("amount_direct_before")), 0.0)
            taken = sum(items.move_line_id._get_billing_taken_off().values())
            placement.amount_taken_off = max(taken - sum(items.mapped("amount_taken_before")), 0.0)

    @api.depends(
        "amount_direct", "amount_direct_told", "amount_taken_off", "amount_taken_off_told", "end_waits", "state",
    )
    def _compute_to_tell(self):
        for placement in self:
            direct = placement.amount_direct - placement.amount_direct_told
            taken = placement.amount_taken_off - placement.amount_taken_off_told
            has_it = placement.state in ("placed", "closed")
            placement.amount_direct_to_tell = direct if has_it else 0.0
            placement.amount_taken_off_to_tell = taken if has_it else 0.0
            currency = placement.currency_id
            is_told = currency.is_zero(direct) and currency.is_zero(taken)
            placement.has_to_tell = placement.end_waits or (has_it and not is_told)

    @api.depends("recovery_line_ids.amount", "recovery_line_ids.commission", "recovery_line_ids.recovery_id.state")
    def _compute_recovered(self):
        for placement in self:
            lines = placement.recovery_line_ids.filtered(lambda line: line.recovery_id.state == "posted")
            collected = lines.filtered(lambda line: line.kind == "agency")
            placement.amount_recovered = sum(collected.mapped("amount"))
            placement.amount_commission = sum(lines.mapped("commission"))
            placement.date_last = max(collected.recovery_id.mapped("date"), default=False)

    @api.depends("state", "date", "date_last", "agreement_id.return_days")
    def _compute_date_back(self):
        for placement in self:
            days = placement.agreement_id.return_days
            begin = max(filter(None, (placement.date, placement.date_last)), default=False)
            placement.date_back = (
                fields.Date.add(begin, days=days) if days and begin and placement.state == "placed" else False
            )

    # === BUSINESS METHODS === #

    def _get_commission(self, before, collected):
        """What the agency gets for what it has collected of this debt now.

        :param before: what commission was due on before
        """
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding)
        return float(get_commission(
            to_decimal(before, unit), to_decimal(collected, unit), to_decimal(self.percent),
            to_decimal(self.fee_minimum, unit), unit,
        ))

    def _to_company(self, amount):
        """An amount of the debt in the currency of the company, at the rate of the day it was handed over."""
        return float_round(amount / (self.rate or 1.0), precision_rounding=self.company_currency_id.rounding)

    def _refresh_start(self):
        """Write down what is open on the bills now, what had been paid of them before, and the fee that it costs."""
        today = fields.Date.context_today(self)
        for placement in self.sudo():
            items = placement.item_ids
            direct, taken = items.move_line_id._get_billing_direct(), items.move_line_id._get_billing_taken_off()
            for item in items:
                item.amount_taken_before = taken.get(item.move_line_id, 0.0)
                item.amount_start = item.move_line_id.amount_residual_currency
                item.amount_direct_before = direct.get(item.move_line_id, 0.0)
            company, agreement = placement.company_id, placement.agreement_id
            placement.rate = self.env["res.currency"]._get_conversion_rate(
                company.currency_id, placement.currency_id, company, today,
            )
            age = max((today - due).days for due in items.mapped("date_due"))
            placement.percent = agreement._get_percent(age, placement._to_company(placement.amount_placed))
            placement.fee_minimum = agreement.currency_id._convert(
                agreement.fee_minimum, placement.currency_id, company, today,
            )
