"""One night of collections over a hundred thousand open bills of two thousand debtors: picture, stages, messages.

Each message has its recipient, language, bills and amounts, like the communications of the peer. `collections_growth`
has ten times the debtors.
"""

import os
import time
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

DEBTORS = int(os.environ.get("DEBTORS", 2_000))
BILLS = 50


def measure(env):
    """The first night, in which everything is new, and the one after it."""
    books = Books(env)
    yield from (books.measure(DEBTORS // 10, "growth"), books.measure(DEBTORS, "run"))


class Books:
    """An office with a pipeline of four stages, and debtors whose bills fell due over the last half year."""

    def __init__(self, env):
        self.env = env
        self.today = fields.Date.context_today(env["account.move"])
        self.made = 0
        env["billing.collection.stage"].search([]).active = False
        env["billing.collection.stage"].create([
            {"name": f"Stage {number}", "sequence": number, "days": days, "wait": 0, "company_id": env.company.id}
            for number, days in enumerate((1, 15, 30, 60))
        ])
        self.partner = env["res.partner"].create({
            "name": "Nora Neu", "is_billing_account": True, "email": "nora@example.com",
        })
        self.bill = env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.partner.id, "invoice_date": self.today,
            "invoice_line_ids": [Command.create({"name": "Visit", "price_unit": 60.0, "tax_ids": [Command.clear()]})],
        })
        self.bill.action_post()
        env.flush_all()

    def measure(self, debtors, what):
        """Debtors with fifty bills each, and the night that finds them."""
        env = self.env
        self.create_debtors(debtors)
        env.cr.execute("ANALYZE")
        first = self.time_night()
        steps = env["billing.collection.step"].search_count([])
        return {
            "n": debtors * BILLS, "what": what, "debtors": debtors, "ours_s": round(first[0], 3), "queries": first[1],
            "queries_per_debtor": round(first[1] / debtors, 3), "cpu_s": round(first[2], 3), "messages": steps,
        }

    def time_night(self):
        env = self.env
        env.flush_all()
        env.invalidate_all()
        before, started, cpu = env.cr.sql_log_count, time.perf_counter(), time.process_time()
        with patch.object(type(env["ir.cron"]), "_commit_progress", self.progress):
            env["billing.collection.case"]._cron_run()
            env.flush_all()
        return time.perf_counter() - started, env.cr.sql_log_count - before, time.process_time() - cpu

    @staticmethod
    def progress(cron, processed=0, *, remaining=None):
        """What each batch saves leaves nothing in memory."""
        cron.env.flush_all()
        cron.env.invalidate_all()
        return 1

    def create_debtors(self, count):
        """Copies, made by the database itself."""
        cr = self.env.cr
        partners = self._copy("res_partner", self.partner.id, count, {
            "billing_account_number": "'COPY' || copy.number", "email": "'nora' || copy.number || '@example.com'",
        })
        cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [partners])
        owners = [partner for partner in partners for _bill in range(BILLS)]
        moves = self._copy("account_move", self.bill.id, len(owners), {
            "name": "'COPY/' || copy.number", "sequence_number": "copy.number + 1000000", "partner_id": "copy.owner",
            "commercial_partner_id": "copy.owner", "payment_reference": "'COPY/' || copy.number",
        }, owner=owners)
        item = self.bill.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self._copy("account_move_line", item.id, len(owners), {
            "move_id": "copy.move", "partner_id": "copy.owner",
            "date_maturity": "source.date_maturity - (copy.number %% 180)::int",
        }, owner=owners, move=moves)
        self.made += len(owners)
        self.env.invalidate_all()

    def _copy(self, table, source_id, count, values, **given):
        """So many copies of one row, with some columns otherwise; the ids of the copies."""
        cr = self.env.cr
        cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id' "
            "AND is_generated = 'NEVER'", [table],
        )
        columns = [name for name, in cr.fetchall()]
        cr.execute(SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s source, "
            "unnest((SELECT array_agg(n) FROM generate_series(%s, %s) n)::int[]%s) AS copy (number%s) "
            "WHERE source.id = %s RETURNING id",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(SQL(values.get(name, f'source."{name}"')) for name in columns),
            SQL.identifier(table),
            self.made + 1, self.made + count,
            SQL("").join(SQL(", %s::int[]", ids) for ids in given.values()),
            SQL("").join(SQL(", %s", SQL.identifier(name)) for name in given),
            source_id,
        ))
        return [row[0] for row in cr.fetchall()]
