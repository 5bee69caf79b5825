"""What the measures of aged receivables share: large books, ours, one SQL statement, and OCA's report."""

import json
import statistics
import tracemalloc

from odoo.tools import SQL

from odoo.addons.billing_coordinator.reports.analyses.receivables.aged_item import BUCKET_FIELDS

from .books import Books

BILLS = 50
ROUNDS = 5
AMOUNTS = ("amount", *BUCKET_FIELDS, "amount_credit")


class Ageing(Books):
    """Books of which the age is asked."""

    def __init__(self, env):
        super().__init__(env)
        self.items = []
        self.debtors = 0

    @property
    def size(self):
        """What the figures are about."""
        return {"n": len(self.items), "debtors": self.debtors}

    def grow(self, debtors, bills=BILLS):
        """So many debtors more, with so many bills each."""
        self.items += self.create_debtors(debtors, bills)
        self.debtors += debtors
        self.analyze()

    def analyze(self):
        """What the database does by itself once rows are saved."""
        self.env.cr.execute("ANALYZE")

    def time_ours(self, **context):
        """The figures by debtor, and again with the names of the debtors; the middle of several rounds each."""
        analysis = self.env["billing.aged.item"].with_context(**context)
        sums = [f"{name}:sum" for name in AMOUNTS]

        def read():
            return analysis._read_group([], ["debtor_id"], sums)

        seconds, queries, rows = self.time_rounds(read)
        named_s, _queries, named = self.time_rounds(lambda: [(row[0].complete_name, *row[1:]) for row in read()])
        total = round(sum(row[1] for row in rows), 2)
        assert total == round(sum(row[1] for row in named), 2)
        return {"ours_s": seconds, "named_s": named_s, "queries": queries, "rows": len(rows), "total": total}

    def measure_memory(self):
        """What reading the figures by debtor takes in memory at its peak, in MB."""
        self.env.invalidate_all()
        tracemalloc.start()
        self.env["billing.aged.item"]._read_group([], ["debtor_id"], [f"{name}:sum" for name in AMOUNTS])
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return {"peak_mb": round(peak / 1e6, 1)}

    def time_rounds(self, action):
        """(seconds, queries, result): the middle of several rounds."""
        rounds = [self.time(action) for _round in range(ROUNDS)]
        return round(statistics.median(seconds for seconds, *_rest in rounds), 4), rounds[-1][1], rounds[-1][2]

    def time_sql(self):
        """One statement that adds up what is open by debtor and age."""
        ages = SQL(", ").join(
            SQL("SUM(CASE WHEN %s - line.date_maturity BETWEEN %s AND %s THEN line.amount_residual ELSE 0 END)",
                self.today, low, high)
            for low, high in ((-9999, 0), (1, 30), (31, 60), (61, 90), (91, 120), (121, 9999))
        )
        query = SQL(
            """
            SELECT line.partner_id, SUM(line.amount_residual), %s
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id AND account.account_type = 'asset_receivable'
             WHERE line.parent_state = 'posted' AND NOT line.reconciled AND line.company_id = %s
          GROUP BY line.partner_id
            """,
            ages, self.env.company.id,
        )
        return self.time_rounds(lambda: self.env.execute_query(query))[0]

    def time_peer(self):
        """OCA's aged partner balance: the values of its paper."""
        wizard = self.env["aged.partner.balance.report.wizard"].create({
            "company_id": self.env.company.id, "date_at": self.today, "target_move": "posted",
            "receivable_accounts_only": True,
        })
        wizard.onchange_type_accounts_only()
        # As it comes back from the browser.
        data = json.loads(json.dumps(wizard._prepare_report_data(), default=str))
        report = self.env["report.account_financial_report.aged_partner_balance"]
        seconds, queries, _values = self.time(lambda: report._get_report_values(wizard.ids, data))
        return {"peer_s": round(seconds, 3), "peer_queries": queries}
