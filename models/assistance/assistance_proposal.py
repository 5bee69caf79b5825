from functools import partial

from odoo import api, fields, models
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.assistance import to_yearly
from odoo.addons.billing_coordinator.tools.money import to_decimal

from ..written_numbers import format_number

# What the programme says of an application, worked out together.
PROPOSAL = ("income_yearly", "discount_proposed", "bracket_limit", "bracket_household", "bracket_percent")


class BillingAssistanceApplication(models.Model):
    """What the programme proposes for a household and its income, and why."""

    _inherit = "billing.assistance.application"

    programme_currency_id = fields.Many2one(
        related="programme_id.currency_id",
        string="Programme's currency",
    )
    income_yearly = fields.Monetary(
        string="Yearly income",
        currency_field="programme_currency_id",
        compute="_compute_proposal",
        store=True,
        help="As it is compared with the programme: a year's income in the company's currency.",
    )
    discount_proposed = fields.Float(
        string="Proposed discount (%)",
        digits=(5, 2),
        compute="_compute_proposal",
        store=True,
        help="What the programme gives for this household and income.",
    )
    bracket_limit = fields.Monetary(
        string="Income limit found",
        currency_field="programme_currency_id",
        compute="_compute_proposal",
        store=True,
    )
    bracket_household = fields.Integer(
        compute="_compute_proposal",
        store=True,
    )
    bracket_percent = fields.Float(
        string="Step of the guideline (%)",
        digits=(6, 2),
        compute="_compute_proposal",
        store=True,
    )
    proposal_reason = fields.Char(
        string="Why",
        compute="_compute_proposal_reason",
        help="The line of the programme that household and income fall into.",
    )

    # === COMPUTE METHODS === #

    @api.depends("household_size", "income", "income_period", "currency_id", "date", "programme_id")
    def _compute_proposal(self):
        """By the programme as it is when the applicant's facts are typed, and once more when they are handed in.

        What the programme says later changes no application: people were told what is proposed, and managers decide
        about that. The state and the programme's table are left out of the dependencies for this reason.
        """
        for application in self:
            if application.state not in (False, "draft"):
                for name in PROPOSAL:
                    application[name] = application[name]
                continue
            application.income_yearly = application._get_yearly_income()
            bracket = None
            if application.programme_id and application.household_size > 0 and application.income >= 0:
                bracket = application.programme_id._find_bracket(application.household_size, application.income_yearly)
            application.discount_proposed = float(bracket.discount) if bracket else 0.0
            application.bracket_limit = float(bracket.limit) if bracket else 0.0
            application.bracket_household = bracket.household if bracket else 0
            application.bracket_percent = float(bracket.percent or 0) if bracket else 0.0

    def _propose_anew(self):
        """Work the proposal of these drafts out by what their programmes say now."""
        for name in PROPOSAL:
            self.env.add_to_compute(self._fields[name], self)
        self.modified(PROPOSAL)
        self.flush_recordset(PROPOSAL)

    @api.depends("discount_proposed", "bracket_limit", "bracket_household", "bracket_percent", "household_size",
                 "income_yearly", "programme_id")
    @api.depends_context("lang")
    def _compute_proposal_reason(self):
        for application in self:
            application.proposal_reason = application.programme_id and application._get_proposal_reason()

    # === BUSINESS METHODS === #

    def _get_yearly_income(self):
        """A year's income in the programme's currency, at the rate of the day of the application."""
        self.ensure_one()
        if self.income < 0 or not self.programme_id:
            return 0.0
        yearly = float(to_yearly(to_decimal(self.income), monthly=self.income_period == "month"))
        return self.currency_id._convert(
            yearly, self.programme_currency_id, self.company_id, self.date or fields.Date.context_today(self),
        )

    def _get_proposal_reason(self, money=None):
        """Why this discount is proposed, as one would tell the applicant.

        :param money: how amounts are written: a function of amount and currency; as on screens when left out
        """
        self.ensure_one()
        money = money or partial(format_amount, self.env)
        currency = self.programme_currency_id
        facts = {
            "income": money(self.income_yearly, currency),
            "limit": money(self.bracket_limit, currency),
            "household": self._get_household_words(self.household_size),
        }
        if not self.discount_proposed:
            return self.env._(
                "A yearly income of %(income)s for %(household)s is above every limit of the programme.", **facts,
            )
        if self.bracket_percent:
            return self.env._(
                "A yearly income of %(income)s for %(household)s is at most %(percent)s %% of the guideline, which is "
                "%(limit)s.", **facts, percent=format_number(self.env, self.bracket_percent),
            )
        if self.bracket_household != self.household_size:
            return self.env._(
                "A yearly income of %(income)s for %(household)s is at most %(limit)s, the limit that the programme "
                "names for %(used)s.", **facts, used=self._get_household_words(self.bracket_household),
            )
        return self.env._(
            "A yearly income of %(income)s for %(household)s is at most the limit of %(limit)s.", **facts,
        )

    @api.model
    def _get_household_words(self, size):
        return self.env._("one person") if size == 1 else self.env._("%s persons", size)
