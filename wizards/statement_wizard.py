from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingStatementWizard(models.TransientModel):
    """Print statements: for the people chosen, or for everybody who owes something today."""

    _name = "billing.statement.wizard"
    _description = "Print statements"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="For",
        domain="[('is_payer', '=', False)]",
        help="Patients, clients and guarantors. Empty: everybody who owes something today and whose cycle it is.",
    )
    debtor_count = fields.Integer(
        string="Statements",
        compute="_compute_debtor_count",
        help="How many people will get a statement.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "partner_ids" in fields and self.env.context.get("active_model") == "res.partner":
            values["partner_ids"] = [(6, 0, self.env.context.get("active_ids", []))]
        return values

    @api.depends("company_id", "partner_ids")
    def _compute_debtor_count(self):
        for wizard in self:
            wizard.debtor_count = len(wizard._get_debtors())

    def action_print(self):
        """Print the statements, in one document.

        :raise UserError: nobody owes anything
        """
        self.ensure_one()
        debtors = self._get_debtors()
        if not debtors:
            raise UserError(self.env._(
                "Nobody owes %(company)s anything on a patient's bill today. To print a statement all the same, choose "
                "whom it is for.",
                company=self.company_id.name,
            ))
        report = self.env.ref("billing_coordinator.action_report_statement")
        data = {"partner_ids": debtors.ids, "company_ids": self.company_id.ids}
        return report.report_action(None, data=data)

    def _get_debtors(self):
        """Whom the statements are for, by name: those chosen, or all with an open bill who get one this month."""
        self.ensure_one()
        if self.partner_ids:
            return self.partner_ids._origin
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", ">", 0),
                "|",
                "&", ("move_id.billing_kind", "!=", False), ("move_id.billing_coverage_id", "=", False),
                "&", ("billing_invoice_id", "!=", False), ("billing_invoice_id.billing_coverage_id", "=", False),
            ],
            ["move_id", "billing_invoice_id"],
        )
        invoices = self.env["account.move"].browse({(invoice or move).id for move, invoice in groups})
        today = fields.Date.context_today(self)
        return invoices.partner_id.filtered(lambda debtor: debtor._is_billing_statement_due(today)).sorted("name")
