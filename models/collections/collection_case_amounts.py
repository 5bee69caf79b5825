from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.dunning_score import History, get_score
from odoo.addons.billing_coordinator.tools.money import to_decimal

LEDGER = ("item_ids", "item_ids.move_line_id.amount_residual", "item_ids.move_line_id.date_maturity")


class BillingCollectionCase(models.Model):
    """What a case is about, read from the ledger: how much is late, since when, and what of it is left alone.

    Amounts follow the journal by themselves; what only another day makes late is counted by the nightly run.
    """

    _inherit = "billing.collection.case"

    amount_open = fields.Monetary(
        string="Open",
        compute="_compute_amounts",
        store=True,
        compute_sudo=True,
        help="Everything open on its bills, late or not.",
    )
    amount_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_amounts",
        store=True,
        compute_sudo=True,
    )
    date_oldest = fields.Date(
        string="Oldest due date",
        compute="_compute_amounts",
        store=True,
        compute_sudo=True,
    )
    date_due_first = fields.Date(
        string="First due date",
        compute="_compute_amounts",
        store=True,
        compute_sudo=True,
        help="Of all that is open, late or not.",
    )
    amount_on_plan = fields.Monetary(
        string="In payment plans",
        compute="_compute_apart",
        help="Kept as promised, so nobody asks for it.",
    )
    amount_waiting = fields.Monetary(
        string="Insurance decides",
        compute="_compute_apart",
        help="Bills for visits of which a payer still decides something.",
    )
    amount_credit = fields.Monetary(
        string="Not used yet",
        compute="_compute_apart",
        help="Payments and credit notes of this debtor that belong to no bill yet.",
    )
    score = fields.Integer(
        compute="_compute_score",
        store=True,
        aggregator="avg",
    )
    score_reason = fields.Char(
        string="Why this priority",
        compute="_compute_score_reason",
    )
    priority = fields.Selection(
        selection=[
            ("0", "Low"),
            ("1", "Medium"),
            ("2", "High"),
            ("3", "Urgent"),
        ],
        compute="_compute_score",
        store=True,
        index=True,
        help="Amount, age and history, as points that add up.",
    )

    # === COMPUTE METHODS === #

    @api.depends(*LEDGER, "state")
    def _compute_amounts(self):
        sums = self._sum_items()
        for case in self:
            case.amount_open, case.amount_overdue, case.date_oldest, case.date_due_first = sums.get(
                case._origin.id, (0.0, 0.0, False, False),
            )

    def _sum_items(self):
        """{case id: (open, overdue, oldest due date of what is late, first due date of all)}, in one query."""
        if not self._origin.ids:
            return {}
        self.env["account.move.line"].flush_model(["amount_residual", "date_maturity", "parent_state"])
        self.env["billing.collection.item"].flush_model(["case_id", "move_line_id"])
        today = fields.Date.context_today(self)
        return {
            case: (float(amount), float(late), oldest or False, first or False)
            for case, amount, late, oldest, first in self.env.execute_query(SQL(
                """
                SELECT item.case_id,
                       SUM(line.amount_residual),
                       COALESCE(SUM(line.amount_residual) FILTER (WHERE %(due)s < %(today)s), 0),
                       MIN(%(due)s) FILTER (WHERE %(due)s < %(today)s),
                       MIN(%(due)s)
                  FROM billing_collection_item item
                  JOIN account_move_line line ON line.id = item.move_line_id AND line.parent_state = 'posted'
                                             AND line.amount_residual > 0
                 WHERE item.case_id = ANY(%(cases)s)
              GROUP BY item.case_id
                """,
                due=SQL("COALESCE(line.date_maturity, line.date)"), today=today, cases=self._origin.ids,
            ))
        }

    @api.depends("item_ids", "partner_id", "company_id")
    def _compute_apart(self):
        names, credits = self._get_apart_fields(), self._get_credits()
        parts = self._get_parts()
        for case in self:
            for why, name in names.items():
                case[name] = parts.get((case._origin.id, why), 0.0)
            case.amount_credit = float(credits.get(case._origin.id, 0))

    @api.model
    def _get_apart_fields(self):
        """{why something is left alone: the field that says how much of it}. Hook: rooms add their own."""
        return {"plan": "amount_on_plan", "waiting": "amount_waiting"}

    def _get_parts(self):
        """{(case id, why): how much is left alone}, in the currency of the company."""
        lines = self.item_ids.move_line_id.filtered(lambda line: line.parent_state == "posted")
        held, sums = self._get_held(lines.ids), {}
        for item in self.item_ids:
            line = item.move_line_id
            own = line.amount_residual_currency
            for why, part in held.get(line.id, ()) if own else ():
                share = 1.0 if part is None else min(float(part) / own, 1.0)
                key = (item.case_id._origin.id, why)
                sums[key] = sums.get(key, 0.0) + line.amount_residual * share
        return sums

    @api.depends("amount_overdue", "date_oldest")
    def _compute_score(self):
        today = fields.Date.context_today(self)
        for case in self:
            score = case._get_score(today)
            case.score, case.priority = score.points, score.priority

    @api.depends("amount_overdue", "date_oldest")
    @api.depends_context("lang")
    def _compute_score_reason(self):
        today = fields.Date.context_today(self)
        for case in self:
            score = case._get_score(today)
            case.score_reason = self.env._(
                "%(points)s points: amount %(amount)s, age %(age)s, history %(history)s",
                points=score.points, amount=score.amount, age=score.age, history=score.history,
            )

    # === BUSINESS METHODS === #

    def _get_score(self, today):
        """How urgent the case is: :class:`tools.dunning_score.Score`."""
        self.ensure_one()
        days = (today - self.date_oldest).days if self.date_oldest else 0
        return get_score(to_decimal(self.amount_overdue), days, self._get_history())

    def _get_history(self):
        """What the debtor has done before: :class:`tools.dunning_score.History`. Hook: promises and plans add it."""
        return History()
