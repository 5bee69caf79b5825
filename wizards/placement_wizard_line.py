from odoo import api, fields, models


class BillingPlacementWizardLine(models.TransientModel):
    """A debtor whose debt may be handed over, or why not."""

    _name = "billing.placement.wizard.line"
    _description = "Debtor to hand over"
    _order = "goes desc, id"

    wizard_id = fields.Many2one(
        comodel_name="billing.placement.wizard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    case_id = fields.Many2one(
        comodel_name="billing.collection.case",
        required=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="case_id.partner_id",
    )
    currency_id = fields.Many2one(
        related="case_id.currency_id",
    )
    amount_overdue = fields.Monetary(
        related="case_id.amount_overdue",
    )
    goes = fields.Boolean(
        string="Hand over",
    )
    may_go = fields.Boolean(
        compute="_compute_look",
    )
    amount = fields.Monetary(
        string="Goes",
        compute="_compute_look",
    )
    bill_count = fields.Integer(
        string="Bills",
        compute="_compute_look",
    )
    against = fields.Text(
        string="Why not",
        compute="_compute_look",
    )
    stays = fields.Text(
        string="Stays here",
        compute="_compute_look",
    )

    # === COMPUTE METHODS === #

    @api.depends("case_id", "wizard_id.agreement_id")
    def _compute_look(self):
        """What of each case may go, and why the rest stays, in a fixed number of queries."""
        for wizard, lines in self.grouped("wizard_id").items():
            cases = lines.case_id._origin
            looks, standings = wizard._get_looks(cases), cases._get_standings()
            # One query for the numbers of all bills.
            self.env["account.move.line"].browse([
                bill.key for seen in looks.values() if seen for bill, _reason in seen.stays
            ]).mapped("move_id.name")
            for line in lines:
                case = line.case_id._origin
                seen = looks[case]
                goes = bool(seen and seen.is_placeable)
                line.may_go = goes
                line.amount = float(seen.amount) if goes else 0.0
                line.bill_count = len(seen.goes) if goes else 0
                line.against = seen and case._say_look(seen, standings[case])
                line.stays = seen and case._say_stays(seen, standings[case])
