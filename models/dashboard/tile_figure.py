import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_amount, format_date, formatLang

from odoo.addons.billing_coordinator.tools.comparing import change, is_met, mood

MONTHS = 12


class BillingDashboardTile(models.Model):
    """Figures: this month against the month before and the same month last year, the target, and a line of 12 months.

    What happens in a month is compared up to the same day of the month, what stands in the books and the rates of
    twelve months as they were at its end. All figures are read at once.
    """

    _inherit = "billing.dashboard.tile"

    value_text = fields.Char(
        string="This month",
        compute="_compute_figure",
    )
    month_text = fields.Char(
        string="Against the month before",
        compute="_compute_figure",
    )
    month_mood = fields.Char(compute="_compute_figure")
    year_text = fields.Char(
        string="Against the same month last year",
        compute="_compute_figure",
    )
    year_mood = fields.Char(compute="_compute_figure")
    target_text = fields.Char(compute="_compute_figure")
    is_met = fields.Boolean(
        string="Target reached",
        compute="_compute_figure",
    )
    dashboard_graph = fields.Text(compute="_compute_figure")

    # === COMPUTE METHODS === #

    @api.depends("kind", "figure_field", "better", "target", "name")
    @api.depends_context("uid", "allowed_company_ids", "company", "lang", "tz")
    def _compute_figure(self):
        figures = self.filtered(lambda tile: tile.kind == "figure")
        months = figures._read_months() if figures else {}
        this_month = fields.Date.context_today(self).replace(day=1)
        for tile in self:
            tile._set_nothing()
            if tile.kind == "figure" and this_month in months:
                tile._set_figure(months, this_month)

    def _set_nothing(self):
        self.update({
            "value_text": "–", "month_text": False, "month_mood": False, "year_text": False, "year_mood": False,
            "target_text": False, "is_met": False, "dashboard_graph": False,
        })

    def _set_figure(self, months, this_month):
        """Fill in the tile from {month: {figure: value}}."""
        values = {month: amounts[self.figure_field] for month, amounts in months.items()}
        if values[this_month] is False:
            return
        now = values[this_month]
        self.value_text = self._format(now)
        for name, month in (
            ("month", this_month - relativedelta(months=1)), ("year", this_month - relativedelta(years=1)),
        ):
            before = months.get(month, {}).get(self._get_compared(), False)
            moved = change(now, before, self._is_money()) if before is not False else None
            if moved is not None:
                self[f"{name}_text"] = self._say_change(moved, month)
                self[f"{name}_mood"] = mood(moved, self.better)
        if self.target and self.better != "none":
            self.is_met = is_met(now, self.target, self.better)
            self.target_text = self._say_target()
        self.dashboard_graph = self._draw(values, this_month)

    # === BUSINESS METHODS === #

    def _read_months(self):
        """{month: {figure: value}} of the last 13 months, all read at once.

        Companies are added up as far as they keep their books in the currency of the reader's company.
        """
        names = sorted(set(self.mapped("figure_field")) | {tile._get_compared() for tile in self})
        model = self.env["billing.figure.month"].with_context(billing_months=MONTHS + 1)
        since = fields.Date.context_today(self).replace(day=1) - relativedelta(months=MONTHS)
        groups = model._read_group(
            [("month", ">=", since), ("currency_id", "=", self.env.company.currency_id.id)],
            ["month:month"],
            [f"{name}:{model._fields[name].aggregator}" for name in names],
        )
        return {month: dict(zip(names, values, strict=True)) for month, *values in groups}

    def _get_compared(self):
        """The figure of another month that this one is compared with: up to the same day, where months are added up."""
        so_far = f"{self.figure_field}_so_far"
        return so_far if so_far in self.env["billing.figure.month"]._fields else self.figure_field

    def _is_money(self):
        return self.env["billing.figure.month"]._fields[self.figure_field].type == "monetary"

    def _is_days(self):
        return self.figure_field.startswith("days_")

    def _format(self, value):
        """A figure as people write it, with its unit."""
        if self._is_money():
            return format_amount(self.env, value, self.env.company.currency_id)
        number = formatLang(self.env, value, digits=1)
        if self._is_days():
            return self.env._("%(number)s days", number=number)
        return self.env._("%(number)s %%", number=number)

    def _say_change(self, moved, month):
        """How far a figure has moved since a month: amounts in percent, rates in points, days in days."""
        number = formatLang(self.env, abs(moved), digits=1)
        values = {
            "sign": "+" if moved > 0 else "−", "number": number,
            "month": format_date(self.env, month, date_format="LLL yyyy"),
        }
        if self._is_money():
            return self.env._("%(sign)s%(number)s %% against %(month)s", **values)
        if self._is_days():
            return self.env._("%(sign)s%(number)s days against %(month)s", **values)
        return self.env._("%(sign)s%(number)s points against %(month)s", **values)

    def _say_target(self):
        goal = self._format(self.target)
        if self.better == "up":
            return self.env._("Target: %(goal)s or more", goal=goal)
        return self.env._("Target: %(goal)s or less", goal=goal)

    def _draw(self, values, this_month):
        """The line of the last twelve months, for Odoo's ``dashboard_graph``."""
        months = [this_month - relativedelta(months=number) for number in range(MONTHS - 1, -1, -1)]
        return json.dumps([{
            "key": self.name,
            "values": [
                {"x": format_date(self.env, month, date_format="LLL yyyy"), "y": round(values[month], 2)}
                for month in months if values.get(month, False) is not False
            ],
            "is_sample_data": False,
        }])

    def _get_opening(self):
        """The graph of the figure, month by month."""
        if self.kind != "figure":
            return super()._get_opening()
        views = self.action_id.sudo()._get_action_dict()["views"]
        return {
            "views": sorted(views, key=lambda view: view[1] != "graph"),
            "context": {
                "search_default_two_years": 1,
                "graph_measure": self.figure_field,
                "graph_mode": "line",
                "graph_groupbys": ["month:month"],
            },
        }
