from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.models.groups import HEALTH_GROUP


class BillingJournalAnalysis(models.AbstractModel):
    """What figures read from journal items have in common: the day in the books, and what the bill behind an item says
    about provider, payer and patient.

    Amounts are those of the books, in the currency of the company; beside them stands what was written in a foreign
    currency. A model gives its rows in :meth:`_with_bill`, and its own columns.
    """

    _name = "billing.journal.analysis"
    _description = "Analysis of journal items"
    _inherit = ["billing.analysis"]
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.move": [
            "move_type", "state", "billing_kind", "billing_charge_id", "billing_payment_plan_id", "encounter_id",
            "billing_collection_step_id", "billing_recovery_id", "billing_patient_id", "billing_adjustment_id",
            "commercial_partner_id", "journal_id", "origin_payment_id", "remittance_id", "reversed_entry_id",
            "statement_line_id",
        ],
        "account.move.line": [
            "account_id", "adjustment_reason_id", "amount_currency", "balance", "billing_code_id", "billing_invoice_id",
            "company_id", "currency_id", "date", "encounter_line_id", "journal_id", "move_id", "parent_state",
            "partner_id", "product_id",
        ],
        "account.account": ["account_type"],
        "billing.adjustment.reason": ["account_kind", "code", "group"],
        "billing.encounter": ["provider_id"],
        "res.company": ["currency_id"],
        "res.partner": ["guarantor_id", "is_billing_account", "is_company", "is_payer", "payer_type"],
    }

    # === FIELDS === #

    date = fields.Date(readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Document", readonly=True)
    invoice_id = fields.Many2one(
        comodel_name="account.move",
        string="About",
        readonly=True,
        help="The bill that was made, paid, reduced or passed on. Empty for money that pays no bill yet.",
    )
    journal_id = fields.Many2one(comodel_name="account.journal", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Posted by",
        readonly=True,
        help="Who has made the document; what the night does is done by the system.",
    )
    debtor_id = fields.Many2one(comodel_name="res.partner", string="Who owes", readonly=True)
    debtor_class = fields.Selection(
        selection=lambda self: self.env["billing.collection.case"]._select_debtor_class(),
        string="Kind of debtor",
        readonly=True,
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Payer",
        readonly=True,
        help="The payer that is asked; of what it leaves to the patient, the payer that was asked first. Empty where "
             "only the patient or client was ever asked.",
    )
    payer_type = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["payer_type"]._description_selection(self.env),
        string="Kind of payer",
        readonly=True,
    )
    provider_id = fields.Many2one(comodel_name="res.partner", string="Provider", readonly=True)
    patient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Patient or client",
        readonly=True,
        groups=HEALTH_GROUP,
    )
    encounter_id = fields.Many2one(
        comodel_name="billing.encounter",
        string="Visit",
        readonly=True,
        groups=HEALTH_GROUP,
    )
    is_reversal = fields.Boolean(
        string="Taken back",
        readonly=True,
        help="An entry that takes an earlier one back: a payment that bounced, an answer or write-off reversed.",
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    foreign_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Currency of the document",
        readonly=True,
    )
    amount_foreign = fields.Monetary(
        string="In that currency",
        readonly=True,
        currency_field="foreign_currency_id",
        aggregator=None,
    )

    # === BUSINESS METHODS === #

    def _with_bill(self, rows, columns):
        """The statement of an analysis: its rows, with what their bill says.

        :param SQL rows: a SELECT of id, date, kind, amount, amount_foreign, foreign_currency_id, move_id, invoice_id,
            journal_id, user_id, debtor_id, company_id, is_reversal, and what ``columns`` need
        :param SQL columns: the analysis' own columns, of ``told``
        """
        # Each join by a key of one other table, so that PostgreSQL leaves out those of which no column is asked for.
        return SQL(
            """
            SELECT told.id, told.date, told.kind, told.amount, told.amount_foreign, told.foreign_currency_id,
                   told.move_id, told.invoice_id, told.journal_id, told.user_id, told.debtor_id, told.company_id,
                   told.is_reversal,
                   company.currency_id,
                   CASE WHEN debtor.is_payer THEN 'payer' WHEN debtor.is_company THEN 'company'
                        WHEN debtor.id IS NOT NULL THEN 'person' END AS debtor_class,
                   CASE WHEN debtor.is_payer THEN debtor.id ELSE first.id END AS payer_id,
                   CASE WHEN debtor.is_payer THEN debtor.payer_type ELSE first.payer_type END AS payer_type,
                   visit.provider_id,
                   visit.id AS encounter_id,
                   bill.billing_patient_id AS patient_id,
                   %(columns)s
              FROM (%(rows)s) told
              JOIN res_company company ON company.id = told.company_id
         LEFT JOIN account_move bill ON bill.id = told.invoice_id
         LEFT JOIN billing_encounter visit ON visit.id = bill.encounter_id
         LEFT JOIN account_move charge ON charge.id = bill.billing_charge_id
         LEFT JOIN res_partner first ON first.id = charge.commercial_partner_id AND first.is_payer
         LEFT JOIN res_partner debtor ON debtor.id = told.debtor_id
            """,
            rows=rows, columns=columns,
        )

    def _sum_of(self, *kinds):
        """The amount where the row is of one of these kinds (SQL), else zero: a column of its own."""
        return SQL("CASE WHEN told.kind IN %s THEN told.amount ELSE 0 END", kinds)

    def _is_fee(self):
        """Whether the document ``move`` is a fee or interest of a plan or a reminder, or its credit note (SQL)."""
        return SQL("""
            COALESCE(move.billing_payment_plan_id, move.billing_collection_step_id,
                     origin.billing_payment_plan_id, origin.billing_collection_step_id) IS NOT NULL
        """)

    def _is_account(self, partner):
        """Whether billing has an account of this partner (SQL): patients, clients, who pays for them, payers."""
        return SQL(
            """
            (%(partner)s.is_billing_account OR %(partner)s.is_payer
             OR EXISTS (SELECT 1 FROM res_partner ward WHERE ward.guarantor_id = %(partner)s.id))
            """,
            partner=partner,
        )

    def _get_source(self):
        return self.move_id
