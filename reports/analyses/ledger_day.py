from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools.ageing import LIMITS
from .open_items import find_unposted_matches

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
        :param date since: the first day whose end is asked for, which is much cheaper than all of them: what stood in
            the books before stands on it, and what happened is read from a year before it on
        """
        flows_since = since and since - relativedelta(years=1)
        return self._add_up([
            *self._get_flows(until, flows_since), self._select_balances(until, since), *self._select_open(until, since),
        ])

    def _get_flows(self, until, since):
        return [
            self._select_documents(until, since), self._select_reasons(until, since), self._select_costs(until, since),
        ]

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
        return self._sum_days(self._add_up(self._get_flows(date_to, date_from)), companies, FLOWS)

    @api.model
    def _read_over_90(self, companies, day):
        """{company: what it asked for and was more than 90 days late at the end of a day}; two queries."""
        # The first and the third of them are about what is asked at all.
        events = self._select_open(day, since=day)[1::2]
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
                SQL("%s AS %s", SQL("SUM(%s)", amounts[name]) if name in amounts else SQL("0::numeric"),
                    SQL.identifier(name))
                for name in COLUMNS
            ),
            source=source,
        )

    def _when(self, condition, amount):
        return SQL("CASE WHEN %s THEN %s ELSE 0 END", condition, amount)

    def _is_posted(self, until, since):
        posted = SQL("line.parent_state = 'posted' AND line.date <= %s", until)
        return SQL("%s AND line.date >= %s", posted, since) if since else posted

    def _is_money(self):
        """Entries that stand for money, as ``billing.charge.flow`` knows them."""
        return SQL("outside.move_type = 'entry' AND %s", self.env["billing.charge.flow"]._get_money_condition())

    def _select_documents(self, until, since):
        """Receivable items of customers' bills and credit notes, which are charges unless they only pass on what was
        charged before, and of entries that stand for money."""
        is_sale = SQL(
            "outside.move_type IN ('out_invoice', 'out_refund', 'out_receipt') "
            "AND COALESCE(outside.billing_kind, taken_back.billing_kind, 'charge') != 'transfer'"
        )
        return self._select(
            SQL(
                """
                FROM account_move_line line
                JOIN account_account account ON account.id = line.account_id
                 AND account.account_type = 'asset_receivable'
                JOIN account_move outside ON outside.id = line.move_id
           LEFT JOIN account_move taken_back ON taken_back.id = outside.reversed_entry_id
               WHERE %s
                """,
                self._is_posted(until, since),
            ),
            SQL("line.date"),
            charged=self._when(is_sale, SQL("line.balance")),
            paid=self._when(self._is_money(), SQL("-line.balance")),
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
            paid=self._when(self._is_money(), SQL("-line.balance")),
            **{
                kind: self._when(
                    SQL("reason.effect = 'reduce' AND reason.account_kind = %s", kind), SQL("line.balance"),
                )
                for kind in ADJUSTMENTS
            },
        )

    def _select_costs(self, until, since):
        """Items on the accounts that a company counts as its cost of collecting."""
        return self._select(
            SQL(
                """
                FROM (SELECT company.id AS company_id, company.billing_commission_account_id AS account_id
                        FROM res_company company
                       UNION
                      SELECT cost.company_id, cost.account_id FROM billing_company_cost_account cost
                     ) cost
                JOIN account_move_line line ON line.account_id = cost.account_id AND line.company_id = cost.company_id
               WHERE %s
                """,
                self._is_posted(until, since),
            ),
            SQL("line.date"),
            cost=SQL("line.balance"),
        )

    def _select_balances(self, until, since):
        """Receivable accounts: what stands on them is all that was ever posted there."""
        return self._select(
            SQL(
                """
                FROM account_move_line line
                JOIN account_account account ON account.id = line.account_id
                 AND account.account_type = 'asset_receivable'
               WHERE %s
                """,
                self._is_posted(until, None),
            ),
            self._not_before(SQL("line.date"), since),
            receivable=SQL("line.balance"),
        )

    def _not_before(self, day, since):
        return SQL("GREATEST(%s, %s::date)", day, since) if since else day

    def _select_open(self, until, since):
        """What is open of items that ask, and what of it is old.

        An item asks from its day on, with what is open of it now and all that was ever matched; each match takes its
        part off on its own day, or never while the other side is a draft. Matches before the first day asked for
        cancel out.
        """
        still = SQL("FROM account_move_line line")
        is_open = SQL("line.reconciled IS NOT TRUE")
        matched = SQL(
            "FROM account_partial_reconcile match JOIN account_move_line line ON line.id = match.debit_move_id",
        )
        is_matched = SQL("match.max_date >= %s", since) if since else SQL("TRUE")
        matched_on, never = SQL("match.max_date"), SQL("'infinity'::date")
        if unposted := find_unposted_matches(self.env):
            is_unposted = SQL("match.id = ANY(%s)", unposted)
            is_matched = SQL("(%s OR %s)", is_matched, is_unposted)
            matched_on = SQL("CASE WHEN %s THEN %s ELSE %s END", is_unposted, never, matched_on)
        return [
            select
            for source, is_wanted, amount, ended_on in (
                (still, is_open, SQL("line.amount_residual"), never),
                (matched, is_matched, SQL("match.amount"), matched_on),
            )
            for select in (
                self._select_asked(source, is_wanted, amount, ended_on, until, since),
                self._select_old(source, is_wanted, amount, ended_on, until, since),
            )
        ]

    def _select_asked(self, source, is_wanted, amount, ended_on, until, since):
        """Amounts that are asked for from the day of their item until the day on which they ended."""
        return self._select(
            SQL(
                """
                %(source)s
                JOIN account_account account ON account.id = line.account_id
                 AND account.account_type = 'asset_receivable'
          CROSS JOIN LATERAL (VALUES (line.date, %(amount)s), (%(ended_on)s, -%(amount)s)) event (day, amount)
               WHERE line.parent_state = 'posted' AND line.balance > 0 AND %(is_wanted)s AND event.day <= %(until)s
                """,
                source=source, amount=amount, ended_on=ended_on, is_wanted=is_wanted, until=until,
            ),
            self._not_before(SQL("event.day"), since),
            asked=SQL("event.amount"),
        )

    def _select_old(self, source, is_wanted, amount, ended_on, until, since):
        """The same amounts from the day on which they are more than 90 days late; a payment plan that moves their due
        date makes them young again."""
        old = SQL("GREATEST(line.date, COALESCE(term.since, '-infinity'), "
                  "COALESCE(term.due, line.date_maturity, line.date) + %s)", OLD + 1)
        ended_on = SQL("LEAST(%s, COALESCE(term.until, 'infinity'))", ended_on)
        return self._select(
            SQL(
                """
                %(source)s
                JOIN account_account account ON account.id = line.account_id
                 AND account.account_type = 'asset_receivable'
           LEFT JOIN (%(terms)s) term ON term.move_line_id = line.id
          CROSS JOIN LATERAL (VALUES (%(old)s, %(amount)s), (%(ended_on)s, -%(amount)s)) event (day, amount)
               WHERE line.parent_state = 'posted' AND line.balance > 0 AND %(is_wanted)s
                 AND %(old)s <= %(until)s AND %(old)s < %(ended_on)s AND event.day <= %(until)s
                """,
                source=source, terms=self._get_planned_terms(), amount=amount, ended_on=ended_on, old=old,
                is_wanted=is_wanted, until=until,
            ),
            self._not_before(SQL("event.day"), since),
            over_90=SQL("event.amount"),
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
