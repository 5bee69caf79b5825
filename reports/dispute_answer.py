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
        held = sum(row["held"] for row in rows)
        money = partial(self._format_money, currency=dispute.currency_id)
        return {
            "company": company,
            "pay": self._get_pay_values(company, 0.0, dispute.currency_id, None, ""),
            "money": money,
            "greeting": self.env._("Hello %(name)s,", name=dispute.partner_id.name),
            "question": self._say_question(dispute, rows),
            "day": answered,
            "rows": rows,
            "again": again,
            "left": left,
            "credited": sum(row["credited"] for row in rows),
            "taken_off": self.env._(
                "You do not have to pay %(amount)s: we have taken it off.",
                amount=money(sum(row["credited"] for row in rows)),
            ),
            "taken_up": self._say_taken_up(dispute),
            # What may be asked for again one day: where nothing is left of it, no day is named.
            "lift": lift if held and lift > answered else None,
            "left_alone": self.env._(
                "Before %(day)s we do not ask you for the %(amount)s in question.",
                day=self._format_strong(self._format_day(lift)), amount=money(held),
            ),
        }

    @api.model
    def _say_question(self, dispute, rows):
        """What we were asked, and about which bills."""
        told = self.env._(
            "On %(day)s you told us that %(question)s.",
            day=self._format_day(dispute.date), question=dispute.category_id.question,
        )
        bills = self.env._("It was about %(bills)s.", bills=", ".join(row["number"] for row in rows)) if rows else ""
        return " ".join(filter(None, [told, bills, self.env._("Thank you for asking.")]))

    @api.model
    def _say_taken_up(self, dispute):
        """Whom we ask in the patient's place."""
        return self.env._(
            "We are taking it up with %(payer)s. Please do not pay what you asked about until you hear from us.",
            payer=", ".join(sorted(set(dispute.sudo()._get_claims().payer_id.mapped("name"))))
            or self.env._("your insurance"),
        )

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
