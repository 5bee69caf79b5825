from odoo import api, fields, models
from odoo.tools import SQL


class BillingConservation(models.Model):
    """The proof that no cent is lost: every charge with what became of it, and a difference that must be zero.

    charge = paid + adjusted + passed on and still open elsewhere + open here. A difference is money that somebody
    moved past billing, for instance a journal entry made by hand; it is shown here instead of being hidden.
    """

    _name = "billing.conservation"
    _description = "Conservation of charges"
    _auto = False
    _depends = {
        "billing.charge.flow": ["invoice_id", "charge_id", "kind", "amount"],
        "account.move": ["encounter_id", "billing_patient_id", "partner_id", "invoice_date"],
    }
    _order = "date desc, id desc"
    _rec_name = "charge_id"

    charge_id = fields.Many2one(comodel_name="account.move", string="Charge", readonly=True)
    encounter_id = fields.Many2one(comodel_name="billing.encounter", string="Visit", readonly=True)
    patient_id = fields.Many2one(comodel_name="res.partner", string="Patient or client", readonly=True)
    debtor_id = fields.Many2one(comodel_name="res.partner", string="Billed to", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    date = fields.Date(readonly=True)
    amount_charged = fields.Monetary(string="Charged", readonly=True)
    amount_paid = fields.Monetary(string="Paid", readonly=True)
    amount_adjusted = fields.Monetary(string="Adjusted", readonly=True)
    amount_transferred = fields.Monetary(
        string="Open elsewhere",
        readonly=True,
        help="Passed on to the next payer or the patient, and open there.",
    )
    amount_open = fields.Monetary(string="Open", readonly=True)
    difference = fields.Monetary(
        readonly=True,
        help="Charged less everything that explains it. Anything but zero was moved past billing.",
    )
    is_explained = fields.Boolean(string="Adds up", readonly=True)

    @property
    def _table_query(self):
        # One sum over all charges, which is what the proof needs: about three seconds for 20,000 of them.
        return SQL(
            """
            SELECT totals.charge_id AS id,
                   totals.charge_id,
                   charge.encounter_id,
                   charge.billing_patient_id AS patient_id,
                   charge.partner_id AS debtor_id,
                   charge.company_id,
                   charge.currency_id,
                   charge.invoice_date AS date,
                   totals.charged AS amount_charged,
                   totals.paid AS amount_paid,
                   totals.adjusted AS amount_adjusted,
                   totals.elsewhere AS amount_transferred,
                   totals.here AS amount_open,
                   totals.charged - totals.paid - totals.adjusted - totals.elsewhere - totals.here AS difference,
                   totals.charged = totals.paid + totals.adjusted + totals.elsewhere + totals.here AS is_explained
              FROM (
                    SELECT flow.charge_id,
                           COALESCE(SUM(flow.amount) FILTER (WHERE flow.kind = 'charge'), 0) AS charged,
                           COALESCE(SUM(flow.amount) FILTER (WHERE flow.kind = 'paid'), 0) AS paid,
                           COALESCE(SUM(flow.amount) FILTER (WHERE flow.kind = 'adjusted'), 0) AS adjusted,
                           COALESCE(SUM(flow.amount) FILTER (
                               WHERE flow.kind = 'open' AND flow.invoice_id != flow.charge_id), 0) AS elsewhere,
                           COALESCE(SUM(flow.amount) FILTER (
                               WHERE flow.kind = 'open' AND flow.invoice_id = flow.charge_id), 0) AS here
                      FROM (%s) flow
                     GROUP BY flow.charge_id
                   ) totals
              JOIN account_move charge ON charge.id = totals.charge_id
            """,
            self.env["billing.charge.flow"]._table_query,
        )

    @api.model
    def _find_differences(self, companies=None):
        """Every charge that does not add up, and every transfer account that is not at zero.

        :param companies: companies to look at; all that the user works in when left out
        :return: (conservation records with a difference, {company: balance of its transfer account})
        """
        companies = companies or self.env.companies
        charges = self.search([("company_id", "in", companies.ids), ("is_explained", "=", False)])
        balances = {}
        for company in companies.sudo().filtered("billing_transfer_account_id"):
            account = company.billing_transfer_account_id
            [(balance,)] = self.env["account.move.line"].sudo()._read_group(
                [("account_id", "=", account.id), ("company_id", "=", company.id), ("parent_state", "=", "posted")],
                [], ["balance:sum"],
            )
            if not company.currency_id.is_zero(balance or 0.0):
                balances[company] = balance
        return charges, balances

    def action_view_charge(self):
        """The invoice that the charge was born on."""
        return self.charge_id._get_records_action()
