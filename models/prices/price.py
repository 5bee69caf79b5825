from collections import defaultdict
from datetime import datetime, time
from typing import NamedTuple

from odoo import api, fields, models

# Rules of price lists begin and end at moments, in whatever time zone somebody typed them; a service has a day. Its
# noon lies on the same day everywhere from Hawaii to Central Asia.
NOON = time(12)


class PriceRequest(NamedTuple):
    """One price to find: of so many units of a service with its modifiers, on the day it is rendered, in a currency.

    ``lists`` are (source, price list) pairs in the order in which they are asked; empty lists are passed over.
    """

    product: models.Model
    quantity: float
    modifiers: tuple
    date: object
    currency: models.Model
    company: models.Model
    lists: tuple


class Price(NamedTuple):
    """A price of one unit, where it comes from (a key of ``SOURCES``), and the rule that says it, if one does."""

    amount: float
    source: str
    item_id: int | bool = False


SOURCES = [
    ("plan", "Plan's price list"),
    ("payer", "Payer's contract"),
    ("patient", "Patient's price list"),
    ("company", "Our usual price list"),
    ("product", "Usual price of the service"),
]


class BillingPrice(models.AbstractModel):
    """Where the price of a service comes from: the first list that names it, else the service itself.

    The plan's price list comes first, then the contract with its payer, then the patient's own and the company's usual
    list. A list decides only for the services that one of its rules speaks of.
    """

    _name = "billing.price"
    _description = "Price of a service"

    @api.model
    def _find(self, requests):
        """The prices of services.

        Requests that ask the same list for the same day and units are answered together: the number of queries grows
        with the lists, not with the services.

        :param requests: :class:`PriceRequest` records
        :return: for each of them its :class:`Price`, in the currency asked for, not rounded
        """
        prices = [None] * len(requests)
        for depth in range(max((len(request.lists) for request in requests), default=0)):
            together = defaultdict(list)
            for position, request in enumerate(requests):
                if prices[position] is None and depth < len(request.lists) and request.lists[depth][1]:
                    together[self._get_key(request, depth)].append(position)
            for (source, pricelist, quantity, modifiers, moment, currency), positions in together.items():
                products = self.env["product.product"].concat(*(requests[p].product for p in positions))
                found = pricelist._compute_price_rule(
                    products, quantity, currency=currency, date=moment, billing_modifiers=modifiers,
                )
                for position in positions:
                    amount, item_id = found[requests[position].product.id]
                    if item_id:
                        prices[position] = Price(amount, source, item_id)
        # Read together, too.
        unlisted = [request for price, request in zip(prices, requests, strict=True) if price is None]
        products = self.env["product.product"].browse({request.product.id for request in unlisted})
        return [
            price or Price(self._get_usual(request, products), "product")
            for price, request in zip(prices, requests, strict=True)
        ]

    @api.model
    def _get_key(self, request, depth):
        source, pricelist = request.lists[depth]
        moment = datetime.combine(request.date, NOON)
        return source, pricelist, request.quantity, request.modifiers, moment, request.currency

    @api.model
    def _get_usual(self, request, products):
        """The service's own price in the currency asked for, at the rate of the day."""
        product = request.product.with_prefetch(products.ids).with_company(request.company)
        return product.currency_id._convert(
            product.lst_price, request.currency, request.company, request.date, round=False,
        )

    @api.model
    def _get_day(self, moment):
        """The day on which a rule of a price list begins or ends."""
        return fields.Datetime.to_datetime(moment).date() if moment else None
