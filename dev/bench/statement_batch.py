"""A batch of statements as one PDF, against what wkhtmltopdf itself needs for the same pages.

Ours is all of it: who owes what, the text of each statement, and the printing. What wkhtmltopdf needs is measured in
the same run: the pages that were given to it, with the same header, footer and paper, once more, and nothing else.
`STATEMENTS` asks for more or fewer.
"""

import os
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from shared.copies import Copies

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.base.models import ir_actions_report

STATEMENTS = int(os.environ.get("STATEMENTS", 200))
BILLS = 5


def measure(env):
    """Figures of many, and the whole way of a batch."""
    books = Statements(env)
    few, many = books.time_figures(STATEMENTS // 4), books.time_figures(STATEMENTS)
    yield {"what": "statement_figures", **few}
    yield {"what": "statement_figures", **many, "more_queries": many["queries"] - few["queries"]}
    yield {"what": "statement_batch", **books.time_batch()}


class Statements(Copies):
    """An office with debtors who have five bills each, due over the last half year, and a claim that waits."""

    def __init__(self, env):
        super().__init__(env)
        self.today = fields.Date.context_today(env["account.move"])
        self.debtors = env["res.partner"]
        company = env.company
        company.external_report_layout_id = env.ref("web.external_layout_standard")
        company._billing_setup()
        self.service = env["product.product"].create({
            "name": "Office visit", "type": "service", "list_price": 60.0, "taxes_id": [Command.clear()],
        })
        payer = env["res.partner"].create({
            "name": "Blue", "is_company": True, "is_payer": True, "payer_type": "insurer",
        })
        self.plan = env["billing.insurance.plan"].create({
            "name": "Blue", "payer_id": payer.id, "company_id": company.id,
        })
        keys = (
            "code_missing", "diagnosis_missing", "birth_date_missing", "provider_missing", "npi_missing", "twice",
            "twice_elsewhere", "member_number",
        )
        env["billing.accuracy.rule"].search([("key", "in", keys)]).severity = "note"
        self.patient = env["res.partner"].create({
            "name": "Nora Neu", "is_billing_account": True, "street": "31 Oak Lane", "city": "Aurora", "zip": "60502",
        })
        self.bill = self._bill(is_self_pay=True)
        env["billing.coverage"].create({
            "patient_id": self.patient.id, "plan_id": self.plan.id, "member_number": "1", "date_from": "2020-01-01",
        })
        self.asked = self._bill()
        env.flush_all()

    def _bill(self, **values):
        visit = self.env["billing.encounter"].create({
            "patient_id": self.patient.id, "date": self.today,
            "line_ids": [Command.create({"product_id": self.service.id})], **values,
        })
        visit.action_ready()
        return visit._bill(self.today)

    # === MEASURES === #

    def time_figures(self, debtors):
        """Seconds and queries of the figures of so many statements."""
        self.create_debtors(debtors - len(self.debtors))
        report = self.env["report.billing_coordinator.report_statement"]
        self.env.cr.execute("ANALYZE")
        seconds, queries, statements = self.time(lambda: report._get_statements(self.debtors, self.env.company))
        return {"n": len(statements), "figures_s": round(seconds, 3), "queries": queries}

    def time_batch(self):
        """The whole batch, and what of it wkhtmltopdf takes, measured on its own."""
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        data = {"partner_ids": self.debtors.ids, "company_ids": self.env.company.ids}
        # Templates and style sheets are compiled once in the life of a server.
        report._render_qweb_pdf(
            "billing_coordinator.report_statement", None, data={**data, "partner_ids": self.debtors[:1].ids},
        )
        with self._twice() as theirs:
            both, queries, (content, _kind) = self.time(
                lambda: report._render_qweb_pdf("billing_coordinator.report_statement", None, data=data),
            )
        ours = both - sum(theirs)
        return {
            "n": len(self.debtors), "ours_s": round(ours, 3), "wkhtmltopdf_s": round(sum(theirs), 3),
            "ratio": round(ours / sum(theirs), 3), "queries": queries, "runs_of_wkhtmltopdf": len(theirs),
            "mb": round(len(content) / 1e6, 1),
        }

    @contextmanager
    def _twice(self):
        """Let wkhtmltopdf print everything a second time, right after the first, so that both meet the same machine.

        :return: the seconds of each second time
        """
        seconds, real = [], ir_actions_report._run_wkhtmltopdf

        def run(arguments):
            result = real(arguments)
            started = time.perf_counter()
            real(arguments)
            seconds.append(time.perf_counter() - started)
            return result

        with patch.object(ir_actions_report, "_run_wkhtmltopdf", run):
            yield seconds

    # === COPIES === #

    def create_debtors(self, count):
        """Copies, made by the database itself."""
        first = len(self.debtors) + 1
        partners = self.copy("res_partner", self.patient.id, count, first, {
            "billing_account_number": "'COPY' || copy.number", "name": "'Debtor ' || copy.number",
            "complete_name": "'Debtor ' || copy.number",
        })
        self.env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [partners])
        for number in range(BILLS):
            self._copy_visits(self.bill, partners, first, number, self.today - timedelta(days=40 * number))
        self._copy_visits(self.asked, partners, first, BILLS, self.today, is_claim=True)
        self.debtors += self.debtors.browse(partners)
        self.env.invalidate_all()

    def _copy_visits(self, bill, partners, first, number, day, is_claim=False):
        names = SQL("%s || copy.number", f"COPY{number}/")
        encounters = self.copy("billing_encounter", bill.encounter_id.id, len(partners), first, {
            "patient_id": "copy.owner", "name": names,
        }, owner=partners)
        owner = {} if is_claim else {"partner_id": "copy.owner", "commercial_partner_id": "copy.owner"}
        moves = self.copy("account_move", bill.id, len(partners), first, {
            "name": names, "sequence_number": f"copy.number + {(number + 1) * 1_000_000}", "encounter_id": "copy.visit",
            "billing_patient_id": "copy.owner", "payment_reference": names, **owner,
        }, owner=partners, visit=encounters)
        item = bill.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.copy("account_move_line", item.id, len(partners), first, {
            "move_id": "copy.move", "date_maturity": SQL("%s::date", day), "move_name": names,
            **({} if is_claim else {"partner_id": "copy.owner"}),
        }, owner=partners, move=moves)
        if is_claim:
            self.copy("billing_claim", bill.claim_ids.id, len(partners), first, {
                "name": names, "encounter_id": "copy.visit", "invoice_id": "copy.move", "patient_id": "copy.owner",
            }, owner=partners, visit=encounters, move=moves)
