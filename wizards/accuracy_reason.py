from odoo import api, fields, models


class BillingAccuracyReason(models.TransientModel):
    """Why: asked of whoever accepts findings as they are, or holds visits back."""

    _name = "billing.accuracy.reason"
    _description = "Reason"

    kind = fields.Selection(
        selection=[
            ("accept", "Accept findings"),
            ("hold", "Hold visits"),
        ],
        required=True,
        readonly=True,
    )
    finding_ids = fields.Many2many(
        comodel_name="billing.accuracy.finding",
        string="Findings",
        readonly=True,
    )
    encounter_ids = fields.Many2many(
        comodel_name="billing.encounter",
        string="Visits",
        readonly=True,
    )
    seen = fields.Json(
        readonly=True,
        help="What the findings said when the question was asked.",
    )
    is_override = fields.Boolean(
        compute="_compute_is_override",
    )
    reason = fields.Char(
        string="Why",
        help="Stands in the history of the visit, estimate or claim, with your name.",
    )

    @api.depends("finding_ids.severity")
    def _compute_is_override(self):
        for question in self:
            question.is_override = "stop" in question.finding_ids.mapped("severity")

    def action_apply(self):
        """Do it, with this reason."""
        self.ensure_one()
        if self.kind == "hold":
            self.encounter_ids._hold(self.reason)
        else:
            self.finding_ids._accept(self.reason, self.seen or {})
        return {"type": "ir.actions.act_window_close"}

    def _ask(self, kind, records):
        """Open the question about these findings or visits."""
        question = self.create({
            "kind": kind,
            "finding_ids" if kind == "accept" else "encounter_ids": [fields.Command.set(records.ids)],
            "seen": records._get_seen() if kind == "accept" else False,
        })
        titles = {"hold": self.env._("Hold back"), "accept": self.env._("Accept as it is")}
        if question.is_override:
            titles["accept"] = self.env._("Let it pass")
        return question._get_records_action(name=titles[kind], target="new")
