from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.instalment_filling import Tolerance
from odoo.addons.billing_coordinator.tools.instalments import MOST_INSTALMENTS

from ..figures import check_not_negative

FREQUENCIES = [
    ("week", "Every week"),
    ("fortnight", "Every two weeks"),
    ("half_month", "Twice a month"),
    ("month", "Every month"),
    ("quarter", "Every quarter"),
    ("dates", "On chosen days"),
]
DUE_AGAIN = [
    ("before", "As before the plan"),
    ("now", "On the day on which it broke"),
    ("plan", "As in the plan"),
]
ON_LESS = [
    ("shorten", "The plan ends sooner"),
    ("lower", "The instalments get smaller"),
]
AMOUNTS = ("amount_min", "instalment_min", "living_allowance", "fee", "default_fee")
PERCENTS = ("down_percent", "bearable_percent", "rate")
COUNTS = ("months_max", "days_open", "months_since_broken", "proposal_days", "reminder_days", "grace_days",
          "missed_max", "late_max")


class BillingPlanPolicy(models.Model):
    """What payment plans an office offers: for which debts, within which limits, and what happens when one is broken.

    Amounts are in the currency of the company.
    """

    _name = "billing.plan.policy"
    _description = "Payment plan policy"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
    )
    sequence = fields.Integer(
        default=10,
        help="The first one is proposed for new plans.",
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

    # Which debts
    amount_min = fields.Monetary(
        string="Balance of at least",
        default=100.0,
        tracking=True,
    )
    days_open = fields.Integer(
        string="Billed at least (days ago)",
        help="Debts that are younger stay out. 0: any age.",
    )
    months_since_broken = fields.Integer(
        string="No broken plan in the last (months)",
        default=12,
        tracking=True,
        help="Who broke a plan within this time needs a manager. 0: it does not matter.",
    )
    allows_discretionary = fields.Boolean(
        string="Elective services, too",
        help="Otherwise services that are not medically necessary, as their product says, stay out.",
    )
    needs_answer = fields.Boolean(
        string="Insurance has answered",
        default=True,
        help="Bills for visits of which a payer still decides something stay out.",
    )

    # Limits
    frequency = fields.Selection(
        selection=FREQUENCIES[:-1],
        string="Usually paid",
        required=True,
        default="month",
    )
    count_usual = fields.Integer(
        string="Usual number of instalments",
        required=True,
        default=4,
    )
    instalment_min = fields.Monetary(
        string="Smallest instalment",
        default=25.0,
        tracking=True,
    )
    months_max = fields.Integer(
        string="Longest term (months)",
        default=24,
        tracking=True,
        help="From the first day of the plan to the last instalment. 0: no limit.",
    )
    down_percent = fields.Float(
        string="Down payment of at least (%)",
        tracking=True,
    )
    waits_for_down = fields.Boolean(
        string="Begins with the down payment",
        help="A plan that was accepted runs once its down payment is there, from the next night on.",
    )
    skip_closed = fields.Boolean(
        string="On working days only",
        help="An instalment that falls on a weekend or a holiday is due on the next working day.",
    )

    # What somebody can bear
    living_allowance = fields.Monetary(
        string="For each dependant (a month)",
        help="What a household keeps for each person who lives on the income, beyond the expenses that it names.",
    )
    bearable_percent = fields.Float(
        string="Of what is left (%)",
        default=50.0,
        help="So much of what is left of a month's income may go into a plan.",
    )

    # What it costs
    fee = fields.Monetary(
        string="Set-up fee",
        tracking=True,
        help="Asked once, with the first instalment, by an invoice of its own.",
    )
    rate = fields.Float(
        string="Interest (% a year)",
        digits=(5, 2),
        tracking=True,
        help="On what is still owed, counted by days. Each instalment's interest is invoiced when it is due.",
    )

    # Changes on the way
    on_less = fields.Selection(
        selection=ON_LESS,
        string="When the debt becomes smaller",
        required=True,
        default="shorten",
        help="After a credit note, a discount, or a payment beyond what was due.",
    )

    # Proposals and reminders
    proposal_days = fields.Integer(
        string="Proposals hold (days)",
        default=14,
    )
    reminder_days = fields.Integer(
        string="Remind before an instalment (days)",
        default=3,
        help="0: no reminder.",
    )

    sends_receipts = fields.Boolean(
        string="Send receipts",
        default=True,
        help="By e-mail, in the night after money has arrived.",
    )

    # Broken plans
    grace_days = fields.Integer(
        string="Days of grace",
        default=5,
        tracking=True,
        help="An instalment counts as missed when it is not paid so many days after its day.",
    )
    missed_max = fields.Integer(
        string="Broken by missed instalments",
        default=2,
        tracking=True,
        help="So many missed instalments at once break the plan. 0: their number does not matter.",
    )
    late_max = fields.Integer(
        string="Broken by days late",
        default=45,
        tracking=True,
        help="The oldest unpaid instalment so many days late breaks the plan. 0: days do not matter.",
    )
    due_again = fields.Selection(
        selection=DUE_AGAIN,
        string="What is left is due",
        required=True,
        default="before",
        tracking=True,
        help="When a plan is broken. Reminders and collections go by the due date: as before, they go on where the age "
             "of the debt puts them; on the day on which the plan broke, they begin anew with the first step.",
    )
    default_fee = fields.Monetary(
        string="Fee for a broken plan",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains(*AMOUNTS, *PERCENTS, *COUNTS, "count_usual")
    def _check_figures(self):
        check_not_negative(self, (*AMOUNTS, *PERCENTS, *COUNTS))
        for policy in self:
            if policy.down_percent >= 100:
                raise ValidationError(self.env._(
                    "A down payment of %(percent)s %% leaves %(policy)s nothing to pay by instalments. Type less than "
                    "100.", percent=f"{policy.down_percent:g}", policy=policy.name,
                ))
            if not 0 < policy.count_usual <= MOST_INSTALMENTS:
                raise ValidationError(self.env._(
                    "The usual number of instalments of %(policy)s must lie between 1 and %(most)s, not at %(count)s.",
                    policy=policy.name, most=MOST_INSTALMENTS, count=policy.count_usual,
                ))

    # === BUSINESS METHODS === #

    def _get_tolerance(self):
        """How long the office waits, and when a plan has failed: :class:`tools.instalment_filling.Tolerance`."""
        self.ensure_one()
        return Tolerance(grace=self.grace_days, missed=self.missed_max, late=self.late_max)
