from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.dunning_score import History, get_score
from odoo.addons.billing_coordinator.tools.money import to_decimal

LEDGER = ("item_ids", "item_ids.move_line_id.amount_residual_currency", "item_ids.move_line_id.date_maturity")


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
            case.amount_open, case.amount_overdue, case.date_oldest = sums.get(case._origin.id, (0.0, 0.0, False))

    def _sum_items(self):
        """{case id: (open, overdue, oldest due date of what is late)}, in one query."""
        if not self._origin.ids:
            return {}
        self.env["account.move.line"].flush_model(["amount_residual_currency", "date_maturity"])
        self.env["billing.collection.item"].flush_model(["case_id", "move_line_id"])
        today = fields.Date.context_today(self)
        return {
            case: (float(amount), float(late), oldest or False)
            for case, amount, late, oldest in self.env.execute_query(SQL(
                """
                SELECT item.case_id,
                       SUM(line.amount_residual_currency),
                       COALESCE(SUM(line.amount_residual_currency) FILTER (WHERE line.date_maturity < %(today)s), 0),
                       MIN(line.date_maturity) FILTER (WHERE line.date_maturity < %(today)s
                                                         AND line.amount_residual_currency > 0)
                  FROM billing_collection_item item
                  JOIN account_move_line line ON line.id = item.move_line_id AND line.parent_state = 'posted'
                 WHERE item.case_id = ANY(%(cases)s)
              GROUP BY item.case_id
                """,
                today=today, cases=self._origin.ids,
            ))
        }

    @api.depends("item_ids", "partner_id", "company_id")
    def _compute_apart(self):
        held = self._get_held(self.item_ids.move_line_id.ids)
        credits = self._get_credits()
        for case in self:
            sums = dict.fromkeys(("plan", "waiting"), 0.0)
            for item in case.item_ids:
                for why, amount in held.get(item.move_line_id.id, ()):
                    sums[why] = sums.get(why, 0.0) + (item.amount_open if amount is None else float(amount))
            case.amount_on_plan, case.amount_waiting = sums["plan"], sums["waiting"]
            case.amount_credit = float(credits.get(case._origin.id, 0))

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
        amount = self.currency_id._convert(
            self.amount_overdue, self.company_id.currency_id, self.company_id, today,
        ) if self.currency_id != self.company_id.currency_id else self.amount_overdue
        days = (today - self.date_oldest).days if self.date_oldest else 0
        return get_score(to_decimal(amount), days, self._get_history())

    def _get_history(self):
        """What the debtor has done before: :class:`tools.dunning_score.History`. Hook: promises and plans add it."""
        return History()
