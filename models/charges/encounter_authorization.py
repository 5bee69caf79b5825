from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from .authorization import UNBILLED_STATES


class BillingEncounter(models.Model):
    """Prior authorizations of a visit: what is missing, asking for it, and using it when the visit is billed."""

    _inherit = "billing.encounter"

    authorization_policy = fields.Selection(
        selection=lambda self: self.env["billing.insurance.plan"]._fields["authorization_policy"].selection,
        compute="_compute_authorization_policy",
    )
    authorization_notice = fields.Text(
        compute="_compute_authorization_notice",
        help="Which services of this visit need the payer's authorization and have none.",
    )
    authorization_request_id = fields.Many2one(
        comodel_name="billing.authorization",
        string="Open request",
        compute="_compute_authorization_request_id",
        help="The request made for this visit that the payer has not answered yet.",
    )
    authorization_ids = fields.One2many(
        comodel_name="billing.authorization",
        inverse_name="encounter_id",
        string="Requests",
    )
    has_authorizations = fields.Boolean(
        compute="_compute_has_authorizations",
    )

    # === COMPUTE METHODS === #

    @api.depends("primary_coverage_id")
    def _compute_authorization_policy(self):
        """What the plan that is billed first wants done about a missing authorization."""
        for encounter in self:
            encounter.authorization_policy = encounter.primary_coverage_id.plan_id.authorization_policy

    @api.depends("authorization_ids.state")
    def _compute_authorization_request_id(self):
        for encounter in self:
            encounter.authorization_request_id = encounter.authorization_ids.filtered(
                lambda request: request.state in ("draft", "submitted")
            )[:1]

    @api.depends("line_ids.authorization_needed", "line_ids.authorization_line_id", "patient_id")
    def _compute_has_authorizations(self):
        for encounter in self:
            lines = encounter.line_ids
            encounter.has_authorizations = any(lines.mapped("authorization_needed")) or bool(
                lines.authorization_line_id
            )

    @api.depends(
        "line_ids.authorization_missing", "line_ids.name", "line_ids.code_id", "date", "primary_coverage_id", "state",
        "authorization_request_id",
    )
    def _compute_authorization_notice(self):
        for encounter in self:
            encounter.authorization_notice = (
                encounter.state in (False, *UNBILLED_STATES) and encounter._get_missing_sentence()
            )

    # === ACTIONS === #

    def action_ready(self):
        self._find_missing_authorizations()
        result = super().action_ready()
        self._log_missing_authorizations()
        return result

    def action_bill(self):
        self._find_missing_authorizations()
        return super().action_bill()

    def action_cancel(self):
        result = super().action_cancel()
        # The units that were planned here are free for other visits.
        self.line_ids.authorization_line_id.authorization_id._offer_to_visits()
        return result

    def action_request_authorization(self):
        """Ask the payer for the services of this visit that need an authorization and have none."""
        self.ensure_one()
        request = self.authorization_request_id or self.env["billing.authorization"].create(
            self._prepare_authorization_vals()
        )
        return request._get_records_action(name=self.env._("Prior authorization"))

    # === BUSINESS METHODS === #

    def _prepare_authorization_vals(self):
        """A request with the services of this visit that lack an authorization, in the units of the visit.

        :raise UserError: when no service lacks one
        """
        self.ensure_one()
        lines = self.line_ids.filtered("authorization_missing")
        if not lines:
            raise UserError(self.env._(
                "No service of %(visit)s lacks an authorization: there is nothing to ask for. For services to come, "
                "make a request under Accounts, Authorizations.",
                visit=self.display_name,
            ))
        # Payers know codes; only a service without one is asked for by its name.
        asked = lines.grouped(
            lambda line: (line.code_id, line.product_id.browse() if line.code_id else line.product_id)
        )
        return {
            "patient_id": self.patient_id.id,
            "coverage_id": self.primary_coverage_id.id,
            "encounter_id": self.id,
            "provider_id": self.provider_id.id,
            "date_from": self.date,
            "diagnosis_ids": [Command.set(lines._get_explaining_codes().ids)],
            "line_ids": [
                Command.create({
                    "code_id": code.id,
                    "product_id": product.id,
                    "units_asked": sum(services.mapped("quantity")),
                })
                for (code, product), services in asked.items()
            ],
        }

    def _find_missing_authorizations(self):
        """Units may have become free since a service was recorded: look once more."""
        unbilled = self.filtered(lambda visit: visit.state in UNBILLED_STATES)
        unbilled.line_ids.filtered("authorization_missing")._refresh_authorizations()

    def _get_missing_sentence(self):
        """What is missing, in one sentence; empty when nothing is."""
        self.ensure_one()
        missing = self.line_ids.filtered("authorization_missing")
        if not missing or self.primary_coverage_id.plan_id.authorization_policy == "ignore":
            return ""
        sentence = self.env._(
            "%(plan)s wants to be asked before these services are rendered, and no authorization with units left is on "
            "file for %(date)s: %(services)s.",
            plan=self.primary_coverage_id.plan_id.name,
            date=format_date(self.env, self.date),
            services=", ".join(
                f"{line.name} ({line.code_id.code})" if line.code_id else line.name or "" for line in missing
            ),
        )
        request = self.authorization_request_id
        if request.state == "submitted":
            sentence += " " + self.env._(
                "%(request)s was sent on %(date)s and is not answered yet.",
                request=request.name,
                date=format_date(self.env, request.date_submitted),
            )
        return sentence

    def _get_authorized_services(self):
        """The services of these visits that use an authorization, in the order in which they are served."""
        return self.line_ids.filtered("authorization_line_id").sorted(
            lambda line: (line.encounter_id.date, line.encounter_id.id, line.sequence, line.id)
        )

    def _bill_in_company(self, date):
        # Nobody else uses the same units until these visits are billed; together they use no more than are left.
        services = self.filtered(lambda visit: visit.state == "ready")._get_authorized_services()
        if services:
            services.authorization_line_id._lock_for_billing()
            services._check_units_left()
        moves = super()._bill_in_company(date)
        self._log_missing_authorizations()
        return moves

    def _get_billing_notices(self):
        notices = super()._get_billing_notices()
        if self.authorization_policy == "warn" and (missing := self._get_missing_sentence()):
            notices = [*notices, f"{self.display_name}: {missing}"]
        return notices

    def _log_missing_authorizations(self):
        """Where the plan only warns: keep in the history that the warning was there."""
        for encounter in self:
            policy = encounter.primary_coverage_id.plan_id.authorization_policy
            if policy == "warn" and (missing := encounter._get_missing_sentence()):
                encounter._message_log(body=missing)
