from odoo import fields, models
from odoo.exceptions import UserError

RECALLING = ("dispute", "plan", "assistance", "bankrupt", "deceased", "complaint", "error", "other")


class BillingPlacement(models.Model):
    """How the agency loses a debt: paid, called back, or given back because nothing is to be had.

    | event | journal items |
    |---|---|
    | called back, paid | none |
    | given back and written off | Dr BAD DEBT / Cr AR[P], each bill by an adjustment that somebody approves |
    """

    _inherit = "billing.placement"

    adjustment_ids = fields.One2many(
        comodel_name="billing.adjustment",
        inverse_name="placement_id",
        string="Write-offs",
        readonly=True,
    )
    writing_off = fields.Boolean(
        compute="_compute_writing_off",
        help="A write-off waits for a manager.",
    )

    def _compute_writing_off(self):
        waiting = self.env["billing.adjustment"].sudo().search([
            ("placement_id", "in", self.ids), ("state", "=", "to_approve"),
        ]).placement_id
        for placement in self:
            placement.writing_off = placement._origin in waiting

    # === ACTIONS === #

    def action_end(self):
        """Call it back, or take it back as uncollectable: the reason is asked for."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_placement_end_action"),
            "context": {"default_placement_ids": self.ids, **{
                key: value for key, value in self.env.context.items() if key == "default_kind"
            }},
        }

    def action_write_off(self):
        """Give up what is left of what the agency gave back."""
        self._write_off()

    # === BUSINESS METHODS === #

    def _recall(self, reason, note=None):
        """The office has the debt again; dunning goes on, unless something else stands against it.

        :param str reason: a key of ``end_reason``
        """
        self._lock_or_refuse()
        self._end("recalled", reason, note)

    def _return(self, note=None, reason="uncollectable"):
        """The agency gives it back: nothing is to be had."""
        self._lock_or_refuse()
        self._end("returned", reason, note)

    def _end(self, state, reason, note):
        words = dict(self._fields["end_reason"]._description_selection(self.env))[reason]
        self._set_state(
            state, ": ".join(filter(None, (words, note))), end_reason=reason, end_waits=True, recall_reasons=False,
            date_end=fields.Date.context_today(self),
        )
        self._end_running()

    def _close_paid(self):
        """What is paid is with nobody any more; what is open again since, the agency still has."""
        paid = self.filtered(lambda placement: placement.state == "placed" and not placement._is_open())
        paid._set_state("closed", self.env._("Everything is paid."), date_end=fields.Date.context_today(self),
                        recall_reasons=False)
        paid._end_running()
        again = self.filtered(lambda placement: placement.state == "closed" and placement._is_open())
        elsewhere = self.env["billing.placement.item"].sudo().search([
            ("move_line_id", "in", again.item_ids.move_line_id.ids), ("is_running", "=", True),
        ]).move_line_id
        again = again.filtered(lambda placement: not placement.item_ids.move_line_id & elsewhere)
        again._set_state("placed", self.env._("It is open again."), date_end=False)
        again._end_running(is_running=True)

    def _is_open(self):
        """Whether anything is open on its bills, to the cent of its currency."""
        self.ensure_one()
        return self.currency_id.compare_amounts(self.amount_open, 0.0) > 0

    # === WRITING OFF === #

    def _write_off(self, note=None):
        """Give up what is open on the bills of debts that agencies gave back; above one's limit a manager is asked.

        :return: the adjustments, posted or waiting for approval
        :raise UserError: an agency still has it, or nothing of it is left
        """
        for placement in self:
            if placement.state != "returned":
                raise UserError(self.env._(
                    "%(placement)s has not been given back by %(agency)s. What an agency still has is not written off.",
                    placement=placement.name, agency=placement.agency_id.name,
                ))
        reason = self.env.ref("billing_coordinator.reason_office_baddebt")
        vals_list = [
            {"move_id": move.id, "reason_id": reason.id, "amount": amount, "placement_id": placement.id,
             "note": note or self.env._("Given back by %(agency)s.", agency=placement.agency_id.name)}
            for placement in self for move, amount in placement._get_to_write_off().items()
        ]
        if not vals_list:
            raise UserError(self.env._(
                "Nothing of %(placements)s is left to write off.", placements=self._unlock_names(),
            ))
        adjustments = self.env["billing.adjustment"].create(vals_list)
        for adjustment in adjustments:
            adjustment._check_open()
        adjustments._decide_or_ask()
        return adjustments

    def _get_to_write_off(self):
        """{bill: what is open on its items here}; what waits for approval already is left out.

        What no invoice stands behind, an opening balance, is for the accountant to write off.
        """
        self.ensure_one()
        waiting = self.adjustment_ids.filtered(lambda adjustment: adjustment.state == "to_approve").move_id
        left = {}
        for line in self.item_ids.move_line_id:
            if line.amount_residual_currency > 0 and line.move_id.move_type == "out_invoice":
                left[line.move_id] = left.get(line.move_id, 0.0) + line.amount_residual_currency
        return {
            move: self.currency_id.round(amount) for move, amount in left.items() if move not in waiting
        }
