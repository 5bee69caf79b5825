from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.authorization import Service, propose, why_not
from odoo.addons.billing_coordinator.tools.money import to_decimal

from ..written_numbers import format_number
from .authorization import UNBILLED_STATES


class BillingEncounterLine(models.Model):
    """Whether a service needs the payer's authorization, and under which one it is billed."""

    _inherit = "billing.encounter.line"

    authorization_line_id = fields.Many2one(
        comodel_name="billing.authorization.line",
        string="Authorization",
        compute="_compute_authorization_line_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The prior authorization whose units this service uses once it is billed. Proposed by itself: the most "
             "specific one with units left on the day, among those the one that ends first.",
    )
    authorization_needed = fields.Boolean(
        compute="_compute_authorization_needed",
        help="The plan that is billed first wants to be asked before this service is rendered.",
    )
    authorization_missing = fields.Boolean(
        compute="_compute_authorization_needed",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "product_id", "code_id", "quantity", "encounter_id.primary_coverage_id", "encounter_id.date",
        "encounter_id.provider_id",
    )
    def _compute_authorization_line_id(self):
        """What a service has stays while it fits; else the best one on file is proposed."""
        proposals = self._propose_authorizations()
        for line in self:
            is_open = line.encounter_id.state in (False, *UNBILLED_STATES)
            line.authorization_line_id = proposals.get(line, False) if is_open else line.authorization_line_id

    @api.depends(
        "product_id", "code_id", "authorization_line_id", "encounter_id.date", "encounter_id.primary_coverage_id",
    )
    def _compute_authorization_needed(self):
        wanted = {
            line: (line.encounter_id.primary_coverage_id.plan_id, line.product_id, line.code_id, line.encounter_id.date)
            for line in self
            if line.product_id and line.encounter_id.primary_coverage_id
        }
        needs = self.env["billing.insurance.plan"]._get_authorization_needs(set(wanted.values()))
        for line in self:
            line.authorization_needed = bool(line in wanted and needs[wanted[line]])
            line.authorization_missing = line.authorization_needed and not line.authorization_line_id

    # === CONSTRAINT METHODS === #

    @api.constrains("authorization_line_id")
    def _check_authorization_fits(self):
        for line in self:
            line._check_authorization(ValidationError)

    # === BUSINESS METHODS === #

    def _refresh_authorizations(self):
        """Find the authorizations of these services anew: one of their patients' was answered, ended or taken back."""
        proposals = self._propose_authorizations()
        for line in self:
            found = proposals.get(line, line.authorization_line_id.browse())
            if line.authorization_line_id != found:
                line.authorization_line_id = found

    def _propose_authorizations(self):
        """The authorization that each of these services should be billed under.

        One search for all of them, and one more for what other visits are going to use.

        :return: {line: authorized service}, without those for which none is on file
        """
        insured = self.filtered(
            lambda line: line.product_id
            and line.encounter_id.state in (False, *UNBILLED_STATES)
            and line.encounter_id.primary_coverage_id
        )
        if not insured:
            return {}
        services = [line._prepare_service() for line in insured.sorted(lambda line: (
            line.encounter_id.date, line.encounter_id._origin.id, line.sequence, line._origin.id,
        ))]
        dates = [service.date for service in services]
        candidates = self.env["billing.authorization.line"].search([
            ("patient_id", "in", list({service.patient for service in services})),
            ("company_id", "in", list({service.company for service in services})),
            ("authorization_id.state", "in", self.env["billing.authorization"]._get_granted_states()),
            ("authorization_id.date_from", "<=", max(dates)),
            "|", ("authorization_id.date_to", "=", False), ("authorization_id.date_to", ">=", min(dates)),
            ("units_left", ">", 0),
        ])
        if not candidates:
            return {}
        found = propose(services, candidates._prepare_grants(insured._get_units_promised(candidates)))
        return {line: candidates.browse(authorized_id) for line, authorized_id in found.items()}

    def _get_units_promised(self, candidates):
        """{authorized service: units} of unbilled services other than these."""
        return dict(self._read_group(
            domain=[
                ("authorization_line_id", "in", candidates.ids),
                ("encounter_id.state", "in", UNBILLED_STATES),
                ("id", "not in", self._origin.ids),
            ],
            groupby=["authorization_line_id"],
            aggregates=["quantity:sum"],
        ))

    def _prepare_service(self):
        """This service as ``tools.authorization`` wants it."""
        self.ensure_one()
        encounter = self.encounter_id
        coverage = encounter.primary_coverage_id._origin
        return Service(
            key=self,
            company=encounter.company_id.id,
            patient=encounter.patient_id._origin.id,
            policy=coverage._get_policy_key() if coverage else None,
            coverage=coverage.id,
            provider=encounter.provider_id._origin.id or None,
            product=self.product_id._origin.id,
            system=self.code_id.system_id.id or None,
            code=self.code_id.code or "",
            date=encounter.date or fields.Date.context_today(self),
            units=to_decimal(self.quantity),
            chosen=self.authorization_line_id._origin.id or None,
        )

    def _why_not(self, authorized):
        """Why this service cannot be billed under an authorization; None when it can (see tools/authorization.py)."""
        return why_not(authorized._origin._prepare_grants()[0], self._prepare_service())

    def _check_authorization(self, error=UserError):
        """The authorization of this service is one that its payer gave for it.

        :raise error: naming the service, the authorization, what does not agree, and the way out
        """
        self.ensure_one()
        if sentence := self._get_authorization_sentence():
            raise error(sentence)

    def _get_authorization_sentence(self):
        """Why this service cannot be billed under its authorization, and the way out; empty when it can."""
        authorized = self.authorization_line_id.sudo()
        reason = authorized and self._why_not(authorized)
        if not reason:
            return ""
        sentences = {
            "company": self.env._("it belongs to another company"),
            "patient": self.env._("it is for %(patient)s", patient=authorized.patient_id.name),
            "coverage": self.env._(
                "it was given under %(coverage)s, which is not billed first for this visit",
                coverage=authorized.authorization_id.coverage_id.display_name,
            ),
            "state": self.env._("the payer has not agreed to it"),
            "service": self.env._("it is for %(service)s", service=authorized._get_service_name()),
            "date": self.env._(
                "the service of %(date)s lies outside its dates", date=format_date(self.env, self.encounter_id.date),
            ),
            "provider": self.env._(
                "it is for services of %(provider)s", provider=authorized.authorization_id.provider_id.name,
            ),
        }
        return self.env._(
            "“%(service)s” of %(visit)s cannot be billed under %(authorization)s: %(reason)s. Choose another "
            "authorization on the service, or leave it empty.",
            service=self.name,
            visit=self.encounter_id.display_name,
            authorization=authorized.authorization_id.display_name,
            reason=sentences[reason],
        )

    def _check_units_left(self):
        """These services together, in the order given, use no more units than are left of their authorizations.

        :raise UserError: naming the authorization, the units left, the units wanted and the way out
        """
        for service, left in self._find_units_short().items():
            raise UserError(service._get_units_sentence(left))

    def _find_units_short(self):
        """The services that want more units than the ones before them have left of their authorization.

        :return: {service: units left for it}, in the order in which they are served
        """
        left, short = {}, {}
        for service in self:
            authorized = service.authorization_line_id
            before = left.get(authorized, to_decimal(authorized.units_left))
            left[authorized] = before - to_decimal(service.quantity)
            if left[authorized] < 0:
                short[service] = before
        return short

    def _get_units_sentence(self, left):
        """That this service wants more units than are left of its authorization, and the way out.

        :param Decimal left: units that are left for it
        """
        authorized = self.authorization_line_id
        return self.env._(
            "%(authorization)s has %(left)s units of %(code)s left, and “%(service)s” of %(visit)s wants %(wanted)s. "
            "Bill fewer units, choose another authorization on the service, or ask %(payer)s for more and record what "
            "it approves.",
            authorization=authorized.authorization_id.display_name,
            left=format_number(self.env, left) if left else self.env._("no"),
            code=authorized._get_service_name(),
            service=self.name,
            visit=self.encounter_id.display_name,
            wanted=format_number(self.env, self.quantity),
            payer=authorized.authorization_id.payer_id.name,
        )

    def _get_explaining_codes(self):
        """The diagnosis codes behind these services, and no others (minimum necessary, 45 CFR 164.502(b))."""
        codes = self.env["billing.code"]
        for line in self:
            codes |= (line.diagnosis_ids or line.encounter_id.diagnosis_ids[:1]).code_id
        return codes
