from odoo import api, fields, models
from odoo.exceptions import UserError


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
        help="What was open on it when the plan was drawn up, in the currency of the plan.",
    )
    amount_open = fields.Monetary(
        string="Still open",
        compute="_compute_amount_open",
        compute_sudo=True,
    )
    date_maturity_before = fields.Date(
        string="Was due on",
        readonly=True,
        help="Its due date without the plan.",
    )
    date_maturity_plan = fields.Date(
        string="Paid until",
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

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        for item in self:
            if item.plan_id.state != "draft":
                raise UserError(self.env._(
                    "%(plan)s was agreed with %(bill)s in it. Take the proposal back first.",
                    plan=item.plan_id.display_name,
                    bill=item.move_id.name,
                ))
