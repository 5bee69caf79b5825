from odoo import api, fields, models

HEALTH_GROUP = "billing_coordinator.group_readonly"


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
        applications = self.env["billing.assistance.application"].sudo().search([
            ("company_id", "in", self.env.companies.ids), ("state", "in", ("accepted", "expired")),
        ])
        discounts = applications._find_discounts(applications.sudo(False)._get_bills())
        return [("id", "in", [bill.id for bill in discounts])]

    # === ACTIONS === #

    def action_billing_assistance(self):
        """Show what assistance takes off these bills, before anything is posted."""
        return self.env["billing.assistance.wizard"]._open(self, self.env._("Apply financial assistance"))
