from odoo import api, fields, models

from ..groups import HEALTH_GROUP
from .dispute import LIVE


class ResPartner(models.Model):
    """The account page: what this person disputes, and the way to write it down."""

    _inherit = "res.partner"

    billing_dispute_ids = fields.One2many(
        comodel_name="billing.dispute",
        inverse_name="partner_id",
        string="Disputes",
        groups=HEALTH_GROUP,
    )
    billing_dispute_count = fields.Integer(
        string="Open disputes",
        compute="_compute_billing_dispute_count",
        groups=HEALTH_GROUP,
    )

    # === COMPUTE METHODS === #

    @api.depends_context("allowed_company_ids")
    @api.depends("billing_dispute_ids.state")
    def _compute_billing_dispute_count(self):
        counts = dict(self.env["billing.dispute"]._read_group(
            [
                ("partner_id", "in", self._origin.commercial_partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
                ("state", "in", LIVE),
            ],
            ["partner_id"], ["__count"],
        ))
        for partner in self:
            partner.billing_dispute_count = counts.get(partner._origin.commercial_partner_id, 0)

    # === ACTIONS === #

    def action_billing_disputes(self):
        """The disputes of this person that are looked into; without one, a new one with the open bills."""
        self.ensure_one()
        debtor = self.commercial_partner_id
        disputes = self.env["billing.dispute"].search([
            ("partner_id", "=", debtor.id), ("company_id", "in", self.env.companies.ids), ("state", "in", LIVE),
        ])
        if disputes:
            return disputes._get_records_action(name=self.env._("Disputes"))
        new = disputes.new({"partner_id": debtor.id, "company_id": self.env.company.id})
        return disputes._open_new(self.env.company, debtor, new._find_open_items())

    # === BUSINESS METHODS === #

    def _get_open_business(self):
        """An account is not closed while a dispute is looked into."""
        disputes = self.env["billing.dispute"].search([("partner_id", "=", self.id), ("state", "in", LIVE)])
        return [
            *super()._get_open_business(),
            *((self.env._("Dispute %(dispute)s is not answered.", dispute=it.name), it) for it in disputes),
        ]
