from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingCoverage(models.Model):
    """What the payer was asked beforehand under a policy."""

    _inherit = "billing.coverage"

    authorization_ids = fields.One2many(
        comodel_name="billing.authorization",
        inverse_name="coverage_id",
        string="Prior authorizations",
    )
    authorization_count = fields.Integer(
        compute="_compute_authorization_count",
    )

    @api.depends("authorization_ids")
    def _compute_authorization_count(self):
        counts = dict(self.env["billing.authorization"]._read_group(
            domain=[("coverage_id", "in", self.ids)],
            groupby=["coverage_id"],
            aggregates=["__count"],
        ))
        for coverage in self:
            coverage.authorization_count = counts.get(coverage._origin, 0)

    def write(self, vals):
        for coverage in self:
            if any(name in vals and coverage[name].id != vals[name] for name in ("patient_id", "plan_id")):
                coverage._refuse_if_authorized()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_authorized(self):
        for request in self.authorization_ids:
            raise UserError(self.env._(
                "%(coverage)s of %(patient)s cannot be deleted: %(authorization)s was asked under it. Give it an end "
                "date instead.",
                coverage=request.coverage_id.display_name,
                patient=request.patient_id.name,
                authorization=request.display_name,
            ))

    def _get_policy_key(self):
        """Coverages of one person with the same key are the same membership: payer and member number."""
        self.ensure_one()
        return self.payer_id.id, self.member_number

    def _refuse_if_authorized(self):
        """What a payer was asked, it was asked for this person under this plan.

        :raise UserError: naming the authorization and the way out
        """
        for request in self.authorization_ids.filtered(lambda request: request.state != "cancelled"):
            raise UserError(self.env._(
                "%(coverage)s has the authorization %(authorization)s behind it: its person and its plan stay. Give it "
                "an end date and add a new coverage.",
                coverage=request.coverage_id.display_name,
                authorization=request.display_name,
            ))

    def action_view_authorizations(self):
        """The authorizations asked for under this policy."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_authorization_action")
        action["domain"] = [("coverage_id", "=", self.id)]
        action["context"] = {"default_patient_id": self.patient_id.id, "default_coverage_id": self.id}
        return action
