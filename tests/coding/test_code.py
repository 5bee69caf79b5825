from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestCodesHaveDates(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.env["billing.code.system"].create({"name": "House codes", "code": "HOUSE"})

    def _code(self, **vals):
        return self.env["billing.code"].create(
            {"system_id": self.system.id, "code": "H100", "name": "Advice", **vals}
        )

    def test_a_code_reads_as_code_and_plain_words(self):
        self.assertEqual(self._code().display_name, "H100 Advice")

    def test_a_code_without_dates_is_always_valid(self):
        code = self._code()
        self.assertTrue(code._is_valid_on(date(1999, 1, 1)))
        self.assertTrue(code._is_valid_on(date(2099, 1, 1)))

    def test_the_first_and_the_last_day_count(self):
        code = self._code(date_from="2026-01-01", date_to="2026-12-31")
        days = {
            date(2025, 12, 31): False,
            date(2026, 1, 1): True,
            date(2026, 12, 31): True,
            date(2027, 1, 1): False,
        }
        self.assertEqual({day: code._is_valid_on(day) for day in days}, days)

    def test_dates_in_the_wrong_order_are_refused_by_name(self):
        with self.assertRaisesRegex(
            ValidationError, "H100 Advice would be valid until 01/01/2026, before it starts"
        ):
            self._code(date_from="2026-02-01", date_to="2026-01-01")

    def test_blanks_around_a_code_are_dropped_and_blanks_alone_refused(self):
        self.assertEqual(self._code(code=" H200\t").code, "H200")
        with self.assertRaisesRegex(ValidationError, "“Advice” needs a code"):
            self._code(code="  ")

    def test_a_code_may_come_back_with_another_meaning(self):
        self._code(date_to="2024-12-31")
        again = self._code(date_from="2026-01-01", name="Advice by video")
        self.assertTrue(again._is_valid_on(date(2026, 5, 1)))

    def test_the_same_code_from_the_same_day_is_refused(self):
        for first in (False, "2026-01-01"):
            self._code(code="H300", date_from=first)
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self._code(code="h300", date_from=first)

    def test_codes_are_found_by_code_and_by_words(self):
        code = self._code(code="H777", name="Removal of a splinter")
        for words in ("H77", "splinter"):
            self.assertIn(code.id, dict(self.env["billing.code"].name_search(words)), words)


@tagged("post_install", "-at_install")
class TestCodesInUseStay(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.env["billing.code.system"].create({"name": "House codes", "code": "HOUSE"})
        cls.code = cls.env["billing.code"].create(
            {"system_id": cls.system.id, "code": "H100", "name": "Advice"}
        )

    def test_a_code_on_a_service_cannot_be_deleted(self):
        service = self.env["product.template"].create(
            {
                "name": "Long talk",
                "type": "service",
                "billing_code_id": self.code.id,
                "active": False,
            }
        )
        self.assertEqual(service.product_variant_ids.billing_code_id, self.env["billing.code"])
        with self.assertRaisesRegex(
            UserError, "H100 Advice cannot be deleted: Long talk uses it. Archive it"
        ):
            self.code.unlink()

    def test_the_variant_of_a_service_has_its_code(self):
        service = self.env["product.product"].create(
            {
                "name": "Long talk",
                "type": "service",
                "billing_code_id": self.code.id,
            }
        )
        self.assertEqual(service.product_tmpl_id.billing_code_id, self.code)

    def test_an_unused_code_can_be_deleted(self):
        self.code.unlink()
        self.assertFalse(self.code.exists())

    def test_a_list_counts_its_codes(self):
        self.assertEqual(self.system.code_count, 1)
        action = self.system.action_view_codes()
        self.assertEqual(self.env["billing.code"].search(action["domain"]), self.code)

    def test_a_short_key_names_one_list(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["billing.code.system"].create({"name": "Another", "code": "house"})


@tagged("post_install", "-at_install")
class TestCodesThatComeWithTheAddon(TransactionCase):
    def test_places_and_modifiers_are_there(self):
        office = self.env.ref("billing_coordinator.code_pos_11")
        self.assertEqual((office.kind, office.display_name), ("place", "11 Office"))
        left = self.env.ref("billing_coordinator.code_mod_lt")
        self.assertEqual((left.kind, left.display_name), ("modifier", "LT Left side"))

    def test_no_procedure_texts_of_others_are_shipped(self):
        system = self.env.ref("billing_coordinator.code_system_cpt")
        self.assertFalse(
            self.env["ir.model.data"].search_count(
                [
                    ("module", "=", "billing_coordinator"),
                    ("model", "=", "billing.code"),
                    ("res_id", "in", self.env["billing.code"].search([("system_id", "=", system.id)]).ids),
                ]
            )
        )
