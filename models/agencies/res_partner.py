from odoo import api, fields, models

from ..groups import HEALTH_GROUP


class ResPartner(models.Model):
    """Collection agencies, and debtors whose bills one has."""

    _inherit = "res.partner"

    is_collection_agency = fields.Boolean(
        string="Collection agency",
        index=True,
        help="Collects what was handed over to it, for a commission.",
    )
    billing_agreement_ids = fields.One2many(
        comodel_name="billing.agency.agreement",
        inverse_name="agency_id",
        string="Agreements",
        groups=HEALTH_GROUP,
    )
    billing_placement_count = fields.Integer(
        string="Handed over",
        compute="_compute_billing_placement_count",
        groups=HEALTH_GROUP,
    )

    # === COMPUTE METHODS === #

    @api.depends_context("allowed_company_ids")
    def _compute_billing_placement_count(self):
        counts = dict(self.env["billing.placement"]._read_group(
            [("agency_id", "in", self._origin.ids), ("state", "=", "placed")], ["agency_id"], ["__count"],
        ))
        for partner in self:
            partner.billing_placement_count = counts.get(partner._origin, 0)

    # === ACTIONS === #

    def action_billing_placements(self):
        """What this agency has."""
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_placement_action")
        return {
            **action,
            "domain": [("agency_id", "=", self.id)],
            "context": {"search_default_placed": 1},
        }

    # === BUSINESS METHODS === #

    def _get_open_business(self):
        placed = self.env["billing.placement"].sudo().search([
            ("partner_id", "=", self.id), ("state", "in", ("ready", "placed")),
        ])
        return [
            *super()._get_open_business(),
            *(
                (
                    self.env._("%(placement)s with %(agency)s", placement=placement.name,
                               agency=placement.agency_id.name),
                    placement,
                )
                for placement in placed
            ),
        ]
