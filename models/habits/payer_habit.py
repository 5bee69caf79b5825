from odoo import api, fields, models


class BillingPayerHabit(models.Model):
    """What a payer wants to be told differently: another code, modifier or list of codes, or something more.

    It speaks of some services or diagnoses, on some days, of all plans of the payer or of one. Claims follow it when
    they are made; visits, invoices, and claims that are there already keep what they say.
    """

    _name = "billing.payer.habit"
    _description = "Payer's habit"
    _order = "payer_id, kind, sequence, id"
    _check_company_auto = True

    payer_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_payer', '=', True)]",
    )
    plan_id = fields.Many2one(
        comodel_name="billing.insurance.plan",
        string="Only plan",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('payer_id', '=', payer_id)]",
        help="Empty: all plans of the payer. What one plan wants counts before what the payer wants of all.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: the payer wants it of all your companies.",
    )
    kind = fields.Selection(
        selection=[
            ("code", "Another code"),
            ("modifier", "Other modifiers"),
            ("system", "Another list of codes"),
            ("value", "Something more"),
        ],
        string="It wants",
        required=True,
        default="code",
    )
    subject = fields.Selection(
        selection=[("procedure", "Procedures"), ("diagnosis", "Diagnoses")],
        string="For",
        required=True,
        default="procedure",
    )
    applies_to = fields.Selection(
        selection=[
            ("code", "Some codes"),
            ("product", "One service"),
            ("category", "A category of services"),
            ("all", "All"),
        ],
        string="Which ones",
        required=True,
        default="code",
        help="The most specific habit counts: a service before its code, one code before a range, a range before a "
             "category, all last.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Service",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('sale_ok', '=', True), ('type', '=', 'service')]",
    )
    category_id = fields.Many2one(
        comodel_name="product.category",
        string="Category",
        index="btree_not_null",
        ondelete="cascade",
    )
    code_from = fields.Char(
        string="Code",
        help="The code on the visit, or the first one of a range.",
    )
    code_to = fields.Char(
        string="Last code",
        help="The last code of the range. Empty: one code only.",
    )
    place_id = fields.Many2one(
        comodel_name="billing.code",
        string="Only at place",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', '=', 'place')]",
        help="Empty: wherever the service is rendered.",
    )
    date_from = fields.Date(
        string="From",
        help="First day of service for which it counts. Empty: since ever.",
    )
    date_to = fields.Date(
        string="Until",
        help="Last day of service for which it counts. Empty: until further notice.",
    )
    use_code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Use this code",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', '=', subject)]",
    )
    use_system_id = fields.Many2one(
        comodel_name="billing.code.system",
        string="Use this list",
        index="btree_not_null",
        ondelete="restrict",
        help="The code that the service has in this list, else the one that the crosswalk names.",
    )
    modifier_action = fields.Selection(
        selection=[
            ("add", "Add at the end"),
            ("first", "Put in front"),
            ("replace", "Replace"),
            ("remove", "Leave out"),
        ],
        string="Do",
        default="add",
    )
    modifier_id = fields.Many2one(
        comodel_name="billing.code",
        string="This modifier",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', '=', 'modifier')]",
    )
    use_modifier_id = fields.Many2one(
        comodel_name="billing.code",
        string="Modifier to use",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', '=', 'modifier')]",
    )
    value_label = fields.Char(
        string="What it asks for",
        help="As it stands on the payer's form, such as Referral number.",
    )
    value_kind = fields.Selection(
        selection=[
            ("reference", "A reference number"),
            ("provider", "A number of the provider"),
            ("place", "A place"),
            ("other", "Something else"),
        ],
        string="Kind of value",
        default="reference",
        help="The provider's NPI and the place of service are proposed where they are known.",
    )
    value_default = fields.Char(
        string="Usually",
        help="Filled in on every visit, such as your own number with this payer.",
    )
    value_missing = fields.Selection(
        selection=[("stop", "Do not bill"), ("warn", "Warn")],
        string="Without it",
        default="stop",
    )
    note = fields.Char(
        string="Why",
        help="Where the payer says so, such as its manual, page 12. Stands on the claim.",
    )
    sequence = fields.Integer(
        default=10,
    )
    active = fields.Boolean(
        default=True,
    )
    scope_label = fields.Char(
        string="Where the visit says",
        compute="_compute_scope_label",
    )
    summary = fields.Char(
        string="The payer is told",
        compute="_compute_summary",
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A habit cannot end before it begins. Correct one of the two dates.",
    )
    # Two people saving at once: nobody could tell which of the two counts.
    _twice = models.UniqueIndex(
        """(
            payer_id, COALESCE(plan_id, 0), COALESCE(company_id, 0), kind, subject, applies_to,
            (CASE applies_to WHEN 'product' THEN product_id WHEN 'category' THEN category_id ELSE 0 END),
            (CASE applies_to WHEN 'code' THEN upper(code_from) ELSE '' END),
            (CASE applies_to WHEN 'code' THEN upper(COALESCE(NULLIF(code_to, ''), code_from)) ELSE '' END),
            COALESCE(place_id, 0),
            (CASE kind WHEN 'modifier' THEN CASE WHEN modifier_action IN ('replace', 'remove') THEN modifier_id
                ELSE use_modifier_id END ELSE 0 END),
            (CASE kind WHEN 'value' THEN lower(value_label) ELSE '' END),
            COALESCE(date_from, '0001-01-01'::date)
        ) WHERE active""",
        "This payer already has such a habit from the same day. Change that one.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy(vals))

    # === BUSINESS METHODS === #

    @api.model
    def _tidy(self, vals):
        """The values without the blanks that copying leaves around codes; a plan brings its company along."""
        vals = {**vals, **{
            name: vals[name].strip() for name in ("code_from", "code_to", "value_label")
            if isinstance(vals.get(name), str)
        }}
        if vals.get("plan_id"):
            vals["company_id"] = self.env["billing.insurance.plan"].browse(vals["plan_id"]).company_id.id
        return vals
