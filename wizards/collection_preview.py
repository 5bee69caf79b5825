from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.dunning import decide


class UndoneError(Exception):
    """Ends a look ahead: nothing of it stays."""


class BillingCollectionPreview(models.TransientModel):
    """A dry run of collections: what the coming night would do with each debtor, and why."""

    _name = "billing.collection.preview"
    _description = "Dry run of collections"
    _order = "has_step desc, amount desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Who owes",
        readonly=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        readonly=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    debtor_class = fields.Selection(
        selection="_select_debtor_class",
        string="For",
        readonly=True,
    )
    amount_overdue = fields.Monetary(
        string="Overdue",
        readonly=True,
    )
    has_step = fields.Boolean(
        string="Something happens",
        readonly=True,
    )
    stage_id = fields.Many2one(
        comodel_name="billing.collection.stage",
        string="Step",
        readonly=True,
    )
    channel = fields.Selection(
        selection="_select_channel",
        readonly=True,
    )
    amount = fields.Monetary(
        string="Asked for",
        readonly=True,
    )
    needs_review = fields.Boolean(
        string="To look at",
        readonly=True,
    )
    reason = fields.Text(
        string="Why",
        readonly=True,
    )
    date_next = fields.Date(
        string="Next step",
        readonly=True,
    )

    @api.model
    def _select_debtor_class(self):
        return self.env["billing.collection.stage"]._fields["debtor_class"]._description_selection(self.env)

    @api.model
    def _select_channel(self):
        return self.env["billing.collection.step"]._fields["channel"]._description_selection(self.env)

    # === ACTIONS === #

    @api.model
    def action_look(self):
        """What the coming night would do, as a list; nothing is done."""
        rows = []
        for company in self.env.companies:
            rows += self._look_ahead(company)
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_collection_preview_action")
        return {**action, "domain": [("create_uid", "=", self.env.uid), ("id", "in", self.create(rows).ids)]}

    # === BUSINESS METHODS === #

    @api.model
    def _look_ahead(self, company):
        """The values of one line for each debtor of a company: the night is played, and undone."""
        cases = self.env["billing.collection.case"].sudo().with_company(company)
        rows = []
        try:
            with self.env.cr.savepoint():
                cases._take_snapshot(company)
                found = cases.search([("company_id", "=", company.id), ("state", "=", "open")])
                pipelines = {}
                rows = [case._preview(pipelines, *facts) for case, facts in found._get_facts().items()]
                raise UndoneError
        except UndoneError:
            return rows


class BillingCollectionCase(models.Model):
    """What a dry run says of a case."""

    _inherit = "billing.collection.case"

    def _preview(self, pipelines, items, steps, standing):
        """The values of its line in a dry run."""
        self.ensure_one()
        decision = decide(items, steps, fields.Date.context_today(self), self.date_stage or None, standing)
        stage = self.env["billing.collection.stage"]
        channel = False
        if decision.step:
            stage = self._get_pipeline(pipelines)[decision.step.stage.order - 1]
            channel, _address = self._get_channel(stage)
        words = self._get_outcome_words()
        if left_alone := self._say_left_alone():
            words["nothing_due"] = left_alone
        if any(guard.stops for guard in decision.guards):
            words = {}
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "debtor_class": self.debtor_class,
            "amount_overdue": self.amount_overdue,
            "has_step": bool(stage),
            "stage_id": stage.id,
            "channel": channel,
            "amount": float(decision.step.amount) if decision.step else 0.0,
            "needs_review": bool(stage) and self._needs_review(stage, decision),
            "reason": "\n".join([
                *(self._say_reason(guard.key, standing) for guard in decision.guards),
                *(words[reason] for reason in decision.reasons if reason in words),
            ]) or False,
            "date_next": decision.coming or False,
        }
