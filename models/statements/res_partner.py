from odoo import api, fields, models

from ..groups import HEALTH_GROUP


class ResPartner(models.Model):
    """When somebody had a statement last, and what it said."""

    _inherit = "res.partner"

    billing_statement_line_ids = fields.One2many(
        comodel_name="billing.statement.line",
        inverse_name="partner_id",
        string="Statements sent",
        domain=[("state", "=", "sent")],
        groups=HEALTH_GROUP,
    )
    billing_statement_date = fields.Date(
        string="Last statement",
        compute="_compute_billing_statement_date",
        search="_search_billing_statement_date",
        groups=HEALTH_GROUP,
        help="When a statement run of one of your companies last wrote to this person.",
    )

    @api.depends("billing_statement_line_ids.state")
    @api.depends_context("allowed_company_ids")
    def _compute_billing_statement_date(self):
        days = dict(self.env["billing.statement.line"]._read_group(
            [
                ("partner_id", "in", self._origin.ids), ("state", "=", "sent"),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["partner_id"], ["sent_on:max"],
        ))
        for partner in self:
            partner.billing_statement_date = days.get(partner._origin, False)

    def _search_billing_statement_date(self, operator, value):
        sent = [("state", "=", "sent"), ("company_id", "in", self.env.companies.ids)]
        if operator == "in" and set(value) == {False}:
            return [("billing_statement_line_ids", "not any", sent)]
        if operator not in (">", ">=", "in"):
            return NotImplemented
        return [("billing_statement_line_ids", "any", [*sent, ("sent_on", operator, value)])]

    def action_billing_statements(self):
        """The statements that this person was sent."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_statement_line_action")
        return {**action, "domain": [("partner_id", "=", self.id), ("state", "=", "sent")], "context": {}}
