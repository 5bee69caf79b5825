from odoo import fields, models
from odoo.exceptions import AccessError

from ..groups import HEALTH_GROUP

ACTION = "billing_coordinator.billing_figure_month_action"


class DigestDigest(models.Model):
    """Figures of billing in Odoo's digest mail, for those who work in the billing office and in that company."""

    _inherit = "digest.digest"

    kpi_billing_received = fields.Boolean(string="Money Received")
    kpi_billing_received_value = fields.Monetary(compute="_compute_kpi_billing_received_value")
    kpi_billing_charged = fields.Boolean(string="New Charges")
    kpi_billing_charged_value = fields.Monetary(compute="_compute_kpi_billing_charged_value")
    kpi_billing_over_90 = fields.Boolean(string="Receivables over 90 Days")
    kpi_billing_over_90_value = fields.Monetary(compute="_compute_kpi_billing_over_90_value")
    kpi_billing_denied = fields.Boolean(string="Claims Denied")
    kpi_billing_denied_value = fields.Integer(compute="_compute_kpi_billing_denied_value")
    kpi_billing_net_rate = fields.Boolean(string="Net Collection Rate, Twelve Months (%)")
    kpi_billing_net_rate_value = fields.Float(compute="_compute_kpi_billing_net_rate_value")

    # === COMPUTE METHODS === #

    def _compute_kpi_billing_received_value(self):
        self._set_billing_flow("kpi_billing_received_value", "paid")

    def _compute_kpi_billing_charged_value(self):
        self._set_billing_flow("kpi_billing_charged_value", "charged")

    def _compute_kpi_billing_over_90_value(self):
        """What is old at the end of the period."""
        _start, end, companies = self._get_billing_period()
        amounts = self.env["billing.ledger.day"]._read_over_90(companies, end)
        for digest in self:
            digest.kpi_billing_over_90_value = amounts[digest.company_id or self.env.company]

    def _compute_kpi_billing_denied_value(self):
        """Claims of which payers refused a part, by the date of their answer."""
        start, end, companies = self._get_billing_period()
        # As Odoo's own figures: whoever sends the mail may work in companies that its reader does not.
        counts = dict(self.env["billing.remittance.line"].sudo()._read_group(
            [
                ("remittance_id.state", "=", "posted"), ("remittance_id.date", ">", start),
                ("remittance_id.date", "<=", end), ("remittance_id.company_id", "in", companies.ids),
                ("kind", "=", "answer"), ("adjustment_ids.reason_id.effect", "=", "hold"),
            ],
            ["remittance_id.company_id"], ["claim_id:count_distinct"],
        ))
        for digest in self:
            digest.kpi_billing_denied_value = counts.get(digest.company_id or self.env.company, 0)

    def _compute_kpi_billing_net_rate_value(self):
        """The rate of the twelve months up to the end of the period."""
        _start, end, companies = self._get_billing_period()
        # A year before the day after: on 28 February, too, when the year before had a 29th.
        since = fields.Date.add(fields.Date.add(end, days=1), years=-1)
        totals = self.env["billing.ledger.day"]._read_period(companies, since, end)
        for digest in self:
            total = totals[digest.company_id or self.env.company]
            expected = total["charged"] - total["allowance"]
            digest.kpi_billing_net_rate_value = 100 * total["paid"] / expected if expected > 0 else 0.0

    def _compute_kpis_actions(self, company, user):
        return {
            **super()._compute_kpis_actions(company, user),
            "kpi_billing_received": ACTION,
            "kpi_billing_charged": ACTION,
            "kpi_billing_over_90": "billing_coordinator.billing_aged_item_action",
            "kpi_billing_denied": "billing_coordinator.billing_claim_action",
            "kpi_billing_net_rate": ACTION,
        }

    # === BUSINESS METHODS === #

    def _get_billing_period(self):
        """(day before the first, last day, companies) of the figures that are asked for.

        :raise AccessError: the reader does not work in the billing office, or not in that company; Odoo leaves the
            figure out of their mail
        """
        start, end, companies = self._get_kpi_compute_parameters()
        user = self.env.user
        if not user.has_group(HEALTH_GROUP) or companies - user.company_ids:
            raise AccessError(self.env._("Figures of billing are for those who work in the billing office."))
        return fields.Date.to_date(start), fields.Date.to_date(end), companies

    def _set_billing_flow(self, fname, column):
        """Fill in what happened in the period, by the date of the entries as Odoo's own figures do."""
        start, end, companies = self._get_billing_period()
        totals = self.env["billing.ledger.day"]._read_period(companies, fields.Date.add(start, days=1), end)
        for digest in self:
            digest[fname] = totals[digest.company_id or self.env.company][column]
