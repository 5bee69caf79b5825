from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.periods import MOST_DAYS, get_period

MONTHS = [
    ("1", "January"), ("2", "February"), ("3", "March"), ("4", "April"), ("5", "May"), ("6", "June"), ("7", "July"),
    ("8", "August"), ("9", "September"), ("10", "October"), ("11", "November"), ("12", "December"),
]


class BillingInsurancePlan(models.Model):
    """A payer's product: how its members' visits are billed, at which prices, and what members pay.

    Belongs to one company, because the contract with the payer does.
    """

    _name = "billing.insurance.plan"
    _description = "Insurance plan"
    _inherit = ["billing.benefits", "mail.thread"]
    _order = "payer_id, name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        tracking=True,
        help="As it stands on the member's card.",
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain="[('is_payer', '=', True)]",
        check_company=True,
    )
    billing_mode = fields.Selection(
        selection=[
            ("adjudicate", "The payer decides first"),
            ("split", "Split at once"),
        ],
        required=True,
        default=lambda self: self.env.company.billing_default_mode or "adjudicate",
        tracking=True,
        help="The payer decides first: it is billed for the whole charge, and its answer says what the "
        "patient owes. Split at once: payer and patient each get their share when the visit is billed.",
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Contract prices",
        tracking=True,
        ondelete="restrict",
        check_company=True,
        help="The price list agreed with the payer. Empty: the usual prices of the services.",
    )
    payment_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payer pays within",
        ondelete="restrict",
        check_company=True,
        help="How long the payer takes to answer: the due date of its invoices.",
    )
    benefit_year_month = fields.Selection(
        selection=MONTHS,
        string="Benefit year begins in",
        required=True,
        default="1",
        help="Deductible and out-of-pocket maximum begin anew on the first of this month.",
    )
    timely_filing_days = fields.Integer(
        string="Days to file",
        default=365,
        help="Days after the service within which the payer accepts a claim.",
    )
    accepts_assignment = fields.Boolean(
        string="We accept assignment",
        default=True,
        help="We take what the payer allows as our price, and it pays us. Off: claims say that the patient is paid "
             "(CMS-1500 box 27).",
    )
    code_system_ids = fields.Many2many(
        comodel_name="billing.code.system",
        string="Code systems",
        help="The lists of codes this payer understands. Empty: all.",
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
    coverage_ids = fields.One2many(
        comodel_name="billing.coverage",
        inverse_name="plan_id",
    )
    coverage_count = fields.Integer(
        string="Members",
        compute="_compute_coverage_count",
    )
    active = fields.Boolean(
        default=True,
    )

    # === COMPUTE METHODS === #

    def _compute_coverage_count(self):
        counts = dict(
            self.env["billing.coverage"]._read_group(
                domain=[("plan_id", "in", self.ids)],
                groupby=["plan_id"],
                aggregates=["__count"],
            )
        )
        for plan in self:
            plan.coverage_count = counts.get(plan, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("payer_id")
    def _check_payer(self):
        for plan in self:
            if not plan.payer_id.is_payer:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is not a payer, so %(plan)s cannot be its plan. Tick “Payer” on the "
                        "Billing tab of %(partner)s first.",
                        partner=plan.payer_id.display_name,
                        plan=plan.name,
                    )
                )

    @api.constrains("timely_filing_days")
    def _check_timely_filing_days(self):
        for plan in self:
            if not 0 <= plan.timely_filing_days <= MOST_DAYS:
                raise ValidationError(
                    self.env._(
                        "%(plan)s cannot have %(days)s days to file a claim. Type how many days after the "
                        "service the payer accepts it, %(most)s at most; zero if there is no limit.",
                        plan=plan.name,
                        most=MOST_DAYS,
                        days=plan.timely_filing_days,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        if "company_id" in vals:
            self._check_company_kept(vals["company_id"])
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        return [
            {**vals, "name": self.env._("%s (copy)", plan.name)}
            for plan, vals in zip(self, vals_list, strict=True)
        ]

    # === ACTIONS === #

    def action_view_coverages(self):
        """The people insured by this plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_coverage_action")
        action["domain"] = [("plan_id", "=", self.id)]
        action["context"] = {"default_plan_id": self.id}
        return action

    # === BUSINESS METHODS === #

    def _check_company_kept(self, company_id):
        """A plan with members stays in its company: their coverages and claims stand there."""
        for plan in self.with_context(active_test=False):
            if plan.company_id.id != company_id and plan.coverage_ids:
                raise UserError(
                    self.env._(
                        "%(plan)s already has members in %(company)s and cannot move to another company. "
                        "Duplicate it for the other company instead.",
                        plan=plan.name,
                        company=plan.company_id.name,
                    )
                )

    def _get_benefit_year(self, date):
        """The first and the last day of the plan's benefit year that ``date`` lies in."""
        return get_period("benefit_year", date, int(self.benefit_year_month or 1))

    def _name_benefit_year(self, date):
        """That year as people call it: 2026, or its two days where it is no year of the calendar."""
        first, last = self._get_benefit_year(date)
        if first.month == 1:
            return str(first.year)
        return self.env._(
            "%(first)s to %(last)s", first=format_date(self.env, first), last=format_date(self.env, last),
        )
