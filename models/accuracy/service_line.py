from bisect import bisect_right

from odoo import fields, models

from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit


class BillingServiceLine(models.AbstractModel):
    """What services should cost: asked of price lists once for all services that would get the same answer."""

    _inherit = "billing.service.line"

    def _get_expected_prices(self, asked):
        """The price of one unit that the price list of the plan, or the service itself, gives on the day of service.

        :param dict asked: answers so far in this run, by :meth:`_get_price_key`; what is asked anew is added to it
        :return: {line: Decimal} in the currency of the document
        """
        lines = self.filtered(lambda line: line.product_id and line._get_document().date)
        pricelists = lines._get_accuracy_pricelists()
        epochs = self.env["billing.accuracy.document"]._get_price_epochs(set(pricelists.values()))
        prices = {}
        for line, pricelist in pricelists.items():
            key = line._get_price_key(pricelist, epochs)
            if key not in asked:
                asked[key] = line._get_price(pricelist)
            prices[line] = to_decimal(asked[key], to_unit(line.currency_id.rounding))
        return prices

    def _get_accuracy_pricelists(self):
        """{line: the contract prices that count for it}."""
        return {line: line._get_document().primary_coverage_id.plan_id.pricelist_id for line in self}

    def _get_price_key(self, pricelist, epochs):
        """What the price of a service depends on: services with the same key cost the same.

        Hook: whoever lets a price depend on more extends it.
        """
        document = self._get_document()
        company = document.company_id
        of_list = pricelist.currency_id or self.product_id.with_company(company).currency_id
        converted = of_list != self.currency_id or self.product_id.currency_id != self.currency_id
        # Between two changes of a list its prices are the same; a rate of exchange changes every day.
        day = document.date if converted else bisect_right(epochs.get(pricelist, ()), document.date)
        return pricelist.id, self.product_id.id, self.quantity, self.currency_id.id, company.id, day


class BillingAccuracyDocument(models.AbstractModel):
    """When price lists change."""

    _inherit = "billing.accuracy.document"

    def _get_price_epochs(self, pricelists):
        """{price list: sorted days on which one of its prices begins or has ended}, for these lists and those on which
        they are based; one search a step of that chain."""
        lists = self.env["product.pricelist"].concat(*pricelists)
        days = {pricelist: set() for pricelist in lists}
        based_on = {pricelist: pricelist for pricelist in lists}
        while lists:
            items = self.env["product.pricelist.item"].sudo().search_fetch(
                [
                    ("pricelist_id", "in", lists.ids),
                    "|", "|",
                    ("date_start", "!=", False), ("date_end", "!=", False), ("base_pricelist_id", "!=", False),
                ],
                ["pricelist_id", "date_start", "date_end", "base_pricelist_id"],
            )
            deeper = self.env["product.pricelist"]
            for item in items:
                for root in [root for root, reached in based_on.items() if item.pricelist_id in reached]:
                    days[root] |= _get_bounds(item)
                    if item.base_pricelist_id and item.base_pricelist_id not in based_on[root]:
                        based_on[root] |= item.base_pricelist_id
                        deeper |= item.base_pricelist_id
            lists = deeper
        return {pricelist: sorted(found) for pricelist, found in days.items()}


def _get_bounds(item):
    """The days on which a price of a list begins to count, and on which it does not count any more."""
    bounds = set()
    if item.date_start:
        bounds.add(fields.Date.to_date(item.date_start))
    if item.date_end:
        bounds.add(fields.Date.add(fields.Date.to_date(item.date_end), days=1))
    return bounds
