from odoo import api, fields, models


class BillingRemittance(models.Model):
    """What the money of an answer is made of: it comes in, is taken back, or waits; all of it must add up.

    money received + earlier credit used + taken back of earlier answers
        = paid on services + not applied yet
    """

    _inherit = "billing.remittance"

    handling = fields.Selection(
        selection=[
            ("payment", "Money came with it"),
            ("notification", "Notice only: the money comes, or came, by itself"),
            ("non_payment", "No money: only an answer"),
        ],
        required=True,
        default="payment",
        tracking=True,
        help="How the payer sent it (X12 835: BPR01 H is a notice, BPR04 NON is without money). Notices and answers "
             "without money post what was not paid and why, and no payment.",
    )
    amount_unapplied = fields.Monetary(
        string="Not applied yet",
        copy=False,
        help="Money of this answer for which no claim is known yet. It waits as the payer's unapplied credit and is "
             "used by a later answer, or sent back.",
    )
    amount_paid_lines = fields.Monetary(
        string="Paid on services",
        compute="_compute_balance",
    )
    amount_taken_back = fields.Monetary(
        string="Taken back",
        compute="_compute_balance",
        help="What the payer had paid before and takes back with this answer.",
    )

    difference = fields.Monetary(
        compute="_compute_balance",
        help="What came in, less what it is said to pay. It must be zero.",
    )
    is_balanced = fields.Boolean(
        compute="_compute_balance",
    )

    _unapplied_not_negative = models.Constraint(
        "CHECK (amount_unapplied >= 0)",
        "Money that waits to be applied cannot be negative.",
    )
    _money_is_handled = models.Constraint(
        "CHECK (amount = 0 OR handling = 'payment')",
        "A notice or an answer without money brings no money: its amount is zero.",
    )

    # === COMPUTE METHODS === #

    @api.depends("amount", "credit_amount", "amount_unapplied", "line_ids.amount_paid", "line_ids.kind",
                 "line_ids.difference")
    def _compute_balance(self):
        for remittance in self:
            currency = remittance.currency_id
            taken_back = remittance.line_ids.filtered(lambda line: line.kind == "reversal")
            remittance.amount_taken_back = sum(taken_back.mapped("amount_paid"))
            remittance.amount_paid_lines = sum((remittance.line_ids - taken_back).mapped("amount_paid"))
            remittance.difference = currency.round(remittance._get_money_in() - remittance._get_money_out())
            remittance.is_balanced = remittance._has_content() and currency.is_zero(remittance.difference) and all(
                currency.is_zero(line.difference) for line in remittance.line_ids
            )

    # === BUSINESS METHODS === #

    def _get_money_in(self):
        """What there is to be divided: money, credit, and what is taken back of earlier answers."""
        self.ensure_one()
        return self.amount + self.credit_amount + self.amount_taken_back

    def _get_money_out(self):
        """What it pays, and what of it waits."""
        self.ensure_one()
        return self.amount_paid_lines + self.amount_unapplied

    def _has_content(self):
        """Whether the answer says anything that could be posted."""
        self.ensure_one()
        return bool(self.line_ids or self.amount_unapplied)
