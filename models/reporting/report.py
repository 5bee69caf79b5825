from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BillingReport(models.Model):
    """A report of the office: a question, and the analysis that answers it on screen, on paper and as a table.

    Each room declares its reports as records in XML. The figures are read by the analysis ``res_model`` under the
    reader's own rights and companies; here stands which of its fields make up the table.
    """

    _name = "billing.report"
    _description = "Report"
    _order = "section, sequence, id"

    # === FIELDS === #

    name = fields.Char(
        required=True,
        translate=True,
    )
    code = fields.Char(
        required=True,
        help="Short key by which the addon finds this report again.",
    )
    question = fields.Char(
        required=True,
        translate=True,
        help="What the report answers, in the words of whoever asks.",
    )
    section = fields.Selection(
        selection=[
            ("1_receivables", "Who owes what"),
            ("2_work", "What is not billed yet"),
            ("3_register", "What was done"),
            ("4_adjustments", "What was given away"),
            ("5_profit", "What was earned"),
            ("6_claims", "Claims and payers"),
            ("7_collections", "Plans, collections and disputes"),
            ("8_figures", "Figures"),
        ],
        required=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    res_model = fields.Char(
        string="Analysis",
        required=True,
        help="Technical name of the analysis, for example billing.aged.item.",
    )
    action_id = fields.Many2one(
        comodel_name="ir.actions.act_window",
        string="On screen",
        required=True,
        index=True,
        ondelete="cascade",
    )
    group_ids = fields.Many2many(
        comodel_name="res.groups",
        string="Shown to",
        help="Nobody chosen: everyone who may read the analysis.",
    )
    date_kind = fields.Selection(
        string="Dates",
        selection=[
            ("none", "As it stands now"),
            ("as_of", "As of a day"),
            ("period", "Over a period"),
        ],
        required=True,
        default="none",
    )
    date_field = fields.Char(
        help="Technical name of the date that a period is about. Only for reports over a period.",
    )
    group_fields = fields.Char(
        help="By which fields rows can be grouped, those of the usual table first: debtor_id,company_id. A date is "
             "grouped as date:month.",
    )
    group_count = fields.Integer(
        string="Usual levels",
        default=1,
        help="How many of these fields the usual table is grouped by.",
    )
    apart_field = fields.Char(
        string="Kept apart by",
        help="Technical name of a field whose values are never added together, as currencies are not: what was "
             "promised and what was received have a table each.",
    )
    detail_fields = fields.Char(
        required=True,
        help="What stands on each row besides amounts, in order: date,move_id,patient_id.",
    )
    amount_fields = fields.Char(
        help="What is added up, in order: money in the currency of the row, or numbers.",
    )
    is_landscape = fields.Boolean(
        string="Landscape",
        help="On paper the table lies across the page.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)",
        "There is already a report with this code.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains(
        "res_model", "date_kind", "date_field", "group_fields", "apart_field", "detail_fields", "amount_fields",
    )
    def _check_definition(self):
        """A report reads an analysis, every field that it names exists, and dates are where a period needs them."""
        for report in self:
            model = self.env.get(report.res_model)
            if model is None:
                continue
            # What has a table of its own is no reading of the books: users, settings, mails.
            if model._auto or not {"company_id", "currency_id"} <= model._fields.keys():
                raise ValidationError(self.env._(
                    "The report %(report)s cannot be read from %(model)s: that is no analysis of the books. Name one, "
                    "such as billing.aged.item.",
                    report=report.name, model=report.res_model,
                ))
            lists = ("group_fields", "detail_fields", "amount_fields")
            names = [name for fname in lists for name in report._split(fname)]
            if report.date_kind == "period":
                names.append(report.date_field or "")
            if report.apart_field:
                names.append(report.apart_field)
            for name in names:
                if name.partition(":")[0] not in model._fields:
                    raise ValidationError(self.env._(
                        "The report %(report)s names a field “%(field)s”, which %(model)s does not have.",
                        report=report.name, field=name, model=report.res_model,
                    ))

    # === BUSINESS METHODS === #

    def _split(self, fname):
        """The names in one of the lists above."""
        self.ensure_one()
        return [name.strip() for name in (self[fname] or "").split(",") if name.strip()]
