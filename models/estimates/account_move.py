from odoo import api, fields, models

HEALTH_GROUP = "billing_coordinator.group_readonly"


class AccountMove(models.Model):
    """A bill that asks far more than the patient was told says so before it is sent."""

    _inherit = "account.move"

    billing_estimate_notice = fields.Char(
        string="Above the estimate",
        compute="_compute_billing_estimate_notice",
        groups=HEALTH_GROUP,
        help="The patient's part of this visit lies above the estimate by the amount of the settings or more.",
    )

    @api.depends("encounter_id", "billing_kind", "billing_coverage_id", "move_type", "state")
    @api.depends_context("lang")
    def _compute_billing_estimate_notice(self):
        bills = self.filtered(
            lambda move: move.billing_kind and move.move_type == "out_invoice" and not move.billing_coverage_id
        )
        (self - bills).billing_estimate_notice = False
        # All at once: the visits read the ledger together.
        bills.encounter_id.mapped("estimate_notice")
        for bill in bills:
            bill.billing_estimate_notice = bill.encounter_id.estimate_notice
