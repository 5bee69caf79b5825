from odoo import api, fields, models
from odoo.tools import SQL

from .unbilled_item import AGES


class BillingClaimFigure(models.Model):
    """Claims as figures: what payers still owe and since when, what passes at once, how fast and how fully they pay.

    One row for each claim that was not taken back. Amounts are in the currency of the company at the rate of the
    claim's invoice, so that what was expected and what was paid compare; differences of exchange stand in the ledger.
    What came of a claim is what ``billing.charge.flow`` says, in a statement made for many claims.
    """

    _name = "billing.claim.figure"
    _description = "Claims and payers"
    _inherit = ["billing.rated.analysis"]
    _auto = False
    _rates = {
        "first_pass_rate": ("first_pass_count", "answered_count"),
        "denial_rate": ("denied_count", "answered_count"),
        "paid_rate": ("amount_answered_paid", "amount_answered_expected"),
        "contract_rate": ("amount_honoured", "amount_answered_expected"),
    }
    _depends = {
        "billing.claim": [
            "state", "invoice_id", "encounter_id", "coverage_id", "payer_id", "patient_id", "service_date", "date_sent",
            "date_first_sent", "date_deadline", "amount_expected",
        ],
        "billing.coverage": ["plan_id"],
        "billing.encounter": ["provider_id"],
        "res.partner": ["payer_type"],
        "account.move": [
            "company_id", "currency_id", "invoice_date", "amount_total", "amount_total_signed", "amount_residual",
            "move_type", "state", "reversed_entry_id", "billing_kind", "origin_payment_id", "statement_line_id",
            "remittance_id", "billing_recovery_id",
        ],
        "account.move.line": [
            "move_id", "account_id", "parent_state", "amount_currency", "amount_residual_currency",
            "billing_invoice_id", "company_id",
        ],
        "account.account": ["account_type"],
        "account.partial.reconcile": [
            "debit_move_id", "credit_move_id", "debit_amount_currency", "credit_amount_currency",
        ],
        "res.company": ["billing_transfer_account_id", "currency_id"],
        "res.currency": ["decimal_places"],
        "billing.remittance": ["state", "date"],
        "billing.remittance.line": ["claim_id", "remittance_id", "amount_paid"],
        "billing.remittance.adjustment": ["line_id", "reason_id", "amount"],
        "billing.adjustment.reason": ["group", "effect"],
    }
    _order = "date desc, id desc"
    _rec_name = "claim_id"

    claim_id = fields.Many2one(comodel_name="billing.claim", readonly=True)
    patient_id = fields.Many2one(comodel_name="res.partner", string="Patient or client", readonly=True)
    payer_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    payer_type = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["payer_type"]._description_selection(self.env),
        string="Kind of payer",
        readonly=True,
    )
    plan_id = fields.Many2one(comodel_name="billing.insurance.plan", readonly=True)
    provider_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    state = fields.Selection(
        selection=lambda self: self.env["billing.claim"]._fields["state"]._description_selection(self.env),
        readonly=True,
    )
    service_date = fields.Date(string="Date of service", readonly=True)
    date = fields.Date(string="Billed on", readonly=True)
    date_sent = fields.Date(string="Sent on", readonly=True)
    date_answered = fields.Date(string="First answered on", readonly=True)
    date_paid = fields.Date(string="First paid on", readonly=True)
    date_deadline = fields.Date(string="File until", readonly=True)
    days_open = fields.Integer(
        string="Days since sent",
        readonly=True,
        aggregator="max",
        help="Of claims on which something is open.",
    )
    bucket = fields.Selection(
        selection=[*AGES, ("unsent", "Not sent yet")],
        string="Age",
        readonly=True,
        help="Since the claim was sent last. Empty: nothing is open.",
    )
    days_to_answer = fields.Float(
        string="Days to answer",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the day on which it was first sent (else billed) to the payer's first answer.",
    )
    days_to_pay = fields.Float(
        string="Days to pay",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the day on which it was first sent (else billed) to the first answer in force that brought money.",
    )
    answered_count = fields.Integer(string="Answered", readonly=True)
    first_pass_count = fields.Integer(
        string="Passed at once",
        readonly=True,
        help="Answered, nothing of it was denied, and no answer had to be taken back.",
    )
    denied_count = fields.Integer(
        string="With a denial",
        readonly=True,
        help="Answered, and something of it was denied, whatever became of that.",
    )
    first_pass_rate = fields.Float(
        string="First pass (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of the claims that were answered, those that passed at once.",
    )
    denial_rate = fields.Float(
        string="Denied (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of the claims that were answered, those of which something was denied.",
    )
    amount_charged = fields.Monetary(string="Charged", readonly=True)
    amount_expected = fields.Monetary(
        string="Expected",
        readonly=True,
        help="What the payer will pay by its plan's benefits and contract, as they stood when the visit was billed.",
    )
    amount_paid = fields.Monetary(string="Paid", readonly=True)
    amount_adjusted = fields.Monetary(string="Adjusted", readonly=True)
    amount_transferred = fields.Monetary(string="Passed on", readonly=True)
    amount_open = fields.Monetary(string="Open", readonly=True)
    amount_patient = fields.Monetary(
        string="Patient's share",
        readonly=True,
        help="What the payer's answers leave to the patient (PR): deductible, coinsurance, copay, not covered.",
    )
    amount_answered_expected = fields.Monetary(
        string="Expected of what was answered",
        readonly=True,
    )
    amount_answered_paid = fields.Monetary(
        string="Paid of what was answered",
        readonly=True,
        help="Only of claims of which the payer was expected to pay something.",
    )
    amount_honoured = fields.Monetary(
        string="Honoured",
        readonly=True,
        help="Of what was expected, what the payer has paid or left to the patient as the patient's share.",
    )
    amount_short = fields.Monetary(
        string="Short of contract",
        readonly=True,
        help="Answered, and neither paid nor the patient's share: what the contract promises and did not come.",
    )
    paid_rate = fields.Float(
        string="Paid of expected (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="What the payer has paid of claims that were answered and of which it was expected to pay something, "
             "against what was expected.",
    )
    contract_rate = fields.Float(
        string="Contract honoured (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of what was expected of claims that were answered, what the payer has paid or left to the patient.",
    )

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT figure.*, %(rates)s
              FROM (
            SELECT claim.*,
                   CASE WHEN claim.amount_open > 0 THEN %(today)s::date - claim.date_sent END AS days_open,
                   CASE WHEN claim.amount_open <= 0 THEN NULL
                        WHEN claim.date_sent IS NULL THEN 'unsent' ELSE %(bucket)s END AS bucket,
                   (claim.date_answered - claim.date_start)::float8 AS days_to_answer,
                   (claim.date_paid - claim.date_start)::float8 AS days_to_pay,
                   claim.amount_expected * claim.answered_count AS amount_answered_expected,
                   CASE WHEN claim.amount_expected > 0 THEN claim.amount_paid * claim.answered_count ELSE 0 END
                       AS amount_answered_paid,
                   LEAST(claim.amount_paid + claim.amount_patient, claim.amount_expected) * claim.answered_count
                       AS amount_honoured,
                   GREATEST(claim.amount_expected - claim.amount_paid - claim.amount_patient, 0) * claim.answered_count
                       AS amount_short
              FROM (%(claims)s) claim
                   ) figure
            """,
            rates=self._select_rates("figure"),
            today=today,
            bucket=self._bucket_of(SQL("claim.date_sent"), today),
            claims=self._select_claims(),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _select_claims(self):
        """One row for each claim: who, when, and its money in the currency of the company."""
        return SQL(
            """
            SELECT claim.id,
                   claim.id AS claim_id,
                   claim.patient_id,
                   claim.payer_id,
                   payer.payer_type,
                   coverage.plan_id,
                   visit.provider_id,
                   invoice.company_id,
                   company.currency_id,
                   claim.state,
                   claim.service_date,
                   invoice.invoice_date AS date,
                   claim.date_sent,
                   COALESCE(claim.date_first_sent, claim.date_sent, invoice.invoice_date) AS date_start,
                   claim.date_deadline,
                   answer.date_answered,
                   answer.date_paid,
                   CASE WHEN answer.in_force > 0 THEN 1 ELSE 0 END AS answered_count,
                   CASE WHEN answer.in_force > 0 AND NOT answer.is_denied AND answer.taken_back = 0 THEN 1 ELSE 0 END
                       AS first_pass_count,
                   CASE WHEN answer.in_force > 0 AND answer.is_denied THEN 1 ELSE 0 END AS denied_count,
                   invoice.amount_total_signed AS amount_charged,
                   %(expected)s AS amount_expected,
                   %(patient)s AS amount_patient,
                   %(open)s AS amount_open,
                   %(adjusted)s AS amount_adjusted,
                   %(transferred)s AS amount_transferred,
                   %(paid)s AS amount_paid
              FROM billing_claim claim
              JOIN account_move invoice ON invoice.id = claim.invoice_id
              JOIN res_company company ON company.id = invoice.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
         LEFT JOIN billing_encounter visit ON visit.id = claim.encounter_id
         LEFT JOIN billing_coverage coverage ON coverage.id = claim.coverage_id
         LEFT JOIN res_partner payer ON payer.id = claim.payer_id
         LEFT JOIN %(answers)s answer ON answer.claim_id = claim.id
         LEFT JOIN %(refunds)s refund ON refund.invoice_id = claim.invoice_id
         LEFT JOIN %(entries)s entry ON entry.invoice_id = claim.invoice_id
         LEFT JOIN %(unexplained)s other ON other.invoice_id = claim.invoice_id
             WHERE claim.state != 'void'
            """,
            expected=self._at_rate(SQL("COALESCE(claim.amount_expected, 0)")),
            patient=self._at_rate(SQL("COALESCE(answer.patient, 0)")),
            open=self._at_rate(_OPEN),
            adjusted=self._at_rate(_ADJUSTED),
            transferred=self._at_rate(_TRANSFERRED),
            paid=self._at_rate(SQL(
                "invoice.amount_total - COALESCE(refund.total, 0) - COALESCE(entry.adjusted, 0) - %s - %s"
                " - COALESCE(other.amount, 0)", _TRANSFERRED, _OPEN,
            )),
            answers=_ANSWERS,
            refunds=_REFUNDS,
            entries=_ENTRIES,
            unexplained=self._select_unexplained(),
        )

    @api.model
    def _at_rate(self, amount):
        """An amount of a claim (SQL) in the currency of the company, at the rate of its invoice."""
        return SQL(
            "CASE WHEN invoice.currency_id = company.currency_id THEN %(amount)s ELSE ROUND((%(amount)s) "
            "* invoice.amount_total_signed / NULLIF(invoice.amount_total, 0), currency.decimal_places) END",
            amount=amount,
        )

    @api.model
    def _select_unexplained(self):
        """What is matched with something that is neither money nor billing's, as ``billing.charge.flow`` tells it."""
        return SQL(
            """
            (SELECT debt.invoice_id, SUM(match.amount) AS amount
               FROM (SELECT claim.invoice_id, item.id AS item_id
                       FROM billing_claim claim
                       JOIN account_move_line item ON item.move_id = claim.invoice_id
                      UNION ALL
                     SELECT claim.invoice_id, item.id
                       FROM billing_claim claim
                       JOIN account_move refund ON refund.reversed_entry_id = claim.invoice_id
                                               AND refund.move_type = 'out_refund' AND refund.state = 'posted'
                       JOIN account_move_line item ON item.move_id = refund.id
                      UNION ALL
                     SELECT claim.invoice_id, item.id
                       FROM billing_claim claim
                       JOIN account_move_line item ON item.billing_invoice_id = claim.invoice_id
                                                  AND item.parent_state = 'posted') debt
               JOIN account_move_line own ON own.id = debt.item_id
               JOIN account_account account ON account.id = own.account_id
                                           AND account.account_type = 'asset_receivable'
               JOIN (SELECT debit_move_id AS item_id, credit_move_id AS other_id, debit_amount_currency AS amount
                       FROM account_partial_reconcile
                      UNION ALL
                     SELECT credit_move_id, debit_move_id, -credit_amount_currency
                       FROM account_partial_reconcile) match ON match.item_id = debt.item_id
               JOIN account_move_line counterpart ON counterpart.id = match.other_id
               JOIN account_move outside ON outside.id = counterpart.move_id
              WHERE counterpart.billing_invoice_id IS NULL AND outside.billing_kind IS NULL AND NOT %s
           GROUP BY debt.invoice_id)
            """,
            self.env["billing.charge.flow"]._get_money_condition(),
        )

    def _get_source(self):
        return self.claim_id


