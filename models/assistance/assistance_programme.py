from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.assistance import find_by_guideline, find_disorder, find_in_table
from odoo.addons.billing_coordinator.tools.money import to_decimal
from odoo.addons.billing_coordinator.tools.periods import MOST_DAYS, MOST_MONTHS

from .assistance_bracket import WHOLE_TABLE


class BillingAssistanceProgramme(models.Model):
    """What a company forgives to people of little income: how much for which household and income, for how long.

    Incomes are compared in the company's currency, a year's income each.
    """

    _name = "billing.assistance.programme"
    _description = "Financial assistance programme"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        help="As patients know it.",
    )
    sequence = fields.Integer(
        default=10,
    )
    active = fields.Boolean(
        default=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    income_rule = fields.Selection(
        selection=[
            ("guideline", "Steps of a guideline"),
            ("table", "A table of incomes"),
        ],
        required=True,
        default="guideline",
        tracking=True,
        help="Steps of a guideline: an official amount for the first person and one for each further person, and "
             "what percentage of it gets which discount. A table: an income for each size of household.",
    )
    guideline_amount = fields.Monetary(
        string="First person",
        tracking=True,
        help="The guideline's yearly amount for a household of one.",
    )
    guideline_per_person = fields.Monetary(
        string="Each further person",
        tracking=True,
        help="What each further person of the household adds to the yearly amount.",
    )
    bracket_ids = fields.One2many(
        comodel_name="billing.assistance.bracket",
        inverse_name="programme_id",
        string="Discounts",
        copy=True,
    )
    validity_months = fields.Integer(
        string="Valid for (months)",
        required=True,
        default=6,
        tracking=True,
        help="How long an accepted application holds, unless the decision says otherwise.",
    )
    lookback_days = fields.Integer(
        string="Looks back (days)",
        default=0,
        tracking=True,
        help="Services rendered up to this many days before an accepted application begins are discounted, too.",
    )
    refund_paid = fields.Boolean(
        string="Give back what was paid",
        tracking=True,
        help="The discount also holds for the part of a bill that was paid already: it becomes credit, to refund or "
             "to apply. Otherwise only what is still open is discounted.",
    )
    documents = fields.Text(
        string="Documents to ask for",
        translate=True,
        help="What an applicant brings, one document on each line. An application is accepted only with evidence "
             "attached when something stands here.",
    )
    application_ids = fields.One2many(
        comodel_name="billing.assistance.application",
        inverse_name="programme_id",
        groups="billing_coordinator.group_coordinator",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("validity_months", "lookback_days")
    def _check_durations(self):
        for programme in self:
            if not 1 <= programme.validity_months <= MOST_MONTHS:
                raise ValidationError(self.env._(
                    "%(programme)s cannot be valid for %(months)s months. Type how many months an approval holds, one "
                    "at least and %(most)s at most.",
                    programme=programme.name,
                    months=programme.validity_months,
                    most=MOST_MONTHS,
                ))
            if not 0 <= programme.lookback_days <= MOST_DAYS:
                raise ValidationError(self.env._(
                    "%(programme)s cannot look back %(days)s days. Type zero, or how many days before the approval "
                    "services are discounted, %(most)s at most.",
                    programme=programme.name,
                    days=programme.lookback_days,
                    most=MOST_DAYS,
                ))

    @api.constrains("income_rule", "guideline_amount", "guideline_per_person")
    def _check_guideline(self):
        for programme in self:
            if programme.income_rule != "guideline":
                continue
            if programme.guideline_amount <= 0 or programme.guideline_per_person < 0:
                raise ValidationError(self.env._(
                    "%(programme)s goes by a guideline of %(first)s for the first person and %(further)s for each "
                    "further one. Type the yearly amounts of the guideline: the first above zero, the second not "
                    "below.",
                    programme=programme.name,
                    first=format_amount(self.env, programme.guideline_amount, programme.currency_id),
                    further=format_amount(self.env, programme.guideline_per_person, programme.currency_id),
                ))

    @api.constrains("income_rule", "bracket_ids")
    def _check_brackets(self):
        """Lines that contradict each other would make the discount a matter of luck."""
        for programme in self:
            brackets = programme.bracket_ids
            brackets._check_values()
            if programme.income_rule == "table" and brackets and min(brackets.mapped("household_size")) > 1:
                raise ValidationError(self.env._(
                    "%(programme)s says nothing about a household of 1. Begin the table with it; the last size also "
                    "holds for larger households.",
                    programme=programme.name,
                ))
            disorder = find_disorder([bracket._as_row() for bracket in brackets])
            if disorder:
                raise ValidationError(programme._get_disorder_sentence(disorder))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super(BillingAssistanceProgramme, self._as_whole_table()).create(vals_list).with_env(self.env)

    def write(self, vals):
        if "company_id" in vals:
            for programme in self.sudo().with_context(active_test=False):
                if programme.company_id.id != vals["company_id"] and programme.application_ids:
                    raise UserError(self.env._(
                        "%(programme)s has applications in %(company)s and cannot move to another company. Duplicate "
                        "it for the other company instead.",
                        programme=programme.name,
                        company=programme.company_id.name,
                    ))
        return super(BillingAssistanceProgramme, self._as_whole_table()).write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        return [
            {**vals, "name": self.env._("%s (copy)", programme.name)}
            for programme, vals in zip(self, vals_list, strict=True)
        ]

    # === ACTIONS === #

    def action_view_applications(self):
        """What people applied for under this programme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_coordinator.billing_assistance_application_action"
        )
        action["domain"] = [("programme_id", "=", self.id)]
        action["context"] = {"default_programme_id": self.id}
        return action

    # === BUSINESS METHODS === #

    def _find_bracket(self, household, income):
        """What this programme gives to a household.

        :param int household: number of persons, one at least
        :param float income: a year's income in the programme's currency
        :return: a :class:`~odoo.addons.billing_coordinator.tools.assistance.Bracket`, or None when the income is above
            every limit
        """
        self.ensure_one()
        amount = to_decimal(income)
        if self.income_rule == "table":
            return find_in_table([bracket._as_row() for bracket in self.bracket_ids], household, amount)
        return find_by_guideline(
            to_decimal(self.guideline_amount),
            to_decimal(self.guideline_per_person),
            [bracket._as_step() for bracket in self.bracket_ids],
            household,
            amount,
        )

    def _as_whole_table(self):
        """The same programmes while all lines of their tables are written at once."""
        return self.with_context(billing_assistance_table=WHOLE_TABLE)

    def _get_documents(self):
        """The documents to ask for, one string each."""
        self.ensure_one()
        return [line.strip(" -•\t") for line in (self.documents or "").splitlines() if line.strip(" -•\t")]

    def _get_disorder_sentence(self, disorder):
        """What to tell somebody whose table contradicts itself."""
        self.ensure_one()
        if self.income_rule == "table":
            def label(row):
                return self.env._(
                    "household of %(size)s, income up to %(income)s",
                    size=row.household,
                    income=format_amount(self.env, float(row.income), self.currency_id),
                )
        else:
            def label(row):
                return self.env._("up to %(percent)s %% of the guideline", percent=f"{row.income.normalize():f}")
        facts = {
            "programme": self.name,
            "first": label(disorder.first),
            "second": label(disorder.second),
            "first_discount": f"{disorder.first.discount.normalize():f}",
            "second_discount": f"{disorder.second.discount.normalize():f}",
        }
        if disorder.kind == "twice":
            return self.env._(
                "%(programme)s says twice what it gives for “%(first)s”: %(first_discount)s %% and "
                "%(second_discount)s %%. Keep one of the two lines.", **facts,
            )
        if disorder.kind == "rises":
            return self.env._(
                "%(programme)s would give more to those who earn more: %(first_discount)s %% for “%(first)s”, but "
                "%(second_discount)s %% for “%(second)s”. Correct one of the two lines.", **facts,
            )
        return self.env._(
            "%(programme)s would give a larger household less with the same income: %(first_discount)s %% for "
            "“%(first)s”, %(second_discount)s %% for “%(second)s”. Correct one of the two lines.", **facts,
        )
