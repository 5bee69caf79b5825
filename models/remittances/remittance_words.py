from odoo import api, fields, models


class BillingRemittance(models.Model):
    """The form in words: what the money is made of, what later answers took back; and typing of what is rarer."""

    _inherit = "billing.remittance"

    balance_words = fields.Char(
        string="What it is made of",
        compute="_compute_balance_words",
    )
    has_reversals = fields.Boolean(
        compute="_compute_balance_words",
    )
    taken_back_words = fields.Char(
        string="Taken back by the payer",
        compute="_compute_taken_back_words",
    )
    claim_to_take_back_id = fields.Many2one(
        comodel_name="billing.claim",
        string="Take back",
        store=False,
        domain="[('payer_id', '=', payer_id), ('company_id', '=', company_id), ('currency_id', '=', currency_id),"
               " ('remittance_line_ids.is_in_force', '=', True)]",
        help="Choose a claim that the payer undoes: its latest answer is added below, as it was posted.",
    )

    # === COMPUTE METHODS === #

    @api.depends("difference", "amount_unapplied", "amount_taken_back", "amount_paid_lines", "amount", "credit_amount",
                 "provider_adjustment_ids.amount", "line_ids.kind")
    def _compute_balance_words(self):
        for remittance in self:
            remittance.balance_words = ", ".join(
                remittance._get_money_words_in() + remittance._get_money_words_out()
            )
            remittance.has_reversals = bool(remittance.line_ids._get_reversals())

    @api.depends("line_ids.taken_back_by_id")
    def _compute_taken_back_words(self):
        for remittance in self:
            remittance.taken_back_words = " ".join(
                self.env._(
                    "%(later)s took back %(claims)s.",
                    later=later.display_name,
                    claims=", ".join(lines.claim_id.mapped("name")),
                )
                for later, lines in remittance.line_ids.filtered("taken_back_by_id").grouped("taken_back_by_id").items()
            )

    # === ONCHANGE === #

    @api.onchange("claim_to_take_back_id")
    def _onchange_claim_to_take_back_id(self):
        if claim := self.claim_to_take_back_id:
            answers = claim._origin.remittance_line_ids.filtered("is_in_force")
            latest = answers.remittance_id.sorted("id")[-1:]
            present = self.line_ids.reversed_line_id._origin
            self.line_ids = [
                fields.Command.create(line._prepare_reversal_vals())
                for line in answers if line.remittance_id == latest and line not in present
            ]
            self.claim_to_take_back_id = False

    # === ACTIONS === #

    def action_let_rest_wait(self):
        """What is left of the money waits as the payer's unapplied credit until its claim is found."""
        for remittance in self:
            if remittance.currency_id.compare_amounts(remittance.difference, 0) > 0:
                remittance.amount_unapplied += remittance.difference
