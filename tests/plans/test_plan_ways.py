from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanWays(PlanCase):
    """Cash, card on the portal, credit notes, corrected insurance: the plan follows whatever happens to its bills.

    | event | journal items | plan of 600 in six instalments |
    |---|---|---|
    | 100 in cash | Dr CASH 100 / Cr AR[N] 100 | the first instalment is paid |
    | 100 by card on the portal | Dr outstanding 100 / Cr AR[N] 100 | the first instalment is paid |
    | a bill of 200 is credited in full | Dr REV 200 / Cr AR[N] 200 | 400 in four instalments |
    | insurance takes back what it left to the patient | the transfer invoice is credited | that bill is out of it |
    """

    def test_cash_fills_an_instalment(self):
        plan = self._run()
        cash = self.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", self.company.id)], limit=1,
        )
        wizard = self.env["account.payment.register"].with_context(
            **plan.action_register_payment()["context"],
        ).create({"journal_id": cash.id, "payment_date": "2026-03-16"})
        payment = wizard._create_payments()
        self.assertEqual((payment.amount, self._paid(plan)), (100.0, [100, 0, 0, 0, 0, 0]))
        receivable = payment.move_id.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        self.assertEqual((receivable.credit, receivable.partner_id), (100.0, self.nora))

    def test_a_card_on_the_portal_fills_an_instalment(self):
        plan = self._run()
        provider = self._create_provider()
        transaction = self.env["payment.transaction"].create({
            "provider_id": provider.id,
            "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
            "reference": f"{self.january.name}-1",
            "operation": "online_direct",
            "amount": self.january._get_invoice_next_payment_values()["next_amount_to_pay"],
            "currency_id": self.january.currency_id.id,
            "partner_id": self.nora.id,
            "invoice_ids": [Command.set(self.january.ids)],
        })
        transaction._set_done()
        transaction._post_process()
        self.assertEqual((transaction.payment_id.amount, self.january.amount_residual), (100.0, 100.0))
        self.assertEqual(self._paid(plan), [100, 0, 0, 0, 0, 0])
        # The portal asks for the next one now.
        self.assertEqual(self.january._get_invoice_next_payment_values()["next_amount_to_pay"], 100.0)

    def _create_provider(self):
        """Somebody who takes cards, in the bank's journal."""
        provider = self.env["payment.provider"].create({
            "name": "Cards", "code": "none", "state": "test", "company_id": self.company.id,
        })
        bank = self.company_data["default_journal_bank"]
        self.env["account.payment.method.line"].create({
            "payment_method_id": self.env["account.payment.method"].sudo().create({
                "name": "Cards", "code": "none", "payment_type": "inbound",
            }).id,
            "journal_id": bank.id,
            "payment_provider_id": provider.id,
            "payment_account_id": self.company_data["default_account_receivable"].copy({
                "account_type": "asset_current", "reconcile": True, "name": "Outstanding cards",
            }).id,
        })
        return provider

    def test_too_little_leaves_the_rest_of_an_instalment_open(self):
        plan = self._run()
        self._pay(self.january, 99.99, date="2026-04-01")
        self._night("2026-04-07")
        self.assertEqual((plan.missed_told, self._paid(plan)[0]), (1, 99.99))

    def test_a_bill_that_is_credited_in_full_leaves_the_plan(self):
        plan = self._run()
        self._credit(self.january, 200.0, date="2026-03-16")
        self._night("2026-03-21")
        self.assertEqual([row[:2] for row in self._schedule(plan)], [
            ("2026-04-01", 100.0), ("2026-05-01", 100.0), ("2026-06-01", 100.0), ("2026-07-01", 100.0),
        ])
        self.assertEqual((plan.amount_total, plan.amount_paid, plan.state), (400.0, 0.0, "active"))
        self.assertConserved()

    def test_what_insurance_pays_after_all_makes_the_debt_smaller(self):
        # Blue pays 300 of 500, gives up 120 and leaves 80 to Ana; Ana pays by instalments; then the answer was wrong.
        ana = self.patient
        claim = self._bill().claim_ids
        answer = self._answer(claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        left = answer.caused_move_ids.filtered(lambda move: move.billing_kind == "transfer")
        self.policy.write({"amount_min": 0.0, "instalment_min": 0.0})
        plan = self._draw_up(partner_id=ana.id, instalment_count=4)
        plan.action_accept()
        self.assertEqual((plan.item_ids.move_id, plan.amount_total), (left, 80.0))
        self._pay(left, 20.0, date="2026-03-16")
        answer._reverse(fields.Date.to_date("2026-03-16"), "wrong")
        self._night("2026-03-17")
        # Nothing is asked of Ana any more; the 20 are her credit.
        self.assertEqual((plan.state, plan.amount_open), ("completed", 0.0))
        self.assertEqual(left.amount_residual, 0.0)
        self.assertConserved()

    def test_an_undone_reconciliation_opens_the_instalment_again(self):
        plan = self._run()
        self._pay(self.january, 100.0, date="2026-03-16")
        item = self.january._get_billing_receivable_item()
        item.remove_move_reconcile()
        self.assertEqual(self._paid(plan), [0] * 6)
        self._night("2026-03-17")
        self.assertEqual((plan.amount_total, plan.amount_open), (600.0, 600.0))
        self.assertEqual(self._due(self.january), [("2026-05-01", "2026-05-01")])
