from collections import defaultdict

from odoo import api, fields, models


class BillingCollectionCase(models.Model):
    """Cases of which an agency has something: it asks for that, and nobody here does."""

    _inherit = "billing.collection.case"

    amount_placed = fields.Monetary(
        string="With an agency",
        compute="_compute_apart",
        help="Handed over to a collection agency, which asks for it.",
    )
    placement_ids = fields.One2many(
        comodel_name="billing.placement",
        inverse_name="case_id",
        string="At agencies",
        readonly=True,
    )
    waits_for_placing = fields.Boolean(
        compute="_compute_waits_for_placing",
    )

    # === COMPUTE METHODS === #

    @api.depends("waiting_step_id")
    def _compute_waits_for_placing(self):
        for case in self:
            case.waits_for_placing = case.waiting_step_id.stage_id.is_placement

    # === ACTIONS === #

    def action_approve_step(self):
        # What a step hands over is looked at in a window of its own.
        return self.waiting_step_id.action_do()

    def action_hand_over(self):
        """What of these cases may go to an agency, and why the rest stays."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_placement_wizard_action"),
            "context": {"dialog_size": "extra-large", "default_case_ids": self.ids},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_held(self, item_ids):
        self.env["billing.placement"].flush_model(["state"])
        self.env["billing.placement.item"].flush_model()
        held = defaultdict(list, super()._get_held(item_ids))
        for [line] in self.env["billing.placement.item"].sudo()._read_group(
            [("move_line_id", "in", item_ids), ("is_running", "=", True), ("placement_id.state", "=", "placed")],
            ["move_line_id"],
        ):
            held[line.id].append(("placed", None))
        return held

    def _take_over(self, others):
        self.env["billing.placement"].sudo().search([
            ("case_id", "in", others.ids), ("state", "in", ("ready", "placed")),
        ]).case_id = self
        return super()._take_over(others)

    @api.model
    def _get_apart_fields(self):
        return {**super()._get_apart_fields(), "placed": "amount_placed"}

    @api.model
    def _get_held_words(self):
        return {**super()._get_held_words(), "placed": self.env._("with a collection agency")}

    @api.depends("placement_ids.state")
    def _compute_apart(self):
        return super()._compute_apart()
