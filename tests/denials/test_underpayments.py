from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .common import DenialCase


class TestUnderpayments(DenialCase):
    """What payers take off beyond the contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._price_list("Blue contract", 400.0)
        cls.plan.allowed_pricelist_id = cls.contract

    @classmethod
    def _price_list(cls, name, price, product=None):
        return cls.env["product.pricelist"].create({
            "name": name, "currency_id": cls.company.currency_id.id, "company_id": cls.company.id,
            "item_ids": [Command.create({
                "applied_on": "0_product_variant", "product_id": (product or cls.service).id,
                "compute_price": "fixed", "fixed_price": price,
            })],
        })

    def test_the_contract_is_kept_and_nothing_is_listed(self):
        claim = self._bill().claim_ids
        self._answer(claim, 320.0, [(self.co_45, 100.0), (self.pr_2, 80.0)])
        self.assertFalse(self._denials(claim))

    def test_more_taken_off_than_the_contract_gives_up_is_listed(self):
        claim = self._bill().claim_ids
        self._answer(claim, 280.0, [(self.co_45, 200.0), (self.pr_2, 20.0)])
        short = self._denials(claim)
        self.assertEqual(
            (short.kind, short.amount, short.amount_contract, short.amount_open, short.category_id, short.reason_ids),
            ("short", 100.0, 400.0, 100.0, self._category("contract"), self.co_45),
        )
        self.assertEqual(claim.state, "settled", "the books have nothing open")
        self.assertConserved()

    def test_what_is_tolerated_is_not_listed(self):
        self.company.write({"billing_underpaid_amount": 5.0, "billing_underpaid_percent": 0.0})
        for paid, listed in ((395.0, 0), (394.99, 1)):
            with self.subTest(paid=paid):
                claim = self._bill().claim_ids
                self._answer(claim, paid, [(self.co_45, 500.0 - paid)])
                self.assertEqual(len(self._denials(claim)), listed)
        with self.assertRaisesRegex(ValidationError, "cannot be less than nothing"):
            self.company.billing_underpaid_amount = -1.0

    def test_without_a_contract_price_nothing_is_said(self):
        self.plan.allowed_pricelist_id = False
        claim = self._bill().claim_ids
        self._answer(claim, 100.0, [(self.co_45, 400.0)])
        self.assertFalse(self._denials(claim))

    def test_a_service_priced_from_the_payers_own_list_is_worth_that_price(self):
        self.plan.write({"allowed_pricelist_id": False, "pricelist_id": self._price_list("Plan prices", 450.0).id})
        claim = self._bill().claim_ids
        self.assertEqual(claim.amount_charged, 450.0)
        self._answer(claim, 400.0, [(self.co_45, 50.0)])
        self.assertEqual(
            self._denials(claim).mapped(lambda short: (short.amount, short.amount_contract)), [(50.0, 450.0)],
        )

    def test_several_units_are_worth_several_prices(self):
        visit = self._create_encounter()
        visit.line_ids.quantity = 3.0
        claim = self._bill(visit).claim_ids
        self._answer(claim, 1000.0, [(self.co_45, 500.0)])
        self.assertEqual(
            self._denials(claim).mapped(lambda short: (short.amount, short.amount_contract)), [(200.0, 1200.0)],
        )

    def test_a_share_that_was_split_at_once_is_worth_what_was_expected(self):
        self.plan.write({"allowed_pricelist_id": False, "billing_mode": "split"})
        self.coverage.coinsurance = 20.0
        claim = self._bill().claim_ids.filtered(lambda claim: claim.payer_id == self.payer)
        asked = claim.amount_charged
        self.assertEqual((asked, claim.amount_expected), (400.0, 400.0))
        self._answer(claim, 350.0, [(self.co_45, 50.0)])
        self.assertEqual(
            self._denials(claim).mapped(lambda short: (short.amount, short.amount_contract)), [(50.0, 400.0)],
        )
        self.assertConserved()

    def test_denied_and_short_paid_of_one_service_are_two_matters(self):
        claim = self._bill().claim_ids
        self._answer(claim, 0.0, [(self.co_45, 200.0), (self.co_50, 300.0)])
        denied, short = self._denials(claim).sorted("kind")
        self.assertEqual((denied.amount, short.amount), (300.0, 100.0))

    def test_nobody_writes_off_passes_on_or_sends_again_what_was_paid_short(self):
        claim = self._bill().claim_ids
        self._answer(claim, 300.0, [(self.co_45, 200.0)])
        short = self._denials(claim)
        self.assertRefused(
            "write_off", short,
            f"{short.display_name} was paid short: the payer's answer has taken the rest off already. Appeal, or leave "
            "it at that.",
        )
        self.assertRefused(
            "resend", short,
            f"{short.display_name} was paid short: sent again, {claim.name} would be a duplicate. Appeal.",
        )
        self.assertIn("CO bind us", short._get_refusals("pass_on")[short])
        short.action_accept()
        self.assertEqual((short.state, short.amount_open), ("upheld", 0.0))
        with self.assertRaisesRegex(UserError, "still open on the books"):
            self._deny().action_accept()

    def test_an_underpayment_becomes_an_appeal_and_its_claim_waits_for_the_payer(self):
        claim = self._bill().claim_ids
        self._answer(claim, 300.0, [(self.co_45, 200.0)])
        short = self._denials(claim)
        self.assertEqual(short.action_decide()["context"]["default_action"], "appeal")
        appeal = self._appeal(short)
        self.assertIn("our contract with you says $400.00", appeal.letter)
        appeal.action_send()
        self.assertEqual((claim.state, short.state), ("appealed", "appealed"))
        appeal.result = "upheld"
        appeal.action_answer()
        self.assertEqual((claim.state, short.state, short.amount_open), ("settled", "working", 100.0))

    def test_a_currency_without_cents(self):
        yen = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "JPY")])
        yen.write({"active": True, "rounding": 1.0})
        self.env["res.currency.rate"].create({
            "currency_id": yen.id, "rate": 150.0, "name": "2026-01-01", "company_id": self.company.id,
        })
        contract = self.env["product.pricelist"].create({
            "name": "Yen contract", "currency_id": yen.id, "company_id": self.company.id,
            "item_ids": [Command.create({
                "applied_on": "0_product_variant", "product_id": self.service.id, "compute_price": "fixed",
                "fixed_price": 40000.0,
            })],
        })
        self.plan.allowed_pricelist_id = contract
        visit = self._create_encounter(services=[(self.service, 50000.0)], currency_id=yen.id)
        claim = self._bill(visit).claim_ids
        self.assertEqual(claim.currency_id, yen)
        self._answer(claim, 39000.0, [(self.co_45, 11000.0)])
        short = self._denials(claim)
        self.assertEqual((short.amount, short.amount_contract, short.currency_id), (1000.0, 40000.0, yen))
