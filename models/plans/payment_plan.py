from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..figures import check_not_negative
from .plan_policy import FREQUENCIES, ON_LESS

# What the person agrees to: it stands as it is from the proposal on.
TERMS = frozenset({
    "partner_id", "company_id", "currency_id", "policy_id", "frequency", "mode", "instalment_count",
    "instalment_amount", "date_first", "down_payment", "fee", "rate", "skip_closed", "date",
})


class BillingPaymentPlan(models.Model):
    """An agreement to pay what is owed by instalments.

    It is an overlay, never new debt: the plan names receivable items and what each had open when it began. What has
    been paid is what those items have lost since, however that happened, and fills the instalments in the order of
    their days. See "Payment plans" in the README.
    """

    _name = "billing.payment.plan"
    _description = "Payment plan"
    _inherit = ["billing.document", "billing.nightly", "billing.sending"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "partner_id.name", "partner_id.billing_account_number"]
    _mail_post_access = "read"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Who pays",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_payer', '=', False), ('parent_id', '=', False)]",
        tracking=True,
        help="The patient, guarantor or client who owes the bills.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="All bills of a plan are in one currency.",
    )
    policy_id = fields.Many2one(
        comodel_name="billing.plan.policy",
        required=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self._default_policy_id(),
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index="btree_not_null",
        tracking=True,
    )
    date = fields.Date(
        string="Begins on",
        required=True,
        default=fields.Date.context_today,
        help="Interest counts from this day, and the down payment is due on it.",
    )
    item_ids = fields.One2many(
        comodel_name="billing.payment.plan.item",
        inverse_name="plan_id",
        string="Covers",
        copy=False,
    )

    # Terms
    frequency = fields.Selection(
        selection=FREQUENCIES,
        string="How often",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    mode = fields.Selection(
        selection=[
            ("count", "So many instalments"),
            ("amount", "So much each time"),
        ],
        string="Agreed on",
        required=True,
        default="count",
    )
    instalment_count = fields.Integer(
        string="Number of instalments",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    instalment_amount = fields.Monetary(
        string="Each time",
        tracking=True,
    )
    date_first = fields.Date(
        string="First instalment on",
        compute="_compute_date_first",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The others follow on the same day of the week or month; from the last day of a month on, on the last day "
             "of each.",
    )
    down_payment = fields.Monetary(
        string="Down payment",
        help="Paid at once, on the day on which the plan begins.",
        tracking=True,
    )
    fee = fields.Monetary(
        string="Set-up fee",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    rate = fields.Float(
        string="Interest (% a year)",
        digits=(5, 2),
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    skip_closed = fields.Boolean(
        string="Working days only",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    on_less = fields.Selection(
        selection=ON_LESS,
        string="When the debt becomes smaller",
        compute="_compute_on_less",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="After a credit note, a discount, or a payment beyond what was due.",
    )
    note = fields.Text(
        string="Notes for the office",
        help="Never printed.",
    )

    # The sum of it
    amount_total = fields.Monetary(
        string="Debt",
        compute="_compute_amount_total",
        store=True,
        help="What was open on the bills when the plan began.",
    )

    # === DEFAULTS === #

    @api.model
    def _default_policy_id(self):
        return self.env["billing.plan.policy"].search([("company_id", "=", self.env.company.id)], limit=1)

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = f"{plan.name} {plan.partner_id.name or ''}".strip()

    @api.depends("policy_id")
    def _compute_terms(self):
        for plan in self:
            policy = plan.policy_id
            plan.frequency = policy.frequency or "month"
            plan.instalment_count = policy.count_usual or 4
            plan.fee = policy.currency_id._convert(
                policy.fee, plan.currency_id, plan.company_id, plan.date or fields.Date.context_today(self),
            ) if policy.fee else 0.0
            plan.rate = policy.rate
            plan.skip_closed = policy.skip_closed

    @api.depends("policy_id")
    def _compute_on_less(self):
        for plan in self:
            plan.on_less = plan.policy_id.on_less or "shorten"

    @api.depends("date", "frequency")
    def _compute_date_first(self):
        steps = {
            "week": relativedelta(weeks=1), "fortnight": relativedelta(weeks=2), "half_month": relativedelta(days=15),
        }
        for plan in self:
            plan.date_first = plan.date and plan.date + steps.get(plan.frequency, relativedelta(months=1))

    @api.depends("item_ids.amount_start")
    def _compute_amount_total(self):
        for plan in self:
            plan.amount_total = sum(plan.item_ids.mapped("amount_start"))

    # === CONSTRAINT METHODS === #

    @api.constrains("down_payment", "fee", "rate", "instalment_amount", "instalment_count")
    def _check_terms(self):
        check_not_negative(self, ("down_payment", "fee", "instalment_amount", "rate", "instalment_count"))

    @api.constrains("date", "date_first")
    def _check_dates(self):
        for plan in self:
            if plan.date_first < plan.date:
                raise ValidationError(self.env._(
                    "The first instalment of %(plan)s would be due on %(first)s, before the plan begins on %(date)s. "
                    "Correct one of the two days.",
                    plan=plan.display_name,
                    first=format_date(self.env, plan.date_first),
                    date=format_date(self.env, plan.date),
                ))

    @api.constrains("partner_id")
    def _check_partner(self):
        for plan in self:
            if plan.partner_id != plan.partner_id.commercial_partner_id:
                raise ValidationError(self.env._(
                    "%(person)s is a contact of %(client)s, who owes the bills: make the plan with %(client)s.",
                    person=plan.partner_id.name,
                    client=plan.partner_id.commercial_partner_id.name,
                ))
