"""Random histories of an office: whatever happens in whatever order, no cent is lost."""

import os
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .common import TODAY, BillingCase

LONG = bool(os.environ.get("BILLING_LONG_TESTS"))
HISTORIES = int(os.environ.get("BILLING_HISTORIES", 2500 if LONG else 300))
EVENTS = 14 if LONG else 6

cents = st.integers(min_value=1, max_value=60_000).map(lambda amount: amount / 100)
few_cents = st.integers(min_value=1, max_value=40).map(lambda amount: amount / 100)
prices = st.lists(st.one_of(cents, few_cents), min_size=1, max_size=3)
portions = st.lists(st.integers(min_value=0, max_value=7), min_size=5, max_size=5).filter(any)

bill = st.tuples(st.just("bill"), st.integers(0, 3), prices, st.booleans(), st.booleans())
answer = st.tuples(st.just("answer"), st.integers(0, 9), portions, st.booleans(), st.booleans())
reverse = st.tuples(st.just("reverse"), st.integers(0, 9), st.booleans())
pay = st.tuples(st.just("pay"), st.integers(0, 9), st.integers(1, 130))
write_off = st.tuples(st.just("write_off"), st.integers(0, 9), st.integers(1, 100))
pass_on = st.tuples(st.just("pass_on"), st.integers(0, 9), st.integers(1, 100))
take_back = st.tuples(st.just("take_back"), st.integers(0, 9))
refund = st.tuples(st.just("refund"), st.integers(0, 9))
apply_credit = st.tuples(st.just("apply_credit"), st.integers(0, 9))
unbill = st.tuples(st.just("unbill"), st.integers(0, 9))
credit_note = st.tuples(st.just("credit_note"), st.integers(0, 9), st.integers(1, 100))

