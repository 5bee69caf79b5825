import io
import zipfile
from decimal import Decimal

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from odoo.addons.billing_coordinator.models.prices.fee_plan import FeeTerms
from odoo.addons.billing_coordinator.tools.fee_schedule import Indices

from ..common import TODAY
from .common import PriceCase

VISIT = ("G0463", "", "1.00", "2.00", "0.50", "0.10")
SCAN = ("G0202", "", "1.00", "4.00", "4.00", "0.20")
SCAN_26 = ("G0202", "X6", "1.00", "0.50", "0.50", "0.10")
SCAN_TC = ("G0202", "XC", "0", "3.50", "3.50", "0.10")
STRANGER = ("G9999", "", "1", "1", "1", "1")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFeeImport(PriceCase):
    """A fee schedule becomes prices of the services that carry its codes; nothing is ever deleted."""

    def test_relative_values_become_prices_from_a_day_on(self):
        done = self._import(VISIT, SCAN, SCAN_26, SCAN_TC, STRANGER)
        self.assertEqual(self._prices(), [
            ("Mammogram", "", 156.0, "2026-01-01", ""),
            ("Mammogram", "X6", 48.0, "2026-01-01", ""),
            ("Mammogram", "XC", 108.0, "2026-01-01", ""),
            ("Office visit", "", 93.0, "2026-01-01", ""),
        ])
        self.assertEqual((done.count_new, done.count_unused, done.factor, done.name), (4, 1, 30.0, "PPRRVU2026.csv"))
        self.assertIn("G0202 X6 Mammogram: ", done.changes)
        self.assertEqual(self.plan_list.billing_fee_import_id, done)

    def test_visits_are_priced_by_it_with_and_without_modifier(self):
        self.plan.pricelist_id = self.plan_list
        self._import(VISIT, SCAN, SCAN_26)
        self.assertEqual(self._line(self.scan).price_unit, 156.0)
        self.assertEqual(self._line(self.scan, modifier_1_id=self.mod_26.id).price_unit, 48.0)
        self.assertEqual(self._line(self.service, date="2025-12-31").price_unit, 500.0, "before the schedule")

    def test_setting_locality_share_and_factor_count(self):
        city = self.env["billing.fee.locality"].create({
            "name": "Chicago", "code": "06102-16", "edition": "2026",
            "work_index": 1.028, "practice_index": 1.148, "malpractice_index": 0.918,
        })
        self._import(VISIT, setting="facility", locality_id=city.id, percent=120, factor=32.7442)
        # (1.028 + 0.5 × 1.148 + 0.1 × 0.918) × 32.7442 = 55.46213…, a fifth more is 66.552
        self.assertEqual(self._prices()[0][2], 66.55)

    def test_each_of_several_services_with_one_code_gets_the_price(self):
        long_visit = self._create_service("Long visit", 700.0, billing_code_id=self.visit_code.id)
        self._import(VISIT)
        self.assertEqual([price[0] for price in self._prices()], ["Long visit", "Office visit"])
        self.plan.pricelist_id = self.plan_list
        self.assertEqual(self._line(long_visit).price_unit, 93.0)

    def test_the_same_file_again_changes_nothing_and_says_so(self):
        self._import(VISIT, SCAN)
        before = self._prices()
        wizard = self._wizard(self._write_file(VISIT, SCAN))
        wizard.action_preview()
        self.assertIn("New prices: 0, changed: 0, ending: 0, as they are: 2", wizard.summary)
        self.assertIn("Nothing to change", wizard.action_import()["params"]["message"])
        self.assertEqual(self._prices(), before)
        self.assertEqual(self.env["billing.fee.import"].search_count([("pricelist_id", "=", self.plan_list.id)]), 1)

    def test_a_new_edition_ends_the_prices_before_it(self):
        self._import(VISIT, SCAN, date_from="2025-01-01")
        done = self._import(("G0463", "", "1.00", "3.00", "1", "0.10"), SCAN, date_from="2026-01-01")
        self.assertEqual(self._prices(), [
            ("Mammogram", "", 156.0, "2025-01-01", ""),
            ("Office visit", "", 93.0, "2025-01-01", "2025-12-31"),
            ("Office visit", "", 123.0, "2026-01-01", ""),
        ])
        self.assertEqual((done.count_changed, done.count_same), (1, 1))
        self.plan.pricelist_id = self.plan_list
        self.assertEqual(self._line(self.service, date="2026-01-01").price_unit, 123.0)
        self.assertEqual(self._line(self.service, date="2025-12-31").price_unit, 500.0, "not insured yet")

    def test_an_older_edition_imported_later_fills_the_days_before(self):
        self._import(VISIT, date_from="2026-04-01")
        self._import(("G0463", "", "1.00", "3.00", "1", "0.10"), date_from="2026-01-01")
        self.assertEqual(self._prices(), [
            ("Office visit", "", 93.0, "2026-04-01", ""),
            ("Office visit", "", 123.0, "2026-01-01", "2026-03-31"),
        ])

    def test_a_corrected_edition_corrects_the_price_of_its_days(self):
        self._import(VISIT)
        done = self._import(("G0463", "", "1.00", "3.00", "1", "0.10"))
        self.assertEqual(self._prices(), [("Office visit", "", 123.0, "2026-01-01", "")])
        self.assertIn("93.00 → $\xa0123.00 (corrected)", done.changes.replace("$ ", "$\xa0"))

    def test_a_code_that_the_schedule_drops_ends(self):
        self._set_price(self.plan_list, self._create_service("By hand", 5.0), 5.0)
        self._import(VISIT, SCAN, date_from="2025-01-01")
        done = self._import(VISIT, date_from="2026-01-01")
        self.assertEqual([price[4] for price in self._prices()], ["", "2025-12-31", ""])
        self.assertEqual(done.count_ended, 1)

    def test_a_part_of_the_codes_ends_nothing(self):
        self._import(VISIT, SCAN, date_from="2025-01-01")
        self._import(("G0463", "", "9", "9", "9", "9"), date_from="2026-01-01", end_dropped=False)
        self.assertEqual(self._prices()[0], ("Mammogram", "", 156.0, "2025-01-01", ""))

    def test_a_typed_price_of_the_service_gives_way_and_special_ones_stay(self):
        self._set_price(self.plan_list, self.service, 400.0)
        self._set_price(self.plan_list, self.service, 350.0, min_quantity=10)
        self._import(VISIT)
        self.assertEqual(self._prices(), [
            ("Office visit", "", 93.0, "2026-01-01", ""),
            ("Office visit", "", 350.0, "", ""),
            ("Office visit", "", 400.0, "", "2025-12-31"),
        ])

    def test_what_has_no_relative_value_gets_no_price(self):
        wizard = self._wizard(self._write_file(("G0463", "", "0", "0", "0", "0"), SCAN))
        wizard.action_preview()
        self.assertIn("Codes of yours without a relative value, which get no price: 1.", wizard.summary)
        wizard.action_import()
        self.assertEqual([price[0] for price in self._prices()], ["Mammogram"])

    def test_in_a_currency_without_cents_prices_are_whole(self):
        yen = self.setup_other_currency("JPY", rounding=1.0, rates=[("2026-01-01", 150.0)])
        pricelist = self._create_pricelist("Yen contract", yen)
        self._import(VISIT, pricelist_id=pricelist.id, factor=4912.33)
        self.assertEqual(self._prices(pricelist)[0][2], 15228.0)

    # === PREVIEW === #

    def test_the_preview_shows_what_would_change_and_changes_nothing(self):
        self._import(VISIT, SCAN, date_from="2025-01-01")
        before = self._prices()
        wizard = self._wizard(self._write_file(
            ("G0463", "", "1.00", "3.00", "1", "0.10"), SCAN_26, STRANGER, "G02,,x,A,,1,1,,1,,1,0,0,30\n",
        ))
        wizard.action_preview()
        self.assertEqual(
            [
                (line.kind, line.line, line.code or "", line.modifier or "", line.price_before, line.price)
                for line in wizard.line_ids
            ],
            [
                ("unreadable", 7, "", "", 0.0, 0.0),
                ("changed", 4, "G0463", "", 93.0, 123.0),
                ("new", 5, "G0202", "X6", 0.0, 48.0),
                ("ended", 0, "G0202", "", 156.0, 0.0),
                ("unused", 6, "G9999", "", 0.0, 0.0),
            ],
        )
        self.assertEqual(wizard.line_ids[0].note, "“G02” is no code of five letters and digits.")
        self.assertEqual(self._prices(), before)

    # === WHAT IS WRONG === #

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
        with self.assertRaisesRegex(UserError, "line 5: G0463  ?stands there twice"):
            self._import(VISIT, ("G0463", "", "2", "2", "2", "2"))

    def test_what_is_no_schedule_leaves_everything_as_it_was(self):
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr("readme.txt", "nothing")
        for data, sentence in (
            (b"Dear Sir", "no line begins with HCPCS,MOD"),
            (b"HCPCS,MOD,DESCRIPTION\nG0463,,x\n", "The headings lack"),
            (zipped.getvalue(), "should hold one relative value file"),
            (zipped.getvalue()[:30], "The zip is damaged"),
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
        for figures in ({"percent": 0}, {"factor": -1}):
            with self.assertRaisesRegex(ValidationError, "cannot be negative"):
                self._wizard(self._write_file(VISIT), **figures)
        with self.assertRaisesRegex(UserError, "Type it: the money for one relative value unit"):
            self._wizard(self._write_file(VISIT, factor="")).action_preview()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.env["billing.fee.locality"].create({
                "name": "X", "code": "X", "edition": "2026", "work_index": 0,
            })

    # === WHO, WHERE, HOW FAST === #

    def test_managers_take_schedules_over_and_nobody_rewrites_what_was_done(self):
        done = self._import(VISIT)
        groups = {name: new_test_user(
            self.env, login=f"fee_{name}", groups=f"billing_coordinator.group_{name}", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        ) for name in ("coordinator", "manager")}
        with self.assertRaises(AccessError):
            self._wizard(self._write_file(VISIT), env=self.env(user=groups["coordinator"]))
        wizard = self._wizard(self._write_file(SCAN), env=self.env(user=groups["manager"]), end_dropped=False)
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(len(self._prices()), 2)
        for user in groups.values():
            with self.assertRaises(AccessError):
                done.with_user(user).changes = "nothing"

    def test_services_of_another_company_are_not_priced(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._create_service("Their visit", 5.0, billing_code_id=self.visit_code.id, company_id=other.id)
        self._import(VISIT)
        self.assertEqual([price[0] for price in self._prices()], ["Office visit"])
        stranger = new_test_user(
            self.env, login="fee_stranger", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env["billing.fee.import"].with_user(stranger).search(
            [("pricelist_id", "=", self.plan_list.id)],
        ))

    def test_reading_and_planning_takes_as_many_queries_for_many_codes_as_for_few(self):
        rows = []
        for number in range(60):
            code = self._create_code(f"G7{number:03}")
            self._create_service(f"Service {number}", 10.0, billing_code_id=code.id)
            rows.append((code.code, "", "1", "1", "1", str(number % 7)))
        terms = FeeTerms(Decimal(30), Indices(), "nonfacility", Decimal(100), fields.Date.to_date("2026-01-01"))
        load = self.env["billing.fee.import"]._take_over

        def count(some, pricelist):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            load(pricelist, self._write_file(*some), terms, name="x")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(rows[:3], self._create_pricelist("Warm"))
        few = count(rows[:3], self._create_pricelist("Few"))
        many_list = self._create_pricelist("Many")
        self.assertLessEqual(count(rows, many_list), few + 3)
        again = [(code, mod, "2", *rest) for code, mod, _work, *rest in rows]
        self.assertLessEqual(count(again, many_list), few + 25, "corrected")
