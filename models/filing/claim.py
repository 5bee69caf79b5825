from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.x12 import claim837

# Mended and not yet with the payer: what a batch may take.
SENDABLE = ("ready", "rejected")


class BillingClaim(models.Model):
    """Which way a claim goes, whether it can go, and the batches in which it went."""

    _inherit = "billing.claim"

    filing_line_ids = fields.One2many(
        comodel_name="billing.filing.batch.line",
        inverse_name="claim_id",
        string="Batches",
    )
    filing_route_id = fields.Many2one(
        comodel_name="billing.filing.route",
        string="Goes by",
        compute="_compute_filing_route",
        compute_sudo=True,
        help="The way chosen on the plan or the payer. Empty: nobody has chosen one, and it goes by post.",
    )
    waiting_batch_id = fields.Many2one(
        comodel_name="billing.filing.batch",
        string="Waits in",
        compute="_compute_waiting_batch",
        compute_sudo=True,
        help="The batch with which it goes once somebody hands it over.",
    )
    has_filing_route = fields.Boolean(
        string="Way chosen",
        compute="_compute_filing_route",
        search="_search_has_filing_route",
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("coverage_id.plan_id.route_id", "payer_id.billing_route_id", "company_id")
    @api.depends_context("company")
    def _compute_filing_route(self):
        routes = self.coverage_id.plan_id._get_filing_routes()
        for claim in self:
            claim.filing_route_id = routes[claim.coverage_id.plan_id]
            claim.has_filing_route = bool(claim.filing_route_id)

    @api.depends("filing_line_ids.is_live", "filing_line_ids.batch_id.state")
    def _compute_waiting_batch(self):
        waiting = self._get_waiting_batches()
        for claim in self:
            claim.waiting_batch_id = waiting.get(claim._origin)

    def _search_has_filing_route(self, operator, value):
        if operator != "in":
            return NotImplemented
        plans = self.env["billing.insurance.plan"].sudo().with_context(active_test=False)
        known = plans.browse()
        for company in self.env.companies:
            here = plans.with_company(company)
            known |= here.search([
                ("company_id", "=", company.id),
                "|", ("route_id.active", "=", True), ("payer_id.billing_route_id", "!=", False),
            ])
        routes = known._get_filing_routes()
        ids = [plan.id for plan in known if routes[plan]]
        return [("coverage_id.plan_id", "in" if True in value else "not in", ids)]

    # === ACTIONS === #

    def action_file(self):
        """Send these claims: what goes where, and what cannot go, is shown before."""
        self.filtered(lambda claim: claim._is_accuracy_open())._check_accuracy()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send claims"),
            "res_model": "billing.filing.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_ids": self.ids},
        }

    def action_view_waiting_batch(self):
        """The batch with which it goes, to hand it over."""
        self.ensure_one()
        return self.waiting_batch_id._get_records_action()

    # === BUSINESS METHODS === #

    def _get_waiting_batches(self):
        """{claim: the batch in which it waits to be handed over}, for those that are in one."""
        return {
            line.claim_id: line.batch_id for line in self.env["billing.filing.batch.line"].sudo().search([
                ("claim_id", "in", self.ids), ("is_live", "=", True), ("batch_id.state", "in", ("draft", "made")),
            ])
        }

    def _get_filing_way(self):
        """{claim: the way in which it goes}: the one chosen, or the usual one of its company."""
        usual = {company: self.env["billing.filing.route"]._get_usual(company) for company in self.company_id}
        return {claim: claim.filing_route_id.sudo(self.env.su) or usual[claim.company_id] for claim in self}

    def _check_sendable(self):
        """
        :raise UserError: one of these claims cannot go, and why
        """
        obstacles = self._find_states_against_filing()
        if obstacles:
            raise UserError("\n".join(
                self.env._("%(claim)s: %(reason)s", claim=claim.display_name, reason=reason)
                for claim, reason in obstacles.items()
            ))

    def _find_states_against_filing(self, batch=None):
        """{claim: why it does not stand where it could be sent}, for those that do not.

        :param batch: the batch in which they are, if any
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        stops = self.filtered(lambda claim: claim._is_accuracy_open())._get_stops().sudo(False).grouped("claim_id")
        waiting, forwarded = self._get_waiting_batches(), self._get_with_payer_by_forwarding()
        reasons = {}
        for claim in self:
            other = waiting.get(claim)
            if other and other != batch:
                reasons[claim] = self.env._("It is in %(batch)s, which waits to be handed over.", batch=other.name)
            elif claim.state == "draft" or claim in stops:
                reasons[claim] = "\n".join(
                    stops[claim].mapped("name") if claim in stops
                    else [self.env._("A finding stops it. Mend that first.")]
                )
            elif claim in forwarded:
                reasons[claim] = claim._say_forwarded()
            elif claim.state == "void" and not claim.cancellation_due:
                reasons[claim] = self.env._("It was taken back, and its payer has nothing of it to cancel.")
            elif claim.state not in (*SENDABLE, "void"):
                reasons[claim] = self.env._(
                    "It is “%(state)s”: it is not sent a second time from here.", state=labels[claim.state],
                )
            elif claim.state != "void" and (missing := claim._get_missing_values().filtered("is_required")):
                reasons[claim] = self.env._(
                    "%(payer)s asks for “%(labels)s”. Type it under “What the payer is told”.",
                    payer=claim.payer_id.name, labels="”, “".join(missing.mapped("label")),
                )
        return reasons

    def _find_filing_obstacles(self, route, batch=None):
        """{claim: why it cannot go this way}, for those that cannot, in a number of queries that does not grow.

        :param route: the way, of the company of all these claims
        :param batch: the batch in which they are, if any
        """
        reasons = self._find_states_against_filing(batch)
        free = self.filtered(lambda claim: claim not in reasons)
        contents = free._get_contents() if free else {}
        forms = self.env["report.billing_coordinator.report_cms1500"]
        for claim, content in contents.items():
            problems = []
            if route.format == "file":
                problems = [self._say_filing_problem(problem) for problem in claim837.check(content)]
            elif route.format == "paper":
                problems = forms._tell_problems(forms._get_forms(claim, contents))
            if content.frequency != "1" and not content.original_reference:
                problems = [self.env._(
                    "It replaces or cancels a claim, and the payer's number of that one is not known. Type it on the "
                    "claim.",
                )]
            if problems:
                reasons[claim] = "\n".join(problems)
        return reasons

    def _release_filing_lines(self):
        """What is to be sent again does not go with an earlier batch any more."""
        lines = self.env["billing.filing.batch.line"].sudo().search([
            ("claim_id", "in", self.ids), ("is_live", "=", True), ("batch_id.state", "not in", ("draft", "made")),
        ])
        lines.is_live = False
        # The index looks at the table, where new lines come first.
        lines.flush_recordset(["is_live"])

    def _group_for_filing(self):
        """[(way, currency, claims)]: one batch per company, way, billing provider and currency, cut to its limit.

        :raise UserError: nothing can be said of one of them
        """
        ways, contents = self._get_filing_way(), self._get_contents()
        groups = self.grouped(lambda claim: (
            ways[claim], claim.currency_id, contents[claim].billing.npi or contents[claim].billing.name,
        ))
        return [
            (route, currency, claims[start:start + route.claim_limit])
            for (route, currency, _provider), claims in groups.items()
            for start in range(0, len(claims), route.claim_limit)
        ]
