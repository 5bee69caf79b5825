from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.instalments import Instalment
from odoo.addons.billing_coordinator.tools.money import to_decimal

MANAGER_GROUP = "billing_coordinator.group_manager"
APPROVAL = "billing_coordinator.activity_plan_approval"


class BillingPaymentPlan(models.Model):
    """The limits of the policy: within them everybody makes plans, beyond them a manager says yes."""

    _inherit = "billing.payment.plan"

    limits_passed = fields.Text(
        string="Needs a manager",
        compute="_compute_limits_passed",
        help="In what this plan goes beyond its policy.",
    )
    approved_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        readonly=True,
        copy=False,
        tracking=True,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "policy_id", "partner_id", "amount_total", "down_payment", "date", "instalment_ids.amount",
        "instalment_ids.date", "state",
    )
    @api.depends_context("lang")
    def _compute_limits_passed(self):
        for plan in self:
            plan.limits_passed = False
            # While days are typed, a row may have none yet.
            schedule = plan._get_schedule() if plan.state in (False, "draft") and plan.policy_id else ()
            if schedule:
                plan.limits_passed = "\n".join(plan._find_limits_passed(schedule)) or False

    # === ACTIONS === #

    def action_approve(self):
        """Say yes to a plan that goes beyond its policy.

        :raise AccessError: a manager alone may
        """
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only a billing manager approves a plan that goes beyond its policy."))
        self._check_draft()
        for plan in self:
            plan.sudo().approved_by_id = self.env.user
            plan.sudo().activity_unlink([APPROVAL])
            plan.message_post(body=self.env._(
                "Approved beyond the policy: %(limits)s", limits=plan.limits_passed or "",
            ))

    def action_ask_manager(self):
        """Put a plan that goes beyond its policy on a manager's list of activities, once."""
        self.ensure_one()
        self._check_schedule()
        manager = self.company_id._get_billing_manager() or self.env.user
        if not self.sudo().activity_search([APPROVAL]):
            self._ask_for(
                APPROVAL,
                {self: self.env._("Approve the plan of %(person)s", person=self.partner_id.name)},
                users=manager,
                notes={self: self.limits_passed},
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(plan)s is on the list of %(manager)s.", plan=self.name, manager=manager.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS === #

    def _withdraw_approval(self):
        """A yes was given to other terms, or other bills; what the system works out anew follows from those."""
        if not self.env.su and (approved := self.filtered("approved_by_id")):
            approved.sudo().approved_by_id = False

    def _get_schedule(self):
        """The instalments as :class:`tools.instalments.Instalment`, in the order of their days."""
        self.ensure_one()
        return [
            Instalment(row.date, to_decimal(row.principal), to_decimal(row.interest), to_decimal(row.fee))
            for row in self.instalment_ids.filtered("date").sorted("date")
        ]

    def _find_limits_passed(self, schedule):
        """In what a schedule goes beyond the policy, in sentences.

        :param schedule: :class:`tools.instalments.Instalment`, in the order of their days
        """
        self.ensure_one()
        policy, passed = self.policy_id, []

        def money(amount, currency=self.currency_id):
            return format_amount(self.env, float(amount), currency)

        def limit(name):
            return policy.currency_id._convert(policy[name], self.currency_id, self.company_id, self.date)

        # What is left of a plan may be less than what a new one begins with.
        if not self.previous_id and self.currency_id.compare_amounts(self.amount_total, limit("amount_min")) < 0:
            passed.append(self.env._(
                "The debt of %(amount)s is below %(least)s.",
                amount=money(self.amount_total), least=money(limit("amount_min")),
            ))
        # The last one pays what is left.
        smallest = min((row.amount for row in schedule[:-1]), default=schedule[-1].amount)
        if len(schedule) > 1 and self.currency_id.compare_amounts(float(smallest), limit("instalment_min")) < 0:
            passed.append(self.env._(
                "An instalment of %(amount)s is below %(least)s.",
                amount=money(smallest), least=money(limit("instalment_min")),
            ))
        if policy.months_max and schedule[-1].day > self.date + relativedelta(months=policy.months_max):
            passed.append(self.env._(
                "It ends on %(date)s, after more than %(months)s months.",
                date=format_date(self.env, schedule[-1].day), months=policy.months_max,
            ))
        down = self.currency_id.round(self.amount_total * policy.down_percent / 100)
        if self.currency_id.compare_amounts(self.down_payment, down) < 0:
            passed.append(self.env._(
                "The down payment is below %(least)s (%(percent)s %%).",
                least=money(down), percent=f"{policy.down_percent:g}",
            ))
        if broken := self._find_broken():
            passed.append(self.env._(
                "%(plan)s was broken on %(date)s.",
                plan=broken.name, date=format_date(self.env, broken.ended_on),
            ))
        return passed

    def _find_broken(self):
        """The last plan that this person broke, within the time that the policy looks back."""
        months = self.policy_id.months_since_broken
        if not months or not self.partner_id or not self.date:
            return self.browse()
        return self.sudo().search([
            ("partner_id", "=", self.partner_id._origin.id),
            ("company_id", "=", self.company_id.id),
            ("state", "=", "defaulted"),
            ("ended_on", ">", self.date - relativedelta(months=months)),
        ], order="ended_on desc", limit=1).sudo(False)

    def _check_limits(self):
        """Refuse what goes beyond the policy and no manager has approved.

        :raise UserError: with what it goes beyond
        """
        for plan in self:
            if plan.limits_passed and not plan.approved_by_id and not self.env.user.has_group(MANAGER_GROUP):
                raise UserError(self.env._(
                    "%(plan)s goes beyond its policy, so a billing manager has to approve it first:\n%(limits)s",
                    plan=plan.display_name, limits=plan.limits_passed,
                ))
