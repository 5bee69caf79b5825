from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class BillingFilingWizard(models.TransientModel):
    """Before claims are sent: what will go where, how many and how much, and what cannot go and why."""

    _name = "billing.filing.wizard"
    _description = "Send claims"

    claim_ids = fields.Many2many(comodel_name="billing.claim", required=True)
    group_ids = fields.One2many(
        comodel_name="billing.filing.wizard.group",
        inverse_name="wizard_id",
        string="Goes",
        compute="_compute_groups",
        store=True,
        readonly=True,
    )
    stay_ids = fields.One2many(
        comodel_name="billing.filing.wizard.stay",
        inverse_name="wizard_id",
        string="Stays",
        compute="_compute_groups",
        store=True,
        readonly=True,
    )
    goes_count = fields.Integer(compute="_compute_counts")
    stay_count = fields.Integer(compute="_compute_counts")

    # === COMPUTE METHODS === #

    @api.depends("claim_ids")
    def _compute_groups(self):
        for wizard in self:
            groups, obstacles = wizard._divide()
            wizard.group_ids = [Command.clear(), *(
                Command.create({
                    "route_id": route.id,
                    "currency_id": currency.id,
                    "claim_count": len(claims),
                    "amount": sum(claims.mapped("amount_charged")),
                    "payers": ", ".join(claims.payer_id.mapped("name")[:3])
                    + (" …" if len(claims.payer_id) > 3 else ""),
                })
                for route, currency, claims in groups
            )]
            wizard.stay_ids = [Command.clear(), *(
                Command.create({"claim_id": claim.id, "reason": reason}) for claim, reason in obstacles.items()
            )]

    @api.depends("group_ids.claim_count", "stay_ids")
    def _compute_counts(self):
        for wizard in self:
            wizard.goes_count = sum(wizard.group_ids.mapped("claim_count"))
            wizard.stay_count = len(wizard.stay_ids)

    # === ACTIONS === #

    def action_make(self):
        """Make a batch of each; they are handed over from there."""
        self.ensure_one()
        groups, _obstacles = self._divide()
        if not groups:
            raise UserError(self.env._(
                "None of these claims can go now. Beside each stands why; mend that, and send them again.",
            ))
        batches = self.env["billing.filing.batch"]
        by_company = {}
        for group in groups:
            by_company.setdefault(group[0].company_id, []).append(group)
        for company, of_company in by_company.items():
            batches |= batches.with_company(company)._prepare_batches(of_company)
        batches.action_make()
        return batches._get_records_action(name=self.env._("Batches to hand over"))

    # === BUSINESS METHODS === #

    def _divide(self):
        """(the groups that go, {claim: why it stays})."""
        claims = self.claim_ids._origin
        ways, obstacles = claims._get_filing_way(), {}
        for route, of_route in claims.grouped(ways.get).items():
            obstacles |= of_route._find_filing_obstacles(route)
        goes = claims.filtered(lambda claim: claim not in obstacles)
        return goes._group_for_filing(), obstacles
