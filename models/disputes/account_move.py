from odoo import api, fields, models
from odoo.tools import format_amount

from ..groups import HEALTH_GROUP
from .dispute import LIVE
from .dispute_resolution import CREDIT_NOTE, WRITE_OFF


class AccountMove(models.Model):
    """Bills that somebody disputes, and documents that come out of it."""

    _inherit = "account.move"

    billing_dispute_id = fields.Many2one(
        comodel_name="billing.dispute",
        string="Out of dispute",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        groups=HEALTH_GROUP,
        help="The dispute that this credit note or corrected bill came out of.",
    )
    billing_disputed = fields.Monetary(
        string="Disputed now",
        compute="_compute_billing_disputed",
        groups=HEALTH_GROUP,
        help="What of this bill is left alone, because somebody disputes it.",
    )
    billing_dispute_note = fields.Char(
        compute="_compute_billing_disputed",
        groups=HEALTH_GROUP,
    )

    # === COMPUTE METHODS === #

    @api.depends("amount_residual", "state")
    @api.depends_context("lang")
    def _compute_billing_disputed(self):
        lines = self.env["account.move.line"].sudo().search([
            ("move_id", "in", self._origin.ids), ("account_id.account_type", "=", "asset_receivable"),
        ])
        held = self.env["billing.dispute.item"].sudo()._get_held_amounts(lines.ids)
        items = self.env["billing.dispute.item"].search([("move_line_id", "in", list(held))]).grouped("move_id")
        sums = {
            move: sum(float(held.get(line.id, 0)) for line in its) for move, its in lines.grouped("move_id").items()
        }
        for move in self:
            move.billing_disputed = sums.get(move._origin, 0.0)
            disputes = items.get(move._origin, self.env["billing.dispute.item"]).dispute_id
            move.billing_dispute_note = move._say_disputed(disputes) if move.billing_disputed else False

    def _say_disputed(self, disputes):
        """What of a bill is left alone, and until when."""
        return " ".join((
            self.env._(
                "%(amount)s of it is disputed; nobody asks for that part.",
                amount=format_amount(self.env, self.billing_disputed, self.currency_id),
            ),
            *(
                self.env._("%(dispute)s is to be answered by %(date)s.", dispute=it.name, date=it._say_deadline())
                for it in disputes if it.state in LIVE
            ),
        ))

    # === ACTIONS === #

    def action_billing_dispute(self):
        """The disputes about this bill that are looked into; without one, a new one about all that is open on it."""
        self.ensure_one()
        disputes = self.env["billing.dispute.item"].search([("move_line_id.move_id", "=", self.id)]).dispute_id
        live = disputes.filtered(lambda dispute: dispute.state in LIVE)
        if live or not self.amount_residual:
            return (live or disputes)._get_records_action(name=self.env._("Disputes"))
        lines = self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and line.amount_residual > 0
        )
        return self.env["billing.dispute"]._open_new(self.company_id, lines.partner_id[:1] or self.partner_id, lines)

    # === BUSINESS METHODS === #

    def _get_billing_dispute_way(self):
        """How something is taken off this bill: by a credit note, or by a correction with a reason.

        What insurance left is no sale of ours, and a charge that somebody has decided about already is not credited any
        more: there the house wants a reason and its limits.
        """
        self.ensure_one()
        if not self.billing_kind:
            return CREDIT_NOTE
        if self.billing_kind == "transfer" or self.sudo().claim_ids._get_posted_remittances():
            return WRITE_OFF
        decided = self.env["billing.adjustment"].sudo().search_count(
            [("move_id", "=", self.id), ("state", "=", "posted")], limit=1,
        )
        return WRITE_OFF if decided else CREDIT_NOTE
