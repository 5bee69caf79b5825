from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AccuracyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccuracyBill(AccuracyCase):
    """Content, sums and prices of a visit and an estimate."""

    def _name(self, visit):
        return f"{visit.name} Ana López"

    def _create_pricelist(self, *prices, currency=None):
        """A price list with (price, first day, last day) of the office visit."""
        return self.env["product.pricelist"].create({
            "name": "Blue contract",
            "currency_id": (currency or self.company.currency_id).id,
            "item_ids": [
                Command.create({
                    "applied_on": "1_product", "product_tmpl_id": self.service.product_tmpl_id.id,
                    "compute_price": "fixed", "fixed_price": price, "date_start": first, "date_end": last,
                })
                for price, first, last in prices
            ],
        })

    def test_a_visit_without_services(self):
        visit = self.env["billing.encounter"].create({"patient_id": self.patient.id, "date": "2026-03-05"})
        self.assertFinds(visit, "no_services", "stop", (
            f"{self._name(visit)} has no services. Add a line for what was done, or cancel the visit."
        ))

    def test_a_visit_that_comes_to_nothing(self):
        visit = self._create_encounter(services=[(self.service, 0.0)])
        self.assertFinds(visit, "nothing_to_bill", "stop", (
            f"The services of {self._name(visit)} add up to $\N{NO-BREAK SPACE}0.00: there is nothing to bill. Check "
            "quantity and price."
        ))

    def test_a_service_that_costs_nothing(self):
        visit = self._create_encounter(services=[self.service])
        visit.line_ids.create({
            "encounter_id": visit.id, "product_id": self._create_service("Gift", 5.0).id, "code_id": self.cold.id,
            "price_unit": 0.0,
        })
        self.assertFinds(visit, "price_zero", "warn", (
            f"“Gift” of {self._name(visit)} costs nothing. Type its price, or remove it if nobody is to pay for it."
        ))

    def test_a_price_off_the_list(self):
        visit = self._create_encounter(services=[(self.service, 549.99)])
        self.assertClean(visit)
        visit.line_ids.price_unit = 560.0
        self.assertFinds(visit, "price_off", "warn", (
            f"The price of “Office visit” of {self._name(visit)} is $\N{NO-BREAK SPACE}560.00; the price list says "
            "$\N{NO-BREAK SPACE}500.00. Take the price of the list, or say why it differs."
        ))
        self.company.billing_price_tolerance = 20.0
        visit._check_accuracy()
        self.assertClean(visit)

    def test_taking_the_price_of_the_list_mends_it(self):
        visit = self._create_encounter(services=[(self.service, 50.0)])
        finding = self._findings(visit)["price_off"]
        self.assertEqual(finding.way, "price")
        finding.action_mend()
        self.assertEqual(visit.line_ids.price_unit, 500.0)
        self.assertClean(visit)

    def test_a_unit_that_costs_less_than_a_cent_is_billed(self):
        self.service.list_price = 0.0045
        visit = self._create_encounter()
        visit.line_ids.quantity = 1000.0
        self.assertEqual((visit.line_ids.price_unit, visit.amount_total), (0.0045, 4.5))
        self.assertClean(visit)
        visit.line_ids.price_unit = 0.006
        self._findings(visit)["price_off"].action_mend()
        self.assertEqual(visit.line_ids.price_unit, 0.0045)
        self.assertEqual(self._bill(visit).amount_total, 4.5)

    def test_a_price_is_compared_with_the_one_of_its_day(self):
        self.plan.pricelist_id = self._create_pricelist(
            (300.0, False, "2026-03-04 23:59:59"), (400.0, "2026-03-05 00:00:00", False),
        )
        visits = {
            date: self._create_encounter(services=[(self.service, 400.0)], date=date)
            for date in ("2026-03-04", "2026-03-05")
        }
        self.env["billing.encounter"].concat(*visits.values())._check_accuracy()
        sentence = self._findings(visits["2026-03-04"])["price_off"].name
        self.assertIn("the price list says $\N{NO-BREAK SPACE}300.00", sentence)
        self.assertClean(visits["2026-03-05"])

    def test_a_price_list_that_somebody_typed_in_new_york_or_tokyo(self):
        for start, end, prices in (
            (False, "2026-03-05 04:59:59", [300.0, 300.0, 500.0, 500.0]),
            ("2026-03-04 15:00:00", False, [500.0, 500.0, 300.0, 300.0]),
        ):
            self.plan.pricelist_id = self._create_pricelist((300.0, start, end))
            visits = self.env["billing.encounter"].concat(*(
                self._create_encounter(date=f"2026-03-0{day}") for day in range(3, 7)
            ))
            self.assertEqual(visits.line_ids.mapped("price_unit"), prices)
            visits._check_accuracy()
            self.assertEqual(visits.finding_ids.mapped("name"), [])
            visits.unlink()

    def test_a_price_list_that_counts_for_ever(self):
        self.plan.pricelist_id = self._create_pricelist((500.0, "2020-01-01 00:00:00", "9999-12-31 23:59:59"))
        visit = self._create_encounter()
        self.assertClean(visit)
        self.assertEqual(self._bill(visit).amount_total, 500.0)

    def test_a_price_in_a_foreign_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-03-05", 4.0)])
        self.plan.pricelist_id = self._create_pricelist((300.0, False, False), currency=euro)
        visit = self._create_encounter()
        self.assertEqual((visit.currency_id, visit.line_ids.price_unit), (euro, 300.0))
        self.assertClean(visit)
        visit.line_ids.price_unit = 200.0
        self.assertFinds(visit, "price_off", "warn", (
            f"The price of “Office visit” of {self._name(visit)} is 200.00\N{NO-BREAK SPACE}€; the price list says "
            "300.00\N{NO-BREAK SPACE}€. Take the price of the list, or say why it differs."
        ))
        self.plan.pricelist_id = False
        for date, price in (("2026-03-04", 1000.0), ("2026-03-05", 2000.0)):
            visit = self._create_encounter(currency_id=euro.id, date=date, services=[(self.service, price)])
            self.assertFindsNot(visit, "price_off")

    def test_sums_that_were_changed_behind_our_back(self):
        visit = self._create_encounter()
        self.env.flush_all()
        self.env.cr.execute("UPDATE billing_encounter SET amount_total = 499 WHERE id = %s", [visit.id])
        self.env.cr.execute("UPDATE billing_encounter_line SET amount = 498 WHERE encounter_id = %s", [visit.id])
        self.env.invalidate_all()
        visit._check_accuracy()
        self.assertFinds(visit, "total", "stop", (
            f"{self._name(visit)} comes to $\N{NO-BREAK SPACE}499.00, but its services add up to "
            "$\N{NO-BREAK SPACE}498.00. Change and save one of its services, so that it is added up anew."
        ))
        self.assertFinds(visit, "total_service", "stop", (
            f"The charge of “Office visit” of {self._name(visit)} is $\N{NO-BREAK SPACE}498.00, but units, price and "
            "discount give $\N{NO-BREAK SPACE}500.00. Type units or price anew."
        ))
        with self.assertRaisesRegex(UserError, "There is no bill before this is mended"):
            self._findings(visit)["total"]._accept("It is all right")

    def test_an_estimate_is_checked_while_it_is_a_draft(self):
        estimate = self.env["billing.estimate"].create({
            "patient_id": self.patient.id, "date": "2026-04-05", "provider_id": self.provider.id,
            "line_ids": [Command.create({"product_id": self.service.id}) for _number in range(2)],
        })
        name = f"{estimate.name} Ana López"
        self.assertFinds(estimate, "twice", "stop", (
            f"“Office visit” (OV-3) stands twice on {name}. Raise the units of one and remove the other, or add the "
            "modifier that tells them apart."
        ))
        self.assertFindsNot(estimate, "diagnosis_missing", "eligibility_old")
        estimate.line_ids[1].unlink()
        self.assertClean(estimate)
        estimate.action_print()
        self.assertEqual((estimate.accuracy_first_level, estimate.accuracy_final_level), ("clean", "clean"))
