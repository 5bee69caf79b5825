from base64 import b64encode

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestRecoveryReading(AgencyCase):
    """Reading what an agency reports: all of it or nothing, and once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_cases()

    def _read(self, text, reference="R-7", **values):
        wizard = self.env["billing.recovery.import"].create({
            "agreement_id": self.agreement.id, "reference": reference, "file": b64encode(text.encode()),
            "file_name": "report.csv", **values,
        })
        return self.env["billing.recovery"].browse(wizard.action_read()["res_id"])

    def test_a_file_becomes_a_report_to_post(self):
        placement = self._place()
        recovery = self._read(f"Reference;Amount\n{placement.name};60\n{placement.name};40.50\nTOTAL;100.50\n",
                              amount_received=100.5)
        self.assertEqual((recovery.state, recovery.amount_collected, recovery.amount_commission, recovery.difference),
                         ("draft", 100.5, 25.13, 0.0))
        self.assertEqual(recovery.message_attachment_count, 1)
        recovery.action_post()
        self.assertEqual((placement.amount_recovered, placement.amount_open), (100.5, 499.5))
        self.assertConserved()

    def test_a_line_that_fits_nothing_is_said_with_its_value_and_nothing_is_read(self):
        placement = self._place()
        with self.assertRaises(UserError) as caught:
            self._read(f"Reference;Amount\n{placement.name};60\nPLC-1999-1;10\n{placement.name};abc\n;5\n"
                       f"{placement.name};-5\n")
        self.assertEqual(caught.exception.args[0].split("\n"), [
            "Nothing was read.",
            "Line 4: “abc” is no amount.",
            "Line 5: our number is missing.",
            "Line 3: Rigor Inkasso never had “PLC-1999-1”.",
            "Line 6: “-5” is no sum collected. Reverse the report in which it was.",
        ])
        self.assertFalse(self.env["billing.recovery"].search([]))

    def test_the_same_file_twice_changes_nothing_and_says_so(self):
        text = f"Reference;Amount\n{self._place().name};60\n"
        first = self._read(text)
        for reference in ("R-7", "R-8"):
            with self.assertRaisesRegex(UserError, f"is here already: it is {first.name} R-7 of 03/16/2026. Nothing"):
                self._read(text, reference)
        with self.assertRaisesRegex(UserError, "is here already"):
            self._read(text.replace("60", "61"))
        self.assertEqual(self.env["billing.recovery"].search([]), first)

    def test_what_was_taken_back_may_be_read_again(self):
        placement = self._place()
        text = f"Reference;Amount\n{placement.name};60\n"
        first = self._read(text, amount_received=60.0)
        first.action_post()
        first.action_reverse()
        again = self._read(text, amount_received=60.0)
        again.action_post()
        self.assertEqual(placement.amount_recovered, 60.0)

    def test_other_columns_and_letters_are_named(self):
        with self.assertRaisesRegex(UserError, "Line 1: there is no column “Reference”"):
            self._read("Akte;Amount\nX;1\n")
        with self.assertRaisesRegex(UserError, "The file is not in the letters of “Agreement of 1 January 2026”"):
            self.env["billing.recovery"]._read_report(self.agreement, "Ö;".encode("cp1252"), reference="X")
        with self.assertRaisesRegex(UserError, "The file has no lines"):
            self._read("Reference;Amount\n")
