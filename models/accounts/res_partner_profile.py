from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.statement_run import is_cycle

from ..groups import HEALTH_GROUP

# How far back payments tell how somebody pays, and how late is still on time.
HABIT_DAYS = 365
GRACE_DAYS = 3


class ResPartner(models.Model):
    """How an account is written to: to whose attention, how, how often, and where nobody else reads it; and how it
    pays."""

    _inherit = "res.partner"

    billing_addressee = fields.Char(
        string="To the attention of",
        copy=False,
        help="Stands below the name on bills and statements, for example “Accounts payable” or “c/o Susan Reed”.",
    )
    billing_channel = fields.Selection(
        selection=[
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("phone", "Phone"),
            ("sms", "Text message"),
        ],
        string="Prefers",
        copy=False,
        help="How this person wants to hear from the office.",
    )
    billing_statement_cycle = fields.Selection(
        selection=[
            ("monthly", "Every month"),
            ("quarterly", "Every three months"),
            ("request", "On request only"),
        ],
        string="Statements",
        default="monthly",
        help="When statements are printed for everybody: every month, in January, April, July and October, or not at "
        "all. A statement for one person can be printed at any time.",
    )
    billing_confidential_address = fields.Text(
        string="Confidential address",
        copy=False,
        groups=HEALTH_GROUP,
        help="Where this person asked to be written to instead of at home. Bills and statements carry this address and "
        "no other (45 CFR 164.522(b): the request is met without asking why).",
    )
    billing_consent_ids = fields.One2many(
        comodel_name="billing.consent",
        inverse_name="partner_id",
        string="Consents",
        groups=HEALTH_GROUP,
    )
    billing_payment_habit = fields.Char(
        string="Payment habit",
        compute="_compute_billing_payment_habit",
        groups=HEALTH_GROUP,
        help="How late this person's payments of the last year came, on average, the larger ones counting more.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_billing_payment_habit(self):
        habits = self._get_billing_payment_habits()
        for partner in self:
            days, payments = habits.get(partner._origin.commercial_partner_id.id, (0, 0))
            if not payments:
                partner.billing_payment_habit = False
            elif days <= GRACE_DAYS:
                partner.billing_payment_habit = self.env._("On time (payments in the last year: %s)", payments)
            else:
                partner.billing_payment_habit = self.env._(
                    "%(days)s days late on average (payments in the last year: %(count)s)", days=days, count=payments,
                )

    # === BUSINESS METHODS === #

    def _is_billing_statement_due(self, date):
        """Whether this debtor gets a statement when statements are printed for everybody in this month."""
        self.ensure_one()
        return is_cycle(self.billing_statement_cycle or "monthly", date, None)

    def _get_billing_confidential_address(self):
        """The address that stands on papers instead of the usual one, whoever prints them; empty if none was asked."""
        self.ensure_one()
        return self.sudo().billing_confidential_address

    def _get_billing_payment_habits(self):
        """{debtor id: (days late on average, weighted by amount; number of payments)}, in one query.

        Only money counts: what credit notes and write-offs settled says nothing about how somebody pays.
        """
        since = fields.Date.context_today(self) - timedelta(days=HABIT_DAYS)
        debtors = self._origin.commercial_partner_id.ids
        if not debtors:
            return {}
        self.env["account.partial.reconcile"].flush_model()
        rows = self.env.execute_query(SQL(
            """
            SELECT debit.partner_id,
                   ROUND(SUM(GREATEST(part.max_date - debit.date_maturity, 0) * part.amount) / SUM(part.amount)),
                   COUNT(DISTINCT credit.move_id)
              FROM account_partial_reconcile part
              JOIN account_move_line debit ON debit.id = part.debit_move_id
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_move invoice ON invoice.id = debit.move_id AND invoice.move_type = 'out_invoice'
              JOIN account_account account ON account.id = debit.account_id
                                          AND account.account_type = 'asset_receivable'
             WHERE debit.partner_id = ANY(%(debtors)s)
               AND debit.company_id = ANY(%(companies)s)
               AND part.max_date >= %(since)s
               AND part.amount > 0
               AND debit.date_maturity IS NOT NULL
               AND (credit.payment_id IS NOT NULL OR credit.statement_line_id IS NOT NULL)
          GROUP BY debit.partner_id
            """,
            debtors=debtors, companies=self.env.companies.ids, since=since,
        ))
        return {partner_id: (int(days), payments) for partner_id, days, payments in rows}

    def _get_consent_withdrawn(self, kind):
        """The day on which this person took a consent back, when it was not given again since.

        :param str kind: a kind of ``billing.consent``
        :return: a date, or False when it is in force or was never spoken of
        """
        self.ensure_one()
        consents = self.sudo().billing_consent_ids.filtered(lambda consent: consent.kind == kind)
        if not all(consents.mapped("date_withdrawn")):
            return False
        return max(consents.mapped("date_withdrawn"), default=False)
