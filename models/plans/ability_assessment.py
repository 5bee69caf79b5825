from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.ability_to_pay import PER_YEAR, Household, get_bearable, get_count
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

from ..figures import check_not_negative

AMOUNTS = ("income", "expense_housing", "expense_food", "expense_transport", "expense_health", "expense_debts",
           "expense_other", "living_allowance")
EXPENSES = AMOUNTS[1:-1]


class BillingAbilityAssessment(models.Model):
    """What a household has and needs in a month, and the instalment that it can bear.

    It is confidential and voluntary: coordinators and managers alone see it, and nothing of it stands on any paper.
    Amounts are in the currency of the plan, a month.
    """

    _name = "billing.ability.assessment"
    _description = "Ability to pay"
    _order = "date desc, id desc"
    _check_company_auto = True

    plan_id = fields.Many2one(
        comodel_name="billing.payment.plan",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="plan_id.company_id",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        related="plan_id.partner_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="plan_id.currency_id",
    )
    date = fields.Date(
        string="Asked on",
        required=True,
        default=fields.Date.context_today,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked by",
        required=True,
        default=lambda self: self.env.user,
    )
    income = fields.Monetary(
        string="Income",
        help="Everything that comes in, after tax.",
    )
    expense_housing = fields.Monetary(string="Housing")
    expense_food = fields.Monetary(string="Food and household")
    expense_transport = fields.Monetary(string="Transport")
    expense_health = fields.Monetary(string="Health and insurance")
    expense_debts = fields.Monetary(string="Other debts")
    expense_other = fields.Monetary(string="Other expenses")
    dependants = fields.Integer(
        help="Who lives on this income besides the person asked.",
    )
    living_allowance = fields.Monetary(
        string="For each dependant",
        compute="_compute_rules",
        store=True,
        readonly=False,
        precompute=True,
    )
    bearable_percent = fields.Float(
        string="Share of what is left (%)",
        compute="_compute_rules",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount_left = fields.Monetary(
        string="Left in a month",
        compute="_compute_bearable",
    )
    amount_bearable = fields.Monetary(
        string="Can bear",
        compute="_compute_bearable",
        help="The highest instalment, as often as the plan is paid.",
    )
    proposal = fields.Text(
        compute="_compute_bearable",
    )

    # === COMPUTE METHODS === #

    @api.depends("plan_id.policy_id")
    def _compute_rules(self):
        for assessment in self:
            plan, policy = assessment.plan_id, assessment.plan_id.policy_id
            assessment.bearable_percent = policy.bearable_percent
            assessment.living_allowance = policy.living_allowance and policy.currency_id._convert(
                policy.living_allowance, plan.currency_id, plan.company_id,
                assessment.date or fields.Date.context_today(self),
            )

    @api.depends(*AMOUNTS, "dependants", "bearable_percent", "plan_id.frequency", "plan_id.amount_total")
    @api.depends_context("lang")
    def _compute_bearable(self):
        for assessment in self:
            household = assessment._get_household()
            unit = to_unit(assessment.currency_id.rounding or 0.01)
            bearable = get_bearable(household, assessment._get_frequency(), unit)
            assessment.amount_left = float(household.left)
            assessment.amount_bearable = float(bearable)
            assessment.proposal = assessment._say_proposal(bearable)

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for assessment in self:
            person = assessment.partner_id.name or ""
            assessment.display_name = self.env._("Ability to pay of %(person)s", person=person)

    # === CONSTRAINT METHODS === #

    @api.constrains(*AMOUNTS, "dependants", "bearable_percent")
    def _check_figures(self):
        check_not_negative(self, (*AMOUNTS, "dependants", "bearable_percent"))
        for assessment in self:
            if assessment.bearable_percent > 100:
                raise ValidationError(self.env._(
                    "No more than all that is left of a month can go into a plan, not %(percent)s %%.",
                    percent=f"{assessment.bearable_percent:g}",
                ))

    # === ACTIONS === #

    def action_use(self):
        """Make the plan's instalments what the household can bear.

        :raise UserError: nothing is left that it could pay from
        """
        self.ensure_one()
        plan = self.plan_id
        if not self.amount_bearable:
            raise UserError(self.env._(
                "%(person)s has nothing left in a month to pay from. Offer financial assistance instead of a plan.",
                person=self.partner_id.name,
            ))
        plan._check_draft()
        plan.write({
            "mode": "amount",
            "instalment_amount": min(self.amount_bearable, plan.amount_total),
            **({"frequency": "month"} if plan.frequency == "dates" else {}),
        })
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_household(self):
        """The figures as :class:`tools.ability_to_pay.Household`."""
        unit = to_unit(self.currency_id.rounding or 0.01)
        return Household(
            income=to_decimal(self.income, unit),
            expenses=sum((to_decimal(self[name], unit) for name in EXPENSES), to_decimal(0)),
            dependants=self.dependants,
            allowance=to_decimal(self.living_allowance, unit),
            share=to_decimal(self.bearable_percent),
        )

    def _get_frequency(self):
        return self.plan_id.frequency if self.plan_id.frequency in PER_YEAR else "month"

    def _say_proposal(self, bearable):
        """What follows from what can be borne."""
        plan = self.plan_id
        if not any(self[name] for name in ("income", *EXPENSES)):
            return self.env._("Type what comes in and what goes out in a month.")
        count = get_count(to_decimal(plan.amount_total), bearable)
        if count is None:
            return self.env._("Nothing is left to pay from. Think of financial assistance instead.")
        often = dict(plan._fields["frequency"]._description_selection(self.env))[self._get_frequency()]
        return self.env._(
            "%(often)s up to %(amount)s: the debt of %(debt)s is paid in %(count)s instalments.",
            often=often,
            amount=format_amount(self.env, float(bearable), self.currency_id),
            debt=format_amount(self.env, plan.amount_total, self.currency_id),
            count=count,
        )
