from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.ageing import LIMITS, OLDEST
from ...tools.reporting_days import day_of


class BillingAnalysis(models.AbstractModel):
    """What the office's figures have in common: they are read from the books by one statement, for a day that the
    context names under ``billing_as_of`` (see ``tools.reporting_days.day_of``); today when it names none.

    Models that inherit it have ``_auto = False`` and a ``_table_query``; each row has a company and a currency.
    """

    _name = "billing.analysis"
    _description = "Analysis of the books"

    @api.model
    def _get_as_of(self):
        """The day as of which the figures are read.

        :rtype: datetime.date
        :raises UserError: when the context names something else
        """
        name = self.env.context.get("billing_as_of")
        if isinstance(name, date):
            return name
        try:
            return day_of(name, fields.Date.context_today(self))
        except (TypeError, ValueError) as error:
            raise UserError(self.env._(
                "A report needs a day such as 2026-03-31; “%(value)s” is none.", value=name,
            )) from error

    @api.model
    def _bucket_of(self, due, day):
        """The bucket of an item due on this day (SQL), by the one rule of ``tools.ageing``."""
        return SQL(
            "CASE WHEN %s IS NULL THEN %s %s ELSE %s END",
            due, LIMITS[0][1],
            SQL(" ").join(
                SQL("WHEN %s >= %s::date - %s THEN %s", due, day, limit, bucket) for limit, bucket in LIMITS
            ),
            OLDEST,
        )

    def _get_source(self):
        """The record behind a row, which opens when somebody clicks on it. Hook: each analysis names its own.

        :rtype: odoo.models.Model
        """
        return self.browse()

    def action_view_source(self):
        """Open what a row is about."""
        self.ensure_one()
        return self._get_source()._get_records_action()
