from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class BillingAdjustment(models.Model):
    """Who may decide how much: within the limit at once, above it a manager is asked."""

    _inherit = "billing.adjustment"

    can_approve = fields.Boolean(
        compute="_compute_can_approve",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid")
    @api.depends("state", "amount", "company_id")
    def _compute_can_approve(self):
        for adjustment in self:
            adjustment.can_approve = adjustment.state == "to_approve" and adjustment._is_within_limit()

    # === BUSINESS METHODS === #

    def _is_within_limit(self):
        """Whether the current user may post this without asking anybody.

        What was taken off the same invoice before counts: a large sum in small pieces is a large sum.
        """
        self.ensure_one()
        company = self.company_id.sudo()
        earlier = self.sudo().search(self._get_earlier_domain())
        amount = self.currency_id._convert(
            self.amount + sum(earlier.mapped("amount")),
            company.currency_id,
            company,
            self.date or fields.Date.context_today(self),
        )
        if self.env.user.has_group("billing_coordinator.group_manager"):
            limit = company.billing_manager_adjustment_limit
            return not limit or company.currency_id.compare_amounts(amount, limit) <= 0
        if not self.env.user.has_group("billing_coordinator.group_coordinator"):
            return False
        return not self.reason_id.needs_approval and company.currency_id.compare_amounts(
            amount, company.billing_adjustment_limit,
        ) <= 0

    def _get_earlier_domain(self):
        """What was taken off the same invoice before, and counts towards the limit."""
        return [
            ("move_id", "=", self.move_id._origin.id),
            ("state", "=", "posted"),
            ("reason_id.effect", "=", "reduce"),
        ]

    def _check_limit(self):
        if not self._is_within_limit():
            raise UserError(self.env._(
                "%(adjustment)s over %(amount)s is above what you may decide. Ask somebody with a higher limit.",
                adjustment=self.display_name,
                amount=format_amount(self.env, self.amount, self.currency_id),
            ))

    def _decide_or_ask(self):
        """Post at once where the limit allows it, else ask the managers."""
        for adjustment in self:
            if adjustment._is_within_limit():
                adjustment._apart_from_screen()._post_decision()
            else:
                adjustment._ask_manager()

    def _ask_manager(self):
        self._ask_for("mail.mail_activity_data_todo", {
            self: self.env._("Decide about %(amount)s", amount=format_amount(
                self.env, self.amount, self.currency_id,
            )),
        }, users=self.company_id._get_billing_manager() or self.env.user)
