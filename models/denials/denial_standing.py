from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.denials import Standing, find_outcome
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

from .denial import LIVE


class BillingDenial(models.Model):
    """Where the money of a denial is, read from the answers and the books; and its state, which follows."""

    _inherit = "billing.denial"

    amount_open = fields.Monetary(
        string="At stake",
        compute="_compute_standing",
        help="Denied: what of the service is still open. Short paid: what is still missing to the contract price.",
    )
    amount_recovered = fields.Monetary(
        string="Recovered",
        compute="_compute_standing",
        help="What the payer has paid after all of what it had denied.",
    )
    is_partly = fields.Boolean(
        string="Only a part",
        compute="_compute_standing",
        help="The payer paid after all, but less than it had denied.",
    )

    # === COMPUTE METHODS === #

    @api.depends("claim_id.invoice_id.amount_residual", "state", "adjustment_id.state")
    def _compute_standing(self):
        standings = self._get_standings()
        for denial in self:
            standing = standings.get(denial)
            denial.amount_open = standing and float(standing.open)
            denial.amount_recovered = standing and float(standing.paid)
            denial.is_partly = denial.state == "overturned" and bool(standing) and standing.paid < standing.denied

    # === READING === #

    def _get_standings(self):
        """{denial: :class:`tools.denials.Standing`}, in a number of queries that does not grow with them."""
        saved = self.filtered("id")
        later, answered = saved._get_answers()
        decided = saved._get_decisions()
        left = self.env["billing.remittance.line"]._get_open_services(
            saved.filtered(lambda denial: denial.kind == "denied").sudo().claim_id.invoice_id,
        )
        standings = {}
        for denial in saved:
            unit = to_unit(denial.currency_id.rounding)
            if denial.kind == "short":
                standings[denial] = denial._get_short_standing(later[denial], answered[denial], unit)
            else:
                still = max(to_decimal(left.get(denial.move_line_id, 0.0), unit), 0)
                standings[denial] = denial._get_denied_standing(still, later[denial], decided[denial], unit)
        return standings

    def _get_denied_standing(self, still, later, decided, unit):
        """Of what was refused: what came in later answers and decisions; the rest was paid, be it past billing.

        :param still: what of the service is open now; a later denial of it has a record of its own
        :param later: the answers since, as lines
        :param decided: (passed on, given up) by the office since
        """
        denied = to_decimal(self.amount, unit)
        is_mine = not self._is_denied_again(later)
        open_ = min(still, denied) if is_mine else to_decimal(0)
        passed, given_up = (min(to_decimal(amount, unit), denied - open_) for amount in decided)
        reduced = to_decimal(0)
        for adjustment in later.adjustment_ids:
            amount = to_decimal(adjustment.amount - adjustment.amount_mirrored, unit)
            if adjustment.reason_id.effect == "transfer":
                passed += amount
            else:
                # Taken off by contract, or refused once more: it did not come.
                reduced += amount
        passed = min(passed, denied - open_)
        given_up = min(given_up, denied - open_ - passed)
        reduced = min(reduced, denied - open_ - passed - given_up)
        return Standing(denied, open_, denied - open_ - passed - given_up - reduced, reduced, passed, given_up)

    def _is_denied_again(self, later):
        """Whether the payer has refused the same service once more since."""
        return any(adjustment._get_refused_amount() > 0 for adjustment in later.adjustment_ids)

    def _get_short_standing(self, later, answered, unit):
        """Of what was short: what is still missing by all answers in force, and what later ones have brought."""
        short = to_decimal(self.amount, unit)
        paid = min(sum((to_decimal(line.amount_paid, unit) for line in later), to_decimal(0)), short)
        missing = min(to_decimal(self._get_shortfall(answered), unit), short - paid) if self.state in LIVE else (
            to_decimal(0)
        )
        return Standing(short, missing, paid, short - paid - missing, to_decimal(0), to_decimal(0))

    def _get_answers(self):
        """What payers have said of the services since, and altogether.

        :return: ({denial: remittance lines in force after its own}, {denial: all of them})
        """
        lines = self.env["billing.remittance.line"]._get_in_force(self.move_line_id)
        by_service = lines.grouped("move_line_id")
        later, answered = {}, {}
        for denial in self:
            mine = denial.sudo().remittance_line_id
            answered[denial] = by_service.get(denial.sudo().move_line_id, lines.browse())
            later[denial] = answered[denial].filtered(
                lambda line, mine=mine: (line.remittance_id.date, line.id) > (mine.remittance_id.date, mine.id)
            )
        return later, answered

    def _get_decisions(self):
        """{denial: (passed on, given up)}: what decisions of the office took off its service since, in the books."""
        items = self.env["account.move.line"].sudo().search([
            ("move_id.billing_adjustment_id.move_id", "in", self.sudo().claim_id.invoice_id.ids),
            ("move_id.billing_adjustment_id.state", "=", "posted"),
            ("adjustment_reason_id", "!=", False),
            ("move_id.move_type", "=", "entry"),
        ])
        by_service = defaultdict(lambda: items.browse())
        for item in items:
            by_service[item.billing_invoice_id, item.encounter_line_id] |= item
        decided = {}
        for denial in self:
            service = denial.sudo().move_line_id
            mine = by_service[service.move_id, service.encounter_line_id].filtered(
                lambda item, denial=denial: item.date >= denial.date
            )
            passed = mine.filtered(lambda item: item.adjustment_reason_id.effect == "transfer")
            decided[denial] = (
                sum(passed.mapped("amount_currency")), sum((mine - passed).mapped("amount_currency")),
            )
        return decided

    # === THE STATE FOLLOWS === #

    @api.model
    def _follow_claims(self, claims):
        """Money of these claims has moved: close the denials of which nothing is at stake, reopen those of which is."""
        denials = self.sudo().search([("claim_id", "in", claims.ids), ("state", "!=", "withdrawn")])
        denials._follow()

    def _follow(self):
        """Bring the states into line with the books; see :func:`tools.denials.find_outcome`."""
        if not self:
            return
        self.invalidate_recordset(["amount_open", "amount_recovered", "is_partly"])
        standings = self._get_standings()
        closed = self.browse()
        for denial in self:
            outcome = find_outcome(standings[denial])
            if denial.state in LIVE:
                if outcome and denial._is_settled(standings[denial]):
                    denial._close(outcome, standings[denial])
                    closed |= denial
            elif not outcome and denial.kind == "denied":
                denial._set_state("working", self.env._(
                    "%(amount)s of it is open again.", amount=denial.currency_id.format(float(standings[denial].open)),
                ), closed_on=False)
                denial._ask_owner()
        closed._stop_asking()
        closed.appeal_ids._follow_denials()

    def _is_settled(self, standing):
        """Whether a denial of which nothing is at stake any more is over: one that was short, when more has come."""
        return self.kind == "denied" or standing.paid > 0

    def _close(self, outcome, standing=None):
        """This denial is over.

        :param str outcome: the state that says how
        :param standing: what became of the money, for the words
        """
        reason = None
        if outcome == "overturned":
            reason = self.env._(
                "%(paid)s of %(denied)s came after all.",
                paid=self.currency_id.format(float(standing.paid)),
                denied=self.currency_id.format(self.amount),
            )
        self._set_state(outcome, reason, closed_on=fields.Date.context_today(self))
