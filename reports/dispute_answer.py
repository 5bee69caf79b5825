from functools import partial

from odoo import api, fields, models


class ReportDisputeAnswer(models.AbstractModel):
    """Our answer to a dispute: their question, our answer first, what we found, what is owed now, what comes next.

    Bills stand here with number and date only: nothing about health, nothing of what somebody told us, and no demand
    for what is left alone.
    """

    _name = "report.billing_coordinator.report_dispute_answer"
    _inherit = ["billing.paper"]
    _description = "Answer to a dispute"

    @api.model
    def _get_report_values(self, docids, data=None):
        disputes = self.env["billing.dispute"].browse(docids)
        disputes._check_answerable()
        return {"doc_ids": docids, "doc_model": "billing.dispute", "docs": disputes}

    @api.model
    def _get_values(self, dispute):
        """The figures and words of one answer.

        :param dispute: in the language of its reader
        """
        company = dispute.company_id.sudo()
        rows = [self._get_row(item) for item in dispute.item_ids.filtered("amount")]
        again = dispute.sudo().move_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        left = sum(row["open"] for row in rows) + sum(again.mapped("amount_residual"))
        answered = dispute.answered_on or fields.Date.context_today(self)
        lift = fields.Date.add(answered, days=dispute.lift_days)
        return {
            "company": company,
            "pay": self._get_pay_values(company, 0.0, dispute.currency_id, None, ""),
            "money": partial(self._format_money, currency=dispute.currency_id),
            "day": answered,
            "rows": rows,
            "again": again,
            "left": left,
            "credited": sum(row["credited"] for row in rows),
            # What may be asked for again one day: where nothing is left of it, no day is named.
            "lift": lift if any(row["held"] for row in rows) and lift > answered else None,
            "held": sum(row["held"] for row in rows),
            "payers": ", ".join(sorted(set(dispute.sudo()._get_claims().payer_id.mapped("name")))),
        }

    @api.model
    def _get_row(self, item):
        """A bill: when, what was disputed, what was taken back, what is open on it by now."""
        move = item.sudo().move_id
        return {
            "number": move.name,
            "date": move.encounter_id.date or move.invoice_date or move.date,
            "disputed": item.amount,
            "credited": item.amount_credited,
            "open": max(item.amount_open, 0.0),
            "held": max(min(item.amount - item.amount_credited, item.amount_open), 0.0),
        }
