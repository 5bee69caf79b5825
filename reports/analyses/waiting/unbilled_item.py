from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.models.accuracy.accuracy_rule import SEVERITIES

from .rates import select_rates

# By the one rule of ``tools.ageing``, counted from the day of service.
AGES = [
    ("current", "Today"),
    ("days_1_30", "1 to 30 days"),
    ("days_31_60", "31 to 60 days"),
    ("days_61_90", "61 to 90 days"),
    ("days_91_120", "91 to 120 days"),
    ("days_over_120", "Over 120 days"),
]


class BillingUnbilledItem(models.Model):
    """A service that was rendered and is not billed: since when, why, and how much money waits.

    Once for each service, however many findings stop it; a visit without services stands there with nothing. As of a
    past day it lists what no invoice of that day or earlier had billed, and says what was billed since. Why something
    waits is known as it is now only. Amounts are charges before taxes, in the currency of the company at the rate of
    that day.
    """

    _name = "billing.unbilled.item"
    _description = "Unbilled service"
    _inherit = ["billing.analysis"]
    _auto = False
    _depends = {
        "billing.encounter": [
            "state", "date", "patient_id", "provider_id", "company_id", "currency_id", "is_self_pay", "hold_reason",
            "hold_user_id", "accuracy_level",
        ],
        "billing.encounter.line": ["encounter_id", "product_id", "code_id", "name", "quantity", "amount"],
        "billing.accuracy.finding": [
            "encounter_id", "rule_id", "severity", "sequence", "service_ref", "active", "is_accepted",
        ],
        "billing.accuracy.rule": ["key"],
        "billing.coverage": ["patient_id", "company_id", "plan_id", "rank", "date_from", "date_to", "active"],
        "billing.insurance.plan": ["payer_id"],
        "account.move": [
            "encounter_id", "billing_kind", "move_type", "state", "date", "amount_total", "reversed_entry_id",
        ],
        "res.partner": ["payer_type"],
        "res.company": ["currency_id", "parent_path"],
        "res.currency": ["decimal_places"],
        "res.currency.rate": ["name", "rate", "company_id", "currency_id"],
    }
    _order = "date, encounter_id, id"
    _rec_name = "encounter_id"

    encounter_id = fields.Many2one(comodel_name="billing.encounter", string="Visit", readonly=True)
    name = fields.Char(string="Service", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", string="Kind of service", readonly=True)
    code_id = fields.Many2one(comodel_name="billing.code", string="Procedure", readonly=True)
    patient_id = fields.Many2one(comodel_name="res.partner", string="Patient or client", readonly=True)
    provider_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    plan_id = fields.Many2one(comodel_name="billing.insurance.plan", readonly=True)
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        readonly=True,
        help="Who is asked first. Empty: the patient.",
    )
    payer_type = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["payer_type"]._description_selection(self.env),
        string="Kind of payer",
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        readonly=True,
        help="Who holds the visit back; else who recorded it.",
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    visit_currency_id = fields.Many2one(comodel_name="res.currency", string="Currency of the visit", readonly=True)
    date = fields.Date(string="Date of service", readonly=True)
    days = fields.Integer(
        string="Days since",
        readonly=True,
        aggregator="max",
    )
    bucket = fields.Selection(selection=AGES, string="Age", readonly=True)
    state = fields.Selection(
        selection=lambda self: self.env["billing.encounter"]._fields["state"]._description_selection(self.env),
        readonly=True,
    )
    reason = fields.Selection(
        selection=[
            ("1_held", "Held back"),
            ("2_authorization", "Waiting for authorization"),
            ("3_eligibility", "Waiting for insurance"),
            ("4_stopped", "Stopped by a finding"),
            ("5_draft", "Not finished"),
            ("6_ready", "Ready, nobody billed it"),
            ("7_billed", "Billed since"),
        ],
        string="Reason",
        readonly=True,
    )
    rule_id = fields.Many2one(
        comodel_name="billing.accuracy.rule",
        string="Finding",
        readonly=True,
        help="What stops it; else the most severe finding about it that nobody has mended or accepted.",
    )
    severity = fields.Selection(selection=SEVERITIES, readonly=True)
    finding_count = fields.Integer(
        string="Findings",
        readonly=True,
        aggregator=None,
        help="How many findings its visit has that nobody has mended or accepted.",
    )
    quantity = fields.Float(string="Units", readonly=True, digits="Product Unit")
    amount_visit = fields.Monetary(
        string="In its currency",
        readonly=True,
        currency_field="visit_currency_id",
    )
    amount = fields.Monetary(string="Waiting", readonly=True)

    @property
    def _table_query(self):
        day = self._get_as_of()
        return SQL(
            """
            SELECT COALESCE(line.id, -visit.id) AS id,
                   visit.id AS encounter_id,
                   line.name,
                   line.product_id,
                   line.code_id,
                   visit.patient_id,
                   visit.provider_id,
                   coverage.plan_id,
                   plan.payer_id,
                   payer.payer_type,
                   COALESCE(visit.hold_user_id, visit.create_uid) AS user_id,
                   visit.company_id,
                   company.currency_id,
                   visit.currency_id AS visit_currency_id,
                   visit.date,
                   %(day)s::date - visit.date AS days,
                   %(bucket)s AS bucket,
                   visit.state,
                   %(reason)s AS reason,
                   finding.rule_id,
                   finding.severity,
                   COALESCE(counted.findings, 0)::int AS finding_count,
                   line.quantity,
                   COALESCE(line.amount, 0) AS amount_visit,
                   CASE WHEN visit.currency_id = company.currency_id THEN COALESCE(line.amount, 0)
                        ELSE ROUND((COALESCE(line.amount, 0) * COALESCE(ours.rate, 1)
                                    / COALESCE(theirs.rate, 1))::numeric, currency.decimal_places)
                   END AS amount
              FROM billing_encounter visit
              JOIN res_company company ON company.id = visit.company_id
         LEFT JOIN billing_encounter_line line ON line.encounter_id = visit.id
         LEFT JOIN res_currency currency ON currency.id = company.currency_id
         LEFT JOIN %(rates)s ours ON ours.company_id = company.id AND ours.currency_id = company.currency_id
         LEFT JOIN %(rates)s theirs ON theirs.company_id = company.id AND theirs.currency_id = visit.currency_id
         LEFT JOIN %(coverages)s coverage ON coverage.visit_id = visit.id
         LEFT JOIN billing_insurance_plan plan ON plan.id = coverage.plan_id
         LEFT JOIN res_partner payer ON payer.id = plan.payer_id
         LEFT JOIN %(findings)s finding ON finding.row_id = COALESCE(line.id, -visit.id)
         LEFT JOIN (SELECT encounter_id, COUNT(*) AS findings
                      FROM billing_accuracy_finding
                     WHERE encounter_id IS NOT NULL AND active AND is_accepted IS NOT TRUE
                  GROUP BY encounter_id
                   ) counted ON counted.encounter_id = visit.id
             WHERE visit.date <= %(day)s AND %(waits)s
            """,
            day=day,
            bucket=self._bucket_of(SQL("visit.date"), day),
            reason=self._get_reason(),
            rates=select_rates(day),
            coverages=self._select_coverages(day),
            findings=self._select_findings(),
            waits=self._get_waiting_condition(day),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _get_waiting_condition(self, day):
        """Whether the visit waits on this day: today as its state says; before, as the dates of its invoices say.

        An invoice bills it from its accounting date on, until credit notes have taken back the whole of it.
        """
        open_now = SQL("visit.state IN ('draft', 'ready')")
        if day >= fields.Date.context_today(self):
            return open_now
        return SQL(
            """
            (%(open_now)s OR visit.state = 'billed')
            AND NOT EXISTS (
                SELECT 1
                  FROM account_move bill
                 WHERE bill.encounter_id = visit.id AND bill.billing_kind = 'charge' AND bill.state = 'posted'
                   AND bill.move_type = 'out_invoice' AND bill.date <= %(day)s
                   AND bill.amount_total > (
                        SELECT COALESCE(SUM(refund.amount_total), 0)
                          FROM account_move refund
                         WHERE refund.reversed_entry_id = bill.id AND refund.state = 'posted'
                           AND refund.move_type = 'out_refund' AND refund.date <= %(day)s
                   )
            )
            """,
            open_now=open_now, day=day,
        )

    @api.model
    def _get_reason(self):
        """Why a service is not billed: one reason, what has to be settled first."""
        return SQL(
            """
            CASE WHEN visit.state = 'billed' THEN '7_billed'
                 WHEN visit.hold_reason IS NOT NULL THEN '1_held'
                 WHEN finding.severity = 'stop' AND finding.key LIKE 'authorization%%' THEN '2_authorization'
                 WHEN finding.severity = 'stop' AND (finding.key LIKE 'eligibility%%' OR finding.key LIKE 'coverage%%')
                 THEN '3_eligibility'
                 WHEN finding.severity = 'stop' THEN '4_stopped'
                 WHEN visit.state = 'draft' THEN '5_draft'
                 ELSE '6_ready' END
            """,
        )

    @api.model
    def _select_findings(self):
        """The worst finding of each service: a stop of the visit, wherever it is, before what is wrong with itself."""
        return SQL(
            """
            (SELECT DISTINCT ON (row_id) row_id, rule_id, severity, key
               FROM (SELECT COALESCE(line.id, -found.encounter_id) AS row_id, found.*, rule.key,
                            found.service_ref IN (0, COALESCE(line.id, 0)) AS is_own
                       FROM billing_accuracy_finding found
                       JOIN billing_accuracy_rule rule ON rule.id = found.rule_id
                  LEFT JOIN billing_encounter_line line ON line.encounter_id = found.encounter_id
                      WHERE found.encounter_id IS NOT NULL AND found.active AND found.is_accepted IS NOT TRUE) found
              WHERE severity = 'stop' OR is_own
           ORDER BY row_id, severity != 'stop', NOT is_own, sequence, id)
            """,
        )

    @api.model
    def _select_coverages(self, day):
        """The plan that is asked first for each visit, see ``billing.coverage._get_in_force``."""
        return SQL(
            """
            (SELECT DISTINCT ON (visit.id) visit.id AS visit_id, policy.plan_id
               FROM billing_encounter visit
               JOIN billing_coverage policy ON policy.patient_id = visit.patient_id
                                           AND policy.company_id = visit.company_id
                                           AND policy.date_from <= visit.date
                                           AND (policy.date_to IS NULL OR policy.date_to >= visit.date)
              WHERE policy.active AND visit.is_self_pay IS NOT TRUE AND visit.date <= %(day)s AND %(waits)s
           ORDER BY visit.id, policy.rank, policy.id)
            """,
            day=day, waits=self._get_waiting_condition(day),
        )

    def _get_source(self):
        return self.encounter_id