# A credit note lowers what is open until it is matched. On a bill that another payer has passed on it is no adjustment.
_OPEN = SQL("(invoice.amount_residual - COALESCE(refund.residual, 0) + COALESCE(entry.open, 0))")
_ADJUSTED = SQL(
    "(COALESCE(entry.adjusted, 0) + CASE invoice.billing_kind WHEN 'charge' THEN COALESCE(refund.total, 0) ELSE 0 END)",
)
_TRANSFERRED = SQL("COALESCE(entry.transferred, 0)")
_REFUNDS = SQL(
    """
    (SELECT reversed_entry_id AS invoice_id, SUM(amount_total) AS total, SUM(amount_residual) AS residual
       FROM account_move
      WHERE reversed_entry_id IS NOT NULL AND move_type = 'out_refund' AND state = 'posted'
   GROUP BY reversed_entry_id)
    """,
)
_ENTRIES = SQL(
    """
    (SELECT item.billing_invoice_id AS invoice_id,
            SUM(item.amount_residual_currency) FILTER (WHERE account.account_type = 'asset_receivable') AS open,
            SUM(item.amount_currency) FILTER (WHERE account.account_type != 'asset_receivable'
                AND account.id IS DISTINCT FROM company.billing_transfer_account_id) AS adjusted,
            SUM(item.amount_currency) FILTER (WHERE account.account_type != 'asset_receivable'
                AND account.id = company.billing_transfer_account_id) AS transferred
       FROM account_move_line item
       JOIN account_account account ON account.id = item.account_id
       JOIN res_company company ON company.id = item.company_id
      WHERE item.billing_invoice_id IS NOT NULL AND item.parent_state = 'posted'
   GROUP BY item.billing_invoice_id)
    """,
)
# A claim's answers: those in force, and those that were taken back.
_ANSWERS = SQL(
    """
    (SELECT line.claim_id,
            COUNT(*) FILTER (WHERE remittance.state = 'posted') AS in_force,
            COUNT(*) FILTER (WHERE remittance.state = 'reversed') AS taken_back,
            MIN(remittance.date) AS date_answered,
            MIN(remittance.date) FILTER (WHERE remittance.state = 'posted' AND line.amount_paid > 0) AS date_paid,
            COALESCE(BOOL_OR(adjusted.is_denied) FILTER (WHERE remittance.state = 'posted'), FALSE) AS is_denied,
            SUM(adjusted.patient) FILTER (WHERE remittance.state = 'posted') AS patient
       FROM billing_remittance_line line
       JOIN billing_remittance remittance ON remittance.id = line.remittance_id
                                         AND remittance.state IN ('posted', 'reversed')
  LEFT JOIN (SELECT adjustment.line_id,
                    BOOL_OR(reason.effect = 'hold') AS is_denied,
                    SUM(adjustment.amount) FILTER (WHERE reason.group = 'PR' AND reason.effect = 'transfer') AS patient
               FROM billing_remittance_adjustment adjustment
               JOIN billing_adjustment_reason reason ON reason.id = adjustment.reason_id
           GROUP BY adjustment.line_id) adjusted ON adjusted.line_id = line.id
   GROUP BY line.claim_id)
    """,
)
