from odoo import api, fields, models


class AccountMove(models.Model):
    """Entries, payments and bills that come with what an agency has collected."""

    _inherit = "account.move"

    billing_recovery_id = fields.Many2one(
        comodel_name="billing.recovery",
        string="Collected by an agency",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="billing_coordinator.group_readonly",
        help="The report of a collection agency that this payment, bill or entry came out of.",
    )
    is_with_agency = fields.Boolean(
        string="With a collection agency",
        compute="_compute_is_with_agency",
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids")
    def _compute_is_with_agency(self):
        placed = self.env["billing.placement.item"].sudo().search([
            ("move_line_id.move_id", "in", self.ids), ("is_running", "=", True), ("placement_id.state", "=", "placed"),
        ]).move_line_id.move_id
        for move in self:
            move.is_with_agency = move._origin in placed

    @api.depends("billing_recovery_id")
    def _compute_is_posted_by_billing(self):
        super()._compute_is_posted_by_billing()
        for move in self:
            if move.state == "posted" and move.sudo().billing_recovery_id:
                move.is_posted_by_billing = True

    # === BUSINESS METHODS === #

    @property
    def _billing_fields(self):
        return super()._billing_fields | {"billing_recovery_id"}

    def _get_billing_way_out(self):
        if self.billing_recovery_id:
            return self.env._("It came out of recovery %(name)s: reverse that one.", name=self.billing_recovery_id.name)
        return super()._get_billing_way_out()

    def _get_billing_creditable(self):
        """What was given up as bad debt is not taken back once more."""
        given_up = self.env["billing.adjustment"]._get_written_off(self).get(self, {})
        return self.currency_id.round(max(super()._get_billing_creditable() - sum(given_up.values()), 0.0))

    def _is_billing_direct(self):
        """Whether this is money that came to the office otherwise than from an agency."""
        move = self.sudo()
        return bool((move.origin_payment_id or move.statement_line_id) and not move.billing_recovery_id)
