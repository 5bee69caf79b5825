from odoo import models
from odoo.exceptions import UserError


class BillingRecovery(models.Model):
    """Payments that came to the office, and on which the agency gets commission all the same."""

    _inherit = "billing.recovery"

    def _take_direct(self):
        """Add a line for each debt of which more came to the office than commission was paid on.

        :raise UserError: the agreement gives no commission on it, or nothing has come
        """
        self.ensure_one()
        agreement = self.agreement_id
        if not agreement.fee_on_direct:
            raise UserError(self.env._(
                "“%(agreement)s” gives no commission on what debtors pay to us.", agreement=agreement.name,
            ))
        placements = self.env["billing.placement"].search([
            ("agreement_id", "=", agreement.id), ("amount_direct", ">", 0), ("currency_id", "=", self.currency_id.id),
        ])
        known = dict(self.env["billing.recovery.line"]._read_group(
            [("placement_id", "in", placements.ids), ("kind", "=", "direct"), ("recovery_id.state", "!=", "reversed")],
            ["placement_id"], ["amount:sum"],
        ))
        rows = [(placement, placement.amount_direct - known.get(placement, 0.0)) for placement in placements]
        rows = [(placement, amount) for placement, amount in rows if self.currency_id.compare_amounts(amount, 0.0) > 0]
        if not rows:
            raise UserError(self.env._("No debtor of %(agency)s has paid us anything new.", agency=self.agency_id.name))
        self.env["billing.recovery.line"].create([
            {"recovery_id": self.id, "placement_id": placement.id, "kind": "direct", "amount": amount}
            for placement, amount in rows
        ])
