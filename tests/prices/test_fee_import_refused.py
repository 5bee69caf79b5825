import base64
import io
import zipfile
from decimal import Decimal

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from odoo.addons.billing_coordinator.models.prices.fee_plan import FeeTerms
from odoo.addons.billing_coordinator.tools.fee_schedule import Indices

from ..common import TODAY
from .common import HEADINGS, SCAN, VISIT, PriceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFeeImportRefused(PriceCase):
    """What is no fee schedule, contradicts itself or makes no sense is refused, in a sentence that says what to do."""

    def test_lines_that_make_no_sense_stop_it_unless_they_are_left_out(self):
        rows = (VISIT, "G0202,,x,A,,1,nonsense,,1,,1,0,0,30\n")
        with self.assertRaisesRegex(UserError, "cannot be read: 1, the first one is line 5: “nonsense” is no rel"):
            self._import(*rows)
        self.assertFalse(self._prices())
        done = self._import(*rows, skip_unreadable=True)
        self.assertEqual((done.count_new, done.count_unreadable), (1, 1))

    def test_the_price_of_an_unreadable_line_goes_on(self):
        self._import(VISIT, SCAN, date_from="2025-01-01")
        self._import(("G0463", "", "9", "9", "9", "9"), "G0202,,x,A,,1,?,,1,,1,0,0,30\n", skip_unreadable=True)
        self.assertEqual(self._prices()[0], ("Mammogram", "", 156.0, "2025-01-01", ""))

    def test_a_code_twice_with_different_values_is_shown(self):
        with self.assertRaisesRegex(UserError, "line 5: G0463 stands there twice"):
            self._import(VISIT, ("G0463", "", "2", "2", "2", "2"))

    def test_of_two_lines_that_contradict_each_other_none_counts(self):
        self._import(VISIT, SCAN, date_from="2025-01-01")
        twice = (("G0463", "", "2", "2", "2", "2"), ("G0463", "", "3", "3", "3", "3"))
        done = self._import(("G0202", "", "2", "2", "2", "2"), *twice, skip_unreadable=True)
        self.assertEqual((done.count_changed, done.count_ended, done.count_unreadable), (1, 0, 1))
        self.assertEqual(self._prices()[-1], ("Office visit", "", 93.0, "2025-01-01", ""))

    def test_a_code_twice_with_the_same_values_counts_once(self):
        self.assertEqual(self._import(VISIT, VISIT).count_new, 1)

    def test_what_is_no_schedule_leaves_everything_as_it_was(self):
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr("readme.txt", "nothing")
        for data, sentence in (
            (b"Dear Sir", "no line begins with HCPCS,MOD"),
            (b"HCPCS,MOD,DESCRIPTION\nG0463,,x\n", "The headings lack"),
            (zipped.getvalue(), "should hold one relative value file"),
            (zipped.getvalue()[:30], "The zip is damaged"),
            (HEADINGS.encode(), "After its headings the file ends"),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                self._wizard(data).action_preview()
        with self.assertRaisesRegex(UserError, "The file is empty"):
            self.env["billing.fee.import"]._take_over(
                self.plan_list, b"", FeeTerms(Decimal(30), Indices(), "facility", Decimal(100), None),
            )
        self.assertFalse(self._prices())

    def test_reversed_dates_and_senseless_figures_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "end before it begins"):
            self._wizard(self._write_file(VISIT), date_to="2025-12-31")
        for figures in ({"percent": 0}, {"percent": -1}, {"factor": -1}):
            with self.assertRaisesRegex(ValidationError, "cannot be negative"):
                self._wizard(self._write_file(VISIT), **figures)
        with self.assertRaisesRegex(UserError, "Type it: the money for one relative value unit"):
            self._wizard(self._write_file(VISIT, factor="")).action_preview()
        for index in (0, -1, 100):
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.env["billing.fee.locality"].create({
                    "name": "X", "code": "X", "edition": "2026", "work_index": index,
                })

    def test_a_locality_has_its_indices_of_a_year_once_however_it_is_typed(self):
        values = {"name": "Chicago", "code": "06102-x", "edition": "2026"}
        self.env["billing.fee.locality"].create([values, {**values, "edition": "2027"}])
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["billing.fee.locality"].create({"name": "Chicago", "code": " 06102-X ", "edition": "2026 "})

    def test_the_factor_is_the_one_of_the_file_that_is_chosen_last(self):
        wizard = self._wizard(self._write_file(VISIT, factor="30"))
        wizard.action_preview()
        self.assertEqual((wizard.line_ids.price, wizard.factor_used), (93.0, 30.0))
        wizard.action_back()
        wizard.file = base64.b64encode(self._write_file(VISIT, factor="40"))
        wizard.action_preview()
        self.assertEqual((wizard.line_ids.price, wizard.factor_used), (124.0, 40.0))

    def test_of_several_factors_in_a_file_somebody_chooses(self):
        data = self._write_file(VISIT, factor="30") + b"G0202,,x,A,,1,1,,1,,1,0,0,33.4\n"
        with self.assertRaisesRegex(UserError, r"several conversion factors \(30, 33.4\)\. Type the one"):
            self._wizard(data).action_preview()
        wizard = self._wizard(data, factor=33.4)
        wizard.action_preview()
        self.assertEqual(wizard.factor_used, 33.4)
