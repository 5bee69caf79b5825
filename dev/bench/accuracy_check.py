"""Checking unbilled visits of three services: queries a visit, and whether ten times as many take ten times as long."""

import time
from datetime import timedelta
from statistics import median

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL, split_every

from odoo.addons.billing_coordinator.models.accuracy.accuracy_run import RUN_BATCH

SIZES = (1_000, 10_000)
PLANS = 4
DAYS = 60
PAIRS = 20_000
RULES = 3
ROUNDS = 3


def measure(env):
    """One line for each number of visits; nobody has verified their insurance, and the price of every tenth is off."""
    practice = Practice(env)
    seconds, cpus = {}, {}
    for size in SIZES:
        visits = practice.create_visits(size)
        env.flush_all()
        rounds = [check_anew(visits) for _round in range(ROUNDS)]
        seconds[size], cpus[size] = (median(figures) for figures in list(zip(*rounds, strict=True))[:2])
        queries = rounds[0][2]
        before, started = env.cr.sql_log_count, time.perf_counter()
        check_as_at_night(visits)
        again = time.perf_counter() - started
        yield {
            "n": size,
            "ours_s": round(seconds[size], 3),
            "rounds": ROUNDS,
            "queries": queries,
            "queries_per_visit": round(queries / size, 4),
            "findings": env["billing.accuracy.finding"].search_count([("encounter_id", "in", visits.ids)]),
            "again_s": round(again, 3),
            "again_queries_per_visit": round((env.cr.sql_log_count - before) / size, 4),
            "times_as_long": round(seconds[size] / seconds[SIZES[0]], 2),
            # Of this process alone: what others do on the machine at the same time does not count.
            "cpu_s": round(cpus[size], 3),
            "cpu_times_as_long": round(cpus[size] / cpus[SIZES[0]], 2),
        }


def check_anew(visits):
    """Seconds, seconds of this process and queries of a check that finds everything for the first time."""
    env = visits.env
    env["billing.accuracy.finding"].with_context(active_test=False).search(
        [("encounter_id", "in", visits.ids)],
    ).unlink()
    env.flush_all()
    env.invalidate_all()
    # As the database does by itself once they are saved.
    env.cr.execute("ANALYZE")
    before, started, cpu = env.cr.sql_log_count, time.perf_counter(), time.process_time()
    check_as_at_night(visits)
    return time.perf_counter() - started, time.process_time() - cpu, env.cr.sql_log_count - before


def check_as_at_night(visits):
    """In the batches of the nightly run; what is saved in between leaves nothing in memory."""
    for batch in split_every(RUN_BATCH, visits.ids):
        visits.browse(batch)._check_accuracy()
        visits.env.flush_all()
        visits.env.invalidate_all()


class Practice:
    """A company with four plans, each with dated contract prices, three services, and rules of its own."""

    def __init__(self, env):
        self.env = env
        own = env.ref("billing_coordinator.code_system_own")
        env.company.billing_unapproved = "yes"
        env.company.partner_id.npi = "1234567893"
        self.provider = env["res.partner"].create({"name": "Dr. Stein", "is_provider": True, "npi": "1234567893"})
        self.diagnosis = env["billing.code"].create({
            "system_id": own.id, "code": "D1", "name": "Cold", "kind": "diagnosis",
        })
        codes = env["billing.code"].create([
            {"system_id": own.id, "code": f"S{number}", "name": f"Service {number}"} for number in range(3)
        ])
        self.services = env["product.product"].create([
            {
                "name": code.name, "type": "service", "list_price": 100 + number, "billing_code_id": code.id,
                "taxes_id": [Command.clear()],
            }
            for number, code in enumerate(codes)
        ])
        self.plans = env["billing.insurance.plan"].create([
            {
                "name": f"Plan {number}",
                "payer_id": env["res.partner"].create({"name": f"Payer {number}", "is_payer": True}).id,
                "pricelist_id": self._create_pricelist(number).id,
            }
            for number in range(PLANS)
        ])
        env["billing.accuracy.rule"].create([
            {"name": f"Rule {number}", "message": "Look twice.", "domain": f"[('amount_total', '>', {1000 + number})]"}
            for number in range(RULES)
        ])
        env.cr.execute(SQL(
            "INSERT INTO billing_code_pair (system_id, code_1, code_2, setting, modifier_allowed) "
            "SELECT %s, 'P' || n, 'Q' || n, 'practitioner', TRUE FROM generate_series(1, %s) n", own.id, PAIRS,
        ))

    def _create_pricelist(self, number):
        """Prices that change in the middle of the time."""
        middle = fields.Date.to_date("2026-02-01")
        return self.env["product.pricelist"].create({
            "name": f"Contract {number}",
            "item_ids": [
                Command.create({
                    "applied_on": "1_product",
                    "product_tmpl_id": service.product_tmpl_id.id,
                    "compute_price": "fixed",
                    "fixed_price": 90 + number + rise,
                    "date_start" if rise else "date_end": middle,
                })
                for service in self.services
                for rise in (0, 5)
            ],
        })

    def create_visits(self, count):
        """Visits of as many insured patients, over sixty days."""
        first = fields.Date.to_date("2026-01-05")
        patients = self.env["res.partner"].create([
            {
                "name": f"Patient {number}", "is_billing_account": True, "birth_date": "1980-02-29",
                "street": "1 Elm St", "city": "Oakdale", "zip": "12345",
            }
            for number in range(count)
        ])
        self.env["billing.coverage"].create([
            {
                "patient_id": patient.id,
                "plan_id": self.plans[number % PLANS].id,
                "member_number": f"M-{patient.id}",
                "date_from": "2026-01-01",
            }
            for number, patient in enumerate(patients)
        ])
        return self.env["billing.encounter"].create([
            {
                "patient_id": patient.id,
                "date": first + timedelta(days=number % DAYS),
                "provider_id": self.provider.id,
                "diagnosis_ids": [Command.create({"code_id": self.diagnosis.id})],
                "line_ids": [
                    Command.create({
                        "product_id": service.id, "quantity": 1 + number % 2,
                        **({"price_unit": 300.0} if number % 10 == 0 else {}),
                    })
                    for service in self.services
                ],
            }
            for number, patient in enumerate(patients)
        ])
