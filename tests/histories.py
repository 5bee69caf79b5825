"""Random histories of an office: what may happen, and what must hold whatever the order."""

import os
from base64 import b64encode
from contextlib import contextmanager
from random import Random
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import freeze_time

from .common import BillingCase

LONG = bool(os.environ.get("BILLING_LONG_TESTS"))
EVENTS = 12 if LONG else 5

cents = st.integers(min_value=1, max_value=60_000).map(lambda amount: amount / 100)
few_cents = st.integers(min_value=1, max_value=40).map(lambda amount: amount / 100)


class Event(NamedTuple):
    """The dice of one event; what they mean depends on what is possible when it comes."""

    what: int
    which: int
    percent: int
    flag: bool
    second_flag: bool
    prices: list
    portions: list


events = st.builds(
    Event,
    what=st.integers(0, 9999),
    which=st.integers(0, 11),
    percent=st.integers(1, 130),
    flag=st.booleans(),
    second_flag=st.booleans(),
    prices=st.lists(st.one_of(cents, few_cents), min_size=1, max_size=3),
    portions=st.lists(st.integers(min_value=0, max_value=7), min_size=5, max_size=5).filter(any),
)
histories = st.lists(events, min_size=2, max_size=EVENTS)


class HistoryCase(BillingCase):
    """Five patients: insured once, insured twice, insured in split mode (taxes, deductible), and two not insured, of
    whom one has come to a collection agency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
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
        late = cls._create_patient("Eva Late")
        cls.patients = cls.patient + twice + split + uninsured + late
        cls.reversal_date = fields.Date.to_date("2026-03-15")
        cls.bank = cls.company.billing_payment_journal_id
        cls.policy = cls.env["billing.plan.policy"].create({
            "name": "Whatever helps", "amount_min": 0.0, "instalment_min": 0.0, "months_max": 0, "missed_max": 0,
            "late_max": 0, "needs_answer": False, "company_id": cls.company.id,
        })
        agency = cls.env["res.partner"].create({"name": "Rigor Inkasso", "is_collection_agency": True})
        cls.agreement = cls.env["billing.agency.agreement"].create({
            "name": "Rigor 1", "agency_id": agency.id, "date_from": "2026-01-01", "document": b64encode(b"signed"),
            "since_demand": 0, "fee_minimum": 3.0, "company_id": cls.company.id,
            "fee_ids": [Command.create({"percent": 25.0})],
        })
        cls.happened = {}

    def _fill_the_books(self):
        """An office that has worked for a while: every history goes on from here, so that short ones get far."""
        ana, ben, cleo, dan, eva = self.patients
        self._remember_start()
        settled, pending, twice, undone = (self._bill(patient=patient) for patient in (ana, ana, ben, ben))
        self._bill(patient=ben).encounter_id._unbill("wrong")
        self._bill(patient=cleo, services=[(self.taxed, 33.33), (self.taxed, 0.05)])
        overpaid, written_off = self._bill(patient=dan), self._bill(patient=dan)
        for invoice in (settled, twice, undone):
            answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
            if invoice == settled:
                self._pay(answer.caused_move_ids.filtered("billing_kind"))
        second = undone.encounter_id.claim_ids - undone.claim_ids
        answer = self._answer(second, 50.0, [(self.pr_2, 30.0)])
        self._pay(answer.caused_move_ids.filtered("billing_kind"))
        undone.claim_ids.remittance_line_ids.remittance_id._reverse(self.reversal_date, "wrong", money="keep")
        self._pay(overpaid, 520.0)
        self._decide(written_off, self.small_balance, 10)
        self._agree(dan, count=4, rate=9.5)
        for end in ("_return", None):
            self._bill(patient=eva)
            placement = self._place(eva)
            self._collect(placement, 120.0, "net")
            if end:
                placement._return()
                placement._write_off()
        self.assertEqual(pending.claim_ids.state, "ready")
        # Without statistics the tables look empty to PostgreSQL; histories that were rolled back fill them with dead
        # rows, and its plans would take seconds.
        self.env.flush_all()
        self.env.cr.execute("ANALYZE")

    # === ONE HISTORY === #

    @contextmanager
    def _forgotten_afterwards(self):
        """What happens inside is rolled back."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            yield
        finally:
            # What is still waiting to be written belongs to what is forgotten.
            self.env.transaction.clear()
            savepoint.close(rollback=True)

    def _play(self, history):
        for number, event in enumerate(history):
            possible = self._find_possible()
            if not LONG:
                # What was never tried comes first: every kind of event has its turn, whatever the dice favour.
                tried = {name for name, _outcome in self.happened}
                possible += [name for name in possible if name not in tried for _time in range(8)]
            # All of its dice together: numbers alone come again and again, and some events would never come.
            name = Random(repr(event)).choice(possible)
            try:
                with self.env.cr.savepoint():
                    getattr(self, f"_event_{name}")(self._pick(self._candidates[name], event.which), event, number)
                outcome = "done"
            except UserError:
                # Refused with a sentence: then nothing may have happened, which the checks below prove.
                self.env.invalidate_all()
                outcome = "refused"
            self.happened[name, outcome] = self.happened.get((name, outcome), 0) + 1
            self._check_claims()
        self.assertConserved()

    def _pick(self, records, number):
        return records[number % len(records)]

    def _new(self, model, domain):
        """Records of this history, in the order in which they came."""
        return self.env[model].search([("id", ">", self.start[model]), *domain], order="id")

    def _remember_start(self):
        self.start = {
            model: self.env[model].search([], order="id desc", limit=1).id or 0
            for model in (
                "account.move", "account.move.line", "billing.encounter", "billing.claim", "billing.remittance",
                "billing.remittance.line",
                "billing.adjustment", "billing.payment.plan", "billing.placement", "billing.recovery",
            )
        }

    def _find_possible(self):
        """Names of the events that have something to work on, the ones that lead further more than once."""
        invoices = self._new("account.move", [("billing_kind", "!=", False), ("move_type", "=", "out_invoice")])
        flows = self.env["billing.charge.flow"]._get_flows(invoices)
        owed = invoices.filtered(lambda move: flows[move]["open"] > 0)
        unpaid = invoices.filtered(lambda move: move.amount_residual > 0)
        credits = self._new("account.move.line", [
            ("account_id.account_type", "=", "asset_receivable"), ("parent_state", "=", "posted"),
            ("amount_residual", "<", 0),
        ])
        plans = self._new("billing.payment.plan", [])
        running = plans.filtered(lambda plan: plan.state == "active")
        self._candidates = {
            "bill": self.patients,
            "answer": self._new("billing.claim", [("state", "not in", ("void", "settled"))]),
            "reverse": self._new("billing.remittance", [("state", "=", "posted")]),
            **self._find_possible_with_payers(),
            "pay": unpaid.filtered(lambda move: move.partner_id in self.patients),
            "write_off": owed,
            "pass_on": owed.filtered("billing_coverage_id"),
            "take_back": self._new("billing.adjustment", [("state", "=", "posted")]),
            "refund": credits.filtered(lambda item: item.partner_id in self.patients),
            "apply_credit": unpaid.filtered(lambda move: move.commercial_partner_id in credits.partner_id),
            "unbill": self._new("billing.encounter", [("state", "=", "billed")]),
            "bill_again": self._new("billing.encounter", [("state", "=", "ready")]),
            "credit_note": invoices.filtered(lambda move: move.billing_kind == "charge"),
            "dispute": unpaid.filtered(lambda move: move.partner_id in self.patients),
            "plan": unpaid.partner_id & self.patients - running.partner_id,
            "plan_night": plans.filtered(lambda plan: plan.state in ("active", "completed")),
            "plan_renegotiated": running,
            "plan_cancelled": running,
            **self._find_possible_with_agencies(unpaid),
        }
        weights = {
            "answer": 5, "reverse": 3, "claim_taken_back": 3, "second_answer": 3, "pay": 3, "apply_credit": 3,
            "refund": 2, "take_back": 2, "bill_again": 2,
            "plan": 4, "plan_night": 3, "plan_renegotiated": 2, "plan_cancelled": 2,
            "credit_note": 2, "place": 3, "collect": 3, "collect_late": 2, "collected_wrongly": 2, "give_back": 2,
        }
        return [
            name for name, records in self._candidates.items() if records for _time in range(weights.get(name, 1))
        ]

    # === EVENTS === #

    def _event_bill(self, patient, event, _number):
        service = self.taxed if event.flag else self.service
        moves = self._bill(patient=patient, services=[(service, amount) for amount in event.prices])
        self._check_billed(moves)

    def _event_bill_again(self, encounter, _event, _number):
        self._check_billed(encounter._bill(self.reversal_date))

    def _check_billed(self, moves):
        """The invoices ask for what the visit says, whoever gets them, with the tax that one invoice would carry."""
        encounter = moves.encounter_id
        self.assertAlmostEqual(sum(moves.mapped("amount_untaxed")), encounter.amount_total, places=2)
        tax = round(encounter.amount_total * 0.21, 2) if encounter.line_ids.tax_ids else 0.0
        self.assertAlmostEqual(sum(moves.mapped("amount_tax")), tax, delta=0.011)

    def _event_unbill(self, encounter, event, _number):
        self._prefer_unanswered(encounter, event)._unbill("wrong")

    def _prefer_unanswered(self, visit, event):
        """Half of the time a visit that no payer has answered, when there is one: an answer forbids much."""
        unanswered = self._new("billing.encounter", [("state", "=", "billed")]).filtered(
            lambda other: set(other.claim_ids.mapped("state")) == {"ready"},
        )
        return self._pick(unanswered, event.which) if event.flag and unanswered else visit

    def _event_answer(self, claims, event, number):
        if event.flag:
            claims = self._candidates["answer"].filtered(lambda other: other.payer_id == claims.payer_id)
        answer = self._prepare_answer(claims, 0.0, reference=f"CHK {number}")
        for line in answer.line_ids:
            self._divide(line, event.portions)
        paid = round(sum(answer.line_ids.mapped("amount_paid")), 2)
        credit = round(min(paid, answer.payer_credit), 2) if event.second_flag else 0.0
        answer.write({"amount": round(paid - credit, 2), "credit_amount": credit})
        answer.action_post()

    # === WHAT PAYERS DO BESIDES === #

    def _find_possible_with_payers(self):
        """Events of whole remittances: claims taken back, money apart from claims, answers of second payers."""
        waiting = self._new("billing.claim", [("state", "not in", ("void", "settled"))])
        return {
            "claim_taken_back": self._new("billing.remittance.line", [("is_in_force", "=", True)]),
            "kept_apart": waiting,
            "money_waits": self.payer + self.payer_b,
            "second_answer": waiting.filtered(lambda claim: claim.invoice_id.billing_kind == "transfer"),
        }

    def _event_claim_taken_back(self, line, event, number):
        """One claim of an answer is taken back: for another claim, for a new answer to it, or to be used later."""
        earlier = line.remittance_id
        lines = earlier.line_ids.filtered(lambda other: other.is_in_force and other.claim_id == line.claim_id)
        others = self._candidates["kept_apart"].filtered(lambda claim: claim.payer_id == earlier.payer_id)
        answered = line.claim_id if event.flag else others[:1] if event.second_flag else others[:0]
        taken = round(sum(lines.mapped("amount_paid")), 2)
        remittance = self.env["billing.remittance"].create({
            "payer_id": earlier.payer_id.id, "reference": f"TAKEN {number}", "date": "2026-03-14",
            "line_ids": [
                *(Command.create(undone._prepare_reversal_vals()) for undone in lines),
                *answered._prepare_answer_lines(),
            ],
        })
        for answer in remittance.line_ids._get_answers():
            self._divide(answer, event.portions)
        self._balance(remittance, event, taken)
        remittance.action_post()
        self.assertFalse(any(lines.mapped("is_in_force")))

    def _balance(self, remittance, event, taken=0.0):
        """Make the money fit: a cheque where more is paid; else it waits or is carried forward."""
        paid = round(sum(remittance.line_ids._get_answers().mapped("amount_paid")), 2)
        kept = round(sum(remittance.provider_adjustment_ids.mapped("amount")), 2)
        rest = round(paid - taken - kept, 2)
        if rest >= 0:
            remittance.amount = rest
        elif event.percent % 2:
            remittance.amount_unapplied = -rest
        else:
            remittance.provider_adjustment_ids = [
                Command.create({"code": "FB", "reference": f"FB {event.which % 3}", "amount": rest}),
            ]

    def _event_kept_apart(self, claim, event, number):
        """An answer with a recovery, a balance carried forward or interest apart from the claim."""
        remittance = self._prepare_answer(claim, 0.0, reference=f"KEPT {number}")
        for line in remittance.line_ids:
            self._divide(line, event.portions)
        code, sign = [("WO", 1), ("FB", 1), ("L6", -1), ("WO", -1), ("L6", 1)][event.which % 5]
        remittance.provider_adjustment_ids = [Command.create({
            "code": code, "reference": f"FB {event.percent % 3}", "amount": sign * event.prices[0],
        })]
        self._balance(remittance, event)
        remittance.action_post()

    def _event_money_waits(self, payer, event, number):
        """Money for which no claim is known: a later answer may use it."""
        self.env["billing.remittance"].create({
            "payer_id": payer.id, "reference": f"WAITS {number}", "date": "2026-03-13", "amount": event.prices[0],
            "amount_unapplied": event.prices[0],
        }).action_post()

    def _event_second_answer(self, claim, event, number):
        """A second payer answers the whole charge: OA-23 says what the first one took care of."""
        remittance = self._prepare_answer(claim, 0.0, reference=f"SECOND {number}")
        oa_23 = self.env.ref("billing_coordinator.reason_oa_23")
        for line in remittance.line_ids:
            self._divide(line, event.portions)
        first = remittance.line_ids[:1]
        elsewhere = first.move_line_id._get_billed_elsewhere()[first.move_line_id]
        if elsewhere:
            first.adjustment_ids = [Command.create({"reason_id": oa_23.id, "amount": elsewhere})]
        self._balance(remittance, event)
        remittance.action_post()

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

    def _event_reverse(self, remittance, event, _number):
        remittance._reverse(self.reversal_date, "wrong", money="keep" if event.flag else "take_back")

    def _event_pay(self, invoice, event, _number):
        self._pay(invoice, max(0.01, round(invoice.amount_residual * event.percent / 100, 2)))

    def _event_write_off(self, invoice, event, _number):
        self._decide(invoice, self.small_balance, event.percent)

    def _event_pass_on(self, invoice, event, _number):
        self._decide(invoice, self.pr_96, event.percent)

    def _decide(self, invoice, reason, percent):
        amount = round(self._flow(invoice)["open"] * min(percent, 100) / 100, 2)
        self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": reason.id, "amount": max(amount, 0.01), "date": "2026-03-14",
        }).action_approve()

    def _event_take_back(self, decision, _event, _number):
        decision.action_reverse()

    def _event_refund(self, credit, _event, _number):
        payment = self.env["account.payment"].create({
            "payment_type": "outbound", "partner_type": "customer", "partner_id": credit.partner_id.id,
            "amount": -credit.amount_residual, "date": "2026-03-16", "journal_id": self.bank.id,
        })
        payment.action_post()
        (credit + payment.move_id.line_ids.filtered(lambda item: item.account_id == credit.account_id)).reconcile()

    def _event_apply_credit(self, invoice, event, _number):
        """Odoo's own button on an invoice: credit of the same debtor is assigned to it."""
        credits = self._new("account.move.line", [
            ("partner_id", "=", invoice.commercial_partner_id.id), ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", "asset_receivable"), ("amount_residual", "<", 0),
        ])
        invoice.js_assign_outstanding_line(self._pick(credits, event.percent).id)

    def _event_credit_note(self, invoice, event, _number):
        """Odoo's own credit note, over a part of a charge."""
        visit = self._prefer_unanswered(invoice.encounter_id, event)
        invoice = visit.invoice_ids.filtered(lambda move: move in self._candidates["credit_note"])[:1] or invoice
        credit_note = self._reverse_invoice(invoice, reason="less")
        line = credit_note.invoice_line_ids[0]
        line.price_unit = round(line.price_unit * min(event.percent, 100) / 100, 2)
        credit_note.action_post()

    def _event_dispute(self, invoice, event, _number):
        """Somebody disputes what is open of a bill, and the office takes a part of the bill off, or bills again."""
        item = self.env["account.move.line"].search([
            ("move_id", "=", invoice.id), ("account_id.account_type", "=", "asset_receivable"),
            ("amount_residual", ">", 0),
        ], limit=1)
        dispute = self.env["billing.dispute"].create({
            "partner_id": invoice.commercial_partner_id.id,
            "category_id": self.env.ref("billing_coordinator.dispute_category_amount").id,
            "item_ids": [Command.create({"move_line_id": item.id})],
        })
        if event.flag and event.second_flag:
            dispute._resolve("corrected")
        else:
            amount = max(0.01, round(invoice.amount_total * event.percent / 130, 2))
            dispute._resolve("credited", {dispute.item_ids: amount})
            self.assertEqual(dispute.amount_credited, amount)
        # Told at once, nothing of it is left alone any longer.
        dispute.action_told()

    def _event_plan(self, patient, event, _number):
        self._agree(
            patient, count=1 + event.which, rate=9.5 if event.flag else 0.0, fee=5.01 if event.second_flag else 0.0,
            on_less="lower" if event.percent % 2 else "shorten",
        )

    def _agree(self, patient, count, **values):
        """An agreement that began in January: instalments, fee and interest have fallen due by now."""
        plan = self.env["billing.payment.plan"].create({
            "partner_id": patient.id, "policy_id": self.policy.id, "date": "2026-01-05", "date_first": "2026-02-01",
            "instalment_count": count, **values,
        })
        plan._take_debts()
        plan.action_accept()

    def _event_plan_night(self, plan, _event, _number):
        if plan.state == "active":
            plan._follow()
        elif plan.date_next:
            plan._reopen()
        if plan.state == "active":
            self._check_plan(plan)

    def _event_plan_renegotiated(self, plan, event, _number):
        later = self.env["billing.payment.plan"].browse(plan.action_renegotiate()["res_id"])
        later.write({"mode": "count", "instalment_count": 1 + event.which})
        later.action_accept()
        self.assertEqual(plan.state, "replaced")

    def _event_plan_cancelled(self, plan, _event, _number):
        plan.action_cancel()

    # === AGENCIES === #

    def _find_possible_with_agencies(self, unpaid):
        placements = self._new("billing.placement", [])
        with_agency = placements.filtered(lambda placement: placement.state == "placed")
        return {
            "place": unpaid.partner_id & self.patients,
            "collect": with_agency,
            "collect_late": placements.filtered(lambda placement: placement.state in ("returned", "recalled")),
            "collected_wrongly": self._new("billing.recovery", [("state", "=", "posted")]),
            "give_back": with_agency,
            "call_back": with_agency,
            "came_later": self._new("billing.adjustment", [
                ("state", "=", "posted"), ("reason_id.account_kind", "=", "bad_debt"),
            ]),
        }

    def _event_place(self, patient, _event, _number):
        self._place(patient)

    def _place(self, patient):
        """Hand over what is open, months later."""
        cases = self.env["billing.collection.case"].sudo()
        case = cases.search([("partner_id", "=", patient.id), ("state", "=", "open")]) or cases.create({
            "partner_id": patient.id, "company_id": self.company.id,
        })
        self.env.flush_all()
        cases._add_items(self.company)
        with freeze_time("2026-07-01"):
            batch = case.sudo(False)._prepare_batch(self.agreement)
            batch.action_hand_over()
        return batch.placement_ids

    def _event_collect(self, placement, event, _number):
        self._collect(placement, placement.amount_placed * event.percent / 100, "net" if event.flag else "gross")

    def _event_collect_late(self, placement, event, number):
        self._event_collect(placement, event, number)

    def _collect(self, placement, amount, pays):
        recovery = self.env["billing.recovery"].create({
            "agreement_id": self.agreement.id,
            "reference": f"R-{self.env['billing.recovery'].search_count([])}",
            "date": "2026-03-16",
            "pays": pays,
            "line_ids": [Command.create({"placement_id": placement.id, "amount": max(round(amount, 2), 0.01)})],
        })
        recovery.amount_received = recovery.amount_expected
        recovery.action_post()

    def _event_collected_wrongly(self, recovery, _event, _number):
        recovery.action_reverse()

    def _event_give_back(self, placement, event, _number):
        placement._return()
        if event.flag:
            placement._write_off()

    def _event_call_back(self, placement, _event, _number):
        placement._recall("complaint")

    def _event_came_later(self, decision, event, _number):
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": decision.partner_id.id,
            "amount": event.prices[0], "date": "2026-03-16", "journal_id": self.bank.id,
        })
        payment.action_post()
        decision.action_reinstate()

    # === WHAT MUST HOLD === #

    def _check_plan(self, plan):
        """Once it has followed its debts, a running plan asks for what is open, no more and no less."""
        items = plan.item_ids
        self.assertAlmostEqual(
            sum(items.mapped("amount_start")), sum(plan.instalment_ids.mapped("principal")), places=2, msg=plan.name,
        )
        charged = plan.charge_ids.filtered(lambda move: move.state == "posted")
        left = sum(items.move_line_id.mapped("amount_residual")) + sum(charged.mapped("amount_residual"))
        to_come = sum(
            row.fee + row.interest for row in plan.instalment_ids if not row.charge_id
        )
        self.assertAlmostEqual(plan.amount_open, left + to_come, places=2, msg=plan.name)
        days = plan.instalment_ids.mapped("date")
        self.assertEqual(len(set(days)), len(days), plan.name)
        for item in items:
            self.assertEqual(item.move_line_id.date_maturity, item.date_maturity_plan, plan.name)

    def _check_claims(self):
        """Each claim's figures add up by themselves, and its state says whether something is open."""
        for claim in self._new("billing.claim", []):
            known = claim.amount_paid + claim.amount_adjusted + claim.amount_transferred + claim.amount_open
            # What had been passed on to a payer and was taken back is as if it had never been asked.
            taken_back = claim.state == "void" and claim.invoice_id.billing_kind == "transfer"
            charged = 0.0 if taken_back else claim.amount_charged
            self.assertAlmostEqual(charged, known, places=2, msg=claim.name)
            if claim.state == "settled":
                self.assertLessEqual(round(claim.amount_open, 2), 0.0, claim.name)
            elif claim.state != "void":
                self.assertGreater(round(claim.amount_open, 2), 0.0, claim.name)

    def _play_histories(self, dice, count, every=True):
        """Play random histories, each from the same books; nothing of them stays.

        :param int dice: the same number gives the same histories; in the long run they are others every time
        :param int count: how many
        :param bool every: so many that every kind of event has to have come
        """
        self._fill_the_books()

        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            # Looking for the shortest history that fails takes half an hour: the long run does.
            phases=(Phase.generate, Phase.shrink) if LONG else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(history=histories)
        def play(history):
            with self._forgotten_afterwards():
                self._play(history)

        (play if LONG else seed(dice)(play))()
        if not every:
            return
        tried = {name for name, _outcome in self.happened}
        done = {name for name, outcome in self.happened if outcome == "done"}
        self.assertEqual(tried, set(self._candidates), f"What was never tried in {count} histories proves nothing.")
        # What needs much else to happen first may come off in another class only.
        self.assertGreaterEqual(len(done), len(tried) - 2, self.happened)