# The first event is a visit, and answers come more often than the rest: short histories should get somewhere.
histories = st.tuples(
    bill,
    st.lists(
        st.one_of(
            bill, answer, answer, answer, reverse, reverse, pay, pay, write_off, pass_on, take_back, refund, apply_credit,
            unbill, credit_note,
        ),
        min_size=2,
        max_size=EVENTS,
    ),
).map(lambda history: [history[0], *history[1]])


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestConservationProperty(BillingCase):
    """Four patients: insured once, insured twice, insured in split mode (taxes, deductible), not insured."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create({"name": "21 %", "amount": 21.0, "type_tax_use": "sale"})
        cls.taxed = cls._create_service("Taxed visit", 100.0, taxes=cls.tax)
        split_plan = cls._create_plan(
            "Split Plan", cls.payer, billing_mode="split", coinsurance=100 / 3, copay=5.01, deductible=20.0,
        )
        twice, split, uninsured = (cls._create_patient(name) for name in ("Ben Twice", "Cleo Split", "Dan Self"))
        cls._create_coverage(twice, cls.plan)
        cls._create_coverage(twice, cls.plan_b, rank="2")
        cls._create_coverage(split, split_plan)
        cls._create_coverage(split, cls.plan_b, rank="2")
        cls.patients = cls.patient + twice + split + uninsured
        cls.reversal_date = fields.Date.to_date("2026-03-15")
        cls.bank = cls.company.billing_payment_journal_id
        cls.happened = {}

    # === ONE HISTORY === #

    @contextmanager
    def _forgotten_afterwards(self):
        """What happens inside is rolled back."""
        with self.env.cr.savepoint(flush=False) as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.transaction.clear()

    def _play(self, history):
        for number, (name, *details) in enumerate(history):
            try:
                with self.env.cr.savepoint():
                    done = getattr(self, f"_event_{name}")(number, *details)
            except UserError:
                # Refused with a sentence: then nothing may have happened, which the checks below prove.
                self.env.invalidate_all()
                done = None
            key = (name, "done" if done else "nothing to do" if done is False else "refused")
            self.happened[key] = self.happened.get(key, 0) + 1
            self._check_claims()
        self.assertConserved()

    def _pick(self, records, number):
        return records[number % len(records)] if records else records

    def _new(self, model, domain):
        """Records of this history, in the order in which they came."""
        return self.env[model].search([("id", ">", self.start[model]), *domain], order="id")

    def _remember_start(self):
        self.start = {
            model: self.env[model].search([], order="id desc", limit=1).id or 0
            for model in ("account.move", "billing.encounter", "billing.claim", "billing.remittance", "billing.adjustment")
        }

    # === EVENTS: true when something was posted, false when there was nothing to do === #

    def _event_bill(self, _number, patient, amounts, taxed, _again):
        service = self.taxed if taxed else self.service
        self._bill(patient=self._pick(self.patients, patient), services=[(service, amount) for amount in amounts])
        return True

    def _event_answer(self, number, which, portions, several, use_credit):
        claims = self._new("billing.claim", [("state", "not in", ("void", "settled"))])
        claim = self._pick(claims, which)
        if not claim:
            return False
        if several:
            claim = claims.filtered(lambda other: other.payer_id == claim.payer_id)
        answer = self._prepare_answer(claim, 0.0, reference=f"CHK {number}")
        for line in answer.line_ids:
            self._divide(line, portions)
        paid = round(sum(answer.line_ids.mapped("amount_paid")), 2)
        credit = min(paid, answer.payer_credit) if use_credit else 0.0
        answer.write({"amount": round(paid - credit, 2), "credit_amount": credit})
        answer.action_post()
        return True

    def _divide(self, line, portions):
        """Divide what is asked among paid, discount, deductible, coinsurance and denied."""
        left, weight = round(max(line.amount_asked, 0.0), 2), sum(portions)
        amounts = []
        for portion in portions[:-1]:
            amounts.append(min(left, round(line.amount_asked * portion / weight, 2)))
            left = round(left - amounts[-1], 2)
        amounts.append(left)
        line.amount_paid = amounts[0]
        line.adjustment_ids = [
            Command.create({"reason_id": reason.id, "amount": amount})
            for reason, amount in zip((self.co_45, self.pr_1, self.pr_2, self.co_50), amounts[1:], strict=True)
            if amount
        ]

    def _event_reverse(self, _number, which, keep):
        remittance = self._pick(self._new("billing.remittance", [("state", "=", "posted")]), which)
        if not remittance:
            return False
        remittance._reverse(self.reversal_date, "wrong", money="keep" if keep else "take_back")
        return True

    def _patient_invoices(self):
        return self._new("account.move", [
            ("billing_kind", "!=", False), ("move_type", "=", "out_invoice"), ("amount_residual", ">", 0),
            ("partner_id", "in", self.patients.ids),
        ])

    def _event_pay(self, _number, which, percent):
        invoice = self._pick(self._patient_invoices(), which)
        amount = round(invoice.amount_residual * percent / 100, 2) if invoice else 0.0
        if not amount:
            return False
        self._pay(invoice, amount)
        return True

    def _event_write_off(self, _number, which, percent):
        return self._decide(self.small_balance, which, percent)

    def _event_pass_on(self, _number, which, percent):
        return self._decide(self.pr_96, which, percent, [("billing_coverage_id", "!=", False)])

    def _decide(self, reason, which, percent, domain=()):
        invoices = self._new("account.move", [("billing_kind", "!=", False), ("move_type", "=", "out_invoice"), *domain])
        invoice = self._pick(invoices, which)
        still_open = self._flow(invoice).get("open", 0.0) if invoice else 0.0
        amount = round(still_open * percent / 100, 2)
        if amount <= 0:
            return False
        self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": reason.id, "amount": amount, "date": "2026-03-14",
        }).action_approve()
        return True

    def _event_take_back(self, _number, which):
        decision = self._pick(self._new("billing.adjustment", [("state", "=", "posted")]), which)
        if not decision:
            return False
        decision.action_reverse()
        return True

    def _open_items(self, sign, partners):
        return self.env["account.move.line"].search([
            ("move_id", ">", self.start["account.move"]), ("partner_id", "in", partners.ids),
            ("account_id.account_type", "=", "asset_receivable"), ("parent_state", "=", "posted"),
            ("amount_residual", ">" if sign > 0 else "<", 0),
        ], order="id")

    def _event_refund(self, _number, which):
        credit = self._pick(self._open_items(-1, self.patients), which)
        if not credit:
            return False
        payment = self.env["account.payment"].create({
            "payment_type": "outbound", "partner_type": "customer", "partner_id": credit.partner_id.id,
            "amount": -credit.amount_residual, "date": "2026-03-16", "journal_id": self.bank.id,
        })
        payment.action_post()
        (credit + payment.move_id.line_ids.filtered(lambda item: item.account_id == credit.account_id)).reconcile()
        return True

    def _event_apply_credit(self, _number, which):
        """Odoo's own button on an invoice: credit of the same debtor is assigned to it."""
        invoice = self._pick(self._new("account.move", [
            ("billing_kind", "!=", False), ("move_type", "=", "out_invoice"), ("amount_residual", ">", 0),
        ]), which)
        credit = self._open_items(-1, invoice.commercial_partner_id)[:1] if invoice else invoice
        if not credit:
            return False
        invoice.js_assign_outstanding_line(credit.id)
        return True

    def _event_unbill(self, _number, which):
        encounter = self._pick(self._new("billing.encounter", [("state", "=", "billed")]), which)
        if not encounter:
            return False
        encounter._unbill("wrong")
        return True

    def _event_credit_note(self, _number, which, percent):
        """Odoo's own credit note, over a part of a charge."""
        invoice = self._pick(self._new("account.move", [
            ("billing_kind", "=", "charge"), ("move_type", "=", "out_invoice"), ("state", "=", "posted"),
        ]), which)
        if not invoice:
            return False
        credit_note = self._reverse_invoice(invoice, reason="less")
        line = credit_note.invoice_line_ids[0]
        line.price_unit = round(line.price_unit * percent / 100, 2)
        credit_note.action_post()
        return True

    # === WHAT MUST HOLD === #

    def _check_claims(self):
        """Each claim's figures add up by themselves, and its state says whether something is open."""
        for claim in self._new("billing.claim", []):
            charged = claim.amount_charged
            known = claim.amount_paid + claim.amount_adjusted + claim.amount_transferred + claim.amount_open
            self.assertAlmostEqual(charged, known, places=2, msg=claim.name)
            if claim.state == "void":
                self.assertAlmostEqual(claim.amount_transferred, 0.0, places=2, msg=claim.name)

    @settings(
        max_examples=HISTORIES,
        deadline=None,
        derandomize=not LONG,
        database=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(history=histories)
    def _play_histories(self, history):
        with self._forgotten_afterwards():
            self._remember_start()
            self._play(history)

    def test_no_history_loses_a_cent(self):
        self._play_histories()
        for name in ("bill", "answer", "reverse", "pay", "write_off", "pass_on", "take_back", "refund", "apply_credit",
                     "unbill", "credit_note"):
            self.assertGreater(self.happened.get((name, "done"), 0), HISTORIES // 60, f"{name}: {self.happened}")
