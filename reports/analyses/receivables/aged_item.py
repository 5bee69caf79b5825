from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.models.disputes.dispute import LIVE
from odoo.addons.billing_coordinator.models.groups import HEALTH_GROUP
from odoo.addons.billing_coordinator.tools.ageing import BUCKETS, LIMITS

from .open_items import open_items

BUCKET_FIELDS = (
    "amount_current", "amount_1_30", "amount_31_60", "amount_61_90", "amount_91_120", "amount_over_120",
)
# Where the open amount of an item is, in this order: what is at an agency is there, disputed or not.
APART_FIELDS = ("amount_placed", "amount_disputed", "amount_plan", "amount_claim", "amount_asked")


class BillingAgedItem(models.Model):
    """Aged receivables: every item that was open at the end of a day, how late it was, and where it was.

    What asks stands in the bucket of its age and, of which, in one of the columns agency, disputed, payment plan,
    claim and rest; both add up to it. What nobody has used yet (payments, credit notes) is a credit: it is never
    taken off a bucket. All of it together is the balance of the receivable accounts on that day.

    Amounts are in the currency of the company. On a past day, an item that a plan has moved since was due when it was
    due then, and disputes, plans and placements count if they ran on that day.
    """

    _name = "billing.aged.item"
    _description = "Aged receivables"
    _inherit = ["billing.analysis"]
    _auto = False
    _order = "date_due, id"
    _depends = {
        "account.move.line": [
            "move_id", "move_name", "account_id", "partner_id", "company_id", "currency_id", "company_currency_id",
            "date", "date_maturity", "matching_number", "parent_state", "reconciled", "amount_residual",
            "amount_residual_currency", "billing_invoice_id",
        ],
        "account.move": ["billing_patient_id", "billing_coverage_id", "encounter_id", "invoice_user_id"],
        "account.partial.reconcile": [
            "max_date", "debit_move_id", "credit_move_id", "amount", "debit_amount_currency",
            "credit_amount_currency",
        ],
        "account.account": ["account_type"],
        "res.partner": ["is_payer", "is_company", "payer_type"],
        "billing.encounter": ["provider_id"],
        "billing.claim": ["invoice_id", "state"],
        "billing.payment.plan": ["accepted_on", "started_on", "ended_on"],
        "billing.payment.plan.item": ["plan_id", "move_line_id", "date_maturity_before", "date_maturity_plan"],
        "billing.dispute": ["state", "date", "ended_on", "date_lift"],
        "billing.dispute.item": ["dispute_id", "move_line_id", "amount", "amount_credited"],
        "billing.placement": ["state", "date", "date_end"],
        "billing.placement.item": ["placement_id", "move_line_id"],
        "res.currency": ["decimal_places"],
    }

    move_line_id = fields.Many2one(comodel_name="account.move.line", string="Journal item", readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Bill", readonly=True)
    name = fields.Char(string="Number", readonly=True)
    account_id = fields.Many2one(comodel_name="account.account", readonly=True)
    debtor_id = fields.Many2one(comodel_name="res.partner", string="Who owes", readonly=True)
    debtor_class = fields.Selection(
        selection=lambda self: self.env["billing.collection.case"]._select_debtor_class(),
        string="Kind of debtor",
        readonly=True,
    )
    payer_type = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["payer_type"]._description_selection(self.env),
        string="Kind of payer",
        readonly=True,
    )
    claim_state = fields.Selection(
        selection=lambda self: self.env["billing.claim"]._fields["state"]._description_selection(self.env),
        string="Claim",
        readonly=True,
        help="Where the claim stands that asks a payer for it: as it is now, on past days too.",
    )
    patient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Patient or client",
        readonly=True,
        groups=HEALTH_GROUP,
    )
    provider_id = fields.Many2one(comodel_name="res.partner", readonly=True, groups=HEALTH_GROUP)
    user_id = fields.Many2one(comodel_name="res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    foreign_currency_id = fields.Many2one(comodel_name="res.currency", string="Currency of the bill", readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due on", readonly=True)
    days_late = fields.Integer(
        string="Days late",
        readonly=True,
        aggregator="max",
        help="Days since the due date. Due today is not late.",
    )
    bucket = fields.Selection(
        selection="_select_bucket",
        string="Age",
        readonly=True,
    )
    amount = fields.Monetary(
        string="Open",
        readonly=True,
        help="All that is open, credits taken off: the balance of the receivable accounts.",
    )
    amount_foreign = fields.Monetary(
        string="In its currency",
        currency_field="foreign_currency_id",
        readonly=True,
        aggregator=None,
    )
    amount_current = fields.Monetary(string="Not due", readonly=True)
    amount_1_30 = fields.Monetary(string="1–30 days", readonly=True)
    amount_31_60 = fields.Monetary(string="31–60 days", readonly=True)
    amount_61_90 = fields.Monetary(string="61–90 days", readonly=True)
    amount_91_120 = fields.Monetary(string="91–120 days", readonly=True)
    amount_over_120 = fields.Monetary(string="Over 120 days", readonly=True)
    amount_credit = fields.Monetary(
        string="Credits",
        readonly=True,
        help="Payments and credit notes that no bill has used yet.",
    )
    amount_claim = fields.Monetary(
        string="With payers",
        readonly=True,
        help="Asked of insurers and other payers by claims: no patient owes it.",
    )
    amount_plan = fields.Monetary(string="In plans", readonly=True, help="In payment plans that run.")
    amount_disputed = fields.Monetary(string="Disputed", readonly=True)
    amount_placed = fields.Monetary(string="At agencies", readonly=True, help="With collection agencies.")
    amount_asked = fields.Monetary(
        string="Asked for here",
        readonly=True,
        help="What is left when agencies, disputes, payment plans and claims are taken off: what we ask debtors for "
             "ourselves.",
    )

    # === COMPUTE METHODS === #

    def _select_bucket(self):
        """The ages under the names of their columns."""
        fnames = self.fields_get(BUCKET_FIELDS, ["string"])
        return [(bucket, fnames[fname]["string"]) for bucket, fname in zip(BUCKETS, BUCKET_FIELDS, strict=True)]

    @property
    def _table_query(self):
        day = self._get_as_of()
        due = self._get_due(day)
        items, amount, foreign, is_open = open_items(self.env, day)
        asking = SQL("GREATEST(%s, 0)", amount)
        return SQL(
            """
            SELECT line.id,
                   line.id AS move_line_id,
                   line.move_id,
                   line.move_name AS name,
                   line.account_id,
                   line.partner_id AS debtor_id,
                   %(debtor_class)s AS debtor_class,
                   CASE WHEN debtor.is_payer THEN debtor.payer_type END AS payer_type,
                   claim.state AS claim_state,
                   bill.billing_patient_id AS patient_id,
                   encounter.provider_id,
                   bill.invoice_user_id AS user_id,
                   line.company_id,
                   line.company_currency_id AS currency_id,
                   line.currency_id AS foreign_currency_id,
                   line.date,
                   %(due)s AS date_due,
                   %(day)s - %(due)s AS days_late,
                   %(bucket)s AS bucket,
                   %(amount)s AS amount,
                   %(foreign)s AS amount_foreign,
                   %(buckets)s,
                   LEAST(%(amount)s, 0) AS amount_credit,
                   %(apart)s
              FROM %(items)s
         LEFT JOIN res_partner debtor ON debtor.id = line.partner_id
         LEFT JOIN account_move bill ON bill.id = COALESCE(line.billing_invoice_id, line.move_id)
         LEFT JOIN billing_encounter encounter ON encounter.id = bill.encounter_id
         LEFT JOIN billing_claim claim ON claim.invoice_id = COALESCE(line.billing_invoice_id, line.move_id)
         LEFT JOIN res_currency currency ON currency.id = line.company_currency_id
              %(joins)s
             WHERE %(is_open)s
            """,
            items=items,
            amount=amount,
            foreign=foreign,
            is_open=is_open,
            day=day,
            debtor_class=self.env["res.partner"]._debtor_class_of("debtor"),
            due=due,
            bucket=self._bucket_of(due, day),
            buckets=self._get_buckets(due, day, amount),
            apart=self._get_apart(asking, foreign),
            joins=self._get_joins(day),
        )

    def _get_due(self, day):
        """When an item was due, as it stood on this day (SQL).

        A plan writes its own days on the items; for a past day those of the plan that ran then count, or those of
        before the first plan that came later.
        """
        now = SQL("COALESCE(line.date_maturity, line.date)")
        if day >= fields.Date.context_today(self):
            return now
        return SQL("COALESCE(plan_then.date_due, %s)", now)

    def _get_buckets(self, due, day, amount):
        """One column for each age (SQL): what asks, no credits."""
        columns, later = [], None
        for fname, (limit, _bucket) in zip(BUCKET_FIELDS, (*LIMITS, (None, None)), strict=True):
            bounds = []
            if limit is not None:
                bounds.append(SQL("%s >= %s", due, day - timedelta(days=limit)))
            if later is not None:
                bounds.append(SQL("%s < %s", due, day - timedelta(days=later)))
            later = limit
            # Last: days are compared faster than amounts are added.
            bounds.append(SQL("%s > 0", amount))
            columns.append(SQL(
                "CASE WHEN %s THEN %s ELSE 0 END AS %s", SQL(" AND ").join(bounds), amount, SQL.identifier(fname),
            ))
        return SQL(", ").join(columns)

    def _get_apart(self, asking, foreign):
        """Where the open amount is: one column for each place, of which each cent stands in one (SQL)."""
        placed = SQL("placed.move_line_id IS NOT NULL")
        disputed = SQL(
            """CASE WHEN disputed.amount IS NULL THEN 0 WHEN disputed.amount >= %(foreign)s THEN %(asking)s
                    ELSE ROUND(disputed.amount * %(asking)s / NULLIF(%(foreign)s, 0), currency.decimal_places)
                END""",
            asking=asking, foreign=foreign,
        )
        rest = SQL("%s - %s", asking, disputed)
        in_plan, with_payer = SQL("planned.move_line_id IS NOT NULL"), SQL("bill.billing_coverage_id IS NOT NULL")
        return SQL(
            """
            CASE WHEN %(placed)s THEN %(asking)s ELSE 0 END AS amount_placed,
            CASE WHEN %(placed)s THEN 0 ELSE %(disputed)s END AS amount_disputed,
            CASE WHEN NOT %(placed)s AND %(in_plan)s THEN %(rest)s ELSE 0 END AS amount_plan,
            CASE WHEN NOT %(placed)s AND NOT %(in_plan)s AND %(with_payer)s THEN %(rest)s ELSE 0 END AS amount_claim,
            CASE WHEN %(placed)s OR %(in_plan)s OR %(with_payer)s THEN 0 ELSE %(rest)s END AS amount_asked
            """,
            placed=placed, disputed=disputed, in_plan=in_plan, with_payer=with_payer, rest=rest, asking=asking,
        )

    def _get_joins(self, day):
        """What ran on this day, by item (SQL). PostgreSQL leaves out those of which no column is asked for."""
        return SQL(
            """
         LEFT JOIN (SELECT item.move_line_id
                      FROM billing_placement_item item
                      JOIN billing_placement placement ON placement.id = item.placement_id
                     WHERE placement.state NOT IN ('ready', 'dropped')
                       AND placement.date <= %(day)s AND COALESCE(placement.date_end > %(day)s, TRUE)
                  GROUP BY item.move_line_id) placed ON placed.move_line_id = line.id
         LEFT JOIN (SELECT item.move_line_id,
                           SUM(GREATEST(item.amount - CASE WHEN dispute.ended_on > %(day)s THEN 0
                                                           ELSE COALESCE(item.amount_credited, 0) END, 0)) AS amount
                      FROM billing_dispute_item item
                      JOIN billing_dispute dispute ON dispute.id = item.dispute_id
                     WHERE dispute.date <= %(day)s
                       AND (dispute.state IN %(live)s
                            OR dispute.state = 'resolved' AND COALESCE(dispute.date_lift > %(day)s, TRUE)
                            OR dispute.ended_on > %(day)s)
                  GROUP BY item.move_line_id) disputed ON disputed.move_line_id = line.id
         LEFT JOIN (SELECT item.move_line_id
                      FROM billing_payment_plan_item item
                      JOIN billing_payment_plan plan ON plan.id = item.plan_id
                     WHERE plan.accepted_on <= %(day)s AND COALESCE(plan.ended_on > %(day)s, TRUE)
                  GROUP BY item.move_line_id) planned ON planned.move_line_id = line.id
         LEFT JOIN (SELECT DISTINCT ON (item.move_line_id) item.move_line_id,
                           CASE WHEN plan.started_on <= %(day)s THEN item.date_maturity_plan
                                ELSE item.date_maturity_before END AS date_due
                      FROM billing_payment_plan_item item
                      JOIN billing_payment_plan plan ON plan.id = item.plan_id
                     WHERE plan.accepted_on IS NOT NULL AND COALESCE(plan.ended_on > %(day)s, TRUE)
                  ORDER BY item.move_line_id, plan.accepted_on, plan.id) plan_then ON plan_then.move_line_id = line.id
            """,
            day=day, live=LIVE,
        )

    def _get_source(self):
        return self.move_id
