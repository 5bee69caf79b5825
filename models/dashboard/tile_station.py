from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from odoo.addons.billing_coordinator.tools.comparing import share


class BillingDashboardTile(models.Model):
    """Stations: how much money stands where, since when, and which part of the whole that is.

    All stations of one model are read by one statement, each amount in its currency; currencies are never added up.
    """

    _inherit = "billing.dashboard.tile"

    amount_text = fields.Char(
        string="Amount",
        compute="_compute_station",
    )
    record_count = fields.Integer(
        string="Records",
        compute="_compute_station",
    )
    oldest_date = fields.Date(
        string="Oldest",
        compute="_compute_station",
    )
    oldest_days = fields.Integer(
        compute="_compute_station",
    )
    share = fields.Integer(
        string="Share (%)",
        compute="_compute_station",
        help="Of all the money that is on its way, in the currency of the company.",
    )
    has_share = fields.Boolean(
        compute="_compute_station",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "res_model", "domain", "amount_field", "date_field", "is_credit", "active")
    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_station(self):
        today = fields.Date.context_today(self)
        currency = self.env.company.currency_id
        # The whole is that of all stations, whichever of them are shown.
        stations = self.search([("kind", "=", "station")]) | self.filtered(lambda tile: tile.kind == "station")
        found = stations._read_stations()
        whole = sum(
            amounts[currency] for tile, (_count, amounts, _oldest) in found.items()
            if tile.active and not tile.is_credit
        )
        for tile in self:
            count, amounts, oldest = found.get(tile._origin, (0, {}, False))
            if tile.kind == "heading":
                amounts = tile._get_total(found)
            tile.record_count = count
            tile.amount_text = tile._format_amounts(amounts)
            tile.oldest_date = oldest
            tile.oldest_days = max((today - oldest).days, 0) if oldest else 0
            tile.has_share = bool(count and whole > 0 and tile.kind == "station" and not tile.is_credit)
            tile.share = round(share(amounts.get(currency, 0.0), whole)) if tile.has_share else 0

    # === BUSINESS METHODS === #

    def _read_stations(self):
        """{station: (how many, {currency: amount}, the oldest date)}; one statement for all stations of a model, under
        the reader's own rights and companies."""
        found = {tile: (0, defaultdict(float), False) for tile in self}
        for name, tiles in self.grouped("res_model").items():
            model = self.env.get(name)
            if model is not None and model.has_access("read"):
                found.update(tiles._read_model(model))
        return found

    def _read_model(self, model):
        """The stations at which records of one model stand; one statement, a row a currency."""
        domains = {tile: Domain(tile._get_domain()).optimize_full(model) for tile in self}
        query = model._search(Domain.OR(domains.values()))
        currency_field = model._fields[self[0].amount_field].get_currency_field(model)
        currency = model._field_to_sql(model._table, currency_field, query)
        columns = []
        for tile, domain in domains.items():
            condition = domain._to_sql(model, model._table, query)
            amount = model._field_to_sql(model._table, tile.amount_field, query)
            date = model._field_to_sql(model._table, tile.date_field, query) if tile.date_field else SQL("NULL::date")
            columns += [
                SQL("COUNT(*) FILTER (WHERE %s)", condition),
                SQL("COALESCE(SUM(%s) FILTER (WHERE %s), 0)", amount, condition),
                SQL("MIN(%s) FILTER (WHERE %s)", date, condition),
            ]
        query.groupby = currency
        counts, oldest = defaultdict(int), {}
        amounts = {tile: defaultdict(float) for tile in self}
        for currency_id, *values in self.env.execute_query(query.select(currency, *columns)):
            for tile, count, amount, date in zip(domains, *(values[part::3] for part in range(3)), strict=True):
                counts[tile] += count
                amounts[tile][self.env["res.currency"].browse(currency_id)] += float(amount)
                if date:
                    oldest[tile] = min(oldest.get(tile, date), date)
        return {tile: (counts[tile], amounts[tile], fields.Date.to_date(oldest.get(tile))) for tile in self}

    def _get_total(self, found):
        """{currency: what stands at all stations together}, for the heading above them."""
        total = defaultdict(float)
        if self.res_model:
            for tile, (_count, amounts, _oldest) in found.items():
                for currency, amount in amounts.items():
                    total[currency] += 0.0 if tile.is_credit else amount
        return total

    def _format_amounts(self, amounts):
        """Amounts as people write them, the company's currency first; what is not ours stands without a sign."""
        own = self.env.company.currency_id
        shown = {currency: abs(amount) for currency, amount in amounts.items() if not currency.is_zero(amount)}
        if not shown:
            return format_amount(self.env, 0.0, own)
        ordered = sorted(shown.items(), key=lambda pair: (pair[0] != own, -pair[1]))
        return " · ".join(format_amount(self.env, amount, currency) for currency, amount in ordered)

    def _get_opening(self):
        """Exactly the records that stand at the station, whatever filters its window begins with."""
        if self.kind != "station":
            return super()._get_opening()
        return {"domain": self._get_domain(), "context": {"search_disable_custom_filters": True}}
