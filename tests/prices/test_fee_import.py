
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import SCAN, SCAN_26, SCAN_TC, STRANGER, VISIT, PriceCase


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

    def test_it_says_whose_prices_they_are(self):
        done = self._import(VISIT)
        self.assertFalse(done.used_by)
        self.plan.pricelist_id = self.plan_list
        self.payer.billing_pricelist_id = self.plan_list
        self.company.billing_pricelist_id = self.plan_list
        done.invalidate_recordset(["used_by"])
        self.assertEqual(done.used_by, f"Blue Plan, Blue Insurance, {self.company.name}")

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

    def test_two_typed_prices_of_the_day_give_way_both(self):
        for price in (10, 20):
            self._set_price(self.plan_list, self.service, price, "2026-01-01")
        self.plan.pricelist_id = self.plan_list
        self._import(VISIT)
        self.assertEqual(self._line(self.service).price_unit, 93.0)
        self.assertIsNone(self._import(VISIT))
        self._import(("G0463", "", "2", "2", "2", "2"), date_from="2026-03-01")
        self.assertEqual(self._line(self.service).price_unit, 180.0)

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
