from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.report_table import Column, Kind

# How deep a report is grouped at most.
LEVELS = 2
GRANULARITIES = ("day", "week", "month", "quarter", "year")


class BillingReport(models.Model):
    """Who may read a report, and what its fields are called: read from the analysis behind it."""

    _inherit = "billing.report"

    is_available = fields.Boolean(
        compute="_compute_is_available",
        search="_search_is_available",
        help="You may read this report.",
    )

    # === COMPUTE METHODS === #

    @api.depends("res_model", "group_ids")
    @api.depends_context("uid")
    def _compute_is_available(self):
        groups = self.env.user.all_group_ids
        for report in self:
            model = self.env.get(report.res_model)
            meant = not report.sudo().group_ids or report.sudo().group_ids & groups
            report.is_available = model is not None and bool(meant) and model.has_access("read")

    def _search_is_available(self, operator, value):
        if operator != "in":
            return NotImplemented
        readable = self.search([]).filtered("is_available")
        return [("id", "in" if True in value else "not in", readable.ids)]

    # === ACTION METHODS === #

    def action_open(self):
        """The report on screen."""
        self.ensure_one()
        self._check_available()
        return self.action_id.sudo()._get_action_dict()

    def action_print(self):
        """Ask what exactly shall be printed."""
        self.ensure_one()
        self._check_available()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_report_wizard_action")
        return {**action, "name": self.name, "context": {"default_report_id": self.id}}

    # === BUSINESS METHODS === #

    def _check_available(self):
        """
        :raise AccessError: this report is not for who asks
        """
        for report in self:
            if not report.is_available:
                raise AccessError(self.env._(
                    "You may not read the report “%(report)s”. Ask an administrator for access.", report=report.name,
                ))

    def _get_level_key(self, spec):
        """How a grouping is kept: with its analysis, for others name their fields the same."""
        return f"{self.res_model}/{spec}"

    def _get_level_labels(self):
        """{grouping: its name for people}, the usual ones first."""
        self.ensure_one()
        model = self.env.get(self.res_model)
        if model is None:
            return {}
        return {
            spec: self._describe_level(model, spec) for spec in self._split("group_fields")
            if spec.partition(":")[0] in model._fields
        }

    def _describe_level(self, model, spec):
        name, _colon, granularity = spec.partition(":")
        label = model._fields[name]._description_string(self.env)
        words = {
            "day": self.env._("day"), "week": self.env._("week"), "month": self.env._("month"),
            "quarter": self.env._("quarter"), "year": self.env._("year"),
        }
        if name == granularity:
            return label
        return f"{label} ({words[granularity]})" if granularity in words else label

    # === COLUMNS === #

    def _get_level_columns(self, specs):
        """The columns in which the groups stand."""
        labels = self._get_level_labels()
        kinds = {"day": Kind.DATE, "month": Kind.MONTH}
        return [Column(spec, labels[spec], kinds.get(spec.partition(":")[2], Kind.TEXT)) for spec in specs]

    def _get_detail_columns(self, specs):
        """What stands on each row besides amounts, and besides what its group says already."""
        names = self._split("detail_fields")
        return [self._get_column(name) for name in names if name not in specs or len(names) == 1]

    def _get_amount_columns(self):
        """What is added up, in the order of the report."""
        return [self._get_column(name, is_amount=True) for name in self._split("amount_fields")]

    def _get_column(self, name, is_amount=False):
        model = self.env[self.res_model]
        field = model._fields[name]
        kind = self._get_kind(model, field)
        aggregator = field._description_aggregator(self.env) if is_amount else None
        digits = field.get_digits(self.env) if field.type == "float" else None
        return Column(
            name=name,
            label=field._description_string(self.env),
            kind=kind,
            digits=0 if field.type == "integer" else digits[1] if digits else 2,
            # What is in a currency of its own cannot be added to the others.
            has_total=bool(aggregator) and (kind == Kind.MONEY or field.type != "monetary"),
            is_sum=aggregator == "sum" and name not in getattr(model, "_stocks", ()),
        )

    @api.model
    def _get_kind(self, model, field):
        """What stands in a column, told from the field's type and name."""
        if field.type == "monetary":
            return Kind.MONEY if field.get_currency_field(model) == "currency_id" else Kind.NUMBER
        if field.type in ("integer", "float"):
            if field.name == "days" or field.name.startswith("days_") or field.name.endswith("_days"):
                return Kind.DAYS
            if field.name == "rate" or field.name.endswith(("_rate", "_share", "_percent", "percent")):
                return Kind.PERCENT
            return Kind.INTEGER if field.type == "integer" else Kind.NUMBER
        if field.type == "date" and field.name == "month":
            return Kind.MONTH
        return {"date": Kind.DATE, "datetime": Kind.MOMENT}.get(field.type, Kind.TEXT)
