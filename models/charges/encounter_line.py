from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

MODIFIER_FIELDS = ("modifier_1_id", "modifier_2_id", "modifier_3_id", "modifier_4_id")


class BillingEncounterLine(models.Model):
    """One service of a visit: its procedure code and modifiers, how often, at what price, and why (diagnoses).

    Modifiers stand in four places because their order carries meaning to payers (CMS-1500 box 24D: the one that
    changes the price comes first).
    """

    _name = "billing.encounter.line"
    _description = "Visit service"
    _order = "encounter_id, sequence, id"
    _check_company_auto = True

    encounter_id = fields.Many2one(
        comodel_name="billing.encounter",
        string="Visit",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="encounter_id.company_id",
        store=True,
        index=True,
        precompute=True,
    )
    currency_id = fields.Many2one(
        related="encounter_id.currency_id",
    )
    state = fields.Selection(
        related="encounter_id.state",
    )
    sequence = fields.Integer(
        default=10,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Service",
        required=True,
        index="btree_not_null",
        domain="[('sale_ok', '=', True), ('type', '=', 'service')]",
        ondelete="restrict",
        check_company=True,
    )
    name = fields.Char(
        string="In plain words",
        compute="_compute_from_product",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="What the patient reads on the bill.",
    )
    code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Procedure",
        compute="_compute_from_product",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('kind', '=', 'procedure')]",
        ondelete="restrict",
    )
    modifier_1_id = fields.Many2one(
        comodel_name="billing.code",
        string="Mod. 1",
        domain="[('kind', '=', 'modifier')]",
        ondelete="restrict",
    )
    modifier_2_id = fields.Many2one(
        comodel_name="billing.code",
        string="Mod. 2",
        domain="[('kind', '=', 'modifier')]",
        ondelete="restrict",
    )
    modifier_3_id = fields.Many2one(
        comodel_name="billing.code",
        string="Mod. 3",
        domain="[('kind', '=', 'modifier')]",
        ondelete="restrict",
    )
    modifier_4_id = fields.Many2one(
        comodel_name="billing.code",
        string="Mod. 4",
        domain="[('kind', '=', 'modifier')]",
        ondelete="restrict",
    )
    modifier_codes = fields.Char(
        string="Modifiers",
        compute="_compute_modifier_codes",
    )
    diagnosis_ids = fields.Many2many(
        comodel_name="billing.encounter.diagnosis",
        string="Because of",
        domain="[('encounter_id', '=', encounter_id)]",
        help="The diagnoses that explain this service. Left empty, the first one of the visit counts.",
    )
    quantity = fields.Float(
        string="Units",
        default=1.0,
        digits="Product Unit",
        required=True,
    )
    price_unit = fields.Float(
        string="Price",
        compute="_compute_price_unit",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        min_display_digits="Product Price",
        help="From the price list of the plan that is billed first, else from the service itself.",
    )
    discount = fields.Float(
        string="Discount (%)",
        digits="Discount",
    )
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('type_tax_use', '=', 'sale')]",
        check_company=True,
    )
    amount = fields.Monetary(
        string="Charge",
        compute="_compute_amount",
        store=True,
        precompute=True,
        help="Units times price less discount, before taxes are added.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)",
        "The units of a service must be more than zero. Remove the line if it was not rendered.",
    )
    _price_not_negative = models.Constraint(
        "CHECK (price_unit >= 0)",
        "The price of a service cannot be negative. Use a discount, or a write-off once it is billed.",
    )
    _discount_range = models.Constraint(
        "CHECK (discount >= 0 AND discount <= 100)",
        "A discount lies between 0 and 100 %.",
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_from_product(self):
        for line in self:
            line.name = line.product_id.with_context(lang=line.encounter_id.patient_id.lang).name or line.name
            line.code_id = line.product_id.billing_code_id

    @api.depends(*(f"{name}.code" for name in MODIFIER_FIELDS))
    def _compute_modifier_codes(self):
        for line in self:
            line.modifier_codes = " ".join(line[name].code for name in MODIFIER_FIELDS if line[name])

    @api.depends("product_id", "quantity", "encounter_id.date", "encounter_id.patient_id", "encounter_id.currency_id")
    def _compute_price_unit(self):
        for line in self:
            encounter = line.encounter_id
            if not line.product_id or encounter.state not in (False, "draft"):
                line.price_unit = line.price_unit
                continue
            pricelist = encounter.primary_coverage_id.plan_id.pricelist_id
            line.price_unit = line._get_price(pricelist)

    def _get_price(self, pricelist):
        """The price of one unit on the date of service, in the visit's currency.

        The price list of the plan decides; without one the list price of the service, converted where needed.
        """
        self.ensure_one()
        currency = self.currency_id or self.company_id.currency_id or self.env.company.currency_id
        date = self.encounter_id.date or fields.Date.context_today(self)
        if pricelist:
            return pricelist._get_product_price(
                self.product_id, self.quantity or 1.0, currency=currency, date=date,
            )
        company = self.encounter_id.company_id or self.env.company
        product = self.product_id.with_company(company)
        return product.currency_id._convert(product.lst_price, currency, company, date, round=False)

    @api.depends("product_id", "encounter_id.company_id")
    def _compute_tax_ids(self):
        for line in self:
            company = line.encounter_id.company_id or self.env.company
            line.tax_ids = line.product_id.taxes_id._filter_taxes_by_company(company)

    @api.depends("quantity", "price_unit", "discount", "encounter_id.currency_id")
    def _compute_amount(self):
        for line in self:
            amount = line.quantity * line.price_unit * (1 - line.discount / 100.0)
            currency = line.currency_id or self.env.company.currency_id
            line.amount = currency.round(amount)

    # === CONSTRAINS AND ONCHANGE === #

    @api.constrains(*MODIFIER_FIELDS)
    def _check_modifiers(self):
        for line in self:
            modifiers = [line[name].id for name in MODIFIER_FIELDS if line[name]]
            if len(modifiers) != len(set(modifiers)):
                raise ValidationError(self.env._(
                    "The modifiers %(codes)s of “%(service)s” name one modifier twice. Keep it once.",
                    codes=line.modifier_codes,
                    service=line.name,
                ))

    @api.constrains("diagnosis_ids")
    def _check_diagnoses(self):
        for line in self:
            if line.diagnosis_ids.encounter_id - line.encounter_id:
                raise ValidationError(self.env._(
                    "“%(service)s” points to a diagnosis of another visit. Choose from the diagnoses of %(visit)s.",
                    service=line.name,
                    visit=line.encounter_id.display_name,
                ))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.encounter_id._check_editable({"line_ids": True})
        return lines

    def write(self, vals):
        self.encounter_id._check_editable({"line_ids": True})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self.encounter_id._check_editable({"line_ids": True})

    # === BUSINESS METHODS === #

    def _check_codes_valid(self):
        """Procedure, modifiers and diagnoses must be valid on the date of service.

        :raise UserError: naming the service, the code and the date
        """
        self.ensure_one()
        date = self.encounter_id.date
        codes = self.code_id + self.encounter_id.diagnosis_ids.code_id
        for name in MODIFIER_FIELDS:
            codes += self[name]
        for code in codes:
            if not code._is_valid_on(date):
                raise UserError(self.env._(
                    "%(code)s on “%(service)s” of %(visit)s was not valid on %(date)s. Choose the code that was in use "
                    "on that day.",
                    code=code.display_name,
                    service=self.name,
                    visit=self.encounter_id.display_name,
                    date=format_date(self.env, date),
                ))
