from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BillingPaymentPlanItem(models.Model):
    """A debt that a payment plan covers: a receivable item, and what was open on it when the plan began."""

    _name = "billing.payment.plan.item"
    _description = "Debt of a payment plan"
    _order = "plan_id, date_maturity_before, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        comodel_name="billing.payment.plan",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="plan_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="plan_id.currency_id",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        readonly=True,
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id",
        string="Bill",
    )
    amount_start = fields.Monetary(
        string="Open at the start",
        readonly=True,
        help="What was open on it when the plan was drawn up, less what reductions have taken off it since, in the "
             "currency of the plan.",
    )
    amount_open = fields.Monetary(
        string="Still open",
        compute="_compute_amount_open",
        compute_sudo=True,
    )
    amount_reduced = fields.Monetary(
        string="Reduced",
        readonly=True,
        help="What credit notes, discounts and corrections of insurance had taken off it when the plan last looked. "
             "They make the debt smaller; money alone fills instalments.",
    )
    date_maturity_before = fields.Date(
        string="Was due on",
        readonly=True,
        help="Its due date without the plan.",
    )
    date_maturity_plan = fields.Date(
        string="Paid off on",
        readonly=True,
        help="The day of the instalment that pays the last of it: its due date while the plan runs.",
    )
    is_running = fields.Boolean(
        readonly=True,
        help="The plan runs: no other one may cover this item.",
    )

    _running_once = models.UniqueIndex(
        "(move_line_id) WHERE is_running",
        "Another running payment plan covers one of these bills already. Take the bill off this plan, or end the other "
        "plan first.",
    )
    _once = models.UniqueIndex(
        "(plan_id, move_line_id)",
        "A payment plan covers each bill once.",
    )

    # === COMPUTE METHODS === #

    @api.depends("move_line_id.amount_residual_currency")
    def _compute_amount_open(self):
        for item in self:
            item.amount_open = item.move_line_id.amount_residual_currency

    # === ACTIONS === #

    def action_open_bill(self):
        """The bill on Odoo's own form."""
        return self.move_id._get_records_action()

    # === BUSINESS METHODS === #

    def _get_reductions(self):
        """What has been taken off these debts otherwise than by money, ever since they came to be; one query.

        Money is what came with a payment or a bank statement; all else is a credit note, a discount, or what an
        insurance answer turned out differently.

        :return: {item: amount in the currency of the plan}
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move"].flush_model(["origin_payment_id", "statement_line_id"])
        found = dict(self.env.execute_query(SQL(
            """
            SELECT part.debit_move_id, SUM(part.debit_amount_currency)
              FROM account_partial_reconcile part
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_move move ON move.id = credit.move_id
             WHERE part.debit_move_id IN %s
               AND move.origin_payment_id IS NULL
               AND move.statement_line_id IS NULL
             GROUP BY part.debit_move_id
            """,
            tuple(self.move_line_id.ids) or (0,),
        )))
        return {item: float(found.get(item.move_line_id.id, 0)) for item in self}

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        if not self.env.su:
            items.plan_id._check_draft()
            items.plan_id._withdraw_approval()
            if typed := items.filtered(lambda item: item.is_running or item.date_maturity_plan or item.amount_reduced):
                raise UserError(self.env._(
                    "What a plan does to %(bill)s is written down by the system, never typed. Let %(plan)s be "
                    "accepted.",
                    bill=typed[0].move_id.name,
                    plan=typed[0].plan_id.display_name,
                ))
        return items

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        for item in self:
            if item.plan_id.state != "draft":
                raise UserError(self.env._(
                    "%(plan)s was agreed with %(bill)s in it. Take the proposal back first.",
                    plan=item.plan_id.display_name,
                    bill=item.move_id.name,
                ))
        self.plan_id._withdraw_approval()
