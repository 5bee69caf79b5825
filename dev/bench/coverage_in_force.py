"""Choosing the coverage in force for a list of visits, among very many coverages."""

import time
from statistics import median

from odoo import fields
from odoo.tools import SQL

COVERAGES = 50_000
LISTS = (100, 1_000)
ROUNDS = 3


def measure(env):
    """One line for each length of the list: the number of queries must be the same."""
    visits = prepare(env)
    for length in LISTS:
        seconds, queries = [], 0
        for _round in range(ROUNDS):
            some = visits[:length]
            env.flush_all()
            env.invalidate_all()
            some.mapped("patient_id.name")
            before, started = env.cr.sql_log_count, time.perf_counter()
            chosen = some.mapped("primary_coverage_id")
            seconds.append(time.perf_counter() - started)
            queries = env.cr.sql_log_count - before
            assert len(chosen) == length, f"{length - len(chosen)} visits without coverage"
        yield {
            "n": length,
            "coverages": env["billing.coverage"].search_count([]),
            "ours_s": round(median(seconds), 3),
            "queries": queries,
        }


def prepare(env):
    """Many people with a coverage each, and visits of some of them; gives the visits."""
    payer = env["res.partner"].create({"name": "Payer", "is_company": True, "is_payer": True})
    plan = env["billing.insurance.plan"].create({"name": "Plan", "payer_id": payer.id})
    patient = env["res.partner"].create({"name": "Patient", "is_billing_account": True})
    coverage = env["billing.coverage"].create({
        "patient_id": patient.id, "plan_id": plan.id, "member_number": "M", "date_from": "2026-01-01",
    })
    env.flush_all()
    people = multiply(env, patient, COVERAGES, {"billing_account_number": "'bench ' || number"})
    multiply(env, coverage, people, {"patient_id": "number", "subscriber_id": "number"})
    env.invalidate_all()
    return env["billing.encounter"].create([
        {"patient_id": number, "date": fields.Date.to_date("2026-03-05")} for number in people[:max(LISTS)]
    ])


def multiply(env, record, numbers, values):
    """Copies of a record made by the database itself.

    :param numbers: how many, or a list of numbers that ``values`` may use
    :param values: {column: SQL expression} that differ from the record
    :return: the ids
    """
    numbers = list(range(numbers)) if isinstance(numbers, int) else numbers
    columns = [
        name for name, field in record._fields.items() if field.store and field.column_type and name != "id"
    ]
    taken = [SQL(values[name]) if name in values else SQL("source.%s", SQL.identifier(name)) for name in columns]
    return [number for (number,) in env.execute_query(SQL(
        "INSERT INTO %(table)s (%(columns)s) SELECT %(taken)s FROM %(table)s source, unnest(%(numbers)s) number "
        "WHERE source.id = %(id)s RETURNING id",
        table=SQL.identifier(record._table),
        columns=SQL(", ").join(map(SQL.identifier, columns)),
        taken=SQL(", ").join(taken),
        numbers=numbers,
        id=record.id,
    ))]
