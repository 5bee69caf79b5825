from odoo import api, models


class BillingRemittance(models.Model):
    """A posted answer opens denials for what it refuses or pays short; taken back, it takes them with it."""

    _inherit = "billing.remittance"

    def _after_posting(self):
        super()._after_posting()
        # What the payer takes back is not refused any more, whatever its new answer says.
        self.env["billing.denial"]._withdraw_for(self.line_ids._get_reversals().reversed_line_id)
        self.env["billing.denial"]._open_for(self.line_ids._get_answers())

    def _after_reversal(self):
        super()._after_reversal()
        self.env["billing.denial"]._withdraw_for(self.line_ids)


class BillingRemittanceLine(models.Model):
    """Payers' answers about services, as far as they are in force."""

    _inherit = "billing.remittance.line"

    @api.model
    def _get_in_force(self, services):
        """What payers have said of these services and not taken back.

        :param services: invoice lines of claims
        :return: remittance lines, whatever the user's rights
        """
        return self.sudo().search([("move_line_id", "in", services.ids), ("is_in_force", "=", True)])


class BillingRemittanceAdjustment(models.Model):
    """What of a reason is refused, and not only the repetition of what others take care of."""

    _inherit = "billing.remittance.adjustment"

    def _get_refused_amount(self):
        """The part that stays open until somebody decides; what only repeats an earlier answer is none."""
        self.ensure_one()
        if self.effect != "hold":
            return 0.0
        return self.line_id.currency_id.round(self.amount - self.amount_mirrored)
