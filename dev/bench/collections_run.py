"""One night of collections over a hundred thousand open bills of two thousand debtors: picture, stages, messages.

Each message has its recipient, language, bills and amounts, like the communications of the peer: OCA's
`account_credit_control`, which computes levels and makes its communications from the same bills in the same run. The
growth is measured from a tenth of the debtors. `DEBTORS` asks for fewer; the peer needs minutes.
"""

import os
import time
from unittest.mock import patch

from shared.books import Books

from odoo.fields import Command

PEER_PACKAGES = ("odoo-addon-account-credit-control==19.0.1.0.0.13",)
PEER_MODULES = ("account_credit_control",)
DEBTORS = int(os.environ.get("DEBTORS", 2_000))
BILLS = 50


def measure(env):
    """The first night of a tenth of the debtors and of all of them, in which everything is new; then the peer."""
    books = Pipeline(env)
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


class Pipeline(Books):
    """An office with a pipeline of four stages."""

    def __init__(self, env):
        super().__init__(env)
        env["billing.collection.stage"].search([]).active = False
        env["billing.collection.stage"].create([
            {
                "name": f"Stage {number}", "sequence": number, "days": days, "wait": 0, "company_id": env.company.id,
                "channel": "letter", "subject": f"Stage {number}", "text": "<p>Please pay.</p>",
            }
            for number, days in enumerate((1, 15, 30, 60))
        ])
        env.flush_all()

    def measure(self, debtors):
        """Debtors with fifty bills each, and the night that finds them; those of before are paid."""
        env = self.env
        env.cr.execute(
            "UPDATE account_move_line SET reconciled = TRUE, amount_residual = 0, amount_residual_currency = 0",
        )
        env.invalidate_all()
        self.time_night()
        self.create_debtors(debtors, BILLS)
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
        policy.account_ids = self.receivable.account_id
        run = env["credit.control.run"].create({"date": self.today, "policy_ids": [Command.set(policy.ids)]})
        levels_s, levels_queries, _none = self.time(run.generate_credit_lines)
        lines = run.line_ids
        lines.state = "to_be_sent"
        communications = env["credit.control.communication"]
        messages_s, messages_queries, _none = self.time(lambda: communications._generate_comm_from_credit_lines(lines))
        return {
            "peer_levels_s": round(levels_s, 3), "peer_levels_queries": levels_queries,
            "peer_messages_s": round(messages_s, 3), "peer_messages_queries": messages_queries,
            "peer_messages": communications.search_count([]),
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
