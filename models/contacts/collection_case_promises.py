from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount, format_date


class BillingCollectionCase(models.Model):
    """What the debtor has promised: one promise runs at a time, pauses dunning, and is remembered when broken."""

    _inherit = "billing.collection.case"

    promise_ids = fields.One2many(
        comodel_name="billing.collection.promise",
        inverse_name="case_id",
        string="Promises",
        readonly=True,
    )
    promise_id = fields.Many2one(
        comodel_name="billing.collection.promise",
        string="Running promise",
        compute="_compute_promise_id",
    )
    amount_promised = fields.Monetary(
        string="Promised",
        compute="_compute_promise_id",
        help="What is still to come of the running promise.",
    )
    date_promised = fields.Date(
        string="Promised by",
        compute="_compute_promise_id",
    )
    broken_promise_count = fields.Integer(
        string="Broken promises",
        compute="_compute_broken_promise_count",
        help="Of this debtor, in this case and earlier ones.",
    )

    # === COMPUTE METHODS === #

    @api.depends("promise_ids.state", "promise_ids.amount_open")
    def _compute_promise_id(self):
        running = self.env["billing.collection.promise"].search([
            ("case_id", "in", self._origin.ids), ("state", "=", "running"),
        ]).grouped("case_id")
        for case in self:
            promise = running.get(case._origin, self.env["billing.collection.promise"])
            case.promise_id = promise
            case.amount_promised = promise.amount_open
            case.date_promised = promise.date_last

    @api.depends("partner_id", "company_id", "promise_ids.state")
    def _compute_broken_promise_count(self):
        counts = {
            (partner.id, company.id): count
            for partner, company, count in self.env["billing.collection.promise"].sudo()._read_group(
                [("partner_id", "in", self.partner_id.ids), ("state", "=", "broken")],
                ["partner_id", "company_id"], ["__count"],
            )
        }
        for case in self:
            case.broken_promise_count = counts.get((case.partner_id.id, case.company_id.id), 0)

    # === HOOKS OF THE PIPELINE === #

    @api.model
    def _cron_run(self):
        """First of all see which promises were kept: who has broken one is asked in the same night."""
        self.env["billing.collection.promise"]._cron_follow()
        return super()._cron_run()

    def _get_standings(self):
        """A running promise pauses; a broken one lets the next step come at once, where the company wants that."""
        standings = super()._get_standings()
        promises = self.env["billing.collection.promise"].sudo().search_fetch(
            [("partner_id", "in", self.partner_id.ids), ("state", "in", ("running", "broken"))],
            ["partner_id", "company_id", "state", "date_last", "ended_on"],
        ).grouped(lambda promise: (promise.partner_id, promise.company_id))
        for case, standing in standings.items():
            mine = promises.get((case.partner_id, case.company_id), self.env["billing.collection.promise"])
            running = mine.filtered(lambda promise: promise.state == "running")
            broken = [promise.ended_on for promise in mine - running]
            company = case.company_id.sudo()
            standings[case] = replace(
                standing,
                promise_until=(
                    max(running.mapped("date_last")) + timedelta(days=company.billing_promise_grace)
                    if running else None
                ),
                resumes_on=max(broken, default=None) if company.billing_promise_after == "next" else None,
            )
        return standings

    def _get_history(self):
        """Broken promises count, whichever case they were given in."""
        return replace(super()._get_history(), broken_promises=self.broken_promise_count)

    def _get_reason_words(self, standing):
        words = super()._get_reason_words(standing)
        if promise := self.promise_id:
            words["promise"] = self.env._("Has promised to pay %(promise)s.", promise=promise._say())
        return words

    def _take_over(self, others):
        """One promise runs in a case; any other one goes on in its own, and is waited for as well."""
        promises = others.promise_ids.filtered(lambda promise: promise.state == "running")
        if promises and not self.promise_id:
            promises.sorted("date_last")[-1].case_id = self
        return super()._take_over(others)

    def _close(self):
        """What is settled was promised well; whatever else ran has lost its subject."""
        running = self.promise_ids.filtered(lambda promise: promise.state == "running").sudo()
        running.filtered(lambda promise: promise.amount_open <= 0)._keep()
        running.filtered(lambda promise: promise.state == "running")._cancel(self.env._("The case was closed."))
        self.promise_ids.sudo().filtered("needs_look").needs_look = False
        return super()._close()

    # === TAKING A PROMISE === #

    def _take_promise(self, parts, way, promised_by=None):
        """Write down what was promised.

        :param parts: (day, amount in the currency of the company) pairs
        :return: the promise, running
        :raise UserError: another one runs, it is more than is open, in the past, or too far ahead
        """
        self.ensure_one()
        self.check_access("write")
        self._check_promise(parts)
        items = self.item_ids.move_line_id.filtered(
            lambda line: line.parent_state == "posted" and line.amount_residual > 0
        )
        self.sudo().promise_ids.filtered("needs_look").needs_look = False
        return self.env["billing.collection.promise"].sudo().create({
            "case_id": self.id,
            "company_id": self.company_id.id,
            "date": fields.Date.context_today(self),
            "way": way,
            "promised_by": promised_by or self.partner_id.name,
            "user_id": self.env.uid,
            "part_ids": [Command.create({"date": day, "amount": amount}) for day, amount in parts],
            "item_ids": [
                Command.create({"move_line_id": line.id, "amount_start": line.amount_residual}) for line in items
            ],
        }).with_env(self.env)

    def _check_promise(self, parts):
        """
        :raise UserError: naming what is wrong with it, and the way out
        """
        self.ensure_one()
        debtor, currency = self.partner_id.name, self.currency_id
        if self.state != "open":
            raise UserError(self.env._("The case of %(debtor)s is closed: nothing is overdue.", debtor=debtor))
        if self.promise_id:
            raise UserError(self.env._(
                "%(debtor)s has promised already to pay %(promise)s. Cancel that promise first (%(number)s).",
                debtor=debtor, promise=self.promise_id._say(), number=self.promise_id.name,
            ))
        if not parts or any(currency.compare_amounts(amount, 0) <= 0 for _day, amount in parts):
            raise UserError(self.env._(
                "Type how much %(debtor)s has promised to pay on each day, more than zero.", debtor=debtor,
            ))
        total = sum(amount for _day, amount in parts)
        if currency.compare_amounts(total, self.amount_open) > 0:
            raise UserError(self.env._(
                "%(debtor)s owes %(open)s, and cannot promise %(amount)s. Type at most what is open.",
                debtor=debtor,
                open=format_amount(self.env, self.amount_open, currency),
                amount=format_amount(self.env, total, currency),
            ))
        self._check_promised_days([day for day, _amount in parts])

    def _check_promised_days(self, days):
        today, ahead = fields.Date.context_today(self), self.company_id.sudo().billing_promise_days_ahead
        debtor, latest = self.partner_id.name, fields.Date.add(today, days=ahead)
        if not all(days) or min(days) < today:
            raise UserError(self.env._(
                "A promise of %(debtor)s is for today or a day to come. Type the day on which the money is to be "
                "there.",
                debtor=debtor,
            ))
        if len(set(days)) < len(days):
            raise UserError(self.env._(
                "Two parts of the promise of %(debtor)s are for the same day. Add them up, or choose another day.",
                debtor=debtor,
            ))
        if max(days) > latest and not self.env.user.has_group("billing_coordinator.group_manager"):
            raise UserError(self.env._(
                "A promise of %(debtor)s for %(day)s lies more than %(days)s days ahead. Agree on a day until "
                "%(latest)s, ask a manager to take it, or offer a payment plan.",
                debtor=debtor, day=format_date(self.env, max(days)), days=ahead, latest=format_date(self.env, latest),
            ))
