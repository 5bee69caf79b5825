from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, html2plaintext
from odoo.tools.misc import format_datetime

# How a group of days is called: month by month they stay days, for spreadsheets.
PATTERNS = {"week": "YYYY 'W'ww", "quarter": "yyyy QQQ", "year": "yyyy"}


class BillingReportTable(models.AbstractModel):
    """What stands in a table in the words of its reader: groups, cells, and what was asked."""

    _inherit = "billing.report.table"

    @api.model
    def _get_labels(self, model, spec, values):
        """{key: what the group is called}, in a number of queries that does not grow with them."""
        name, _colon, granularity = spec.partition(":")
        field = model._fields[name]
        keys = list(dict.fromkeys(self._get_key(value) for value in values))
        if field.type == "boolean":
            return {key: self.env._("Yes") if key else self.env._("No") for key in keys}
        if granularity in PATTERNS:
            words = [key and format_date(self.env, key, date_format=PATTERNS[granularity]) for key in keys]
        elif granularity:
            words = [key.date() if isinstance(key, datetime) else key for key in keys]
        else:
            words = self._get_cells(model, field, keys)
        return {key: word or self.env._("None") for key, word in zip(keys, words, strict=True)}

    @api.model
    def _get_cells(self, model, field, values, ids=()):
        """Values of the database as they stand in a table; of fields that are not in the database, for these ids."""
        if values is None:
            records = model.browse(ids)
            return [self._get_cell(field, record[field.name]) for record in records]
        if field.type == "many2one":
            records = self.env[field.comodel_name].sudo().browse(dict.fromkeys(filter(None, values)))
            words = dict(zip(records.ids, self._get_names(records), strict=True))
            return [words.get(value, "") for value in values]
        if field.type == "selection":
            words = dict(field._description_selection(self.env))
            return [words.get(value, value or "") for value in values]
        return [self._get_cell(field, value) for value in values]

    @api.model
    def _get_names(self, records):
        """What records are called in a table: entries by their number, without the references that they are about."""
        if records._name == "account.move":
            return [move.name or move.display_name for move in records]
        return records.mapped("display_name")

    @api.model
    def _get_cell(self, field, value):
        if isinstance(value, models.BaseModel):
            return ", ".join(value.sudo().mapped("display_name"))
        if field.type == "boolean":
            return self.env._("Yes") if value else ""
        if field.type == "datetime" and value:
            return fields.Datetime.context_timestamp(self, value).replace(tzinfo=None)
        if field.type == "html":
            return html2plaintext(value or "")
        if field.type in ("integer", "float", "monetary"):
            return value
        return value or ""

    # === WHAT WAS ASKED === #

    @api.model
    def _say_asked(self, report, request, today):
        """What was asked: the day, the companies, the grouping, what was left out; who asked, and when."""
        said = [self._say_days(report, request, today)]
        companies = request.company_ids._origin & self.env.user.company_ids
        said.append(", ".join(companies.sudo().mapped("name")))
        labels = report._get_level_labels()
        if specs := request._get_specs():
            said.append(self.env._(
                "Grouped by %(levels)s", levels=", ".join(labels[spec] for spec in specs),
            ))
        if request._parse_domain() != Domain.TRUE:
            words = request.filter_text or self.env._("rows chosen in the list")
            said.append(self.env._("Only: %(filter)s", filter=words))
        said.append(self.env._(
            "Asked by %(user)s on %(moment)s", user=self.env.user.name,
            moment=format_datetime(self.env, fields.Datetime.now(), dt_format="short"),
        ))
        return said

    @api.model
    def _say_days(self, report, request, today):
        day = self.env["billing.paper"]._format_day
        if report.date_kind == "as_of":
            return self.env._("As of %(day)s", day=day(request._get_day(today)))
        if report.date_kind == "none":
            return self.env._("As it stands on %(day)s", day=day(today))
        period = request._get_period(today)
        if not period:
            return self.env._("All dates")
        if period[0] == period[1]:
            return day(period[0])
        return self.env._("%(start)s to %(end)s", start=day(period[0]), end=day(period[1]))
