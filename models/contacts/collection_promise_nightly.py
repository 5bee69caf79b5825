from odoo import api, fields, models


class BillingCollectionPromise(models.Model):
    """What becomes of promises by itself: kept once the money is there, broken when it is not there in time."""

    _inherit = "billing.collection.promise"

    @api.model
    def _cron_follow(self):
        """Look at the ledger for all running promises, and for kept ones whose money was taken back."""
        self._work_through(
            (lambda model: [("state", "=", "running")], lambda promises: promises._follow()),
            (lambda model: [("state", "=", "kept"), ("amount_open", ">", 0)], lambda promises: promises._follow()),
        )

    def _follow(self):
        """Keep, break or leave these promises, in a number of queries that does not grow with them."""
        today = fields.Date.context_today(self)
        self.filtered(lambda promise: promise.state == "running" and promise.amount_open <= 0)._keep()
        short = self.filtered(lambda promise: promise.amount_open > 0)
        failed = short.filtered(lambda promise: promise._get_standing(today).has_failed)
        (short - failed).filtered(lambda promise: promise.state == "kept")._resume()
        failed._judge(today)

    def _judge(self, today):
        """Break these promises, whose money is not there, unless it is not for them to bring it any more."""
        if not self:
            return
        asked = self._find_asked()
        credits = self.case_id._get_credits()
        # What is in a plan by now, disputed, or decided by insurance, nobody asks for; so nobody broke a promise.
        settled = self.filtered(lambda promise: not promise.item_ids.move_line_id & asked)
        # The money has come and belongs to no bill yet: that is for the office to do, not for them.
        arrived = self.filtered(
            lambda promise: credits.get(promise.case_id.id, 0) >= promise._get_standing(today).due
        )
        running = settled.filtered(lambda promise: promise.state == "running")
        running._cancel(self.env._("Nobody asks for its bills any more."))
        (self - settled - arrived)._break()

    def _find_asked(self):
        """Of the bills of these promises, those of which something is asked for; others of the debtor do not count."""
        lines = self.item_ids.move_line_id.filtered(
            lambda line: line.parent_state == "posted" and line.amount_residual > 0
        )
        held = self.case_id._get_held(lines.ids)
        return lines.filtered(lambda line: line.currency_id.compare_amounts(
            line.amount_residual_currency,
            sum(line.amount_residual_currency if part is None else float(part) for _why, part in held.get(line.id, ())),
        ) > 0)

    def _resume(self):
        """The money was taken back before its day: the promise runs again, unless another one does by now."""
        for promise in self.filtered(lambda promise: not promise.case_id.promise_id):
            promise._set_state("running", self.env._("Money was taken back: the promise runs again."), ended_on=False)

    def _keep(self):
        """It was kept."""
        if self:
            self._set_state("kept", ended_on=fields.Date.context_today(self))

    def _break(self):
        """It was broken: dunning goes on as the company wants it, and it counts from now on."""
        if not self:
            return
        self._set_state("broken", ended_on=fields.Date.context_today(self), needs_look=True)
        cases = self.case_id
        cases.invalidate_recordset(["broken_promise_count"])
        for name in ("score", "priority"):
            self.env.add_to_compute(cases._fields[name], cases)
