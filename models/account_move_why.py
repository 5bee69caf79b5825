from odoo import api, fields, models
from odoo.tools import format_date

from .groups import HEALTH_GROUP


class AccountMove(models.Model):
    """What is open on a bill, and why, as the office says it on the phone."""

    _inherit = "account.move"

    billing_amount_open = fields.Monetary(
        string="Still open",
        compute="_compute_billing_amount_open",
        groups=HEALTH_GROUP,
        help="What is still asked for, with what a reversed write-off asks for again.",
    )
    billing_why = fields.Char(
        string="Why",
        compute="_compute_billing_why",
        groups=HEALTH_GROUP,
        help="What this debtor is asked for: what insurance left and why, or a visit that no insurance pays.",
    )

    @api.depends("amount_residual", "billing_kind", "state")
    def _compute_billing_amount_open(self):
        flows = self.env["billing.charge.flow"]._get_flows(self.filtered("billing_kind")._origin)
        for move in self:
            flow = flows.get(move._origin)
            move.billing_amount_open = flow["open"] if flow else move.amount_residual

    @api.depends("billing_kind", "encounter_id", "invoice_line_ids.adjustment_reason_id")
    @api.depends_context("lang")
    def _compute_billing_why(self):
        for move in self:
            encounter = move.encounter_id
            if not encounter:
                move.billing_why = move.ref or False
                continue
            move.billing_why = self.env._(
                "%(why)s, visit of %(date)s",
                why=", ".join(move._get_billing_reasons()),
                date=format_date(self.env, encounter.date, date_format="MMM d, y"),
            )

    def _get_billing_reasons(self):
        """What makes this the debtor's to pay, in the words of the reasons."""
        self.ensure_one()
        if self.billing_kind == "transfer":
            names = self.invoice_line_ids.adjustment_reason_id.mapped("name")
            return names or [self.env._("Left by insurance")]
        if self.billing_coverage_id:
            return [self.env._("Asked of insurance")]
        encounter = self.encounter_id
        if encounter.claim_ids.filtered(lambda claim: claim.state != "void"):
            return [self.env._("Own share")]
        if encounter.is_self_pay or self.billing_patient_id.is_company:
            return [self.env._("Self pay")]
        return [self.env._("No insurance on that day")]
