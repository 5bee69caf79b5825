from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.assistance import Row, Step
from odoo.addons.billing_coordinator.tools.money import to_decimal

from ..written_numbers import format_number

# Identity, not value: what says that a whole table is being written, and checked at its end, comes from the programme.
WHOLE_TABLE = object()


class BillingAssistanceBracket(models.Model):
    """One line of an assistance programme: up to this income, this discount.

    Where the programme goes by a guideline the income is a percentage of it, whatever the household; in a typed table
    it is an amount for a size of household.
    """

    _name = "billing.assistance.bracket"
    _description = "Financial assistance bracket"
    _order = "household_size, income_to, guideline_percent, id"

    programme_id = fields.Many2one(
        comodel_name="billing.assistance.programme",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="programme_id.company_id",
        store=True,
        precompute=True,
    )
    currency_id = fields.Many2one(
        related="programme_id.currency_id",
    )
    household_size = fields.Integer(
        string="Persons",
        default=1,
        help="Size of the household. The largest size also holds for households that are larger still.",
    )
    income_to = fields.Monetary(
        string="Yearly income up to",
    )
    guideline_percent = fields.Float(
        string="Income up to (% of guideline)",
        digits=(6, 2),
    )
    discount_percent = fields.Float(
        string="Discount (%)",
        digits=(5, 2),
        required=True,
        default=100.0,
    )

    # === COMPUTE METHODS === #

    @api.depends("programme_id.name")
    def _compute_display_name(self):
        for bracket in self:
            bracket.display_name = bracket.programme_id.name

    # === CONSTRAINT METHODS === #

    @api.constrains("household_size", "income_to", "guideline_percent", "discount_percent", "programme_id")
    def _check_values(self):
        for bracket in self:
            if not 0 < bracket.discount_percent <= 100:
                raise ValidationError(self.env._(
                    "%(bracket)s cannot give a discount of %(discount)s %%. Type a percentage above 0 and at most "
                    "100.",
                    bracket=bracket.display_name,
                    discount=format_number(self.env, bracket.discount_percent),
                ))
            if bracket.programme_id.income_rule == "guideline":
                if bracket.guideline_percent <= 0:
                    raise ValidationError(self.env._(
                        "%(bracket)s: type up to which percentage of the guideline the discount of %(discount)s %% is "
                        "given, more than zero.",
                        bracket=bracket.display_name,
                        discount=format_number(self.env, bracket.discount_percent),
                    ))
            elif bracket.household_size < 1:
                raise ValidationError(self.env._(
                    "%(bracket)s: a household has at least one person, not %(size)s.",
                    bracket=bracket.display_name,
                    size=bracket.household_size,
                ))
            elif bracket.income_to < 0:
                raise ValidationError(self.env._(
                    "%(bracket)s: the income of a household of %(size)s cannot be negative (%(income)s). Type the "
                    "yearly income up to which the discount is given.",
                    bracket=bracket.display_name,
                    size=bracket.household_size,
                    income=format_amount(self.env, bracket.income_to, bracket.currency_id),
                ))

    @api.constrains("household_size", "income_to", "guideline_percent", "discount_percent")
    def _check_order(self):
        # Several lines saved at once may contradict each other on the way: the programme looks at the result.
        if self.env.context.get("billing_assistance_table") is not WHOLE_TABLE:
            self.programme_id._check_brackets()

    # === BUSINESS METHODS === #

    def _as_row(self):
        """The line as the pure functions read it; a guideline's percentages stand in for incomes."""
        self.ensure_one()
        discount = to_decimal(self.discount_percent)
        if self.programme_id.income_rule == "guideline":
            return Row(1, to_decimal(self.guideline_percent), discount)
        return Row(self.household_size, to_decimal(self.income_to), discount)

    def _as_step(self):
        """The line as a step of a guideline."""
        self.ensure_one()
        return Step(to_decimal(self.guideline_percent), to_decimal(self.discount_percent))
