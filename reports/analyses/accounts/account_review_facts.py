from odoo import models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_OPEN


class BillingAccountReview(models.Model):
    """What is known of each account: when it last moved, what is open, what it lacks, whom it looks like."""

    _inherit = "billing.account.review"

    def _get_facts_query(self, today):
        """What is known of each account in each company."""
        idle = SQL("(%s - INTERVAL '1 month' * COALESCE(company.billing_idle_months, %s))::date",
                   today, self.env.company.billing_idle_months)
        last = SQL("COALESCE(moved.date, partner.create_date::date)")
        minor = SQL("partner.birth_date > (%s - INTERVAL '18 years')::date", today)
        lacks = {
            "lacks_birth_date": SQL("NOT COALESCE(partner.is_company, FALSE) AND partner.birth_date IS NULL"),
            "lacks_address": SQL(
                "COALESCE(partner.street, '') = '' AND COALESCE(partner.billing_confidential_address, '') = ''",
            ),
            "lacks_contact": SQL("COALESCE(partner.phone, '') = '' AND COALESCE(partner.email, '') = ''"),
            "lacks_guarantor": SQL("COALESCE(%s, FALSE) AND partner.guarantor_id IS NULL", minor),
            "lacks_coverage": SQL("COALESCE(covered.has_ended, FALSE)"),
            "lacks_working_way": SQL(
                "COALESCE(partner.billing_phone_failure, partner.billing_email_failure, "
                "partner.billing_address_failure) IS NOT NULL",
            ),
        }
        return SQL(
            """
            SELECT partner.id::bigint * 100000 + COALESCE(company.id, 0) AS id,
                   partner.id AS partner_id,
                   company.id AS company_id,
                   COALESCE(company.currency_id, %(currency)s) AS currency_id,
                   partner.billing_state,
                   NOT partner.active AS is_archived,
                   partner.billing_state_date AS closed_on,
                   moved.date AS date_moved,
                   %(last)s AS date_last,
                   (EXTRACT(YEAR FROM AGE(%(today)s, %(last)s)) * 12
                    + EXTRACT(MONTH FROM AGE(%(today)s, %(last)s)))::int AS idle_months,
                   %(last)s < %(idle)s AS is_idle,
                   COALESCE(owed.amount_open, 0) AS amount_open,
                   COALESCE(owed.amount_credit, 0) AS amount_credit,
                   COALESCE(visits.has_work, FALSE) OR COALESCE(claims.has_work, FALSE) AS has_work,
                   %(lacks)s,
                   %(lack_count)s AS lack_count,
                   %(duplicate)s AS duplicate_id,
                   1 AS account_count
              FROM res_partner partner
         LEFT JOIN (%(movements)s) moved
                ON moved.partner_id = partner.id
               AND (partner.company_id IS NULL OR partner.company_id = moved.company_id)
         LEFT JOIN res_company company ON company.id = COALESCE(moved.company_id, partner.company_id)
         LEFT JOIN (%(owed)s) owed
                ON owed.partner_id = partner.commercial_partner_id AND owed.company_id = company.id
         LEFT JOIN (SELECT patient_id, company_id, TRUE AS has_work FROM billing_encounter
                     WHERE state IN ('draft', 'ready') GROUP BY patient_id, company_id) visits
                ON visits.patient_id = partner.id AND visits.company_id = company.id
         LEFT JOIN (SELECT patient_id, company_id, TRUE AS has_work FROM billing_claim
                     WHERE state = ANY(%(claims_open)s) GROUP BY patient_id, company_id) claims
                ON claims.patient_id = partner.id AND claims.company_id = company.id
         LEFT JOIN (SELECT patient_id, company_id,
                           BOOL_AND(COALESCE(date_to < %(today)s, FALSE)) AS has_ended
                      FROM billing_coverage WHERE active GROUP BY patient_id, company_id) covered
                ON covered.patient_id = partner.id AND covered.company_id = company.id
             WHERE partner.is_billing_account AND partner.billing_state IS NOT NULL
               AND (partner.active OR owed.amount_open > 0 OR moved.date > partner.billing_state_date)
            """,
            currency=self.env.company.currency_id.id, today=today, last=last, idle=idle,
            lacks=SQL(", ").join(SQL("%s AS %s", lack, SQL.identifier(name)) for name, lack in lacks.items()),
            lack_count=SQL(" + ").join(SQL("(%s)::int", lack) for lack in lacks.values()),
            claims_open=list(CLAIM_OPEN),
            movements=self._get_movements_query(today),
            owed=self._get_owed_query(),
            duplicate=self._get_duplicate_query(),
        )

    def _get_movements_query(self, today):
        """When something last happened with whom in which company: bills, payments, visits, talks."""
        return SQL(
            """
            SELECT partner_id, company_id, MAX(date) AS date
              FROM (SELECT billing_patient_id AS partner_id, company_id, invoice_date AS date
                      FROM account_move
                     WHERE state = 'posted' AND billing_patient_id IS NOT NULL
                 UNION ALL
                    SELECT commercial_partner_id, company_id, invoice_date
                      FROM account_move
                     WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
                 UNION ALL
                    SELECT partner_id, company_id, date FROM account_payment WHERE state IN ('in_process', 'paid')
                 UNION ALL
                    SELECT patient_id, company_id, date FROM billing_encounter
                     WHERE state != 'cancelled' AND date <= %(today)s
                 UNION ALL
                    SELECT partner_id, company_id, at::date FROM billing_collection_contact
                   ) movement
             WHERE partner_id IS NOT NULL
          GROUP BY partner_id, company_id
            """,
            today=today,
        )

    def _get_owed_query(self):
        return SQL(
            """
            SELECT line.partner_id, line.company_id,
                   SUM(GREATEST(line.amount_residual, 0)) AS amount_open,
                   -SUM(LEAST(line.amount_residual, 0)) AS amount_credit
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id AND account.account_type = 'asset_receivable'
             WHERE line.parent_state = 'posted' AND NOT line.reconciled
          GROUP BY line.partner_id, line.company_id
            """,
        )

    def _get_duplicate_query(self):
        """Who may be the same person: the same name in any order, and no birth date that speaks against it.

        Looked up for the rows that are shown: many accounts may have one name.
        """
        return SQL(
            """
            (SELECT MIN(other.id)
               FROM res_partner other
              WHERE partner.active
                AND other.billing_name_key = partner.billing_name_key
                AND other.id != partner.id
                AND other.active
                AND other.type = 'contact'
                AND NOT COALESCE(other.is_payer, FALSE)
                AND COALESCE(other.is_company, FALSE) = COALESCE(partner.is_company, FALSE)
                AND other.parent_id IS DISTINCT FROM partner.id
                AND partner.parent_id IS DISTINCT FROM other.id
                AND (other.company_id IS NULL OR partner.company_id IS NULL OR other.company_id = partner.company_id)
                AND (other.birth_date IS NULL OR partner.birth_date IS NULL OR other.birth_date = partner.birth_date))
            """,
        )
