from collections import defaultdict
from datetime import datetime, time
from functools import partial

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.report_table import Currency, Detail, Group, Part, Table

BATCH = 2000
CURSOR = "billing_report_rows"


class BillingReportTable(models.AbstractModel):
    """Reads what somebody asked for from the analysis of a report, under the rights and in the language of this
    environment's user: one statement for all groups, one for all rows.
    """

    _name = "billing.report.table"
    _description = "Table of a report"

    # === BUSINESS METHODS === #

    @api.model
    def _read(self, request, today=None):
        """The table that is asked for. Rows below the groups are read when somebody goes through them.

        :param request: a ``billing.report.request``
        :param today: the day from which relative days count
        :rtype: tools.report_table.Table
        :raise AccessError: the report is not for who asks
        """
        today = today or fields.Date.context_today(self)
        report = self.env["billing.report"].browse(request.report_id.id)
        report._check_available()
        model, domain = self._get_source(report, request, today)
        specs, amounts = request._get_specs(), report._get_amount_columns()
        details = report._get_detail_columns(specs)
        return Table(
            title=report.name,
            question=report.question,
            asked=self._say_asked(report, request, today),
            levels=report._get_level_columns(specs),
            details=details,
            amounts=amounts,
            parts=self._read_parts(model, domain, specs, details, amounts, report.apart_field),
            with_details=request.with_details or not specs,
            is_landscape=report.is_landscape,
            words={"total": self.env._("Total"), "empty": self.env._("There is nothing to show.")},
        )

    @api.model
    def _get_source(self, report, request, today):
        """The analysis as of the day that is asked for, and which of its rows."""
        companies = request.company_ids._origin & self.env.user.company_ids
        model = self.env[report.res_model].with_context(allowed_company_ids=companies.ids)
        if report.date_kind == "as_of":
            model = model.with_context(billing_as_of=request._get_day(today).isoformat())
        # The same rows may have been read for another day before.
        model.invalidate_model()
        # What belongs to no company yet is in the reports of each, as on screen.
        domain = Domain("company_id", "in", [*companies.ids, False]) & request._parse_domain()
        if period := request._get_period(today):
            domain &= self._get_period_domain(model._fields[report.date_field], *period)
        return model, domain

    @api.model
    def _get_period_domain(self, field, start, end):
        """The days of a period; moments are looked at in the reader's time zone."""
        name = field.name
        if field.type == "datetime":
            zone = pytz.timezone(self.env.context.get("tz") or self.env.user.tz or "UTC")
            start, end = (
                zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
                for day in (start, fields.Date.add(end, days=1))
            )
            return Domain(name, ">=", start) & Domain(name, "<", end)
        return Domain(name, ">=", start) & Domain(name, "<=", end)

    # === GROUPS === #

    @api.model
    def _read_parts(self, model, domain, specs, details, amounts, apart):
        """One part a currency, and whatever else is never added together, with all its groups: one statement.

        :param apart: the field whose values have a part each, or nothing
        """
        sums = [column for column in amounts if column.has_total]
        aggregates = ["__count", *(self._get_aggregate(model, column) for column in sums)]
        names = ["currency_id", *filter(None, [apart])]
        depths = range(len(specs) + 1)
        sets = model._read_grouping_sets(
            domain, [[*names, *specs[:depth]] for depth in depths], aggregates,
            # As the rows below them: people by name, choices in their order.
            order=", ".join([*names, *specs]),
        )
        found = [[(row[:len(names)], row[len(names):]) for row in rows] for rows in sets]
        children = defaultdict(lambda: defaultdict(list))
        for depth in depths[1:]:
            labels = self._get_labels(model, specs[depth - 1], [values[depth - 1] for _head, values in found[depth]])
            for head, values in found[depth]:
                group = self._make_group(values, depth, sums, amounts, labels[self._get_key(values[depth - 1])])
                children[head][group.path[:-1]].append(group)
        words = self._get_labels(model, apart, [head[-1] for head, _values in found[0]]) if apart else {}
        heads = sorted(found[0], key=lambda row: row[0][0].name or "")
        readers = self._get_readers(
            model, [domain & self._get_head_domain(names, head) for head, _values in heads], specs, details, amounts,
        )
        return [
            Part(
                currency=Currency(head[0].name or "", head[0].decimal_places if head[0] else 2),
                name=words[self._get_key(head[-1])] if apart else "",
                total=self._make_group(values, 0, sums, amounts),
                children=children[head],
                details=reader,
            )
            for (head, values), reader in zip(heads, readers, strict=True)
        ]

    @api.model
    def _get_head_domain(self, names, head):
        """The rows of one part."""
        return Domain.AND(Domain(name, "=", self._get_key(value)) for name, value in zip(names, head, strict=True))

    @api.model
    def _get_aggregate(self, model, column):
        """How the analysis itself brings a figure together: rates are no sums."""
        return f"{column.name}:{model._fields[column.name]._description_aggregator(self.env)}"

    @api.model
    def _make_group(self, values, depth, sums, amounts, label=None):
        keys, count, figures = values[:depth], values[depth], values[depth + 1:]
        known = dict(zip((column.name for column in sums), figures, strict=True))
        return Group(
            path=tuple(self._get_key(key) for key in keys),
            label=label,
            count=count,
            # The ORM says False where there is nothing to divide: that is no zero.
            figures=tuple(None if known.get(column.name) is False else known.get(column.name) for column in amounts),
        )

    @api.model
    def _get_key(self, value):
        return value.id if isinstance(value, models.BaseModel) else value

    # === ROWS === #

    @api.model
    def _get_readers(self, model, domains, specs, details, amounts):
        """What reads the rows of each part, batch by batch.

        With the first row of any part the rows of all of them are settled: progress is saved while they are read, and
        what others post meanwhile would be in the rows of the next part, and not in its totals.
        """
        opened = {}

        def read(number):
            if number not in opened:
                names = list(dict.fromkeys(column.name for column in (*details, *amounts)))
                opened.update(self._open_cursors(model, domains, specs, names))
            yield from self._read_details(model, opened.pop(number), specs, details, amounts)

        return [partial(read, number) for number in range(len(domains))]

    @api.model
    def _read_details(self, model, cursor, specs, details, amounts):
        """The rows in the order of the groups. One statement finds them, however many there are; names cost a number of
        queries for each batch that does not grow with it.
        """
        columns = [*details, *amounts]
        names = list(dict.fromkeys(column.name for column in columns))
        for rows in self._fetch(cursor):
            ids, *found = zip(*rows, strict=True)
            raw = dict(zip(self._get_stored(model, names), found[len(specs):], strict=True))
            cells = {name: self._get_cells(model, model._fields[name], raw.get(name), ids) for name in names}
            groups = [
                list(model._read_group_postprocess_groupby(spec, keys))
                for spec, keys in zip(specs, found[:len(specs)], strict=True)
            ]
            words = [self._get_labels(model, spec, group) for spec, group in zip(specs, groups, strict=True)]
            for index in range(len(ids)):
                path = tuple(self._get_key(group[index]) for group in groups)
                yield Detail(
                    path=path,
                    labels=tuple(labels[key] for labels, key in zip(words, path, strict=True)),
                    cells=tuple(cells[column.name][index] for column in details),
                    amounts=tuple(cells[column.name][index] for column in amounts),
                )
            # What was read of this batch is not needed again.
            self.env.flush_all()
            self.env.invalidate_all(flush=False)

    @api.model
    def _get_stored(self, model, names):
        """Those of these fields that the database can tell."""
        return [name for name in names if model._fields[name].store or model._fields[name].related]

    @api.model
    def _fetch(self, cursor):
        """Rows as the database has them, in batches: id, groups, fields."""
        while rows := self.env.execute_query(SQL("FETCH %s FROM %s", BATCH, SQL.identifier(cursor))):
            yield rows
        self.env.cr.execute(SQL("CLOSE %s", SQL.identifier(cursor)))

    @api.model
    def _get_statement(self, model, domain, specs, names):
        """What finds the rows: id, groups, fields."""
        query = model._search(domain)
        groups = [model._read_group_groupby(model._table, spec, query) for spec in specs]
        query.order = SQL(", ").join([
            *(self._get_order(model, spec, group, query) for spec, group in zip(specs, groups, strict=True)),
            model._order_to_sql(model._order, query),
        ])
        return query.select(
            SQL.identifier(model._table, "id"),
            *groups,
            *(model._field_to_sql(model._table, name, query) for name in self._get_stored(model, names)),
        )

    @api.model
    def _get_order(self, model, spec, group, query):
        """Rows stand in the order of their groups, those of one group together."""
        if model._fields[spec.partition(":")[0]].type == "many2one":
            return SQL("%s, %s", model._order_to_sql(spec, query), group)
        return group

    @api.model
    def _open_cursors(self, model, domains, specs, names):
        """{number of the part: cursor of the database}; they outlive that progress is saved in between."""
        # What somebody was reading when it failed.
        for left, in self.env.execute_query(SQL("SELECT name FROM pg_cursors WHERE name LIKE %s", f"{CURSOR}%")):
            self.env.cr.execute(SQL("CLOSE %s", SQL.identifier(left)))
        cursors = {}
        for number, domain in enumerate(domains):
            statement = self._get_statement(model, domain, specs, names)
            cursors[number] = f"{CURSOR}_{number}"
            self.env.flush_query(statement)
            self.env.cr.execute(SQL(
                "DECLARE %s NO SCROLL CURSOR WITH HOLD FOR %s", SQL.identifier(cursors[number]), statement,
            ))
        return cursors
