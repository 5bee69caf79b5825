from datetime import datetime

from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import ReportCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestReportExport(ReportCase):
    """A report as a spreadsheet, read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._charge_history()

    def test_a_spreadsheet_has_a_sheet_for_each_currency_with_numbers_as_numbers(self):
        request = self._ask(level_1=self._level("patient_id"), with_details=True, file_format="xlsx")
        job = self._job(request)
        self.assertEqual((job.state, job.row_count, job.note), ("done", 5, "Rows: 5"))
        self.assertEqual(job.file_name, "Conservation 2026-03-16.xlsx")
        book = self._sheets(job)
        self.assertEqual(book.sheetnames, ["JPY", "USD"])
        sheet = book["USD"]
        self.assertEqual([cell.value for cell in sheet[4]][:6], [
            "Patient or client", "Charge", "Date", "Patient or client", "Billed to", "Charged",
        ])
        self.assertEqual([row[5].value for row in sheet.iter_rows(min_row=5)], [200, 1234.5, 100.25])
        self.assertEqual([row[2].value for row in sheet.iter_rows(min_row=5)], [
            datetime(2026, 3, 5), datetime(2026, 1, 31), datetime(2026, 3, 2),
        ])
        self.assertEqual(sheet["F5"].number_format, "#,##0.00")
        self.assertEqual(book["JPY"]["F5"].number_format, "#,##0")
        self.assertEqual(sheet["F3"].value, "=SUBTOTAL(109,F5:F7)")
        self.assertEqual(self._sheets(job, data_only=True)["USD"]["F3"].value, 1534.75)
        self.assertEqual((sheet.freeze_panes, sheet.auto_filter.ref), ("A5", "A4:K7"))

    def test_a_name_that_looks_like_a_formula_is_text(self):
        self.ben.name = "=HYPERLINK(\"http://evil.example\",\"Ben\")"
        request = self._ask(
            companies=self.company, level_1=self._level("patient_id"), with_details=True, file_format="xlsx",
        )
        sheet = self._sheets(self._job(request))["USD"]
        cells = [row[0] for row in sheet.iter_rows(min_row=5) if row[0].value.startswith("=")]
        self.assertEqual([(cell.data_type, cell.hyperlink) for cell in cells], [("s", None)])

    def test_groups_alone_are_one_row_each(self):
        request = self._ask(
            companies=self.company, level_1=self._level("date:month"), level_2=self._level("patient_id"),
            file_format="xlsx",
        )
        sheet = self._sheets(self._job(request))["USD"]
        self.assertEqual(
            [[cell.value for cell in row[:3]] for row in sheet.iter_rows(min_row=5)],
            [
                [datetime(2026, 1, 1), "Ana López", 1234.5],
                [datetime(2026, 3, 1), "Ana López", 200],
                [datetime(2026, 3, 1), "Ben =1+1", 100.25],
            ],
        )
        self.assertEqual(sheet["A5"].number_format, "mmmm yyyy")

    def test_words_are_those_of_the_reader(self):
        user = self._create_reader("greta", lang="de_DE")
        self.report.with_context(lang="de_DE").name = "Erhaltung"
        job = self._job(self._ask(user, self.company, file_format="xlsx"))
        self.assertEqual(job.file_name, "Erhaltung 2026-03-16.xlsx")
        self.assertTrue(self._sheets(job)["USD"]["A1"].value.startswith("Erhaltung – "))
