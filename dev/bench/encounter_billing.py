"""Billing visits of three services, to posted invoice and claim, against Odoo's own create-and-post of the invoices."""

import time
from statistics import median

from odoo import fields
from odoo.fields import Command

COUNT = 200
ROUNDS = 3


def measure(env):
    """Both sides in turn, several rounds; the median counts."""
    practice = Practice(env)
    ours, peer, queries = [], [], 0
    for _round in range(ROUNDS):
        visits = practice.create_visits(COUNT)
        visits.action_ready()
        peer.append(practice.clock(lambda: practice.create_and_post_invoices(COUNT)))
        before = env.cr.sql_log_count
        ours.append(practice.clock(lambda visits=visits: visits._bill(fields.Date.to_date("2026-03-06"))))
        queries = env.cr.sql_log_count - before
    yield {
        "n": COUNT,
        "ours_s": round(median(ours), 3),
        "peer": "account.move create and action_post",
        "peer_s": round(median(peer), 3),
        "ratio": round(median(ours) / median(peer), 3),
        "queries": queries,
    }


class Practice:
    """A company with a payer, patients and three services."""

    def __init__(self, env):
        self.env = env
        company = env.company
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        company._billing_setup()
        self.payer = env["res.partner"].create({"name": "Payer", "is_company": True, "is_payer": True})
        self.plan = env["billing.insurance.plan"].create({"name": "Plan", "payer_id": self.payer.id})
        system = env.ref("billing_coordinator.code_system_own")
        self.diagnosis = env["billing.code"].create({
            "system_id": system.id, "code": "D1", "name": "Cold", "kind": "diagnosis",
        })
        self.provider = env["res.partner"].create({"name": "Dr. Stein", "is_provider": True, "npi": "1234567893"})
        self.services = env["product.product"].create([
            {
                "name": code.name, "type": "service", "list_price": 100 + number, "billing_code_id": code.id,
                "taxes_id": [Command.clear()],
            }
            for number, code in enumerate(env["billing.code"].create([
                {"system_id": system.id, "code": f"S{number}", "name": f"Service {number}"} for number in range(3)
            ]))
        ])

    def clock(self, work):
        """Seconds that ``work`` takes, from an empty cache to flushed."""
        self.env.flush_all()
        self.env.invalidate_all()
        started = time.perf_counter()
        work()
        self.env.flush_all()
        return time.perf_counter() - started

    def create_visits(self, count):
        """Visits of as many patients, each covered by the payer."""
        patients = self.env["res.partner"].create([
            {"name": f"Patient {number}", "is_billing_account": True, "birth_date": "1980-02-29"}
            for number in range(count)
        ])
        self.env["billing.coverage"].create([
            {
                "patient_id": patient.id,
                "plan_id": self.plan.id,
                "member_number": f"M-{patient.id}",
                "date_from": "2026-01-01",
            }
            for patient in patients
        ])
        return self.env["billing.encounter"].create([
            {
                "patient_id": patient.id,
                "date": "2026-03-05",
                "provider_id": self.provider.id,
                "diagnosis_ids": [Command.create({"code_id": self.diagnosis.id})],
                "line_ids": [Command.create({"product_id": service.id}) for service in self.services],
            }
            for patient in patients
        ])

    def create_and_post_invoices(self, count):
        """The same invoices as Odoo makes them."""
        moves = self.env["account.move"].create([
            {
                "move_type": "out_invoice",
                "partner_id": self.payer.id,
                "invoice_date": "2026-03-06",
                "invoice_line_ids": [
                    Command.create({
                        "product_id": service.id,
                        "quantity": 1,
                        "price_unit": service.list_price,
                        "tax_ids": [Command.clear()],
                    })
                    for service in self.services
                ],
            }
            for _number in range(count)
        ])
        moves.action_post()
