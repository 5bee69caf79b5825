from odoo import api, models
from odoo.tools import SQL


class BillingRatedAnalysis(models.AbstractModel):
    """An analysis with rates: the rate of many rows is that of their sums, so that small ones weigh little.

    A model names its rates in ``_rates``: {field of the rate: (field that is counted, of which field)}. They are
    percentages, aggregated by ``avg``.
    """

    _name = "billing.rated.analysis"
    _description = "Analysis with rates"
    _inherit = ["billing.analysis"]

    _rates = {}

    @api.model
    def _select_rates(self, source):
        """The columns of the rates (SQL), from those of a source that has what they divide.

        :param str source: alias of the source
        """
        return SQL(", ").join(
            SQL(
                "100 * %s / NULLIF(%s, 0)::float8 AS %s",
                SQL.identifier(source, part), SQL.identifier(source, whole), SQL.identifier(rate),
            )
            for rate, (part, whole) in self._rates.items()
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        name, _colon, aggregate = aggregate_spec.partition(":")
        if name in self._rates and aggregate == "avg":
            part, whole = self._rates[name]
            return SQL(
                "100 * SUM(%s) / NULLIF(SUM(%s), 0)::float8",
                self._field_to_sql(self._table, part, query),
                self._field_to_sql(self._table, whole, query),
            )
        return super()._read_group_select(aggregate_spec, query)
