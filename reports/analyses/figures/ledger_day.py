from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.ageing import LIMITS

from ..receivables.open_items import find_unposted_matches, receivable_accounts

# Days past due after which an amount counts as old.
OLD = next(limit for limit, bucket in LIMITS if bucket == "days_61_90")
# What a reason takes off a charge, by the account that it posts to.
ADJUSTMENTS = ("allowance", "charity", "discount", "writeoff", "bad_debt")
FLOWS = ("charged", "paid", *ADJUSTMENTS, "cost")
STOCKS = ("receivable", "asked", "over_90")
COLUMNS = (*STOCKS, *FLOWS)


class BillingLedgerDay(models.AbstractModel):
    """What each day did to the receivables of a company, read from journal items: the statement from which the
    figures of months, of the dashboard and of the digest are added up.

    STOCKS summed over all days up to one are what stood in the books at its end: ``receivable`` is the balance of the
    receivable accounts, ``asked`` what of it is asked for, credits not taken off, ``over_90`` what of that is more than
    90 days late. FLOWS are what happened on the day. Amounts are in the currency of the company.
    """

    _name = "billing.ledger.day"
    _description = "Days of the ledger"

    @api.model
    def _get_query(self, until, since=None):
        """(company_id, day, one column for each of COLUMNS), one row for each company and day with a movement.

        :param date until: the last day; what was posted or reconciled later does not count
        :param date since: the first day whose end is asked for, which is much cheaper than all of them: sums of STOCKS
            are right from this day on, what happened is read from a year before it on
        """
        flows_since = since and since - relativedelta(years=1)
        receivable = self._is_receivable()
        return self._add_up([
            self._select_receivables(receivable, until, flows_since, with_balance=True),
            self._select_reasons(until, flows_since),
            self._select_costs(until, flows_since),
            *self._select_open(receivable, until, since),
        ])

    def _add_up(self, events):
        return SQL(
            "SELECT event.company_id, event.day, %(sums)s FROM (%(events)s) event GROUP BY event.company_id, event.day",
            sums=SQL(", ").join(SQL("SUM(event.%s) AS %s", *(2 * [SQL.identifier(name)])) for name in COLUMNS),
            events=SQL(" UNION ALL ").join(events),
        )

    @api.model
    def _read_period(self, companies, date_from, date_to):
        """What happened to these companies between two days, both included; one query.

        :return: {company: {one of FLOWS: amount}}
        """
        days = self._add_up([
            self._select_receivables(self._is_receivable(), date_to, date_from),
            self._select_reasons(date_to, date_from),
            self._select_costs(date_to, date_from),
        ])
        return self._sum_days(days, companies, FLOWS)

    @api.model
    def _read_over_90(self, companies, day):
        """{company: what it asked for and was more than 90 days late at a day's end}, in a fixed number of queries."""
        events = self._select_open(self._is_receivable(), day, since=day)
        totals = self._sum_days(self._add_up(events), companies, ("over_90",))
        return {company: total["over_90"] for company, total in totals.items()}

    def _sum_days(self, days, companies, names):
        for model, fnames in self.env["billing.figure.month"]._depends.items():
            self.env[model].flush_model(fnames)
        totals = {company: dict.fromkeys(names, 0.0) for company in companies}
        rows = self.env.execute_query(SQL(
            "SELECT company_id, %s FROM (%s) day WHERE company_id = ANY(%s) GROUP BY company_id",
            SQL(", ").join(SQL("SUM(%s)", SQL.identifier(name)) for name in names), days, companies.ids,
        ))
        for company, *amounts in rows:
            totals[companies.browse(company)] = dict(zip(names, map(float, amounts), strict=True))
        return totals

    # === EVENTS === #

    def _select(self, source, day, **amounts):
        """One SELECT of the union: sums by company and day, nothing in the columns that are not named."""
        return SQL(
            "SELECT line.company_id, %(day)s AS day, %(amounts)s %(source)s GROUP BY line.company_id, %(day)s",
            day=day,
            amounts=SQL(", ").join(
                SQL("%s AS %s", amounts.get(name, SQL("0::numeric")), SQL.identifier(name)) for name in COLUMNS
            ),
            source=source,
        )

    def _sum(self, amount, condition=None):
        return SQL("COALESCE(SUM(%s) FILTER (WHERE %s), 0)", amount, condition or SQL("TRUE"))

    def _is_receivable(self):
        return SQL("line.account_id IN %s", receivable_accounts(self.env))

    def _is_posted(self, until, since):
        posted = SQL("line.parent_state = 'posted' AND line.date <= %s", until)
        return SQL("%s AND line.date >= %s", posted, since) if since else posted

    def _is_money(self):
        """Entries that stand for money, as ``billing.charge.flow`` knows them."""
        return SQL("outside.move_type = 'entry' AND %s", self.env["billing.charge.flow"]._get_money_condition())

    def _select_receivables(self, receivable, until, since, with_balance=False):
        """Receivable items: of customers' bills and credit notes, which are charges unless they only pass on what was
        charged before; of entries that stand for money; and what all that was ever posted there comes to."""
        is_sale = SQL(
            "outside.move_type IN ('out_invoice', 'out_refund', 'out_receipt') "
            "AND COALESCE(outside.billing_kind, taken_back.billing_kind, 'charge') != 'transfer'"
        )
        # Documents are looked up for the days of which somebody asks what happened.
        is_asked = SQL("line.date >= %s", since) if since else SQL("TRUE")
        amounts = {
            "charged": self._sum(SQL("line.balance"), is_sale),
            "paid": self._sum(SQL("-line.balance"), self._is_money()),
        }
        if with_balance:
            amounts["receivable"] = self._sum(SQL("line.balance"))
        return self._select(
            SQL(
                """
                FROM account_move_line line
           LEFT JOIN account_move outside ON outside.id = line.move_id AND %s
           LEFT JOIN account_move taken_back
                  ON taken_back.id = outside.reversed_entry_id AND taken_back.billing_kind = 'transfer'
               WHERE %s AND %s
                """,
                is_asked, receivable, self._is_posted(until, None if with_balance else since),
            ),
            SQL("line.date"),
            **amounts,
        )

    def _select_reasons(self, until, since):
        """Items that say why less is owed. What they explain of an entry that stands for money is none."""
        return self._select(
            SQL(
                """
                FROM account_move_line line
                JOIN billing_adjustment_reason reason ON reason.id = line.adjustment_reason_id
                JOIN account_move outside ON outside.id = line.move_id AND outside.move_type = 'entry'
               WHERE line.adjustment_reason_id IS NOT NULL AND %s
                """,
                self._is_posted(until, since),
            ),
            SQL("line.date"),
            paid=self._sum(SQL("-line.balance"), self._is_money()),
            **{
                kind: self._sum(
                    SQL("line.balance"), SQL("reason.effect = 'reduce' AND reason.account_kind = %s", kind),
                )
                for kind in ADJUSTMENTS
            },
        )

    def _select_costs(self, until, since):
        """Items on the accounts that a company counts as its cost of collecting."""
        return self._select(
            SQL(
                "FROM account_move_line line WHERE (line.company_id, line.account_id) IN %s AND %s",
                self._get_cost_accounts(), self._is_posted(until, since),
            ),
            SQL("line.date"),
            cost=self._sum(SQL("line.balance")),
        )

    def _get_cost_accounts(self):
        """((company, account), ...) by their ids, never empty; see ``receivable_accounts`` for why they are told."""
        self.env["res.company"].flush_model(["billing_commission_account_id", "billing_cost_account_ids"])
        return tuple(self.env.execute_query(SQL("""
            SELECT id, billing_commission_account_id FROM res_company WHERE billing_commission_account_id IS NOT NULL
             UNION
            SELECT company_id, account_id FROM billing_company_cost_account
        """))) or ((0, 0),)

    def _select_open(self, receivable, until, since):
        """What is open of items that ask, and what of it is old.

        An item asks from its day on, with what is open of it now and all that was ever matched; each match takes its
        part off on its own day, or never while the other side is a draft. Matches before the first day asked for
        cancel out.
        """
        matched_on, never = SQL("match.max_date"), SQL("'infinity'::date")
        is_matched = SQL("match.max_date >= %s", since) if since else SQL("TRUE")
        if unposted := find_unposted_matches(self.env):
            is_unposted = SQL("match.id = ANY(%s)", unposted)
            is_matched = SQL("(%s OR %s)", is_matched, is_unposted)
            matched_on = SQL("CASE WHEN %s THEN %s ELSE %s END", is_unposted, never, matched_on)
        return [
            self._select_asked(
                receivable, until, SQL("account_move_line line"), SQL("line.reconciled IS NOT TRUE"),
                SQL("line.amount_residual"), never,
            ),
            self._select_asked(
                receivable, until,
                SQL("account_partial_reconcile match JOIN account_move_line line ON line.id = match.debit_move_id"),
                is_matched, SQL("match.amount"), matched_on,
            ),
        ]

    def _select_asked(self, receivable, until, source, is_wanted, amount, ended_on):
        """Amounts that are asked for from the day of their item until the day on which they ended, and are old from the
        day on which they are more than 90 days late; a payment plan that moves their due date makes them young again.

        What has the same days is added up first: there are far fewer days than items.
        """
        return self._select(
            SQL(
                """
                FROM (SELECT line.company_id,
                             line.date AS asked_on,
                             %(ended_on)s AS ended_on,
                             GREATEST(line.date, term.since,
                                      COALESCE(term.due, line.date_maturity, line.date) + %(old)s) AS old_on,
                             LEAST(%(ended_on)s, term.until) AS young_on,
                             -- An item stands here once for each turn that plans have given it; it asks once.
                             COALESCE(term.since, '-infinity') = '-infinity' AS is_once,
                             SUM(%(amount)s) AS amount
                        FROM %(source)s
                   LEFT JOIN (%(terms)s) term ON term.move_line_id = line.id
                       WHERE %(receivable)s AND line.parent_state = 'posted' AND line.balance > 0
                         AND line.date <= %(until)s AND %(is_wanted)s
                    GROUP BY 1, 2, 3, 4, 5, 6
                     ) line
          CROSS JOIN LATERAL (VALUES
                        (asked_on, CASE WHEN is_once THEN amount ELSE 0 END, 0),
                        (ended_on, CASE WHEN is_once THEN -amount ELSE 0 END, 0),
                        (old_on, 0, CASE WHEN old_on < young_on THEN amount ELSE 0 END),
                        (young_on, 0, CASE WHEN old_on < young_on THEN -amount ELSE 0 END)
                     ) event (day, asked, over_90)
               WHERE event.day <= %(until)s
                """,
                source=source, terms=self._get_planned_terms(), amount=amount, ended_on=ended_on, old=OLD + 1,
                receivable=receivable, is_wanted=is_wanted, until=until,
            ),
            SQL("event.day"),
            asked=self._sum(SQL("event.asked")),
            over_90=self._sum(SQL("event.over_90")),
        )

    def _get_planned_terms(self):
        """From when until when an item that a payment plan has had was due on which day (SQL).

        Due is NULL where the item's own date counts: no plan has it any more.
        """
        return SQL("""
            SELECT turn.move_line_id, turn.since,
                   LEAD(turn.since, 1, 'infinity') OVER (PARTITION BY turn.move_line_id ORDER BY turn.since) AS until,
                   (SELECT CASE WHEN plan.started_on <= turn.since THEN item.date_maturity_plan
                                ELSE item.date_maturity_before END
                      FROM billing_payment_plan_item item
                      JOIN billing_payment_plan plan ON plan.id = item.plan_id
                     WHERE item.move_line_id = turn.move_line_id AND plan.accepted_on IS NOT NULL
                       AND COALESCE(plan.ended_on > turn.since, TRUE)
                  ORDER BY plan.accepted_on, plan.id LIMIT 1) AS due
              FROM (SELECT item.move_line_id, turn.since
                      FROM billing_payment_plan_item item
                      JOIN billing_payment_plan plan ON plan.id = item.plan_id AND plan.accepted_on IS NOT NULL
                CROSS JOIN LATERAL (VALUES ('-infinity'::date), (plan.started_on), (plan.ended_on)) turn (since)
                     WHERE turn.since IS NOT NULL
                  GROUP BY item.move_line_id, turn.since) turn
        """)
