from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .dispute import LIVE


class BillingDispute(models.Model):
    """Where a dispute stands: it comes, is looked into, and is resolved or withdrawn; it may come back."""

    _inherit = "billing.dispute"

    _state_moves = {
        "open": ("working", "resolved", "withdrawn"),
        "working": ("resolved", "withdrawn"),
        "resolved": ("open",),
        "withdrawn": ("open",),
    }

    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("working", "Being looked into"),
            ("resolved", "Resolved"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    ended_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which it was resolved or withdrawn.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("partner_id")
    def _check_partner(self):
        """The bills of a dispute are owed by whoever disputes them."""
        self.item_ids._check_bill()

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_known(self):
        """What somebody disputed stays on record."""
        for dispute in self:
            if dispute.partner_id or dispute.state not in LIVE:
                raise UserError(self.env._(
                    "%(dispute)s stays on record. Withdraw it, if nothing is disputed any more.",
                    dispute=dispute.display_name,
                ))

    # === ACTIONS === #

    def action_start(self):
        """Somebody begins to look into these disputes: whoever presses the button, unless it is somebody's already."""
        for dispute in self.filtered(lambda dispute: not dispute.user_id):
            dispute.user_id = self.env.user
        self._set_state("working")

    def action_withdraw(self):
        """The debtor takes it back, or it was none: the bills are asked for as ever, from now on."""
        self._end("withdrawn")

    def action_reopen(self):
        """It was not the end of it: the amounts are left alone again, and there is a new day for the answer."""
        for dispute in self:
            dispute._set_state(
                "open", ended_on=False, answered_on=False, resolution=False, overdue_told_on=False,
            )
            dispute.date_deadline = dispute._get_deadline(fields.Date.context_today(self))
        self._ask_owner()

    # === BUSINESS METHODS === #

    def _end(self, state, reason=None):
        """These disputes are over, and nobody is asked to do anything about them any more."""
        self._set_state(state, reason, ended_on=fields.Date.context_today(self))
        self._stop_asking()

    def _is_holding(self):
        """Whether the amount of this dispute is left alone today; until when, see :meth:`_compute_date_lift`."""
        self.ensure_one()
        if self.state in LIVE:
            return True
        return self.state == "resolved" and (
            not self.date_lift or self.date_lift > fields.Date.context_today(self)
        )

    def _check_live(self):
        """
        :raise UserError: one of them is over
        """
        for dispute in self.filtered(lambda dispute: dispute.state not in LIVE):
            raise UserError(self.env._(
                "%(dispute)s ended on %(date)s. Reopen it, if there is more to say.",
                dispute=dispute.display_name, date=format_date(self.env, dispute.ended_on),
            ))
