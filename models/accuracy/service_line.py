from bisect import bisect_right
from datetime import date

from odoo import fields, models

from odoo.addons.billing_coordinator.tools.money import to_decimal

from ..prices.price import NOON


class BillingServiceLine(models.AbstractModel):
    """What services should cost: asked of price lists once for all services that would get the same answer."""

    _inherit = "billing.service.line"

    def _get_expected_prices(self, asked):
        """The price of one unit that the price lists, or the service itself, give on the day of service.

        :param dict asked: answers so far in this run, by :meth:`_get_price_key`; what is asked anew is added to it
        :return: {line: Decimal} in the currency of the document
        """
        lines = self.filtered(lambda line: line.product_id and line._get_document().date)
        requests = {line: line._get_price_request() for line in lines}
        epochs = self.env["billing.accuracy.document"]._get_price_epochs({
            pricelist for request in requests.values() for _source, pricelist in request.lists
        })
        keys = {line: line._get_price_key(requests[line], epochs) for line in lines}
        anew = {key: requests[line] for line, key in keys.items() if key not in asked}
        asked.update(zip(anew, self.env["billing.price"]._find(list(anew.values())), strict=True))
        return {line: to_decimal(asked[key].amount) for line, key in keys.items()}

    def _get_price_key(self, request, epochs):
        """What the price of a service depends on: services with the same key cost the same."""
        currencies = {pricelist.currency_id for _source, pricelist in request.lists}
        currencies.add(request.product.with_company(request.company).currency_id)
        if currencies != {request.currency}:
            # A rate of exchange changes every day.
            day = request.date
        else:
            # Between two changes of a list its prices are the same.
            day = tuple(bisect_right(epochs.get(pricelist, ()), request.date) for _source, pricelist in request.lists)
        return request._replace(date=day)


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
    """The days on which a price of a list begins to count, and on which it does not count any more.

    A day has the price of its noon, see ``billing.price``: a list that ends at midnight in New York ends in the early
    morning of the next day in UTC.
    """
    bounds = set()
    if item.date_start:
        bounds.add(_get_day_from(item.date_start, is_late=item.date_start.time() > NOON))
    if item.date_end:
        bounds.add(_get_day_from(item.date_end, is_late=item.date_end.time() >= NOON))
    return bounds


def _get_day_from(moment, is_late):
    """The day of a moment, or the next one when it is too late for that day. Who means “for ever” types the last day
    that there is: none comes after it."""
    day = moment.date()
    return fields.Date.add(day, days=1) if is_late and day < date.max else day
