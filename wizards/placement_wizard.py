from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class BillingPlacementWizard(models.TransientModel):
    """Hand debts over to a collection agency: what of each debtor may go, and why the rest stays."""

    _name = "billing.placement.wizard"
    _description = "Hand over to a collection agency"

    case_ids = fields.Many2many(
        comodel_name="billing.collection.case",
        string="Cases",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    agreement_id = fields.Many2one(
        comodel_name="billing.agency.agreement",
        required=True,
        compute="_compute_agreement_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    agency_id = fields.Many2one(
        related="agreement_id.agency_id",
    )
    line_ids = fields.One2many(
        comodel_name="billing.placement.wizard.line",
        inverse_name="wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    free_count = fields.Integer(
        string="May go",
        compute="_compute_totals",
    )
    stay_count = fields.Integer(
        string="Stay here",
        compute="_compute_totals",
    )
    amount = fields.Monetary(
        string="Goes in all",
        compute="_compute_totals",
    )

    # === COMPUTE METHODS === #

    @api.depends("case_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.case_ids.company_id[:1] or self.env.company

    @api.depends("company_id")
    def _compute_agreement_id(self):
        """The agreement in force, where there is one and no other."""
        for wizard in self:
            found = self.env["billing.agency.agreement"].search([
                ("company_id", "=", wizard.company_id.id), ("date_from", "<=", fields.Date.context_today(self)),
                "|", ("date_to", "=", False), ("date_to", ">=", fields.Date.context_today(self)),
            ])
            wizard.agreement_id = wizard.agreement_id or (found if len(found) == 1 else False)

    @api.depends("agreement_id", "case_ids")
    def _compute_line_ids(self):
        """A line for each case; all are chosen that may go."""
        for wizard in self:
            looks = wizard._get_looks(wizard.case_ids._origin)
            wizard.line_ids = [Command.clear(), *(
                Command.create({"case_id": case.id, "goes": bool(seen and seen.is_placeable)})
                for case, seen in sorted(looks.items(), key=lambda pair: not (pair[1] and pair[1].is_placeable))
            )]

    @api.depends("line_ids.goes", "line_ids.may_go", "line_ids.amount")
    def _compute_totals(self):
        for wizard in self:
            goes = wizard.line_ids.filtered(lambda line: line.goes and line.may_go)
            wizard.free_count, wizard.stay_count = len(goes), len(wizard.line_ids) - len(goes)
            wizard.amount = sum(goes.mapped("amount"))

    # === ACTIONS === #

    def action_prepare(self):
        """Make a batch of what goes: its notices can be printed, and its file made, from there."""
        return self._prepare()._get_records_action(name=self.env._("Hand over"))

    def action_hand_over(self):
        """Hand over at once: the steps are done, and the file is made."""
        batch = self._prepare()
        batch.action_hand_over()
        return batch._get_records_action(name=self.env._("Handed over"))

    # === BUSINESS METHODS === #

    def _prepare(self):
        self.ensure_one()
        if len(self.case_ids.company_id) > 1:
            raise UserError(self.env._(
                "The cases are of several companies: %(companies)s. An agreement is with one; choose cases of one.",
                companies=", ".join(self.case_ids.company_id.mapped("name")),
            ))
        chosen = self.line_ids.filtered(lambda line: line.goes and line.may_go).case_id
        if not chosen:
            raise UserError(self.env._("Nobody is chosen whose debt may go. The reasons stand beside each name."))
        cases = self.env["billing.collection.case"].browse(chosen.ids)
        return cases._apart_from_screen()._prepare_batch(self.agreement_id)

    def _get_looks(self, cases):
        """{case: what of it may go under the agreement}; nothing is known without one, or for several companies."""
        if not self.agreement_id or len(cases.company_id) > 1:
            return dict.fromkeys(cases)
        return cases._look_at_placing(self.agreement_id._origin)
