"""One night over running payment plans: time and queries, and whether ten times as many take ten times as long.

Of a hundred plans, five are reminded of an instalment by e-mail, one has missed one, and the others go on as they are.
"""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

SIZES = (2_000, 20_000)
INSTALMENTS = 6


def measure(env):
    """One line for each number of plans."""
    office = Office(env)
    seconds, cpus = {}, {}
    done = 0
    for size in SIZES:
        office.create_plans(size - done)
        done = size
        office.forget_last_night()
        env.flush_all()
        env.invalidate_all()
        # As the database does by itself once they are saved.
        env.cr.execute("ANALYZE")
        before, started, cpu = env.cr.sql_log_count, time.perf_counter(), time.process_time()
        office.work_at_night()
        seconds[size], cpus[size] = time.perf_counter() - started, time.process_time() - cpu
        queries = env.cr.sql_log_count - before
        reminded = env["billing.payment.plan.instalment"].search_count([("reminded_on", "!=", False)])
        yield {
            "n": size,
            "ours_s": round(seconds[size], 3),
            "queries": queries,
            "queries_per_plan": round(queries / size, 4),
            "reminded": reminded,
            "missed": env["billing.payment.plan"].search_count([("missed_told", ">", 0)]),
            "times_as_long": round(seconds[size] / seconds[SIZES[0]], 2),
            "cpu_s": round(cpus[size], 3),
            "cpu_times_as_long": round(cpus[size] / cpus[SIZES[0]], 2),
        }


class Office:
    """A bill, an agreement of six instalments over it, and as many copies of both as are wanted."""

    def __init__(self, env):
        self.env = env
        self.today = fields.Date.context_today(env["billing.payment.plan"])
        policy = env["billing.plan.policy"].create({"name": "Six months", "amount_min": 0.0, "instalment_min": 0.0})
        self.partner = env["res.partner"].create({
            "name": "Nora Neu", "is_billing_account": True, "email": "nora@example.com",
        })
        bill = env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.partner.id, "invoice_date": self.today,
            "invoice_line_ids": [Command.create({"name": "Visit", "price_unit": 600.0, "tax_ids": [Command.clear()]})],
        })
        bill.action_post()
        self.plan = env["billing.payment.plan"].create({
            "partner_id": self.partner.id, "policy_id": policy.id, "date": self.today,
            "date_first": self.today + timedelta(days=20), "instalment_count": INSTALMENTS,
        })
        self.plan._take_debts()
        self.plan.action_accept()
        self.bill = bill
        self.made = 0
        env.flush_all()

    def create_plans(self, count):
        """Copies, made by the database itself: billing so many visits would take longer than what is measured."""
        partners = self._copy("res_partner", self.partner.ids, count, {
            "billing_account_number": "'COPY' || copy.number",
        })
        self.env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [partners])
        moves = self._copy("account_move", self.bill.ids, count, {
            "name": "'COPY/' || copy.number", "sequence_number": "copy.number + 1000000",
            "partner_id": "copy.partner_id", "commercial_partner_id": "copy.partner_id",
            "payment_reference": "'COPY/' || copy.number",
        }, partner_id=partners)
        items = self._copy("account_move_line", self.bill.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable",
        ).ids, count, {"move_id": "copy.move_id", "partner_id": "copy.partner_id"}, move_id=moves, partner_id=partners)
        # Five of a hundred are due in two days, one has been for ten; the others in twenty.
        shift = "CASE WHEN copy.number %% 100 = 0 THEN -30 WHEN copy.number %% 100 <= 5 THEN -18 ELSE 0 END"
        plans = self._copy("billing_payment_plan", self.plan.ids, count, {
            "name": "'COPY-' || copy.number", "partner_id": "copy.partner_id", "date": f"source.date + ({shift}) - 30",
            "date_next": f"source.date_next + ({shift})",
        }, partner_id=partners)
        self._copy("billing_payment_plan_item", self.plan.item_ids.ids, count, {
            "plan_id": "copy.plan_id", "move_line_id": "copy.item_id",
        }, plan_id=plans, item_id=items)
        for row in self.plan.instalment_ids:
            self._copy("billing_payment_plan_instalment", row.ids, count, {
                "plan_id": "copy.plan_id", "partner_id": "copy.partner_id", "date": f"source.date + ({shift})",
            }, plan_id=plans, partner_id=partners)
        self.made += count
        self.env.invalidate_all()

    def _copy(self, table, ids, count, values=None, **given):
        """So many copies of one row, with some columns otherwise.

        :param dict values: column -> SQL, of ``source`` and ``copy``
        :param given: lists of ids, one for each copy, that ``values`` name as columns of ``copy``
        :return: the ids of the copies
        """
        cr = self.env.cr
        cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id' "
            "AND is_generated = 'NEVER'", [table],
        )
        columns = [name for name, in cr.fetchall()]
        source = SQL(", ").join(
            SQL((values or {}).get(name, "source." + f'"{name}"')) for name in columns
        )
        lists = SQL("").join(SQL(", %s::int[]", ids_given) for ids_given in given.values())
        names = SQL("").join(SQL(", %s", SQL.identifier(name)) for name in given)
        cr.execute(SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s source, "
            "unnest((SELECT array_agg(n) FROM generate_series(%s, %s) n)::int[]%s) AS copy (number%s) "
            "WHERE source.id = %s RETURNING id",
            SQL.identifier(table), SQL(", ").join(map(SQL.identifier, columns)), source, SQL.identifier(table),
            self.made + 1, self.made + count, lists, names, ids[0],
        ))
        return [row[0] for row in cr.fetchall()]

    def forget_last_night(self):
        """As if nobody had been reminded or told yet."""
        self.env.cr.execute("UPDATE billing_payment_plan_instalment SET reminded_on = NULL")
        self.env.cr.execute("UPDATE billing_payment_plan SET missed_told = 0")

    def work_at_night(self):
        """The scheduled job; what each batch saves leaves nothing in memory."""
        def progress(cron, processed=0, *, remaining=None):
            cron.env.flush_all()
            cron.env.invalidate_all()
            return 1

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", progress):
            self.env["billing.payment.plan"]._cron_follow()
