"""Pairs, unit limits and crosswalks: what they say on a day, and how new editions change them."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CodeImportCase

PAIRS = (
    "Column 1\tColumn 2\t*\tEffective Date\tDeletion Date\tModifier 0=not allowed\tRationale\n"
    "11042\t97597\t\t20260101\t*\t1\tMisuse of column two code\n"
    "11043\t97597\t*\t19960101\t20051231\t0\tMutually exclusive\n"
)
UNITS = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"


@tagged("post_install", "-at_install")
class TestPairs(CodeImportCase):
    def test_a_pair_that_was_deleted_ends_and_the_others_go_on(self):
        self._load(PAIRS, "ccipra-2026q1.txt")
        loading = self._load(PAIRS.replace("20260101\t*", "20260101\t20260331").split("11043")[0], "ccipra-2026q2.txt")
        self.assertEqual(self._counts(loading), (0, 1, 0, 0))
        pairs = self.env["billing.code.pair"].search([("system_id", "=", self.system.id)])
        self.assertEqual(pairs.mapped(lambda pair: str(pair.date_to)), ["2026-03-31", "2005-12-31"])

    def test_a_pair_of_our_own_keeps_to_the_rules(self):
        values = {"system_id": self.system.id, "code_1": " a1234", "code_2": "B1234"}
        self.assertEqual(self.env["billing.code.pair"].create(values).display_name, "A1234 / B1234")
        for wrong in ({}, {"code_2": "a1234"}, {"code_1": "X", "date_from": "2026-02-01", "date_to": "2026-01-01"}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.env["billing.code.pair"].create({**values, **wrong})


@tagged("post_install", "-at_install")
class TestUnitLimits(CodeImportCase):
    def _get_limits(self):
        return self.env["billing.code.ceiling"].search([("system_id", "=", self.system.id)])

    def test_another_number_counts_from_its_edition_on(self):
        self._load(UNITS + "97110,8,3 Date of Service Edit,Clinical\n11042,1,1 Line Edit,Code\n", "MUE_2026Q1.csv")
        loading = self._load(UNITS + "97110,6,3 Date of Service Edit,Clinical\n", "MUE_2026Q2.csv")
        self.assertEqual(self._counts(loading), (0, 1, 1, 0))
        self.assertEqual(
            [(limit.code, limit.units, limit.per, limit.date_from, limit.date_to) for limit in self._get_limits()],
            [
                ("11042", 1, "line", date(2026, 1, 1), date(2026, 3, 31)),
                ("97110", 6, "day", date(2026, 4, 1), False),
                ("97110", 8, "day", date(2026, 1, 1), date(2026, 3, 31)),
            ],
        )
        self.assertEqual(self._counts(self._load(
            UNITS + "97110,6,3 Date of Service Edit,Clinical\n", "MUE_2026Q2.csv",
        )), (0, 0, 0, 1))

    def test_practitioners_and_hospitals_have_their_own(self):
        self._load(UNITS.replace("Practitioner", "Outpatient Hospital") + "97110,4,3 Day,Clinical\n", "MUE_2026Q1.csv")
        self._load(UNITS + "97110,8,3 Date of Service Edit,Clinical\n", "MUE_2026Q1.csv")
        self.assertEqual(
            [(limit.setting, limit.units) for limit in self._get_limits()], [("facility", 4), ("practitioner", 8)],
        )


@tagged("post_install", "-at_install")
class TestCrosswalk(CodeImportCase):
    def test_old_codes_are_offered_what_they_are_called_today(self):
        nine, ten = (self.env.ref(f"billing_coordinator.code_system_{key}") for key in ("icd9cm", "icd10cm"))
        self._load("7242  M5450   10000\n7242  M5459   10000\n3657  NoDx    11000\n", "2026_I9gem.txt", system=nine)
        back, none, strange = self.env["billing.code"].create([
            {"system_id": nine.id, "code": code, "name": "Old", "kind": "diagnosis", "date_from": "1990-01-01"}
            for code in ("724.2", "365.7", "001.99")
        ])
        self.env.invalidate_all()
        (back + none + strange).mapped("code")
        with self.assertQueryCount(1):
            lines = self.env["billing.code.crosswalk"]._suggest(back + none + strange, ten)
        self.assertEqual(lines[back].mapped("code_to"), ["M54.50", "M54.59"])
        self.assertTrue(lines[none].is_no_map)
        self.assertNotIn(strange, lines)

    def test_a_line_that_a_new_edition_drops_is_archived(self):
        nine = self.env.ref("billing_coordinator.code_system_icd9cm")
        self._load("7242  M5450   10000\n7243  M5459   10000\n", "2017_I9gem.txt", system=nine)
        loading = self._load("7242  M5450   00000\n", "2018_I9gem.txt", system=nine)
        self.assertEqual((loading.new_count, loading.changed_count), (0, 1))
        known = self.env["billing.code.crosswalk"].with_context(active_test=False)
        self.assertFalse(known.search([("code_from", "=", "724.3"), ("edition", "=", "2017")]).active)
