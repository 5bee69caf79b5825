from odoo import api, fields, models
from odoo.tools import SQL

from ..groups import HEALTH_GROUP
from .assistance_decision import GRANTED


class AccountMove(models.Model):
    """What financial assistance still takes off a bill: offered on the bill, and in a list of all of them."""

    _inherit = "account.move"

    billing_assistance_discount = fields.Monetary(
        string="Assistance to apply",
        compute="_compute_billing_assistance_discount",
        groups=HEALTH_GROUP,
        help="What the accepted application of who pays this bill still takes off it.",
    )
    billing_assistance_percent = fields.Float(
        compute="_compute_billing_assistance_discount",
        groups=HEALTH_GROUP,
    )
    billing_assistance_pending = fields.Boolean(
        string="Assistance to decide",
        compute="_compute_billing_assistance_pending",
        groups=HEALTH_GROUP,
        help="Who pays this bill has applied for financial assistance: do not press for payment before it is decided.",
    )
    has_billing_assistance = fields.Boolean(
        string="Discount to apply",
        compute="_compute_billing_assistance_discount",
        search="_search_has_billing_assistance",
        groups=HEALTH_GROUP,
    )

    # === COMPUTE METHODS === #

    @api.depends("billing_kind", "state", "amount_residual", "partner_id")
    def _compute_billing_assistance_discount(self):
        discounts = self.env["billing.assistance.application"]._find_discounts(self._origin)
        for move in self:
            discount = discounts.get(move._origin)
            move.billing_assistance_discount = discount.amount if discount else 0.0
            move.billing_assistance_percent = discount.application.discount_percent if discount else 0.0
            move.has_billing_assistance = bool(discount)

    @api.depends("billing_kind", "partner_id", "company_id")
    def _compute_billing_assistance_pending(self):
        bills = self.filtered(lambda move: move.billing_kind and not move.billing_coverage_id)
        pending = bills.partner_id._find_billing_assistance_pending(bills.company_id) if bills else {}
        for move in self:
            move.billing_assistance_pending = move in bills and (move.partner_id, move.company_id) in pending

    @api.model
    def _search_has_billing_assistance(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        candidates = self.browse(self._find_billing_assistance_candidates(self.env.companies))
        discounts = self.env["billing.assistance.application"]._find_discounts(candidates)
        return [("id", "in", [bill.id for bill in discounts])]

    @api.model
    def _find_billing_assistance_candidates(self, companies):
        """Bills from which assistance may still take something off, found by the database alone.

        Few of all that were ever discounted: the day of the service lies in an application's days, and by what is
        open and was taken off before, something is left to take off. It can be a little more than truth, never less;
        :meth:`_find_discounts` of the application knows exactly.

        :return: ids of bills in these companies, in the order of their dates
        """
        for name in (
            "account.move", "account.move.line", "billing.adjustment", "billing.encounter",
            "billing.assistance.application", "billing.assistance.programme",
        ):
            self.env[name].flush_model()
        return [bill_id for [bill_id] in self.env.execute_query(SQL(
            """
            SELECT bill.id
              FROM billing_assistance_application application
              JOIN billing_assistance_programme programme ON programme.id = application.programme_id
              JOIN account_move bill ON bill.partner_id = application.applicant_id
                                    AND bill.company_id = application.company_id
              JOIN res_currency currency ON currency.id = bill.currency_id
              JOIN billing_encounter visit ON visit.id = bill.encounter_id
              JOIN LATERAL (
                    SELECT COALESCE(SUM(GREATEST(item.amount_residual_currency, 0)), 0) AS amount
                      FROM account_move_line item
                      JOIN account_account account ON account.id = item.account_id
                     WHERE (item.move_id = bill.id OR item.billing_invoice_id = bill.id)
                       AND item.parent_state = 'posted'
                       AND account.account_type = 'asset_receivable'
                   ) still_open ON TRUE
              JOIN LATERAL (
                    SELECT COALESCE(SUM(adjustment.amount), 0) AS amount
                      FROM billing_adjustment adjustment
                     WHERE adjustment.move_id = bill.id
                       AND adjustment.state = 'posted'
                       AND adjustment.assistance_id IS NOT NULL
                   ) given ON TRUE
             WHERE application.state IN %(granted)s
               AND application.company_id IN %(companies)s
               AND visit.date BETWEEN application.date_from - programme.lookback_days AND application.date_to
               AND bill.state = 'posted'
               AND bill.move_type = 'out_invoice'
               AND bill.billing_kind IS NOT NULL
               AND bill.billing_coverage_id IS NULL
               AND application.discount_percent / 100 * (
                    CASE WHEN programme.refund_paid THEN GREATEST(bill.amount_total, still_open.amount + given.amount)
                         ELSE still_open.amount + given.amount END
                   ) - given.amount >= currency.rounding / 2 - 0.000001
             GROUP BY bill.id
             ORDER BY bill.invoice_date, bill.id
            """,
            granted=GRANTED,
            companies=tuple(companies.ids),
        ))]

    # === ACTIONS === #

    def action_billing_assistance(self):
        """Show what assistance takes off these bills, before anything is posted."""
        return self.env["billing.assistance.wizard"]._open(self, self.env._("Apply financial assistance"))
