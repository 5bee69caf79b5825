from odoo import api, fields, models
from odoo.tools import format_date

from ..prices.price import SOURCES, Price, PriceRequest
from .service_line import MODIFIER_FIELDS, _of_document


class BillingServiceDocument(models.AbstractModel):
    """Which price lists count for a visit or an estimate, and in which currency it is billed."""

    _inherit = "billing.service.document"

    def _get_price_lists(self):
        """(source, price list) pairs, the one that is asked first in front; see ``billing.price``."""
        self.ensure_one()
        company = self.company_id or self.env.company
        lists = [
            *self.primary_coverage_id.plan_id._get_price_lists(),
            ("patient", self.patient_id._origin._get_own_pricelist(company)),
            ("company", company.billing_pricelist_id),
        ]
        return tuple((source, pricelist) for source, pricelist in lists if pricelist)


class BillingServiceLine(models.AbstractModel):
    """What a service costs, and where that price comes from.

    The price is found on the day of service and kept: a list that changes later changes nothing that is recorded.
    """

    _inherit = "billing.service.line"

    price_listed = fields.Float(
        string="Listed price",
        compute="_compute_price_listed",
        store=True,
        precompute=True,
        min_display_digits="Product Price",
        help="What the price list says, on the day of service.",
    )
    price_source = fields.Selection(
        selection=SOURCES,
        string="Price from",
        compute="_compute_price_listed",
        store=True,
        precompute=True,
    )
    price_item_id = fields.Many2one(
        comodel_name="product.pricelist.item",
        string="Price rule",
        compute="_compute_price_listed",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
    )
    price_why = fields.Char(
        string="Why this price",
        compute="_compute_price_why",
    )

    # === COMPUTE METHODS === #

    @api.depends(_of_document("product_id", "quantity", ".date", ".patient_id", ".currency_id", *MODIFIER_FIELDS))
    def _compute_price_listed(self):
        asking = self.filtered(lambda line: line.product_id and line._is_priced_anew())
        found = self.env["billing.price"]._find([line._get_price_request() for line in asking])
        prices = dict(zip(asking, found, strict=True))
        for line in self:
            price = prices.get(line) or Price(line.price_listed, line.price_source, line.price_item_id.id)
            line.price_listed, line.price_source, line.price_item_id = price

    @api.depends("price_listed")
    def _compute_price_unit(self):
        for line in self:
            is_new = line.product_id and line._is_priced_anew()
            line.price_unit = line.price_listed if is_new else line.price_unit

    def _is_priced_anew(self):
        """Whether the document is still being recorded; what it became keeps its prices."""
        return self._get_document().state in (False, "draft")

    def _get_price_request(self):
        """The price of one unit on the date of service, in the document's currency, as it is asked for."""
        self.ensure_one()
        document = self._get_document()
        company = document.company_id or self.env.company
        return PriceRequest(
            product=self.product_id._origin,
            quantity=self.quantity or 1.0,
            modifiers=tuple(self[name].code for name in MODIFIER_FIELDS if self[name]),
            date=document.date or fields.Date.context_today(self),
            currency=self.currency_id or document.company_id.currency_id or self.env.company.currency_id,
            company=company,
            lists=document._get_price_lists(),
        )

    @api.depends("price_unit", "price_listed", "price_source", "price_item_id")
    @api.depends_context("lang")
    def _compute_price_why(self):
        for line in self:
            why = line._get_price_words() if line.price_source else False
            if line.price_source and line.price_unit != line.price_listed:
                currency = line.currency_id or self.env.company.currency_id
                why = self.env._(
                    "Typed. %(why)s: %(price)s", why=why, price=currency.format(line.price_listed),
                )
            line.price_why = why

    # === BUSINESS METHODS === #

    def _get_price_words(self):
        """Where the listed price comes from, in a sentence."""
        self.ensure_one()
        words = dict(self._fields["price_source"]._description_selection(self.env))[self.price_source]
        item = self.price_item_id.sudo()
        if not item:
            return words
        words = self.env._("%(words)s “%(list)s”", words=words, list=item.pricelist_id.name)
        if item.billing_modifier:
            words = self.env._("%(words)s, with modifier %(modifier)s", words=words, modifier=item.billing_modifier)
        if item.date_start:
            since = format_date(self.env, self.env["billing.price"]._get_day(item.date_start))
            words = self.env._("%(words)s, since %(date)s", words=words, date=since)
        return words
