from odoo import api, models


class ReportStatement(models.AbstractModel):
    """What somebody disputes is owed until it is answered, but nobody asks for it meanwhile: it is shown apart."""

    _inherit = "report.billing_coordinator.report_statement"

    @api.model
    def _get_statements(self, debtors, companies):
        statements = super()._get_statements(debtors, companies)
        lines = self.env["account.move.line"].union(*(statement["items"] for statement in statements))
        held = self.env["billing.collection.case"]._get_held(lines.ids)
        days = self._get_lift_days(lines.ids)
        for statement in statements:
            statement["held"] = held
            statement.update(self._get_disputed(statement["items"], held, days, statement))
        return statements

    @api.model
    def _get_lift_days(self, line_ids):
        """{journal item: the day from which it is asked for again}; None while somebody looks into it."""
        days = {}
        for item in self.env["billing.dispute.item"].sudo().search([("move_line_id", "in", line_ids)]):
            if item.dispute_id._is_holding():
                day, known = item.dispute_id.date_lift, days.get(item.move_line_id.id, False)
                days[item.move_line_id.id] = max(day, known or day) if day and known is not None else None
        return days

    @api.model
    def _get_disputed(self, lines, held, days, statement):
        """What is left alone of these items, bill by bill. What a payment plan pays stays as the plan says."""
        rows, late = {}, 0.0
        for line in lines:
            parts = held.get(line.id, ())
            amount = sum(float(part) for why, part in parts if why == "dispute")
            if not amount or any(why == "plan" for why, _part in parts):
                continue
            bill = line._get_billing_invoice()
            row = rows.setdefault(bill, {"number": bill.name, "amount": 0.0, "lift": days.get(line.id)})
            row["amount"] += amount
            if (line.date_maturity or line.date) < statement["date"]:
                late += amount
        round_amount = statement["currency"].round
        return {
            "disputes": list(rows.values()),
            "amount_disputed": round_amount(sum(row["amount"] for row in rows.values())),
            "amount_due_now": max(round_amount(statement["amount_due_now"] - late), 0.0),
        }

    def _say_disputed(self, amount):
        """How much is left alone in all."""
        return self.env._("%(amount)s of what you owe is in question. We do not ask for it now.", amount=amount)

    def _say_dispute(self, row):
        """How it stands with a bill that is disputed."""
        if not row["lift"]:
            return self.env._("Of bill %(bill)s: we are looking into it, and write to you", bill=row["number"])
        return self.env._(
            "Of bill %(bill)s: you have our answer; we do not ask for it before %(day)s",
            bill=row["number"], day=self._format_day(row["lift"]),
        )

    @api.model
    def _get_left_alone(self, statement):
        return super()._get_left_alone(statement) + statement["amount_disputed"]
