from odoo import api, models


class ReportStatement(models.AbstractModel):
    """What a collection agency has is owed as before, but paid to the agency: it is shown apart, with its number."""

    _inherit = "report.billing_coordinator.report_statement"

    @api.model
    def _get_statements(self, debtors, companies):
        statements = super()._get_statements(debtors, companies)
        lines = self.env["account.move.line"].union(*(statement["items"] for statement in statements))
        placed = {
            item.move_line_id.id: item.placement_id for item in self.env["billing.placement.item"].sudo().search([
                ("move_line_id", "in", lines.ids), ("is_running", "=", True), ("placement_id.state", "=", "placed"),
            ])
        }
        for statement in statements:
            statement.update(self._get_placed(statement["items"], statement["held"], placed, statement))
        return statements

    @api.model
    def _get_placed(self, lines, held, placed, statement):
        """What agencies have of these items, placement by placement; what is disputed of it is shown there."""
        rows, late = {}, 0.0
        for line in lines:
            placement = placed.get(line.id)
            if not placement:
                continue
            disputed = sum(float(part) for why, part in held.get(line.id, ()) if why == "dispute" and part is not None)
            amount = max(line.amount_residual_currency - disputed, 0.0)
            row = rows.setdefault(placement, {
                "number": placement.name, "agency": placement.agency_id.name, "amount": 0.0,
            })
            row["amount"] += amount
            if (line.date_maturity or line.date) < statement["date"]:
                late += amount
        round_amount = statement["currency"].round
        return {
            "placements": list(rows.values()),
            "amount_placed": round_amount(sum(row["amount"] for row in rows.values())),
            "amount_due_now": max(round_amount(statement["amount_due_now"] - late), 0.0),
        }

    @api.model
    def _get_left_alone(self, statement):
        return super()._get_left_alone(statement) + statement["amount_placed"]
