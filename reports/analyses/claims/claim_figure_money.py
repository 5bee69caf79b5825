from odoo import api, models
from odoo.tools import SQL

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
            COUNT(*) FILTER (WHERE line.is_in_force) AS in_force,
            COUNT(*) FILTER (WHERE NOT line.is_in_force) AS taken_back,
            MIN(remittance.date) AS date_answered,
            MIN(remittance.date) FILTER (WHERE line.is_in_force AND line.amount_paid > 0) AS date_paid,
            COALESCE(BOOL_OR(adjusted.is_denied) FILTER (WHERE line.is_in_force), FALSE) AS is_denied,
            SUM(adjusted.patient) FILTER (WHERE line.is_in_force) AS patient
       FROM billing_remittance_line line
       JOIN billing_remittance remittance ON remittance.id = line.remittance_id
                                         AND remittance.state IN ('posted', 'reversed') AND line.kind = 'answer'
  LEFT JOIN (SELECT adjustment.line_id,
                    BOOL_OR(reason.effect = 'hold' AND adjustment.amount > adjustment.amount_mirrored) AS is_denied,
                    SUM(adjustment.amount) FILTER (WHERE reason.group = 'PR' AND reason.effect = 'transfer') AS patient
               FROM billing_remittance_adjustment adjustment
               JOIN billing_adjustment_reason reason ON reason.id = adjustment.reason_id
           GROUP BY adjustment.line_id) adjusted ON adjusted.line_id = line.id
   GROUP BY line.claim_id)
    """,
)


class BillingClaimFigure(models.Model):
    """What became of each claim, and of its money: one statement for many claims."""

    _inherit = "billing.claim.figure"

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
