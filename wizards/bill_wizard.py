from odoo import Command, api, fields, models
from odoo.exceptions import RedirectWarning, UserError


class BillingBillWizard(models.TransientModel):
    """Bill one visit or many: shows beforehand who will be asked for what."""

    _name = "billing.bill.wizard"
    _description = "Bill visits"

    encounter_ids = fields.Many2many(
        comodel_name="billing.encounter",
        string="Visits",
        required=True,
    )
    date = fields.Date(
        string="Invoice date",
        required=True,
        default=fields.Date.context_today,
    )
    line_ids = fields.One2many(
        comodel_name="billing.bill.wizard.line",
        inverse_name="wizard_id",
        string="Who is asked",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    encounter_count = fields.Integer(
        string="Visits to bill",
        compute="_compute_encounter_count",
    )
    problem = fields.Text(
        compute="_compute_problem",
        help="What has to be mended before these visits can be billed.",
    )
    notice = fields.Text(
        compute="_compute_notice",
        help="What to know before these visits are billed; it does not stop anything.",
    )

    @api.depends("encounter_ids")
    def _compute_encounter_count(self):
        for wizard in self:
            wizard.encounter_count = len(wizard.encounter_ids)

    @api.depends("encounter_ids", "date")
    def _compute_problem(self):
        for wizard in self:
            problems = []
            date = wizard.date or fields.Date.context_today(wizard)
            encounters = wizard.encounter_ids._origin
            encounters._check_accuracy()
            for encounter in encounters:
                try:
                    encounter.company_id._billing_check_setup()
                    if encounter.state == "draft":
                        encounter._check_complete()
                        encounter._refuse_stops()
                    else:
                        encounter._check_billable(date)
                except (UserError, RedirectWarning) as error:
                    problems.append(str(error.args[0]))
            wizard.problem = "\n".join(dict.fromkeys(problems))

    @api.depends("encounter_ids")
    def _compute_notice(self):
        for wizard in self:
            notices = [
                notice for encounter in wizard.encounter_ids._origin for notice in encounter._get_billing_notices()
            ]
            wizard.notice = "\n".join(dict.fromkeys(notices))

    @api.depends("encounter_ids")
    def _compute_line_ids(self):
        for wizard in self:
            visits = wizard.encounter_ids._origin
            usage = visits.coverage_ids._read_usage(visits.mapped("date"))
            rows = [
                Command.create({
                    "encounter_id": encounter.id,
                    "debtor_id": (coverage.payer_id or encounter.patient_id._get_billing_debtor()).id,
                    "coverage_id": coverage.id,
                    "amount": float(sum(part.amount for part in parts)),
                    "currency_id": encounter.currency_id.id,
                })
                for encounter in visits
                for coverage, parts in encounter._get_shares(encounter._get_charge_parts(), usage=usage)
            ]
            wizard.line_ids = [Command.clear(), *rows]

    def action_bill(self):
        """Bill them, and show the claims to send or, without insurance, the invoices."""
        encounters = self.encounter_ids
        drafts = encounters.filtered(lambda encounter: encounter.state == "draft")
        drafts.action_ready()
        moves = encounters._bill(self.date)
        claims = moves.sudo().claim_ids.sudo(False)
        if claims and len(moves) == len(claims):
            return encounters.action_view_claims()
        if len(encounters) == 1:
            return encounters._get_records_action()
        return moves._get_records_action(
            name=self.env._("Invoices posted"),
            views=[
                (self.env.ref("billing_coordinator.billing_patient_invoice_view_list").id, "list"), (False, "form"),
            ],
        )


class BillingBillWizardLine(models.TransientModel):
    """One line of the preview: this debtor will be asked for this much."""

    _name = "billing.bill.wizard.line"
    _description = "Billing preview"

    wizard_id = fields.Many2one(
        comodel_name="billing.bill.wizard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    encounter_id = fields.Many2one(
        comodel_name="billing.encounter",
        string="Visit",
    )
    debtor_id = fields.Many2one(
        comodel_name="res.partner",
        string="Is asked",
    )
    coverage_id = fields.Many2one(
        comodel_name="billing.coverage",
        string="Under",
    )
    amount = fields.Monetary(
        string="For (before tax)",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
    )
