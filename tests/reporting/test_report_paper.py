import io
import shutil
import unittest

from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools.pdf import PdfFileReader

from ..common import TODAY
from .common import ReportCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestReportPaper(ReportCase):
    """A report on paper, in the language of who reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._charge_history()

    def test_each_currency_has_its_groups_and_its_total(self):
        text = self._paper_text(self._ask(level_1=self._level("date:month")))
        self.assertIn("Conservation Is every charge accounted for, to the cent?", text)
        self.assertIn("JPY Date (month) Charged Paid", text)
        self.assertIn("February 2026 12,000 – – – 12,000 – March 2026 3,456 – – – 3,456 – Total JPY 15,456", text)
        self.assertIn("January 2026 1,234.50 – – – 1,234.50 –", text)
        self.assertIn("Total USD 1,534.75 0.00 0.00 0.00 1,534.75 0.00", text)

    def test_rows_stand_below_their_group_and_above_its_total(self):
        text = self._paper_text(self._ask(
            companies=self.company, level_1=self._level("patient_id"), with_details=True,
        ))
        ben = r"Ben =1\+1"
        self.assertRegex(text, rf"{ben} INV/2026/\d+ 03/02/2026 {ben} 100.25 .* Total {ben} 100.25")

    def test_numbers_and_days_are_written_as_their_reader_writes_them(self):
        for lang, expected in (
            ("de_DE", ("1.234,50", "31.01.2026", "Januar 2026", "Gruppiert nach", "Summe Januar 2026")),
            ("es_ES", ("1.234,50", "31/01/2026", "enero 2026", "Agrupado por", "Total enero 2026")),
        ):
            user = self._create_reader(lang.lower(), lang=lang)
            text = self._paper_text(self._ask(
                user, self.company, level_1=self._level("date:month"), with_details=True,
            ))
            for words in expected:
                self.assertIn(words, text)

    def test_more_rows_than_fit_on_paper_are_left_to_the_spreadsheet(self):
        request = self._ask(companies=self.company, level_1=self._level("patient_id"), with_details=True)
        with self._most_lines(2):
            text = self._paper_text(request)
        self.assertIn("These are 3 rows, more than fit on paper sensibly", text)
        self.assertIn("Ana López 1,434.50", text)
        self.assertNotIn("INV/", text)
        with self._most_lines(1):
            text = self._paper_text(request)
        self.assertIn("There are more groups than fit on paper sensibly; “Patient or client” is left out.", text)
        self.assertNotIn("Ana López", text)
        self.assertIn("Total USD 1,534.75", text)

    def test_nothing_to_show_is_said(self):
        text = self._paper_text(self._ask(period_name="last_year"))
        self.assertIn("There is nothing to show.", text)

    @unittest.skipUnless(shutil.which("wkhtmltopdf"), "needs the PDF renderer")
    def test_headings_stand_on_every_page_and_every_page_has_its_number(self):
        person = self._create_patient("Person with a long name")
        for _number in range(40):
            self._charge(person, 10.0, "2026-03-03")
        job = self._job(self._ask(companies=self.company, level_1=self._level("date:month"), with_details=True))
        self.assertEqual(job.file_name, "Conservation 2026-03-16.pdf")
        reader = PdfFileReader(io.BytesIO(self._content(job)), strict=False)
        count = reader.getNumPages()
        self.assertGreater(count, 1)
        for number in range(count):
            page = reader.getPage(number)
            text = (page.extract_text if hasattr(page, "extract_text") else page.extractText)()
            self.assertIn(f"{number + 1} / {count}", text)
            self.assertIn("Charged", text)
            self.assertIn("Difference", text)
            width, height = page.mediaBox.getWidth(), page.mediaBox.getHeight()
            self.assertGreater(width, height, "this one lies across the page")
