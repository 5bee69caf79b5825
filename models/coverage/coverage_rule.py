from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, formatLang

from odoo.addons.billing_coordinator.tools.code_range import is_range, measure_range
from odoo.addons.billing_coordinator.tools.coverage_rules import Scope

from ..written_numbers import format_number

# What a rule can speak of, the most specific first, and the fields that say it.
SELECTORS = {"product": ("product_id",), "code": ("code_from", "code_to"), "category": ("category_id",), "plan": ()}
# What tells the rules of a plan from one another.
PLACE_FIELDS = frozenset({"plan_id", "applies_to", "date_from", "date_to"}.union(*SELECTORS.values()))


class BillingCoverageRule(models.Model):
    """What a plan says of some of its services, where that differs from its usual benefits.

    It speaks of one service, of a procedure code or a range of codes, of a category of services, or of all; from and
    to certain days of service. Of the rules that speak of a service the most specific one counts, alone.
    """

    _name = "billing.coverage.rule"
    _description = "Coverage rule"
    _order = "plan_id, sequence, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        comodel_name="billing.insurance.plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="plan_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="plan_id.currency_id",
    )
    sequence = fields.Integer(
        default=10,
        help="Which of two equally specific rules counts when they also begin on the same day.",
    )
    applies_to = fields.Selection(
        selection=[
            ("product", "One service"),
            ("code", "Procedure codes"),
            ("category", "A category of services"),
            ("plan", "All services"),
        ],
        required=True,
        default="product",
        help="The most specific rule counts: a service before its code, one code before a range, a narrow range before "
             "a wide one, codes before categories, a category before the one above it, and all services last.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Service",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('sale_ok', '=', True), ('type', '=', 'service')]",
        check_company=True,
    )
    category_id = fields.Many2one(
        comodel_name="product.category",
        string="Category",
        index="btree_not_null",
        ondelete="restrict",
        help="The services of this category and of those below it.",
    )
    code_from = fields.Char(
        string="Code",
        help="The procedure code, or the first one of a range.",
    )
    code_to = fields.Char(
        string="Last code",
        help="The last code of the range. Empty: one code only.",
    )
    date_from = fields.Date(
        string="From",
        help="First day of service for which the rule counts. Empty: since ever.",
    )
    date_to = fields.Date(
        string="Until",
        help="Last day of service for which the rule counts. Empty: until further notice.",
    )
    is_covered = fields.Boolean(
        string="Covered",
        default=True,
        help="Not covered: the next coverage is asked for the whole charge, and at last the patient.",
    )
    payer_gives = fields.Selection(
        selection=[
            ("plan", "As usual"),
            ("percent", "A percentage"),
            ("amount", "A fixed amount per unit"),
        ],
        string="Payer pays",
        required=True,
        default="plan",
        help="As usual: what the coinsurance of the coverage leaves to it.",
    )
    payer_percent = fields.Float(
        string="Payer's share (%)",
        digits=(5, 2),
        help="What the payer pays of what deductible and copay leave.",
    )
    payer_amount = fields.Monetary(
        string="Payer's amount",
        help="What the payer pays for each unit, at most; the rest is the patient's.",
    )
    has_copay = fields.Boolean(
        string="Own copay",
        help="These services have a copay of their own instead of the usual one; zero: none at all.",
    )
    copay = fields.Monetary(
        help="What the patient pays once per visit for all services under this rule.",
    )
    skips_deductible = fields.Boolean(
        string="Without deductible",
        help="The payer pays from the first cent, even while the deductible of the year is not met.",
    )
    authorization_needed = fields.Boolean(
        string="Authorization needed",
        help="The payer wants to be asked before the service is rendered.",
    )

    # Two people saving at once; with one of them, _check_twice has the better sentence.
    _twice = models.UniqueIndex(
        """(
            plan_id, applies_to,
            (CASE applies_to WHEN 'product' THEN product_id WHEN 'category' THEN category_id ELSE 0 END),
            (CASE applies_to WHEN 'code' THEN upper(code_from) ELSE '' END),
            (CASE applies_to WHEN 'code' THEN upper(COALESCE(NULLIF(code_to, ''), code_from)) ELSE '' END),
            COALESCE(date_from, '0001-01-01'::date),
            COALESCE(date_to, '0001-01-01'::date)
        )""",
        "This plan already has a rule for the same services on the same days. Change that one.",
    )

    # === COMPUTE METHODS === #

    @api.depends("applies_to", "product_id", "category_id", "code_from", "code_to", "plan_id")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule._get_scope_label()

    def _get_scope_label(self):
        """What the rule speaks of, in a few words."""
        self.ensure_one()
        if self.applies_to == "product":
            return self.product_id.display_name or ""
        if self.applies_to == "category":
            return self.category_id.display_name or ""
        if self.applies_to == "plan":
            return self.env._("All services")
        if self._is_single_code():
            return self.env._("Code %s", self.code_from or "")
        return self.env._("Codes %(first)s–%(last)s", first=self.code_from, last=self.code_to)

    # === CONSTRAINT METHODS === #

    @api.constrains("applies_to", *(name for names in SELECTORS.values() for name in names))
    def _check_selector(self):
        for rule in self:
            if (rule.applies_to in ("product", "category") and not rule[SELECTORS[rule.applies_to][0]]) or (
                rule.applies_to == "code" and not rule.code_from
            ):
                raise ValidationError(self.env._(
                    "A rule of %(plan)s speaks of nothing yet. Choose the service, the category or the code it is for, "
                    "or let it speak of all services.",
                    plan=rule.plan_id.name,
                ))
            if rule.applies_to == "code" and rule.code_to and not is_range(rule.code_from, rule.code_to):
                raise ValidationError(self.env._(
                    "%(first)s to %(last)s is no range of codes in %(plan)s. Type the lower code first and the higher "
                    "one last, both equally long.",
                    first=rule.code_from,
                    last=rule.code_to,
                    plan=rule.plan_id.name,
                ))

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for rule in self:
            if rule.date_from and rule.date_to and rule.date_to < rule.date_from:
                raise ValidationError(self.env._(
                    "The rule of %(plan)s for “%(services)s” would end on %(date_to)s, before it begins on "
                    "%(date_from)s. Correct one of the two dates.",
                    plan=rule.plan_id.name,
                    services=rule._get_scope_label(),
                    date_from=format_date(self.env, rule.date_from),
                    date_to=format_date(self.env, rule.date_to),
                ))

    @api.constrains("payer_percent", "payer_amount", "copay")
    def _check_benefits(self):
        for rule in self:
            if not 0 <= rule.payer_percent <= 100:
                raise ValidationError(self.env._(
                    "The payer of %(plan)s cannot pay %(percent)s %% of “%(services)s”. Type a percentage between 0 "
                    "and 100.",
                    plan=rule.plan_id.name,
                    percent=format_number(self.env, rule.payer_percent),
                    services=rule._get_scope_label(),
                ))
            rule._check_not_negative("payer_amount", "copay")

    def _check_not_negative(self, *names):
        """Refuse figures below zero, naming rule, figure and amount."""
        for name in names:
            if self[name] < 0:
                raise ValidationError(self.env._(
                    "%(field)s of %(plan)s for “%(services)s” cannot be negative (%(value)s). Type a positive figure, "
                    "or leave it out.",
                    field=self._fields[name]._description_string(self.env),
                    plan=self.plan_id.name,
                    services=self._get_scope_label(),
                    value=formatLang(self.env, self[name]),
                ))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._tidy(vals) for vals in vals_list]
        self.browse().concat(*(self.new(self._get_place(vals)) for vals in vals_list))._check_twice()
        return super().create(vals_list)

    def write(self, vals):
        vals = self._tidy(vals)
        if place := self._get_place(vals):
            self.browse().concat(*(self.new(place, origin=rule) for rule in self))._check_twice()
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _get_scope(self):
        """What the rule speaks of, as the choice among rules wants it; see ``coverage_rules``."""
        self.ensure_one()
        category = self.category_id if self.applies_to == "category" else self.category_id.browse()
        return Scope(
            rule=self.id,
            product=self.product_id.id if self.applies_to == "product" else None,
            code_from=(self.code_from or "") if self.applies_to == "code" else "",
            code_to=(self.code_to or "") if self.applies_to == "code" else "",
            category=category.id or None,
            category_depth=len((category.parent_path or "").split("/")),
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            sequence=self.sequence,
        )

    def _is_in_force(self, date):
        """Whether the rule counts for a service rendered on ``date``."""
        self.ensure_one()
        return (not self.date_from or self.date_from <= date) and (not self.date_to or date <= self.date_to)

    def _is_single_code(self):
        return measure_range(self.code_from or "", self.code_to or "") == 1

    def _check_twice(self):
        """Refuse rules (new records, not yet saved) that say the same of the same days as others or one another.

        :raise ValidationError: naming the plan, the services and the day
        """
        others = self.search([("plan_id", "in", self.plan_id._origin.ids), ("id", "not in", self._origin.ids)])
        taken = {other._get_twin_key() for other in others}
        for rule in self:
            key = rule._get_twin_key()
            if key in taken:
                raise ValidationError(self.env._(
                    "%(plan)s already has a rule for “%(services)s” from %(date)s. Change that one, or give the new "
                    "one other dates.",
                    plan=rule.plan_id.name,
                    services=rule._get_scope_label(),
                    date=format_date(self.env, rule.date_from) if rule.date_from else self.env._("the beginning"),
                ))
            taken.add(key)

    def _get_twin_key(self):
        """Rules with the same key speak of the same services of a plan on the same days."""
        self.ensure_one()
        codes = (self.code_from or "").upper(), (self.code_to or self.code_from or "").upper()
        selector = {
            "product": self.product_id._origin.id, "code": codes, "category": self.category_id._origin.id, "plan": None,
        }[self.applies_to]
        return self.plan_id._origin.id, self.applies_to, selector, self.date_from, self.date_to

    @api.model
    def _get_place(self, vals):
        return {name: vals[name] for name in PLACE_FIELDS & vals.keys()}

    @api.model
    def _tidy(self, vals):
        """The values without the blanks that copying leaves around codes."""
        codes = {name: vals[name].strip() for name in ("code_from", "code_to") if isinstance(vals.get(name), str)}
        return {**vals, **codes}
