from odoo import fields, models
from odoo.tools import SQL

from ..waiting.unbilled_item import AGES
from .payer_rates import BillingPayerRates


class BillingClaimFigure(models.Model):
    """Claims as figures: what payers still owe and since when, what passes at once, how fast and how fully they pay.

    One row for each claim that was not taken back. Amounts are in the currency of the company at the rate of the
    claim's invoice, so that what was expected and what was paid compare; differences of exchange stand in the ledger.
    What came of a claim is what ``billing.charge.flow`` says, in a statement made for many claims.
    """

    _name = "billing.claim.figure"
    _description = "Claims and payers"
    _inherit = ["billing.payer.rates"]
    _auto = False
    _rates = {
        **BillingPayerRates._rates,
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
        "billing.remittance.line": ["claim_id", "remittance_id", "amount_paid", "is_in_force", "kind"],
        "billing.remittance.adjustment": ["line_id", "reason_id", "amount", "amount_mirrored"],
        "billing.adjustment.reason": ["group", "effect"],
    }
    _order = "date desc, id desc"
    _rec_name = "claim_id"

    claim_id = fields.Many2one(comodel_name="billing.claim", readonly=True)
    patient_id = fields.Many2one(comodel_name="res.partner", string="Patient or client", readonly=True)
    plan_id = fields.Many2one(comodel_name="billing.insurance.plan", readonly=True)
    provider_id = fields.Many2one(comodel_name="res.partner", readonly=True)
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
    amount_short = fields.Monetary(
        string="Short of contract",
        readonly=True,
        help="Answered, and neither paid nor the patient's share: what the contract promises and did not come.",
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
                       AS amount_short,
                   CASE WHEN claim.state IN ('denied', 'appealed') THEN claim.amount_open ELSE 0 END AS amount_at_stake
              FROM (%(claims)s) claim
                   ) figure
            """,
            rates=self._select_rates("figure"),
            today=today,
            bucket=self._bucket_of(SQL("claim.date_sent"), today),
            claims=self._select_claims(),
        )

    # === BUSINESS METHODS === #

    def _get_source(self):
        return self.claim_id
