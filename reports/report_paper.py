import textwrap
from datetime import date, datetime

from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date, formatLang
from odoo.tools.image import image_data_uri
from odoo.tools.misc import format_datetime

from ..tools.report_table import Kind, blocks, fitting, outline
from .pdf_pages import finish_pages

# Lines that somebody may still want to leaf through.
MOST_LINES = 2000
# Room for the headings of columns at the top of every page, above them, and for its number at the bottom (mm).
MARGIN_TOP, MARGIN_OF_HEADINGS, MARGIN_BOTTOM = 22, 7, 16
# The margin has room for so many lines of headings; each one more takes so much.
USUAL_LINES, HEIGHT_OF_LINE = 2, 4
WIDTH_OF_GROUPS, WIDTH_OF_INDENT = 30, 3
# How much of the width each kind of column wants, in letters of usual size.
WIDTHS = {
    Kind.TEXT: 22, Kind.DATE: 12, Kind.MONTH: 16, Kind.MOMENT: 15, Kind.INTEGER: 9, Kind.NUMBER: 11, Kind.PERCENT: 10,
    Kind.DAYS: 9, Kind.MONEY: 14,
}
# Texts can be broken into lines, amounts cannot; letters are made smaller before anything is cut off.
LEAST_TEXT, LEAST_AMOUNT, ROOM_BETWEEN = 16, 7, 2
WIDTH_OF_PAGE = {False: 112, True: 148}
SIZE_OF_LETTERS, LEAST_SIZE = 11.5, 7.5
ZERO = "\N{EN DASH}"
TEXT_CLASSES = {kind: "number" if kind.is_number else "day" for kind in Kind if kind != Kind.TEXT}


