from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.models.agencies.placement_ending import RECALLING


class BillingPlacementEnd(models.TransientModel):
    """Call debts back from an agency, or take them back as uncollectable."""

    _name = "billing.placement.end"
    _description = "Take back from a collection agency"

    placement_ids = fields.Many2many(
        comodel_name="billing.placement",
        string="Debts",
        required=True,
    )
    kind = fields.Selection(
        selection=[
            ("recall", "We call it back"),
            ("return", "The agency gives it back: uncollectable"),
        ],
        string="What happens",
        required=True,
        default="recall",
    )
    reason = fields.Selection(
        selection="_select_reason",
        compute="_compute_reason",
        store=True,
        readonly=False,
    )
    note = fields.Char(
        string="Details",
        help="For the history of the debt. The agency is told what happens, not why.",
    )
    writes_off = fields.Boolean(
        string="Write off what is left, as bad debt",
        default=True,
        help="Above your limit a manager is asked.",
    )
    currency_id = fields.Many2one(
        related="placement_ids.currency_id",
    )
    amount_open = fields.Monetary(
        string="Left",
        compute="_compute_amount_open",
    )

    # === COMPUTE METHODS === #

    @api.model
    def _select_reason(self):
        words = dict(self.env["billing.placement"]._fields["end_reason"]._description_selection(self.env))
        return [(key, words[key]) for key in RECALLING]

    @api.depends("placement_ids")
    def _compute_reason(self):
        """What the night has found against collecting it."""
        known = {"question": "dispute"}
        for wizard in self:
            found = (wizard.placement_ids[:1].recall_reasons or "").split(", ")[0]
            reason = known.get(found, found)
            wizard.reason = wizard.reason or (reason if reason in RECALLING else False)

    @api.depends("placement_ids")
    def _compute_amount_open(self):
        for wizard in self:
            same = wizard.placement_ids if len(wizard.placement_ids.currency_id) == 1 else wizard.placement_ids.browse()
            wizard.amount_open = sum(same.mapped("amount_open"))

    # === ACTIONS === #

    def action_apply(self):
        """Take them back; written off where it was asked for, within the limit of who does it."""
        self.ensure_one()
        placements = self.env["billing.placement"].browse(self.placement_ids.ids)._apart_from_screen()
        if self.kind == "recall":
            if not self.reason:
                raise UserError(self.env._("Choose why it is called back."))
            placements._recall(self.reason, self.note)
        else:
            placements._return(self.note)
            left = placements.filtered(lambda placement: placement._get_to_write_off())
            if self.writes_off and left:
                left._write_off(self.note)
        return {"type": "ir.actions.act_window_close"}
