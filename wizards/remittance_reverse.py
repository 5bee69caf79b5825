from odoo import api, fields, models


class BillingRemittanceReverse(models.TransientModel):
    """Take a payer's answer back: why, and what happened to the money."""

    _name = "billing.remittance.reverse"
    _description = "Reverse a remittance"

    remittance_id = fields.Many2one(
        comodel_name="billing.remittance",
        required=True,
        ondelete="cascade",
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
    )
    reason = fields.Char(
        required=True,
        help="Shown in the history, on the entries and on the credit notes.",
    )
    money = fields.Selection(
        selection=[
            ("take_back", "It did not come, or was typed wrongly: take the payment back"),
            ("keep", "It is in the bank: keep it as the payer's unapplied credit"),
        ],
        compute="_compute_money",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    has_payment = fields.Boolean(
        compute="_compute_consequences",
    )
    consequences = fields.Text(
        compute="_compute_consequences",
    )

    @api.depends("remittance_id")
    def _compute_money(self):
        for wizard in self:
            matched = wizard.remittance_id.payment_id.reconciled_statement_line_ids
            wizard.money = "keep" if matched else "take_back"

    @api.depends("remittance_id")
    def _compute_consequences(self):
        for wizard in self:
            remittance = wizard.remittance_id
            wizard.has_payment = bool(remittance.payment_id)
            lines = [self.env._("%(claims)s will wait for an answer again.", claims=", ".join(
                remittance.claim_ids.mapped("name"),
            ))]
            wizard._add_consequences(remittance, lines)
            for line in remittance.line_ids._get_reversals().grouped("claim_id").values():
                lines.append(self.env._(
                    "%(earlier)s's answer to %(claim)s, which this one took back, is in force again. What had been "
                    "undone with it, answers of later payers for instance, is not done again.",
                    earlier=line[0].reversed_line_id.remittance_id.display_name,
                    claim=line[0].claim_id.name,
                ))
            wizard.consequences = "\n".join(lines)

    def _add_consequences(self, remittance, lines):
        """Say what becomes of what this answer left to others, and of what hangs on that in turn."""
        transfers = remittance._get_standing_transfers()
        for invoice in transfers:
            lines.append(self.env._(
                "%(invoice)s to %(debtor)s will be credited.",
                invoice=invoice.name,
                debtor=invoice.partner_id.display_name,
            ))
            paid = self.env["billing.charge.flow"]._get_flows(invoice)[invoice]["paid"]
            if invoice.currency_id.compare_amounts(paid, 0) > 0:
                lines.append(self.env._(
                    "The %(amount)s paid on %(invoice)s stay as credit of who paid, to be applied or refunded.",
                    amount=invoice.currency_id.format(paid),
                    invoice=invoice.name,
                ))
        answers = transfers.claim_ids.remittance_line_ids.filtered("is_in_force")
        for answer, mine in answers.grouped("remittance_id").items():
            if answer._is_nothing_but(mine):
                lines.append(self.env._(
                    "%(remittance)s, which answered it, will be reversed too; its money stays as the payer's credit.",
                    remittance=answer.display_name,
                ))
                self._add_consequences(answer, lines)
            else:
                lines.append(self.env._(
                    "What %(remittance)s answered to %(claims)s will be taken back; its money stays as the payer's "
                    "credit. Its other claims stay as they are.",
                    remittance=answer.display_name,
                    claims=", ".join(mine.claim_id.mapped("name")),
                ))

    def action_reverse(self):
        """Do it."""
        self.ensure_one()
        remittance = self.remittance_id._apart_from_screen()
        remittance._reverse(self.date, self.reason, money=self.money)
        return {"type": "ir.actions.act_window_close"}
