from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PriceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPriceSource(PriceCase):
    """What a service costs: the plan's list, the payer's contract, the patient's or the company's list, the service."""

    def _price(self, line=None, **values):
        line = line or self._line(self.service, **values)
        return line.price_unit, line.price_source, line.price_why

    def test_the_first_list_that_names_the_service_counts(self):
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user").implied_ids += self.env.ref("product.group_product_pricelist")
        own = self._create_pricelist("Ana's prices")
        self.assertEqual(self._price(), (500.0, "product", "Usual price of the service"))
        for pricelist, price, source, why in (
            (self.usual_list, 480.0, "company", "Our usual price list “Our prices”"),
            (own, 470.0, "patient", "Patient's price list “Ana's prices”"),
            (self.payer_list, 440.0, "payer", "Payer's contract “Blue contract”"),
            (self.plan_list, 400.0, "plan", "Plan's price list “Blue Plan prices”"),
        ):
            self._set_price(pricelist, self.service, price)
            if source == "company":
                self.company.billing_pricelist_id = pricelist
            elif source == "patient":
                self.patient.specific_property_product_pricelist = pricelist
            elif source == "payer":
                self.payer.billing_pricelist_id = pricelist
            else:
                self.plan.pricelist_id = pricelist
            self.assertEqual(self._price(), (price, source, why))

    def test_a_list_that_does_not_name_the_service_passes_it_on(self):
        self.plan.pricelist_id = self.plan_list
        self.payer.billing_pricelist_id = self.payer_list
        self._set_price(self.plan_list, self.scan, 250.0)
        self._set_price(self.payer_list, self.service, 440.0)
        self.assertEqual(self._price(), (440.0, "payer", "Payer's contract “Blue contract”"))
        self.assertEqual(self._line(self.scan).price_unit, 250.0)

    def test_who_pays_themselves_pays_no_contract_price(self):
        self.plan.pricelist_id = self.plan_list
        self._set_price(self.plan_list, self.service, 400.0)
        visit = self._create_encounter(is_self_pay=True)
        self.assertEqual(self._price(visit.line_ids), (500.0, "product", "Usual price of the service"))

    def test_another_companys_contract_does_not_count(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._set_price(self.payer_list, self.service, 440.0)
        self.payer_list.company_id = False
        self.payer.with_company(other).billing_pricelist_id = self.payer_list
        self.assertEqual(self._price()[1], "product")

    def test_the_price_of_the_day_of_service_counts(self):
        self.plan.pricelist_id = self.plan_list
        self._set_price(self.plan_list, self.service, 390.0, date_to="2026-02-28")
        self._set_price(self.plan_list, self.service, 410.0, date_from="2026-03-01")
        for date, price in (("2026-02-28", 390.0), ("2026-03-01", 410.0)):
            self.assertEqual(self._line(self.service, date=date).price_unit, price)
        self.assertEqual(
            self._line(self.service).price_why, "Plan's price list “Blue Plan prices”, since 03/01/2026",
        )

    def test_a_rule_typed_in_chicago_begins_on_its_day(self):
        self.plan.pricelist_id = self.plan_list
        # Midnight of March 1 in Chicago.
        self._set_price(self.plan_list, self.service, 410.0).date_start = "2026-03-01 06:00:00"
        self.assertEqual(self._line(self.service, date="2026-03-01").price_unit, 410.0)
        self.assertEqual(self._line(self.service, date="2026-02-28").price_unit, 500.0)

    def test_a_price_with_the_modifier_of_the_service_counts_before_one_without(self):
        self.plan.pricelist_id = self.plan_list
        # Odoo prefers the rule that was made last.
        self._set_price(self.plan_list, self.scan, 80.0, billing_modifier="x6 ")
        self._set_price(self.plan_list, self.scan, 170.0, billing_modifier="XC")
        self._set_price(self.plan_list, self.scan, 250.0)
        for modifiers, price in (
            ([], 250.0), ([self.mod_26], 80.0), ([self.mod_tc], 170.0), ([self.mod_25], 250.0),
            ([self.mod_25, self.mod_26], 80.0), ([self.mod_tc, self.mod_26], 170.0),
            ([self.mod_26, self.mod_tc], 80.0),
        ):
            names = {f"modifier_{number}_id": modifier.id for number, modifier in enumerate(modifiers, start=1)}
            with self.subTest(names):
                self.assertEqual(self._line(self.scan, **names).price_unit, price)
        line = self._line(self.scan, modifier_1_id=self.mod_26.id)
        self.assertEqual(line.price_why, "Plan's price list “Blue Plan prices”, with modifier X6")
        line.modifier_1_id = False
        self.assertEqual(line.price_unit, 250.0)

    def test_a_price_for_a_modifier_is_none_for_odoos_own_documents(self):
        self._set_price(self.plan_list, self.scan, 80.0, billing_modifier="X6")
        self.assertEqual(self.plan_list._get_product_price(self.scan, 1.0), 300.0)
        self._set_price(self.plan_list, self.scan, 250.0)
        self.assertEqual(self.plan_list._get_product_price(self.scan, 1.0), 250.0)

    def test_a_typed_price_says_what_the_list_would_have_said(self):
        self.plan.pricelist_id = self.plan_list
        self._set_price(self.plan_list, self.service, 400.0)
        with Form(self._line(self.service).encounter_id) as form, form.line_ids.edit(0) as line:
            line.price_unit = 350.0
        visit = form.record
        self.assertEqual(
            visit.line_ids.price_why.replace("\N{NO-BREAK SPACE}", " "),
            "Typed. Plan's price list “Blue Plan prices”: $ 400.00",
        )
        self.assertEqual(self._line(self.service, price_unit=350.0).price_listed, 400.0)

    def test_an_estimate_finds_the_same_price(self):
        self.plan.pricelist_id = self.plan_list
        self._set_price(self.plan_list, self.service, 400.0, date_from="2026-04-01")
        estimate = self.env["billing.estimate"].create({
            "patient_id": self.patient.id, "date": "2026-04-15",
            "line_ids": [Command.create({"product_id": self.service.id})],
        })
        self.assertEqual(
            self._price(estimate.line_ids),
            (400.0, "plan", "Plan's price list “Blue Plan prices”, since 04/01/2026"),
        )

    # === CURRENCIES === #

    def test_a_contract_in_another_currency_is_billed_in_it(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        self.payer.billing_pricelist_id = self._create_pricelist("Euro contract", euro)
        self._set_price(self.payer.billing_pricelist_id, self.service, 210.0)
        visit = self._create_encounter(services=[self.service, self.scan])
        self.assertEqual(visit.currency_id, euro)
        self.assertEqual(visit.line_ids.mapped("price_unit"), [210.0, 150.0], "the scan's own price at the day's rate")
        self.assertEqual(self._bill(visit).currency_id, euro)

    def test_a_contract_in_a_currency_without_cents_gives_whole_charges(self):
        yen = self.setup_other_currency("JPY", rounding=1.0, rates=[("2026-01-01", 150.33)])
        self.plan.pricelist_id = self._create_pricelist("Yen contract", yen)
        visit = self._create_encounter()
        self.assertEqual(visit.amount_total, 75165.0)
        self.assertEqual(self._bill(visit).amount_total, 75165.0)

    # === WHAT IS RECORDED STAYS === #

    def test_a_changed_price_never_touches_what_is_posted(self):
        self.plan.pricelist_id = self.plan_list
        item = self._set_price(self.plan_list, self.service, 400.0)
        billed, ready = self._create_encounter(), self._create_encounter()
        ready.action_ready()
        invoice = self._bill(billed)
        item.fixed_price = 999.0
        self._set_price(self.payer_list, self.service, 1.0)
        self.payer.billing_pricelist_id = self.payer_list
        self.env.invalidate_all()
        self.assertEqual((invoice.amount_total, billed.amount_total, ready.amount_total), (400.0, 400.0, 400.0))
        self.assertEqual(invoice.claim_ids.amount_charged, 400.0)
        self.plan.pricelist_id = False
        item.unlink()
        self.env.invalidate_all()
        self.assertEqual(self._price(billed.line_ids), (400.0, "plan", "Plan's price list"))
        ready.line_ids.modifier_1_id = self.mod_25
        self.assertEqual(ready.amount_total, 400.0, "complete: nothing is priced anew")
        self.assertConserved()

    def test_many_services_are_priced_in_the_same_number_of_queries(self):
        self.plan.pricelist_id = self.plan_list
        self.company.billing_pricelist_id = self.usual_list
        products = [self._create_service(f"Service {number}", 10.0 + number) for number in range(40)]
        for product in products[:20]:
            self._set_price(self.plan_list, product, 5.0)
        lines = self._create_encounter(services=products).line_ids
        prices = self.env["billing.price"]

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            prices._find([line._get_price_request() for line in some.browse(some.ids)])
            return self.cr.sql_log_count - before

        count(lines)
        self.assertEqual(count(lines[:2] + lines[-2:]), count(lines))
        self.assertEqual(len(lines.filtered(lambda line: line.price_source == "plan")), 20)

    def test_a_day_is_read_from_a_moment(self):
        self.assertEqual(self.env["billing.price"]._get_day("2026-03-01 06:00:00"), fields.Date.to_date("2026-03-01"))
        self.assertIsNone(self.env["billing.price"]._get_day(False))
