from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from . import ledger_day
from .figure_month import OF_A_YEAR, RATIOS, SO_FAR


class BillingFigureMonth(models.Model):
    """The statement behind the months: days of the books, put together to months, 90 days and years."""

    _inherit = "billing.figure.month"

    @property
    def _table_query(self):
        until = self._get_as_of()
        since = self._get_first_month(until)
        return SQL(
            """
            WITH day AS MATERIALIZED (%(days)s),
            calendar AS (
                SELECT books.company_id,
                       month::date AS month,
                       LEAST((month + INTERVAL '1 month - 1 day')::date, %(until)s::date) AS date,
                       month = books.since AS is_first
                  FROM (SELECT company_id,
                               GREATEST(DATE_TRUNC('month', MIN(day))::timestamp, %(since)s::timestamp) AS since
                          FROM day GROUP BY company_id) books
            CROSS JOIN LATERAL GENERATE_SERIES(books.since, %(until)s::timestamp, INTERVAL '1 month') month
            ),
            figure AS (
                SELECT calendar.company_id, calendar.month, calendar.date, %(columns)s
                  FROM calendar
             LEFT JOIN day ON day.company_id = calendar.company_id
                   AND day.day <= calendar.date
                   AND (day.day >= (calendar.date + 1 - INTERVAL '1 year')::date OR calendar.is_first)
              GROUP BY calendar.company_id, calendar.month, calendar.date, calendar.is_first
            )
            SELECT figure.company_id::bigint * 1000000 + TO_CHAR(figure.month, 'YYYYMM')::int AS id,
                   company.currency_id,
                   figure.*,
                   %(other)s AS amount_other,
                   %(ratios)s
              FROM figure
              JOIN res_company company ON company.id = figure.company_id
            """,
            days=self.env["billing.ledger.day"]._get_query(until, since),
            until=until,
            since=since,
            columns=self._get_columns(until),
            other=self._get_other(),
            ratios=SQL(", ").join(
                SQL("%s AS %s", self._divide(name, lambda fname: SQL.identifier("figure", fname)), SQL.identifier(name))
                for name in RATIOS
            ),
        )

    def _get_first_month(self, until):
        """The first of as many months as the context asks for under ``billing_months``; None for all of them, which
        takes much longer."""
        try:
            count = int(self.env.context.get("billing_months") or 0)
        except (TypeError, ValueError):
            count = 0
        return until.replace(day=1) - relativedelta(months=count - 1) if count > 0 else None

    def _get_columns(self, until):
        """One column for each amount that is summed from days: of the month, the 90 days or the year before its end."""
        in_month = SQL("day.day >= calendar.month")
        in_year = SQL("day.day >= (calendar.date + 1 - INTERVAL '1 year')::date")
        columns = {f"amount_{name}": self._sum_days(name, in_month) for name in ledger_day.FLOWS}
        columns["moved"] = self._sum_days("receivable", in_month)
        for name in ledger_day.STOCKS:
            columns[f"amount_{name}"] = SQL(
                "SUM(%s) OVER (PARTITION BY calendar.company_id ORDER BY calendar.month)",
                # On the first month shown stands all that was there before.
                self._sum_days(name, SQL("calendar.is_first OR %s", in_month)),
            )
        columns["amount_charged_90"] = self._sum_days("charged", SQL("day.day > calendar.date - 90"))
        for name in OF_A_YEAR:
            columns[f"amount_{name}_year"] = self._sum_days(name, in_year)
        so_far = SQL("%s AND day.day < calendar.month + %s", in_month, until.day)
        for name in SO_FAR:
            columns[f"amount_{name}_so_far"] = self._sum_days(name, so_far)
        return SQL(", ").join(SQL("%s AS %s", sql, SQL.identifier(name)) for name, sql in columns.items())

    def _sum_days(self, name, condition):
        return SQL("COALESCE(SUM(%s) FILTER (WHERE %s), 0)", SQL.identifier("day", name), condition)

    def _get_other(self):
        """What moved receivables and is neither a charge nor money nor an adjustment."""
        less = SQL(" + ").join(
            SQL.identifier("figure", f"amount_{name}") for name in ("paid", *ledger_day.ADJUSTMENTS)
        )
        return SQL("figure.moved - figure.amount_charged + %s", less)
