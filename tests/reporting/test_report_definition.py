from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.report_table import Column, Currency, Group, Kind, Part, Table

from ..common import BillingCase


class TestReportDefinition(BillingCase):
    """The list of reports: each one names an analysis and its fields."""

    def test_every_report_can_be_read_as_it_is_defined(self):
        for report in self.env["billing.report"].search([]):
            with self.subTest(report.code):
                model = self.env[report.res_model]
                groups = report._split("group_fields")[:report.group_count]
                amounts = [f"{name}:sum" for name in report._split("amount_fields")]
                model._read_group([], groups, amounts)
                model.search_fetch([], report._split("detail_fields"), limit=1)
                for fname in ("company_id", "currency_id"):
                    self.assertIn(fname, model._fields)

    def test_a_report_cannot_name_a_field_that_is_not_there(self):
        report = self.env.ref("billing_coordinator.report_conservation")
        with self.assertRaisesRegex(ValidationError, "a field “colour”, which billing.conservation does not have"):
            report.detail_fields = "charge_id,colour"

    def test_a_report_reads_nothing_but_analyses(self):
        report = self.env.ref("billing_coordinator.report_conservation")
        for model in ("res.users", "account.move.line", "ir.config_parameter"):
            with self.assertRaisesRegex(ValidationError, "that is no analysis of the books"):
                report.write({
                    "res_model": model, "group_fields": False, "detail_fields": "display_name",
                    "amount_fields": False, "date_kind": "none",
                })

    def test_what_stood_in_the_books_is_not_added_up_over_months(self):
        report = self.env.ref("billing_coordinator.report_figure_month")
        columns = {column.name: column for column in report._get_amount_columns()}
        self.assertFalse(columns["amount_receivable"].is_sum, "a spreadsheet would add three balances")
        self.assertFalse(columns["days_receivable"].is_sum)
        self.assertTrue(columns["amount_charged"].is_sum)
        self.assertEqual(report._get_level_labels()["month:month"], "Month")

    def test_nothing_to_divide_is_no_zero(self):
        rate = Column("rate", "Rate", Kind.PERCENT, has_total=True)
        group = self.env["billing.report.table"]._make_group((3, False), 0, [rate], [rate])
        self.assertEqual(group.figures, (None,))

    def test_a_wide_paper_leaves_room_for_words_and_amounts_and_makes_letters_smaller(self):
        paper = self.env["billing.report.paper"]
        details = [Column(f"text{number}", "Administration", Kind.TEXT) for number in range(6)]
        amounts = [Column(f"amount{number}", "Commissions", Kind.MONEY, is_sum=True) for number in range(9)]
        total = Group((), None, 1, (-1_234_567.89,) * 9)
        part = Part(Currency("USD", 2), total, {}, list)
        wide = Table("Wide", "", ["Today"], [], details, amounts, [part], with_details=True, is_landscape=True)
        for column in paper._get_columns(wide, 0, with_details=True):
            longest = "Administration" if column["label"] == "Administration" else "-1,234,567.89"
            self.assertGreaterEqual(column["width"], len(longest) + 2)
        self.assertLess(paper._get_values(wide)["size"], 11.5)
        narrow = Table("Narrow", "", ["Today"], [], details[:2], amounts[:2], [part], with_details=True)
        self.assertEqual(paper._get_values(narrow)["size"], 11.5)
