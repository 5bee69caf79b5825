from odoo import api, fields, models

from ..groups import HEALTH_GROUP

LIVE = ("draft", "proposed", "accepted", "active")


class ResPartner(models.Model):
    """The account page: how the payment plan of this person stands, and the way to one."""

    _inherit = "res.partner"

    billing_plan_ids = fields.One2many(
        comodel_name="billing.payment.plan",
        inverse_name="partner_id",
        string="Payment plans",
        groups=HEALTH_GROUP,
    )
    billing_plan_note = fields.Char(
        compute="_compute_billing_plan",
        groups=HEALTH_GROUP,
    )
    billing_plan_missed = fields.Boolean(
        compute="_compute_billing_plan",
        groups=HEALTH_GROUP,
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang", "tz", "allowed_company_ids")
    def _compute_billing_plan(self):
        plans = self.env["billing.payment.plan"].search([
            ("partner_id", "in", self._origin.commercial_partner_id.ids),
            ("company_id", "in", self.env.companies.ids),
            ("state", "in", ("proposed", "accepted", "active")),
        ]).grouped("partner_id")
        for partner in self:
            mine = plans.get(partner._origin.commercial_partner_id, self.env["billing.payment.plan"])
            partner.billing_plan_missed = any(plan.missed_count for plan in mine)
            partner.billing_plan_note = " ".join(
                f"{plan.name}: {plan.standing or plan._say_proposed()}" for plan in mine
            ) or False

    # === ACTIONS === #

    def action_billing_plans(self):
        """The plan of this person; without one, a new one over all that may go into it."""
        self.ensure_one()
        debtor = self.commercial_partner_id
        plans = self.env["billing.payment.plan"].search([
            ("partner_id", "=", debtor.id), ("state", "in", LIVE), ("company_id", "in", self.env.companies.ids),
        ])
        if not plans:
            plans = self.env["billing.payment.plan"].create({"partner_id": debtor.id})
            plans._take_debts()
        return plans._get_records_action(name=self.env._("Payment Plan"))

    # === BUSINESS METHODS === #

    def _get_open_business(self):
        """An account with a running plan is not closed behind its back."""
        running = self.env["billing.payment.plan"].search([
            ("partner_id", "=", self.id), ("state", "in", ("proposed", "accepted", "active")),
        ])
        return [
            *super()._get_open_business(),
            *((self.env._("Payment plan %(plan)s is running.", plan=plan.name), plan) for plan in running),
        ]
