import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.base.models.ir_qweb import QWebError

from odoo.addons.billing_coordinator.tools.dunning import find_guards

SEND_BATCH = 200
_logger = logging.getLogger(__name__)


class BillingCollectionStep(models.Model):
    """Taking a step: looked at once more, then everything that its stage says, in one transaction.

    Who has paid or promised since it was decided on is left in peace.
    """

    _inherit = "billing.collection.step"

    @api.model
    def _cron_send(self):
        """Do what waits for nobody: all that is ready, but for letters, which somebody prints, and text messages, which
        come by day."""
        self._work_through(
            (
                lambda model: [("state", "=", "ready"), ("channel", "in", ("email", "none"))],
                lambda steps: steps._do_safely(),
            ),
            batch_size=SEND_BATCH,
        )

    def _do_safely(self):
        """Do these steps together; where one cannot be done, the others are, and somebody looks at that one."""
        try:
            with self.env.cr.savepoint():
                self._do()
        except (UserError, ValueError, KeyError, QWebError) as error:
            if len(self) == 1:
                _logger.warning("Collection step %s of %s: %s", self.id, self.partner_id.display_name, error)
                self._set_state("review", reasons="failed", problem=str(error))
                return
            for step in self:
                step._do_safely()

    # === ACTIONS === #

    def action_approve(self):
        """Somebody has looked at these steps: they may be done."""
        waiting = self.filtered(lambda step: step.state == "review")
        waiting._check_reviewer()
        waiting._set_state("ready", user_id=self.env.uid)

    def action_do(self):
        """Do these steps now, whatever the hour of the nightly run; letters are printed with their own button."""
        self.action_approve()
        self.filtered(lambda step: step.state == "ready")._do()

    def action_drop(self):
        """Not this time. The step is decided on anew in the next night, unless something stands against it by then."""
        self._set_state("dropped", user_id=self.env.uid)

    # === BUSINESS METHODS === #

    def _check_reviewer(self):
        """
        :raise UserError: a stage wants a manager
        """
        wants = self.filtered(lambda step: step.stage_id.review == "manager")
        if wants and not self.env.user.has_group("billing_coordinator.group_manager"):
            raise UserError(self.env._(
                "“%(stage)s” to %(debtor)s is for a billing manager to approve. It waits in the managers' list.",
                stage=wants[0].stage_id.name, debtor=wants[0].partner_id.display_name,
            ))

    def _do(self):
        """Take these steps, all or none of them.

        :return: those that were taken; whoever needs none any more is left in peace
        """
        self._lock_or_refuse()
        steps = self._look_again()
        if steps:
            steps._act()
            steps._set_state("done", date=fields.Date.context_today(self))
            steps._move_on()
        return steps

    def _act(self):
        """What the stages of these steps say. Hook: rooms add what they can do; each asks its stage."""
        self._ask_people()
        self._hold_accounts()

    def _look_again(self):
        """Bring these steps up to date with the ledger, and drop those that nothing is to be asked with any more.

        What has come up since somebody looked at a step is looked at first.
        """
        cases = self.case_id
        items, standings, today = cases._get_items(), cases._get_standings(), fields.Date.context_today(self)
        keep, lines = self.browse(), []
        for step in self:
            found = {item.key: item for item in items[step.case_id.id]}
            left = [
                (found[line.item_id.id], line.stage_id.id)
                for line in step.line_ids if line.item_id.id in found and found[line.item_id.id].asked
            ]
            guards = find_guards([item for item, _stage in left], standings[step.case_id], today)
            if not left or any(guard.stops for guard in guards):
                step._set_state("dropped", reasons=", ".join(guard.key for guard in guards) or "paid")
                continue
            keep += step
            lines.append(left)
            step._note_guards(guards)
        keep._write_lines(lines)
        return keep.filtered(lambda step: step.state == "ready")

    def _note_guards(self, guards):
        """Let somebody look at this step first, where something stands against it that nobody has seen yet.

        What is handed over has looks of its own.
        """
        self.ensure_one()
        keys = [guard.key for guard in guards]
        if self.stage_id.is_placement or set(keys) <= set((self.reasons or "").split(", ")):
            return
        values = {"reasons": ", ".join(keys), "needs_review": True}
        if self.state == "ready":
            self._set_state("review", **values)
        else:
            self.sudo().write(values)

    def _write_lines(self, lines):
        """What each of these steps covers, instead of what it covered before.

        :param lines: for each step, (tools.dunning.Item, id of the stage at which it is from then on) pairs
        """
        rows = [
            (step.id, item.key, stage or None, float(item.own), item.due)
            for step, pairs in zip(self, lines, strict=True) for item, stage in pairs
        ]
        for step, pairs in zip(self, lines, strict=True):
            amount = float(sum(item.asked for item, _stage in pairs))
            if step.currency_id.compare_amounts(step.amount, amount):
                step.sudo().amount = amount
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(SQL("DELETE FROM billing_collection_step_line WHERE step_id = ANY(%s)", self.ids))
        if rows:
            self.env.cr.execute(SQL(
                """
                INSERT INTO billing_collection_step_line (step_id, item_id, stage_id, amount, date_due)
                SELECT * FROM unnest(%s::int[], %s::int[], %s::int[], %s::numeric[], %s::date[])
                """,
                *(list(column) for column in zip(*rows, strict=True)),
            ))
        self.env["billing.collection.step.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])

    def _move_on(self):
        """The bills are at their stages from today on, and the cases at that of their step."""
        today = fields.Date.context_today(self)
        self.env.cr.execute(SQL(
            """
            UPDATE billing_collection_item item
               SET stage_id = line.stage_id, date_stage = %s
              FROM billing_collection_step_line line
             WHERE line.item_id = item.id
               AND line.step_id = ANY(%s)
               AND item.stage_id IS DISTINCT FROM line.stage_id
            """,
            today, self.ids,
        ))
        self.env["billing.collection.item"].invalidate_model(["stage_id", "date_stage"])
        for stage, steps in self.grouped("stage_id").items():
            steps.case_id.sudo().write({"stage_id": stage.id, "date_stage": today})

    # === WHAT A STEP DOES === #

    def _ask_people(self):
        """Somebody of the office calls or visits, where the stage says so."""
        for kind, steps in self.filtered("stage_id.activity_type_id").grouped(
            lambda step: step.stage_id.activity_type_id,
        ).items():
            cases = steps.case_id
            told = {
                step.case_id: self.env._("%(stage)s: %(debtor)s", stage=step.stage_id.name, debtor=step.partner_id.name)
                for step in steps
            }
            cases._ask_for(kind, told, users={case: case.user_id for case in cases})

    def _hold_accounts(self):
        """No further services on credit, where the stage says so; an account on hold stays there."""
        by_stage = defaultdict(self.env["res.partner"].browse)
        for step in self.filtered("stage_id.holds_account"):
            if step.partner_id.billing_state == "active":
                by_stage[step.stage_id] |= step.partner_id
        for stage, partners in by_stage.items():
            partners.sudo()._set_state("on_hold", self.env._(
                "Put on hold by “%(stage)s” of collections.", stage=stage.name,
            ))
