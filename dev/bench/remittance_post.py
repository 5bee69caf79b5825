"""Posting a payer's answer to many claims of three services, against Odoo's own payment wizard on the same invoices.

Odoo's side registers one payment for each invoice, with the difference written off: what its users would do. Ours
posts one remittance: payment, entry with every reason, and the claims closed. The variant leaves a share of every third
claim to the patient, which makes an invoice for each of them; Odoo has nothing to compare it with.
"""

import gc

from encounter_billing import Practice

from odoo import fields
from odoo.fields import Command

COUNT, MANY = 500, 5_000
# Invoices that one user pays before the next request.
TOGETHER = 10
PAID = 0.6


def measure(env):
    """The comparison, the patients' shares, and ten times as many."""
    office = Office(env)
    first, second = office.bill(COUNT), office.bill(COUNT)
    peer = office.register_payments(first)
    ours, queries = office.post(second.claim_ids)
    yield {
        "n": COUNT,
        "ours_s": round(ours, 3),
        "peer": "account.payment.register with write-off, invoice by invoice",
        "peer_s": round(peer, 3),
        "ratio": round(ours / peer, 3),
        "queries": queries,
    }
    shared, queries = office.post(office.bill(COUNT).claim_ids, patients_third=True)
    yield {
        "n": COUNT,
        "variant": "a third of the claims leave a patient's share",
        "ours_s": round(shared, 3),
        "ratio": round(shared / peer, 3),
        "queries": queries,
    }
    many, queries = office.post(office.bill(MANY).claim_ids)
    yield {"n": MANY, "ours_s": round(many, 3), "queries": queries, "times_as_long": round(many / ours, 2)}


class Office(Practice):
    """A practice that bills visits of three services and gets their answers."""

    def __init__(self, env):
        super().__init__(env)
        self.allowance = env.ref("billing_coordinator.reason_co_45")
        self.deductible = env.ref("billing_coordinator.reason_pr_1")
        self.remittances = 0

    def bill(self, count):
        """Invoices of as many visits to the payer."""
        invoices = self.env["account.move"]
        for start in range(0, count, 500):
            visits = self.create_visits(min(500, count - start))
            visits.action_ready()
            invoices |= visits._bill(fields.Date.to_date("2026-03-06"))
        self.env.flush_all()
        # As the database does by itself once they are saved.
        self.env.cr.execute("ANALYZE")
        return invoices

    def post(self, claims, patients_third=False):
        """(seconds, queries) of posting the answer to these claims; typing it is not counted."""
        remittance = self.create_answer(claims, patients_third)
        before = self.env.cr.sql_log_count
        seconds = self.clock(remittance._post_answer)
        if set(claims.mapped("state")) != {"settled"}:
            raise RuntimeError("The answer has left claims open")
        return seconds, self.env.cr.sql_log_count - before

    def create_answer(self, claims, patients_third):
        """Sixty percent of everything is paid, the rest agreed; or the patient's, for every third claim."""
        self.remittances += 1
        lines = [
            {
                "claim_id": claim.id,
                "move_line_id": line.id,
                "amount_paid": round(line.price_total * PAID, 2),
                "adjustment_ids": [Command.create({
                    "reason_id": (self.deductible if patients_third and number % 3 == 0 else self.allowance).id,
                    "amount": round(line.price_total - round(line.price_total * PAID, 2), 2),
                })],
            }
            for number, claim in enumerate(claims)
            for line in claim.invoice_id.invoice_line_ids
        ]
        return self.env["billing.remittance"].create({
            "payer_id": self.payer.id,
            "reference": f"BENCH {self.remittances}",
            "date": "2026-03-10",
            "amount": round(sum(line["amount_paid"] for line in lines), 2),
            "line_ids": [Command.create(line) for line in lines],
        })

    def register_payments(self, invoices):
        """Seconds of Odoo's wizard, invoice by invoice: sixty percent paid, the rest written off."""
        seconds = 0.0
        for start in range(0, len(invoices), TOGETHER):
            seconds += self.clock(lambda some=invoices[start:start + TOGETHER]: self.register(some))
        return seconds

    def register(self, invoices):
        """One wizard for each of these invoices."""
        account = self.env.company.billing_allowance_account_id
        for invoice in invoices:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids,
            ).create({
                "payment_date": "2026-03-10",
                "amount": round(invoice.amount_total * PAID, 2),
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": account.id,
                "writeoff_label": "Agreed discount",
            })._create_payments()

    def clock(self, work):
        """Seconds that ``work`` takes, begun as a request begins.

        What waits for the end of a transaction, tracked values for instance, keeps every environment that had to do
        with it, and each later step looks through them all: neither side carries those of what was before.
        """
        self.env.cr.flush()
        self.env.invalidate_all()
        gc.collect()
        return super().clock(work)
