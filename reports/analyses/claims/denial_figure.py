from odoo import api, fields, models
from odoo.tools import SQL


class BillingDenialFigure(models.Model):
    """Denials by cause: what payers refused, why, of which services, and how much of it they paid in the end.

    One row for each reason with which an answer in force denies a service; a service denied twice stands there twice,
    the second time as a repeat. What was paid after all counts for its last denial. Amounts are in the currency of the
    company, at the rate of the claim's invoice.
    """

    _name = "billing.denial.figure"
    _description = "Denials by cause"
    _inherit = ["billing.rated.analysis"]
    _auto = False
    _rates = {"overturn_rate": ("amount_overturned", "amount")}
    _depends = {
        "billing.remittance": ["state", "date", "name"],
        "billing.remittance.line": ["remittance_id", "claim_id", "move_line_id", "amount_paid", "is_in_force"],
        "billing.remittance.adjustment": ["line_id", "reason_id", "amount", "amount_mirrored"],
        "billing.adjustment.reason": ["effect", "group"],
        "billing.claim": [
            "state", "coverage_id", "encounter_id", "payer_id", "patient_id", "service_date", "invoice_id",
        ],
        "billing.denial": ["remittance_line_id", "kind", "category_id", "state"],
        "billing.coverage": ["plan_id"],
        "billing.encounter": ["provider_id"],
        "res.partner": ["payer_type"],
        "account.move": ["company_id", "currency_id", "amount_total", "amount_total_signed"],
        "account.move.line": ["billing_code_id", "product_id"],
        "res.company": ["currency_id"],
        "res.currency": ["decimal_places"],
    }
    _order = "date desc, id desc"
    _rec_name = "claim_id"

    claim_id = fields.Many2one(comodel_name="billing.claim", readonly=True)
    remittance_id = fields.Many2one(comodel_name="billing.remittance", string="Answer", readonly=True)
    reason_id = fields.Many2one(comodel_name="billing.adjustment.reason", string="Cause", readonly=True)
    category_id = fields.Many2one(comodel_name="billing.denial.category", string="Kind of cause", readonly=True)
    denial_state = fields.Selection(
        selection=lambda self: self.env["billing.denial"]._fields["state"]._description_selection(self.env),
        string="What became of it",
        readonly=True,
    )
    reason_group = fields.Selection(
        selection=lambda self: (
            self.env["billing.adjustment.reason"]._fields["group"]._description_selection(self.env)
        ),
        string="Who bears it",
        readonly=True,
    )
    patient_id = fields.Many2one(comodel_name="res.partner", string="Patient or client", readonly=True)
    payer_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    payer_type = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["payer_type"]._description_selection(self.env),
        string="Kind of payer",
        readonly=True,
    )
    plan_id = fields.Many2one(comodel_name="billing.insurance.plan", readonly=True)
    provider_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", string="Service", readonly=True)
    code_id = fields.Many2one(comodel_name="billing.code", string="Procedure", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    date = fields.Date(string="Denied on", readonly=True)
    service_date = fields.Date(string="Date of service", readonly=True)
    claim_state = fields.Selection(
        selection=lambda self: self.env["billing.claim"]._fields["state"]._description_selection(self.env),
        string="State of the claim",
        readonly=True,
        help="Where the claim stands now.",
    )
    is_repeat = fields.Boolean(
        string="Denied before",
        readonly=True,
        help="An earlier answer had denied the same service.",
    )
    amount = fields.Monetary(string="Denied", readonly=True)
    amount_overturned = fields.Monetary(
        string="Paid after all",
        readonly=True,
        help="What later answers have paid of the service.",
    )
    overturn_rate = fields.Float(
        string="Paid after all (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of what was denied, what payers paid in the end.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT denial.*, %(rates)s
              FROM (
            SELECT cause.id,
                   answer.claim_id,
                   answer.remittance_id,
                   cause.reason_id,
                   cause.reason_group,
                   worked.category_id,
                   worked.state AS denial_state,
                   claim.patient_id,
                   claim.payer_id,
                   payer.payer_type,
                   coverage.plan_id,
                   visit.provider_id,
                   service.product_id,
                   service.billing_code_id AS code_id,
                   invoice.company_id,
                   company.currency_id,
                   answer.date,
                   claim.service_date,
                   claim.state AS claim_state,
                   answer.denied_before > 0 AS is_repeat,
                   %(amount)s AS amount,
                   %(overturned)s AS amount_overturned
              FROM %(answers)s answer
              JOIN %(causes)s cause ON cause.line_id = answer.id
              JOIN billing_claim claim ON claim.id = answer.claim_id
              JOIN account_move invoice ON invoice.id = claim.invoice_id
              JOIN res_company company ON company.id = invoice.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
         LEFT JOIN billing_denial worked ON worked.remittance_line_id = answer.id AND worked.kind = 'denied'
         LEFT JOIN account_move_line service ON service.id = answer.move_line_id
         LEFT JOIN billing_coverage coverage ON coverage.id = claim.coverage_id
         LEFT JOIN billing_encounter visit ON visit.id = claim.encounter_id
         LEFT JOIN res_partner payer ON payer.id = claim.payer_id
             WHERE claim.state != 'void'
                   ) denial
            """,
            rates=self._select_rates("denial"),
            amount=self._at_rate(SQL("cause.amount")),
            # Several causes of one denial are filled one after the other.
            overturned=self._at_rate(SQL(
                "CASE WHEN answer.denied_later > 0 THEN 0 "
                "ELSE GREATEST(LEAST(cause.amount, COALESCE(answer.paid_later, 0) - cause.before), 0) END",
            )),
            answers=_ANSWERS,
            causes=_CAUSES,
        )

    # === BUSINESS METHODS === #

    @api.model
    def _at_rate(self, amount):
        """An amount of a claim (SQL) in the currency of the company, at the rate of its invoice."""
        return self.env["billing.claim.figure"]._at_rate(amount)

    def _get_source(self):
        return self.claim_id


# Reasons that deny, and what reasons of the same answer have denied before them.
_CAUSES = SQL(
    """
    (SELECT adjustment.id, adjustment.line_id, adjustment.reason_id, reason.group AS reason_group,
            adjustment.amount - adjustment.amount_mirrored AS amount,
            SUM(adjustment.amount - adjustment.amount_mirrored)
                OVER (PARTITION BY adjustment.line_id ORDER BY adjustment.id)
                - adjustment.amount + adjustment.amount_mirrored AS before
       FROM billing_remittance_adjustment adjustment
       JOIN billing_adjustment_reason reason ON reason.id = adjustment.reason_id AND reason.effect = 'hold'
                                              AND adjustment.amount > adjustment.amount_mirrored)
    """,
)
# What payers have said of each service, one answer after the other.
_ANSWERS = SQL(
    """
    (SELECT line.id, line.claim_id, line.move_line_id, line.remittance_id, remittance.date,
            SUM(line.amount_paid) OVER later AS paid_later,
            COUNT(denied.line_id) OVER later AS denied_later,
            COUNT(denied.line_id) OVER earlier AS denied_before
       FROM billing_remittance_line line
       JOIN billing_remittance remittance ON remittance.id = line.remittance_id AND line.is_in_force
  LEFT JOIN (SELECT DISTINCT adjustment.line_id
               FROM billing_remittance_adjustment adjustment
               JOIN billing_adjustment_reason reason ON reason.id = adjustment.reason_id AND reason.effect = 'hold'
              WHERE adjustment.amount > adjustment.amount_mirrored
            ) denied ON denied.line_id = line.id
     WINDOW later AS (PARTITION BY line.move_line_id ORDER BY remittance.date, line.id
                      ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING),
            earlier AS (PARTITION BY line.move_line_id ORDER BY remittance.date, line.id
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
    """,
)
