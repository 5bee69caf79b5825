from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.instalment_filling import Tolerance, fill, get_standing
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

# In these states what is paid still counts; afterwards it stays as it was.
COUNTING = ("running", "kept")
# What the system writes once it has been said; only the state and what goes with it changes.
SAID = frozenset({
    "name", "case_id", "date", "way", "promised_by", "user_id", "part_ids", "item_ids", "amount_paid", "ended_on",
    "needs_look",
})


class BillingCollectionPromise(models.Model):
    """Somebody has promised to pay: how much, by when, and how. Until then nobody asks for more.

    Amounts are in the currency of the company. Whether it is kept the ledger tells: paid is what the bills of the case
    have lost since the promise was made, however that happened, and it fills the parts in the order of their days.
    """

    _name = "billing.collection.promise"
    _description = "Promise to pay"
    _inherit = ["billing.document", "billing.nightly"]
    _order = "date desc, id desc"
    _mail_post_access = "read"

    _state_moves = {
        "running": ("kept", "broken", "cancelled"),
        # The money was taken back.
        "kept": ("broken", "running"),
        "broken": (),
        "cancelled": (),
    }

    state = fields.Selection(
        selection=[
            ("running", "Running"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="running",
        copy=False,
        tracking=True,
        index=True,
    )
    case_id = fields.Many2one(
        comodel_name="billing.collection.case",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="case_id.company_id",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        related="case_id.partner_id",
        string="Who owes",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
        store=True,
    )
    date = fields.Date(
        string="Promised on",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    way = fields.Selection(
        selection=[
            ("bank", "Bank transfer"),
            ("card", "Card"),
            ("cash", "Cash"),
            ("cheque", "Cheque"),
        ],
        string="How",
        required=True,
        readonly=True,
        default="bank",
    )
    promised_by = fields.Char(
        string="Promised by",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Taken by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    part_ids = fields.One2many(
        comodel_name="billing.collection.promise.part",
        inverse_name="promise_id",
        string="Parts",
        readonly=True,
    )
    item_ids = fields.One2many(
        comodel_name="billing.collection.promise.item",
        inverse_name="promise_id",
        string="Bills",
        readonly=True,
    )
    amount = fields.Monetary(
        string="Promised",
        compute="_compute_amount",
        store=True,
    )
    date_last = fields.Date(
        string="Paid by",
        compute="_compute_amount",
        store=True,
    )
    amount_paid = fields.Monetary(
        string="Paid",
        compute="_compute_amount_paid",
        store=True,
        compute_sudo=True,
        help="What the bills of the case have lost since: payments of any kind, credit notes, discounts.",
    )
    amount_open = fields.Monetary(
        string="Still to pay",
        compute="_compute_amount_open",
        store=True,
    )
    date_next = fields.Date(
        string="Next payment",
        compute="_compute_amount_open",
        store=True,
        index=True,
        help="The first day on which something is still to be paid.",
    )
    is_partly = fields.Boolean(
        string="Partly kept",
        compute="_compute_amount_open",
        store=True,
    )
    ended_on = fields.Date(
        string="Since",
        readonly=True,
        copy=False,
        index=True,
        help="The day on which it was kept, broken or cancelled.",
    )
    needs_look = fields.Boolean(
        string="Nobody has spoken with them since",
        readonly=True,
        copy=False,
        index=True,
        help="It was broken, and nobody has contacted them since, or looked at it.",
    )

    _one_running = models.UniqueIndex(
        "(case_id) WHERE state = 'running'",
        "Somebody has one running promise in a case.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = f"{promise.name} ({promise.partner_id.name})"

    @api.depends("part_ids.amount", "part_ids.date")
    def _compute_amount(self):
        for promise in self:
            promise.amount = sum(promise.part_ids.mapped("amount"))
            promise.date_last = max(promise.part_ids.mapped("date"), default=False)

    @api.depends("state", "item_ids.amount_start", "item_ids.move_line_id.amount_residual")
    def _compute_amount_paid(self):
        for promise in self:
            if promise.state in COUNTING:
                lost = sum(item.amount_start - item.move_line_id.amount_residual for item in promise.item_ids)
                promise.amount_paid = promise.currency_id.round(lost)
            else:
                promise.amount_paid = promise.amount_paid

    @api.depends("amount", "amount_paid", "state", "part_ids.amount", "part_ids.date")
    def _compute_amount_open(self):
        for promise in self:
            promise.amount_open = max(promise.amount - promise.amount_paid, 0.0)
            promise.date_next = promise._get_standing(promise.date).next_day or False
            promise.is_partly = promise.state == "broken" and 0 < promise.amount_paid < promise.amount

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and SAID & vals.keys():
            raise UserError(self.env._(
                "%(promise)s stays as it was given. Cancel it, and take the new promise.",
                promise=self[:1].display_name,
            ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        raise UserError(self.env._(
            "%(promise)s was given and cannot be deleted. Cancel it.", promise=self[:1].display_name,
        ))

    # === ACTIONS === #

    def action_cancel(self):
        """It was a mistake, or something else was agreed: dunning goes on as if it had not been given."""
        self.check_access("write")
        self.sudo()._cancel(self.env._("Cancelled by hand."))

    def action_seen(self):
        """Somebody has looked at the broken promises, and nothing more is to be done by hand."""
        self.check_access("write")
        self.sudo().needs_look = False

    def action_open_case(self):
        """The case in which it was given."""
        return self.case_id._get_records_action(name=self.env._("Case"))

    # === BUSINESS METHODS === #

    def _get_rows(self):
        """(day, amount) of the parts in the order of their days."""
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding or 0.01)
        return [
            (part.date, to_decimal(part.amount, unit)) for part in self.part_ids.filtered("date").sorted("date")
        ]

    def _get_filled(self):
        """{part: how much of it is paid}."""
        if not self:
            return {}
        unit = to_unit(self.currency_id.rounding or 0.01)
        parts = self.part_ids.filtered("date").sorted("date")
        paid = to_decimal(self.amount_paid, unit)
        filled = fill([to_decimal(part.amount, unit) for part in parts], paid)
        return dict(zip(parts, map(float, filled), strict=True))

    def _get_standing(self, today):
        """How it stands on a day: :class:`tools.instalment_filling.Standing`. One part missed breaks it."""
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding or 0.01)
        grace = self.company_id.sudo().billing_promise_grace
        return get_standing(
            self._get_rows(), to_decimal(self.amount_paid, unit), today, Tolerance(grace=grace, missed=1),
        )

    def _say(self):
        """What was promised, in a few words."""
        self.ensure_one()
        return self.env._(
            "%(amount)s by %(date)s (%(way)s)",
            amount=format_amount(self.env, self.amount, self.currency_id),
            date=format_date(self.env, self.date_last),
            way=dict(self._fields["way"]._description_selection(self.env))[self.way],
        )

    def _cancel(self, reason):
        for promise in self:
            promise._set_state("cancelled", reason, ended_on=fields.Date.context_today(self))
