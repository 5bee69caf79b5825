from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_amount

from .dispute import LIVE


class BillingDisputeItem(models.Model):
    """A bill in a dispute, and how much of it is disputed.

    What is left alone of it is never more than is open, however it was paid meanwhile, and shrinks with what was taken
    back.
    """

    _name = "billing.dispute.item"
    _description = "Bill in a dispute"
    _order = "dispute_id, date_due, id"
    _check_company_auto = True

    dispute_id = fields.Many2one(
        comodel_name="billing.dispute",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="dispute_id.company_id",
        store=True,
        index=True,
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Bill",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id",
        string="Invoice",
    )
    currency_id = fields.Many2one(
        related="move_line_id.currency_id",
        store=True,
    )
    date_due = fields.Date(
        related="move_line_id.date_maturity",
        store=True,
        string="Due on",
    )
    amount_open = fields.Monetary(
        related="move_line_id.amount_residual_currency",
        string="Open",
    )
    amount = fields.Monetary(
        string="Disputed",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    amount_credited = fields.Monetary(
        string="Taken back",
        readonly=True,
        copy=False,
        default=0.0,
    )
    amount_held = fields.Monetary(
        string="Left alone",
        compute="_compute_amount_held",
    )

    _once = models.UniqueIndex(
        "(dispute_id, move_line_id)",
        "A bill stands once in a dispute.",
    )

    # === COMPUTE METHODS === #

    @api.depends("move_line_id")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.move_id.name or ""

    @api.depends("move_line_id")
    def _compute_amount(self):
        held = self._get_held_amounts(self.move_line_id.ids, but=self.dispute_id._origin.ids)
        for item in self:
            line = item.move_line_id
            item.amount = max(line.amount_residual_currency - float(held.get(line.id, 0)), 0.0)

    @api.depends("amount", "amount_credited", "move_line_id.amount_residual_currency", "dispute_id.state",
                 "dispute_id.date_lift")
    def _compute_amount_held(self):
        for item in self:
            left = min(item.amount - item.amount_credited, item.amount_open)
            item.amount_held = max(left, 0.0) if item.dispute_id._is_holding() else 0.0

    # === CONSTRAINT METHODS === #

    @api.constrains("amount", "move_line_id")
    def _check_amount(self):
        """Nobody disputes more than is open, in one dispute or in several."""
        for dispute, items in self.grouped("dispute_id").items():
            held = self._get_held_amounts(items.move_line_id.ids, but=dispute.ids)
            for item in items:
                item._check_against(float(held.get(item.move_line_id.id, 0)))

    def _check_against(self, elsewhere):
        """
        :param float elsewhere: what other disputes hold of the same bill
        """
        currency, line = self.currency_id, self.move_line_id
        if currency.compare_amounts(self.amount, 0) < 0:
            raise ValidationError(self.env._(
                "%(bill)s: less than nothing cannot be disputed (%(amount)s).",
                bill=self.move_id.name, amount=format_amount(self.env, self.amount, currency),
            ))
        left = line.amount_residual_currency - elsewhere
        if currency.compare_amounts(self.amount - self.amount_credited, left) > 0:
            raise ValidationError(self.env._(
                "%(amount)s of %(bill)s cannot be disputed: %(open)s of it is open%(elsewhere)s. Type what is left, or "
                "less; what was paid already and was too much is given back, not disputed.",
                amount=format_amount(self.env, self.amount, currency),
                bill=self.move_id.name,
                open=format_amount(self.env, line.amount_residual_currency, currency),
                elsewhere=self.env._(
                    ", and %(amount)s of that is in another dispute",
                    amount=format_amount(self.env, elsewhere, currency),
                ) if elsewhere else "",
            ))

    @api.constrains("move_line_id", "dispute_id")
    def _check_bill(self):
        for item in self:
            dispute, line = item.dispute_id, item.move_line_id
            if line.account_id.account_type != "asset_receivable" or line.parent_state != "posted":
                raise ValidationError(self.env._(
                    "%(bill)s is no posted bill to a debtor, so nothing of it can be disputed.",
                    bill=line.move_id.display_name,
                ))
            if not dispute.partner_id or line.partner_id != dispute.partner_id:
                raise ValidationError(self.env._(
                    "%(bill)s is asked of %(owner)s, and %(dispute)s is of %(debtor)s. Choose who owes the bill.",
                    bill=line.move_id.name,
                    owner=line.partner_id.display_name,
                    dispute=dispute.name,
                    debtor=dispute.partner_id.display_name or self.env._("nobody known yet"),
                ))
            if len(dispute.item_ids.currency_id) > 1:
                raise ValidationError(self.env._(
                    "The bills of %(dispute)s are in %(currencies)s. Write down one dispute for each currency.",
                    dispute=dispute.name, currencies=", ".join(dispute.item_ids.currency_id.mapped("name")),
                ))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # What was taken back is never typed.
        items = super().create([{**vals, "amount_credited": 0.0} for vals in vals_list])
        items._check_changeable()
        return items

    def write(self, vals):
        if {"amount", "move_line_id", "dispute_id"} & vals.keys():
            self._check_changeable()
        if "amount_credited" in vals and not self.env.su:
            vals = {name: value for name, value in vals.items() if name != "amount_credited"}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        self._check_changeable()

    def _check_changeable(self):
        """What was answered stays as it was answered."""
        done = self.dispute_id.filtered(lambda dispute: dispute.state not in LIVE)
        if done:
            raise UserError(self.env._(
                "%(dispute)s is over: its bills and amounts stay. Reopen it first.", dispute=done[0].display_name,
            ))

    # === ACTIONS === #

    def action_open_bill(self):
        """The bill itself."""
        return self.move_id._get_records_action()

    # === BUSINESS METHODS === #

    @api.model
    def _get_held_amounts(self, line_ids, but=()):
        """{journal item id: how much of it disputes hold today}, in its currency, never more than is open; one query.

        :param but: ids of disputes that do not count
        """
        if not line_ids:
            return {}
        self.flush_model(["dispute_id", "move_line_id", "amount", "amount_credited"])
        self.env["billing.dispute"].flush_model(["state", "date_lift"])
        self.env["account.move.line"].flush_model(["amount_residual_currency"])
        return dict(self.env.execute_query(SQL(
            """
            SELECT item.move_line_id,
                   LEAST(SUM(GREATEST(item.amount - COALESCE(item.amount_credited, 0), 0)),
                         MAX(line.amount_residual_currency))
              FROM billing_dispute_item item
              JOIN account_move_line line ON line.id = item.move_line_id AND line.amount_residual_currency > 0
              JOIN billing_dispute dispute ON dispute.id = item.dispute_id
             WHERE item.move_line_id = ANY(%(lines)s)
               AND dispute.id != ALL(%(but)s)
               AND (dispute.state IN %(live)s
                    OR dispute.state = 'resolved' AND COALESCE(dispute.date_lift > %(today)s, TRUE))
          GROUP BY item.move_line_id
            HAVING SUM(GREATEST(item.amount - COALESCE(item.amount_credited, 0), 0)) > 0
            """,
            lines=list(line_ids), but=list(but), live=LIVE, today=fields.Date.context_today(self),
        )))

    def _by_move(self):
        """{bill: its items in this dispute}"""
        groups = defaultdict(self.browse)
        for item in self:
            groups[item.move_id] |= item
        return groups
