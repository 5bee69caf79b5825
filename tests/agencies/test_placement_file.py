import csv
import io

import openpyxl

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlacementFile(AgencyCase):
    """What an agency gets to read: enough to write and to count, and nothing about health."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora.write({"street": "Allee 1", "zip": "10115", "city": "Berlin", "phone": "+49 30 1234",
                        "special_concerns": "Depression"})
        cls.otto = cls._create_patient("=Otto; Alt")
        cls._bill(cls._create_encounter(cls.otto, [(cls.service, 80.5)], date="2026-01-05"), date="2026-01-05")

    def _rows(self, placements):
        return list(csv.reader(io.StringIO(self._content(placements.batch_id).decode("utf-8-sig")), delimiter=";"))

    def test_a_row_for_each_debtor_and_a_control_total(self):
        placements = self._place(self._open_cases())
        self.assertEqual(len(placements), 2)
        rows = self._rows(placements)
        self.assertEqual(rows[0], [
            "Reference", "Name", "Street", "Street, second line", "Post code", "City", "State", "Country", "Phone",
            "E-mail", "Language", "Bills", "Due on", "Amount", "Currency",
        ])
        by_name = {row[1]: row for row in rows[1:]}
        nora = placements.filtered(lambda placement: placement.partner_id == self.nora)
        self.assertEqual(by_name["Nora Neu"], [
            nora.name, "Nora Neu", "Allee 1", "", "10115", "Berlin", "", "", "+49 30 1234", "nora@example.com", "en",
            f"{self.january.name}, {self.february.name}", "2026-02-09", "600.00", "USD",
        ])
        self.assertEqual(by_name["'=Otto; Alt"][13], "80.50")
        self.assertEqual((rows[-1][0], rows[-1][13]), ("TOTAL 2", "680.50"))
        amounts = [float(row[13]) for row in rows[1:-1]]
        self.assertEqual((len(amounts), sum(amounts)), (2, float(rows[-1][13])))
        self.assertRegex(placements.batch_id.file_total, r"^2 rows, \$.680.50$")

    def test_a_row_for_each_bill_in_the_agencys_own_columns(self):
        self.agreement.write({
            "file_rows": "bill", "file_decimal": ",", "file_separator": "|", "file_encoding": "cp1252",
            "column_ids": [
                Command.create({"key": key, "head": head, "sequence": number}) for number, (key, head) in enumerate((
                    ("reference", "AKTE"), ("bills", "RECHNUNG"), ("date_bill", "VOM"), ("amount_first", "BETRAG"),
                    ("amount_paid", "BEZAHLT"), ("amount", False),
                ))
            ],
        })
        self._pay(self.january, 50.0)
        case = self._open_cases().filtered(lambda case: case.partner_id == self.nora)
        placement = self._place(case)
        self.assertEqual(self._content(placement.batch_id).decode("cp1252").split("\r\n"), [
            "AKTE|RECHNUNG|VOM|BETRAG|BEZAHLT|Amount",
            f"{placement.name}|{self.january.name}|2026-01-10|200,00|50,00|150,00",
            f"{placement.name}|{self.february.name}|2026-02-10|400,00|0,00|400,00",
            "TOTAL 2|||||550,00",
            "",
        ])

    def test_a_spreadsheet_reads_the_same(self):
        self.agreement.file_kind = "xlsx"
        placements = self._place(self._open_cases())
        batch = placements.batch_id
        self.assertTrue(batch.file_id.name.endswith(".xlsx"))
        rows = list(openpyxl.load_workbook(io.BytesIO(self._content(batch))).active.values)
        self.assertEqual(sorted(row[13] for row in rows[1:-1]), [80.5, 600])
        self.assertEqual((rows[-1][0], rows[-1][13]), ("TOTAL 2", 680.5))
        self.assertIn("=Otto; Alt", [row[1] for row in rows])

    def test_nothing_about_health_is_in_it_whatever_is_chosen(self):
        keys = [key for key, _name in self.env["billing.agency.column"]._fields["key"].selection]
        self.agreement.column_ids = [Command.create({"key": key}) for key in keys]
        text = self._content(self._place(self._open_cases()).batch_id).decode("utf-8-sig")
        for word in ("Office visit", "Depression", self.provider.name, self.january.encounter_id.name):
            self.assertNotIn(word, text)

    def test_letters_that_the_agency_cannot_read_are_refused_before_anything_happens(self):
        self.agreement.file_encoding = "cp1252"
        self.nora.name = "Łucja Nowak"
        batch = self._prepare()._prepare()
        with self.assertRaisesRegex(UserError, "“Łucja Nowak” has letters that .* does not know. Choose Unicode"), \
                self.env.cr.savepoint():
            batch.action_hand_over()
        self.env.invalidate_all()
        self.assertEqual((batch.state, batch.placement_ids.mapped("state")), ("draft", ["ready", "ready"]))

    def test_payments_and_what_ended_are_reported_once(self):
        placements = self._place(self._open_cases())
        nora = placements.filtered(lambda placement: placement.partner_id == self.nora)
        otto = placements - nora
        with self.assertRaisesRegex(UserError, "Rigor Inkasso knows of everything"):
            self.agreement.action_tell_changes()
        self._pay(self.january, 50.0)
        otto._recall("complaint", "Calls at night")
        self.assertEqual((nora.amount_direct_to_tell, otto.end_waits, self.agreement.to_tell_count), (50.0, True, 2))
        batch = self.env["billing.placement.batch"].browse(self.agreement.action_tell_changes()["res_id"])
        self.assertEqual(self._content(batch).decode("utf-8-sig").split("\r\n"), [
            "Reference;What;Day;Amount;Currency;Open",
            *sorted([
                f"{nora.name};Paid to us;2026-03-16;50.00;USD;550.00",
                f"{otto.name};Called back;2026-03-16;;USD;80.50",
            ]),
            "",
        ])
        self.assertEqual((nora.amount_direct_to_tell, otto.end_waits), (0.0, False))
        with self.assertRaisesRegex(UserError, "Rigor Inkasso knows of everything"):
            self.agreement.action_tell_changes()
        self._pay(self.january, 10.0)
        self.assertEqual(nora.amount_direct_to_tell, 10.0)
