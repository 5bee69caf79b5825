from odoo import api, fields, models
from odoo.exceptions import ValidationError

MODIFIER_FIELDS = ("modifier_1_id", "modifier_2_id", "modifier_3_id", "modifier_4_id")


def _of_document(*names):
    """What a compute depends on: fields of the line, and with a leading dot fields of its document."""
    return lambda line: [f"{line._document_field}{name}" if name.startswith(".") else name for name in names]


class BillingServiceLine(models.AbstractModel):
    """One service of a visit or an estimate: its procedure code and modifiers, how often, at what price.

    Modifiers stand in four places because their order carries meaning to payers (CMS-1500 box 24D: the one that
    changes the price comes first). A model says in ``_document_field`` which of its fields leads to the document, a
    ``billing.service.document``.
    """

    _name = "billing.service.line"
    _description = "Service"

    _document_field = None

    currency_id = fields.Many2one(
        comodel_name="res.currency",
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
        compute="_compute_modifiers",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('kind', '=', 'modifier')]",
        ondelete="restrict",
    )
    modifier_2_id = fields.Many2one(
        comodel_name="billing.code",
        string="Mod. 2",
        compute="_compute_modifiers",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('kind', '=', 'modifier')]",
        ondelete="restrict",
    )
    modifier_3_id = fields.Many2one(
        comodel_name="billing.code",
        string="Mod. 3",
        compute="_compute_modifiers",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('kind', '=', 'modifier')]",
        ondelete="restrict",
    )
    modifier_4_id = fields.Many2one(
        comodel_name="billing.code",
        string="Mod. 4",
        compute="_compute_modifiers",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('kind', '=', 'modifier')]",
        ondelete="restrict",
    )
    modifier_codes = fields.Char(
        string="Modifiers",
        compute="_compute_modifier_codes",
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
        help="From the price list of the plan that is billed first, else from the payer's contract, else the usual "
             "price.",
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
            line.name = line.product_id.with_context(lang=line._get_document().patient_id.lang).name or line.name
            line.code_id = line.product_id.billing_code_id

    @api.depends(*(f"{name}.code" for name in MODIFIER_FIELDS))
    def _compute_modifier_codes(self):
        for line in self:
            line.modifier_codes = " ".join(line[name].code for name in MODIFIER_FIELDS if line[name])

    @api.depends("product_id")
    def _compute_modifiers(self):
        for line in self:
            for name in MODIFIER_FIELDS:
                line[name] = line.product_id[f"billing_{name}"]

    @api.depends(_of_document("product_id", ".company_id"))
    def _compute_tax_ids(self):
        for line in self:
            company = line._get_document().company_id or self.env.company
            line.tax_ids = line.product_id.taxes_id._filter_taxes_by_company(company)

    @api.depends(_of_document("quantity", "price_unit", "discount", ".currency_id"))
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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # Who names one modifier has chosen: those of the service do not come beside it.
        return super().create([
            {**dict.fromkeys(MODIFIER_FIELDS, False), **vals} if not vals.keys().isdisjoint(MODIFIER_FIELDS) else vals
            for vals in vals_list
        ])

    # === BUSINESS METHODS === #

    def _get_document(self):
        """The visit or estimate that these services belong to."""
        return self[self._document_field]

    def _get_added_tax(self):
        """The taxes that come on top of the charge; those that prices include are part of it already."""
        self.ensure_one()
        if not self.tax_ids:
            return 0.0
        document = self._get_document()
        taxed = self.tax_ids._origin.compute_all(
            self.price_unit * (1 - self.discount / 100.0), document.currency_id, self.quantity, self.product_id._origin,
            document.patient_id._origin,
        )
        return max(document.currency_id.round(taxed["total_included"] - self.amount), 0.0)
