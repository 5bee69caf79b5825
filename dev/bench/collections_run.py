"""One night of collections over a hundred thousand open bills of two thousand debtors: picture, stages, messages.

Each message has its recipient, language, bills and amounts, like the communications of the peer: OCA's
`account_credit_control`, which computes levels and makes its communications from the same bills in the same run. The
growth is measured from a tenth of the debtors. `DEBTORS` asks for fewer; the peer needs minutes.
"""

import os
import time
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

PEER_PACKAGES = ("odoo-addon-account-credit-control==19.0.1.0.0.13",)
PEER_MODULES = ("account_credit_control",)
DEBTORS = int(os.environ.get("DEBTORS", 2_000))
BILLS = 50


def measure(env):
    """The first night of a tenth of the debtors and of all of them, in which everything is new; then the peer."""
    books = Books(env)
    few = books.measure(DEBTORS // 10)
    all_of_them = books.measure(DEBTORS)
    growth = {
        "times_as_long": round(all_of_them["ours_s"] / few["ours_s"], 2),
        "cpu_times_as_long": round(all_of_them["cpu_s"] / few["cpu_s"], 2),
    }
    yield {"what": "collections_growth", **few}
    yield {"what": "collections_growth", **all_of_them, **growth}
    peer = books.measure_peer()
    yield {
        "what": "collections_run", **all_of_them, **peer,
        "ratio": round((peer["peer_levels_s"] + peer["peer_messages_s"]) / all_of_them["ours_s"], 1),
    }


class Books:
    """An office with a pipeline of four stages, and debtors whose bills fell due over the last half year."""

    def __init__(self, env):
        self.env = env
        self.today = fields.Date.context_today(env["account.move"])
        self.made = 0
        env["billing.collection.stage"].search([]).active = False
        env["billing.collection.stage"].create([
            {
                "name": f"Stage {number}", "sequence": number, "days": days, "wait": 0, "company_id": env.company.id,
                "channel": "letter", "subject": f"Stage {number}", "text": "<p>Please pay.</p>",
            }
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

    def measure(self, debtors):
        """Debtors with fifty bills each, and the night that finds them; those of before are paid."""
        env = self.env
        env.cr.execute(
            "UPDATE account_move_line SET reconciled = TRUE, amount_residual = 0, amount_residual_currency = 0",
        )
        env.invalidate_all()
        self.time_night()
        self.create_debtors(debtors)
        # As the database does by itself once they are saved.
        env.cr.execute("ANALYZE")
        known = env["billing.collection.step"].search_count([])
        seconds, queries, cpu = self.time_night()
        return {
            "n": debtors * BILLS, "debtors": debtors, "ours_s": round(seconds, 3), "cpu_s": round(cpu, 3),
            "queries": queries, "queries_per_debtor": round(queries / debtors, 3),
            "messages": env["billing.collection.step"].search_count([]) - known,
        }

    def measure_peer(self):
        """Levels and communications of the peer, from the same bills."""
        env = self.env
        policy = env.ref("account_credit_control.credit_control_3_time")
        policy.account_ids = self.bill.line_ids.account_id.filtered(
            lambda account: account.account_type == "asset_receivable",
        )
        run = env["credit.control.run"].create({"date": self.today, "policy_ids": [Command.set(policy.ids)]})
        levels_s, levels_queries = self.time(run.generate_credit_lines)
        lines = run.line_ids
        lines.state = "to_be_sent"
        communications = env["credit.control.communication"]
        messages_s, messages_queries = self.time(lambda: communications._generate_comm_from_credit_lines(lines))
        return {
            "peer_levels_s": round(levels_s, 3), "peer_levels_queries": levels_queries,
            "peer_messages_s": round(messages_s, 3), "peer_messages_queries": messages_queries,
            "peer_messages": communications.search_count([]),
        }

    def time(self, action):
        """(seconds, queries) of something, until it is written."""
        env = self.env
        env.flush_all()
        env.invalidate_all()
        before, started = env.cr.sql_log_count, time.perf_counter()
        action()
        env.flush_all()
        return time.perf_counter() - started, env.cr.sql_log_count - before

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
            "move_id": "copy.move", "partner_id": "copy.owner", "reconciled": "FALSE",
            "amount_residual": "source.balance", "amount_residual_currency": "source.amount_currency",
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
