import logging
from collections import defaultdict
from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.dunning import Item, decide
from odoo.addons.billing_coordinator.tools.money import to_decimal

from ..nightly import OVERTAKEN

_logger = logging.getLogger(__name__)
RUN_BATCH = 500
NOTHING = Decimal(0)
CENT = Decimal("0.01")


class BillingCollectionCase(models.Model):
    """The nightly run: a picture of the ledger, a decision for each debtor, and one step where one is due.

    Deciding is free of consequences, so that a dry run shows what would happen and why. What is decided waits as a step
    until it is done (``collection_step_doing``), together with everything that it says, in one transaction: killed
    in between, the next night finds it done or not at all.
    """

    _inherit = "billing.collection.case"

    @api.model
    def _cron_run(self):
        """Each night, company by company, in batches that are saved one by one."""
        for here in self._by_company():
            try:
                here._take_snapshot(here.env.company)
                self.env.flush_all()
            except (*OVERTAKEN, UniqueViolation):
                _logger.info("Another run opens the collection cases of %s.", here.env.company.name)
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress()
        self._work_through(
            (lambda model: [("state", "=", "open")], lambda cases: cases._apply(cases._decide())),
            batch_size=RUN_BATCH,
        )
        self.env["billing.collection.step"]._cron_send()

    # === DECIDE === #

    def _decide(self):
        """{case: :class:`tools.dunning.Decision`}, in a number of queries that does not grow with them."""
        today = fields.Date.context_today(self)
        return {
            case: decide(items, steps, today, case.date_stage or None, standing)
            for case, (items, steps, standing) in self._get_facts().items()
        }

    def _get_facts(self):
        """{case: (open bills, stages, standing)}, as ``tools.dunning`` knows them."""
        pipelines, items, standings, known = {}, self._get_items(), self._get_standings(), {}
        facts = {}
        for case in self:
            stages = case._get_pipeline(pipelines)
            if stages not in known:
                known[stages] = stages._get_steps()
            facts[case] = (items[case.id], known[stages], standings[case])
        return facts

    def _get_pipeline(self, known):
        """The stages of this case's debtor in their order, looked up once."""
        key = (self.company_id, self.debtor_class)
        if key not in known:
            pipelines = self.env["billing.collection.stage"]._get_pipelines(self.company_id)
            known[key] = pipelines.get(self.debtor_class, self.env["billing.collection.stage"])
        return known[key]

    def _get_items(self):
        """{case id: its open bills as :class:`tools.dunning.Item`}, in a fixed number of queries."""
        self.env["billing.collection.item"].flush_model()
        self.env["account.move.line"].flush_model([
            "amount_residual", "amount_residual_currency", "date_maturity", "parent_state",
        ])
        rows = self.env.execute_query(SQL(
            """
            SELECT item.case_id, item.id, line.id, COALESCE(line.date_maturity, line.date),
                   line.amount_residual, line.amount_residual_currency, item.stage_id
              FROM billing_collection_item item
              JOIN account_move_line line ON line.id = item.move_line_id AND line.parent_state = 'posted'
                                         AND line.amount_residual > 0
             WHERE item.case_id = ANY(%s)
            """,
            self.ids,
        ))
        places = self.env["billing.collection.stage"]._get_places()
        held = self._get_held([line for _case, _item, line, *_rest in rows])
        items = defaultdict(list)
        for case, key, line, due, *amounts, stage in rows:
            amount, own = map(to_decimal, amounts)
            parts = [own if part is None else to_decimal(part) for _why, part in held.get(line, ())]
            left = max(own - sum(parts), NOTHING)
            # In two currencies the same part is left alone.
            part = amount if not left else NOTHING if left == own else (amount * (1 - left / own)).quantize(CENT)
            items[case].append(Item(key=key, due=due, open=amount, held=part, own=left, order=places.get(stage, 0)))
        return items

    # === APPLY === #

    def _apply(self, decisions):
        """Write down the steps that were decided on. What waited for somebody is brought up to date, or dropped.

        :return: the steps that wait now, to be looked at or done
        """
        waiting = self.env["billing.collection.step"].search([
            ("case_id", "in", self.ids), ("state", "in", ("review", "ready")),
        ]).grouped("case_id")
        pipelines, kept, vals_list, old, new, dropped = {}, self.env["billing.collection.step"], [], [], [], {}
        for case, decision in decisions.items():
            step = waiting.get(case)
            stages = case._get_pipeline(pipelines)
            if not decision.step:
                if step:
                    dropped[step] = decision
                continue
            stage = stages[decision.step.stage.order - 1]
            lines = [(item, stages[order - 1].id if order else None) for item, order in decision.step.items]
            if step and step.stage_id == stage:
                kept += step
                old.append(lines)
                step._note_guards(decision.guards)
                continue
            if step:
                dropped[step] = decision
            vals_list.append(case._prepare_step(stage, decision))
            new.append(lines)
        for step, decision in dropped.items():
            step._set_state("dropped", reasons=decision.say() or step.reasons)
        self.flush_recordset()
        created = kept.with_context(tracking_disable=True).create(vals_list)
        created.with_env(self.env)._write_lines(new)
        kept._write_lines(old)
        created.filtered(lambda step: not step.needs_review)._set_state("ready")
        for day, cases in self.grouped(lambda case: decisions[case].coming or False).items():
            cases.filtered(lambda case, day=day: case.date_next != day).sudo().write({"date_next": day})
        return created + kept

    def _prepare_step(self, stage, decision):
        partner = self.partner_id
        channel, address = self._get_channel(stage)
        return {
            "case_id": self.id,
            "stage_id": stage.id,
            "date": fields.Date.context_today(self),
            "needs_review": self._needs_review(stage, decision),
            "channel": channel,
            "address": address,
            "lang": partner.lang,
            "amount": float(decision.step.amount),
            "reasons": decision.say(),
        }

    @api.model
    def _needs_review(self, stage, decision):
        """Whether somebody looks at a step before it is done."""
        return decision.needs_review or stage.review != "none" or stage.is_placement

    def _get_channel(self, stage):
        """(how a stage writes to this debtor, the e-mail address or phone number). Hook: consents have a say."""
        partner, wanted = self.partner_id, stage.channel
        if wanted == "preferred":
            wanted = partner.billing_channel if partner.billing_channel in ("letter", "sms") else "email"
        if wanted == "none":
            return "none", False
        if wanted == "sms" and partner.phone:
            return "sms", partner.phone
        if wanted in ("email", "sms") and partner.email:
            return "email", partner.email
        return "letter", False
