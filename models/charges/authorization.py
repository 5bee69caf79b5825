from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.authorization import Grant
from odoo.addons.billing_coordinator.tools.money import to_decimal

UNBILLED_STATES = ("draft", "ready")


class BillingAuthorization(models.Model):
    """The visits behind an authorization: the one that asked for it, and those billed or planned under it."""

    _inherit = "billing.authorization"

    encounter_id = fields.Many2one(
        comodel_name="billing.encounter",
        string="Requested for visit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    encounter_count = fields.Integer(
        string="Visits",
        compute="_compute_encounter_count",
    )

    # === COMPUTE METHODS === #

    @api.depends("encounter_id", "line_ids.encounter_line_ids")
    def _compute_encounter_count(self):
        for request in self:
            request.encounter_count = len(request._get_encounters())

    # === CONSTRAINT METHODS === #

    @api.constrains("date_from", "date_to")
    def _check_billed_within(self):
        """Services billed under it were within its dates, and stay so."""
        for request in self:
            billed = request.line_ids.encounter_line_ids.encounter_id.filtered(lambda visit: visit.state == "billed")
            for visit in billed:
                if visit.date < request.date_from or (request.date_to and visit.date > request.date_to):
                    raise ValidationError(self.env._(
                        "%(visit)s of %(date)s is billed under %(authorization)s: its dates keep covering that day. "
                        "Undo the billing of that visit first.",
                        visit=visit.display_name,
                        date=format_date(self.env, visit.date),
                        authorization=request.display_name,
                    ))

    # === ACTIONS === #

    def action_view_encounters(self):
        """The visits that asked for it, are planned under it, or were billed under it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_encounter_action")
        encounters = self._get_encounters()
        action["domain"] = [("id", "in", encounters.ids)]
        action["context"] = {"create": False}
        if len(encounters) == 1:
            action.update(views=[(False, "form")], res_id=encounters.id)
        return action

    # === BUSINESS METHODS === #

    def _get_encounters(self):
        return self.encounter_id | self.line_ids.encounter_line_ids.encounter_id

    def _set_state(self, target, reason=None, **values):
        """Whatever becomes of it: visits not billed yet look for their authorization again."""
        granted = self._get_granted_states()
        affected = self if target in granted else self.filtered(lambda request: request.state in granted)
        super()._set_state(target, reason, **values)
        affected._offer_to_visits()

    def write(self, vals):
        result = super().write(vals)
        if {"date_from", "date_to"} & vals.keys():
            self.filtered(lambda request: request.state in self._get_granted_states())._offer_to_visits()
        return result

    def _offer_to_visits(self):
        """Let the unbilled services of these patients find their authorization anew."""
        self.env["billing.encounter.line"].search([
            ("encounter_id.patient_id", "in", self.patient_id.ids),
            ("encounter_id.company_id", "in", self.company_id.ids),
            ("encounter_id.state", "in", UNBILLED_STATES),
        ])._refresh_authorizations()


class BillingAuthorizationLine(models.Model):
    """What has been billed under an authorization, and what is planned to be."""

    _inherit = "billing.authorization.line"

    encounter_line_ids = fields.One2many(
        comodel_name="billing.encounter.line",
        inverse_name="authorization_line_id",
        string="Services under it",
        readonly=True,
    )
    units_planned = fields.Float(
        string="Planned",
        digits="Product Unit",
        compute="_compute_units_planned",
        help="Units of visits that are recorded and not billed yet.",
    )

    # === COMPUTE METHODS === #

    @api.depends("encounter_line_ids.quantity", "encounter_line_ids.encounter_id.state")
    def _compute_units_used(self):
        super()._compute_units_used()
        used = self._sum_units([("encounter_id.state", "=", "billed")])
        for line in self:
            line.units_used = used.get(line._origin.id, 0.0)

    @api.depends("encounter_line_ids.quantity", "encounter_line_ids.encounter_id.state")
    def _compute_units_planned(self):
        planned = self._sum_units([("encounter_id.state", "in", UNBILLED_STATES)])
        for line in self:
            line.units_planned = planned.get(line._origin.id, 0.0)

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "units_approved" in vals:
            granted = self.env["billing.authorization"]._get_granted_states()
            self.authorization_id.filtered(lambda request: request.state in granted)._offer_to_visits()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for line in self.sudo().encounter_line_ids:
            raise UserError(self.env._(
                "%(service)s of %(authorization)s cannot be deleted: %(visit)s stands on it. Choose another "
                "authorization on that visit first.",
                service=line.authorization_line_id._get_service_name(),
                authorization=line.authorization_line_id.authorization_id.display_name,
                visit=line.encounter_id.display_name,
            ))

    # === BUSINESS METHODS === #

    def _sum_units(self, domain):
        """{id of an authorized service: units} over the services of visits that the domain finds."""
        return {
            line.id: units
            for line, units in self.env["billing.encounter.line"].sudo()._read_group(
                domain=[("authorization_line_id", "in", self._origin.ids), *domain],
                groupby=["authorization_line_id"],
                aggregates=["quantity:sum"],
            )
        }

    def _prepare_grants(self, promised=None):
        """What the payers have agreed to, as ``tools.authorization`` wants it.

        :param dict promised: {authorized service: units} already promised to others
        """
        grants = []
        promised = promised or {}
        for line in self:
            request = line.authorization_id
            coverage = request.coverage_id
            grants.append(Grant(
                key=line.id,
                is_granted=request.state in request._get_granted_states() and line.units_approved > 0,
                company=request.company_id.id,
                patient=request.patient_id.id,
                policy=coverage._get_policy_key(),
                coverage=coverage.id,
                provider=request.provider_id.id or None,
                product=line.product_id.id or None,
                system=line.code_id.system_id.id or None,
                code=line.code_id.code or "",
                code_to=line.code_to_id.code or "",
                date_from=request.date_from,
                date_to=request.date_to or None,
                left=to_decimal(line.units_left) - to_decimal(promised.get(line, 0.0)),
            ))
        return grants

    def _lock_for_billing(self):
        """Keep these authorizations to ourselves until the visits are billed, and read them anew.

        Billing writes the units used on these rows. A session that began before another one had used units is
        therefore refused by the database here, and starts again with what is really left.

        :raise UserError: when somebody else bills under one of them at this moment
        """
        self.authorization_id._lock_or_refuse()
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["units_approved", "units_used", "units_left"])