class BillingReportPaper(models.AbstractModel):
    """A report on paper: what was asked, then groups with their rows and totals; headings and number on each page.

    Not every PDF renderer repeats the headings of tables or numbers pages: ``pdf_pages`` does, from the last page.
    """

    _name = "billing.report.paper"
    _description = "Report on paper"
    _inherit = ["billing.paper"]

    # === BUSINESS METHODS === #

    @api.model
    def _print(self, table):
        """The paper of a table, as PDF.

        :param table: a ``tools.report_table.Table``
        :rtype: bytes
        """
        values = self._get_values(table)
        html = self.env["ir.actions.report"]._render_template("billing_coordinator.report_table", values).decode()
        lines = max((self._count_lines(column) for column in values["columns"]), default=0)
        margin = MARGIN_TOP + HEIGHT_OF_LINE * max(lines - USUAL_LINES, 0)
        # The paper brings its own styles: nothing is fetched from the server while it is printed.
        pages = self.env["ir.actions.report"].with_context(billing_prints_at_once=True)._run_wkhtmltopdf(
            [html], landscape=table.is_landscape, specific_paperformat_args={
                "data-report-margin-top": margin, "data-report-margin-bottom": MARGIN_BOTTOM,
            },
        )
        return finish_pages(pages, rise=margin - MARGIN_OF_HEADINGS)

    # === WHAT IT SAYS === #

    @api.model
    def _get_values(self, table):
        """What the template shows: everything in the reader's language, numbers as they write them."""
        depth, with_details = fitting(table, MOST_LINES)
        company = self.env.company.sudo()
        columns = self._get_columns(table, depth, with_details)
        whole = sum(column["width"] for column in columns)
        return {
            "table": table,
            "company": company,
            "logo": image_data_uri(company.logo) if company.logo and not company.uses_default_logo else False,
            "direction": self.env["res.lang"]._get_data(code=self.env.lang or "en_US").direction or "ltr",
            "columns": columns,
            "size": round(max(LEAST_SIZE, SIZE_OF_LETTERS * min(1, WIDTH_OF_PAGE[table.is_landscape] / whole)), 2),
            "columns_html": Markup("<colgroup>%s</colgroup>") % Markup().join(
                Markup('<col style="width: %.2f%%"/>') % column["share"] for column in columns
            ),
            "parts": [
                {
                    "title": part.title,
                    "blocks": self._get_blocks(table, part, depth, with_details, len(columns)),
                }
                for part in table.parts
            ],
            "notes": self._say_left_out(table, depth, with_details),
        }

    @api.model
    def _get_columns(self, table, depth, with_details):
        """Headings with their share of the width; without rows, groups have the first column."""
        shown = [*(table.details if with_details else ()), *table.amounts]
        widths = [WIDTHS[column.kind] for column in shown]
        if sum(widths) + WIDTH_OF_GROUPS > WIDTH_OF_PAGE[table.is_landscape]:
            longest = self._get_longest(table)
            widths = [self._get_least(column, longest.get(column, 0)) for column in shown]
        columns = [
            {"label": column.label, "width": width, "is_number": column.kind.is_number}
            for column, width in zip(shown, widths, strict=True)
        ]
        if with_details and columns:
            columns[0]["width"] += WIDTH_OF_INDENT * depth
        elif not with_details:
            label = " / ".join(column.label for column in table.levels[:depth])
            is_text = not depth or any(column.kind == Kind.TEXT for column in table.levels[:depth])
            width = WIDTH_OF_GROUPS if is_text else WIDTHS[Kind.MONTH] + WIDTH_OF_INDENT
            columns.insert(0, {"label": label, "width": width, "is_number": False})
        whole = sum(column["width"] for column in columns)
        return [{**column, "share": 100 * column["width"] / whole} for column in columns]

    @api.model
    def _count_lines(self, column):
        """Into how many lines the heading of a column is broken."""
        return len(textwrap.wrap(column["label"], max(column["width"] - ROOM_BETWEEN, 1), break_long_words=False))

    @api.model
    def _get_least(self, column, longest):
        """The letters that a column cannot do without: a whole word of its heading, a whole amount."""
        word = max(map(len, column.label.split()), default=0)
        if column.kind == Kind.TEXT:
            return max(LEAST_TEXT, word + ROOM_BETWEEN)
        least = max(longest, LEAST_AMOUNT) if column.kind == Kind.MONEY else WIDTHS[column.kind] - ROOM_BETWEEN
        return max(least, word) + ROOM_BETWEEN

    @api.model
    def _get_longest(self, table):
        """{column: letters of its longest figure} of totals and groups; that of a row is rarely longer."""
        return {
            column: max((
                len(self._format(column, group.figures[index], part.currency))
                for part in table.parts
                for group in (part.total, *(group for groups in part.children.values() for group in groups))
            ), default=0)
            for index, column in enumerate(table.amounts)
        }

    @api.model
    def _get_blocks(self, table, part, depth, with_details, width):
        """The lines of a part as texts, those together that no end of a page shall part."""
        details = None
        if with_details:
            details = {}
            for row in part.details():
                details.setdefault(row.path, []).append(row)
        return [
            [self._get_line(table, part, row, with_details, width) for row in rows]
            for rows in blocks(outline(part, depth, details))
        ]

    @api.model
    def _get_line(self, table, part, row, with_details, width):
        """One line as texts."""
        currency = part.currency
        return {
            "kind": row.kind,
            "level": row.level,
            "label": self._get_label(table, part, row),
            # A heading has the whole line; a total what its figures leave.
            "span": width if row.kind == "group" else max(len(table.details), 1) if with_details else 1,
            "texts": [
                self._format(column, cell, currency) for column, cell in zip(table.details, row.cells, strict=False)
            ],
            "text_classes": [
                " ".join(filter(None, [TEXT_CLASSES.get(column.kind), not index and f"level{row.level}"]))
                for index, column in enumerate(table.details)
            ],
            "amounts": [
                self._format_amount(column, amount, currency, row.kind)
                for column, amount in zip(table.amounts, row.amounts, strict=False)
            ],
        }

    @api.model
    def _get_label(self, table, part, row):
        if row.kind == "total":
            return " ".join(filter(None, [self.env._("Total"), part.title]))
        if row.label is None:
            return ""
        label = self._format(table.levels[row.level], row.label, part.currency)
        return self.env._("Total %(group)s", group=label) if row.kind == "subtotal" else label

    @api.model
    def _format(self, column, value, currency):
        """A value as its reader writes it."""
        if value is None or value == "":
            return ""
        if isinstance(value, datetime):
            return format_datetime(self.env, value, tz="UTC", dt_format="short")
        if isinstance(value, date):
            return format_date(self.env, value, date_format="MMMM yyyy" if column.kind == Kind.MONTH else False)
        if not column.kind.is_number:
            return str(value)
        digits = currency.digits if column.kind == Kind.MONEY else column.digits
        return formatLang(self.env, value, digits=digits).replace("-", "\N{MINUS SIGN}")

    @api.model
    def _format_amount(self, column, amount, currency, kind):
        """Nothing is a dash, so that one sees what is there; the end of a table has its zeros."""
        is_nothing = column.is_sum and amount == 0 and kind != "total"
        return ZERO if is_nothing else self._format(column, amount, currency)

    @api.model
    def _say_left_out(self, table, depth, with_details):
        """What a paper cannot hold, and where it is."""
        notes = []
        if table.with_details and not with_details:
            notes.append(self.env._(
                "These are %(count)s rows, more than fit on paper sensibly: here are the totals of the groups. Every "
                "row is in the spreadsheet (XLSX) of this report.",
                count=formatLang(self.env, table.record_count, digits=0),
            ))
        if depth < len(table.levels):
            notes.append(self.env._(
                "There are more groups than fit on paper sensibly; “%(level)s” is left out. All are in the spreadsheet "
                "(XLSX) of this report.",
                level=table.levels[depth].label,
            ))
        return notes
