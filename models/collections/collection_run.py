from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.dunning import Item, decide
from odoo.addons.billing_coordinator.tools.money import to_decimal

RUN_BATCH = 500


class BillingCollectionCase(models.Model):
    """The nightly run: a picture of the ledger, a decision for each debtor, and one step where one is due.

    Deciding is free of consequences, so that a dry run shows what would happen and why. A step is written together with
    what it does, in one transaction: killed in between, the next night finds it done or not at all.
    """

    _inherit = "billing.collection.case"

    @api.model
    def _cron_run(self):
        """Each night, company by company, in batches that are saved one by one."""
        for here in self._by_company():
            here._take_snapshot(here.env.company)
            self.env["ir.cron"]._commit_progress()
        self._work_through(
            (lambda model: [("state", "=", "open")], lambda cases: cases._apply(cases._decide())),
            batch_size=RUN_BATCH,
        )

    # === DECIDE === #

    def _decide(self):
        """{case: :class:`tools.dunning.Decision`}, in a number of queries that does not grow with them."""
        today = fields.Date.context_today(self)
        pipelines, items, standings = {}, self._get_items(), self._get_standings()
        decisions = {}
        for case in self:
            stages = case._get_pipeline(pipelines)
            decisions[case] = decide(
                items[case.id], stages._get_steps(), today, case.date_stage or None, standings[case],
            )
        return decisions

    def _get_pipeline(self, known):
        """The stages of this case's debtor, looked up once."""
        key = (self.company_id, self.debtor_class)
        if key not in known:
            pipelines = self.env["billing.collection.stage"]._get_pipelines(self.company_id)
            known[key] = pipelines.get(self.debtor_class, self.env["billing.collection.stage"])
        return known[key]

    def _get_items(self):
        """{case id: its open bills as :class:`tools.dunning.Item`}, in two queries."""
        self.env["billing.collection.item"].flush_model()
        self.env["account.move.line"].flush_model(["amount_residual_currency", "date_maturity", "parent_state"])
        rows = self.env.execute_query(SQL(
            """
            SELECT item.case_id, item.id, line.id, COALESCE(line.date_maturity, line.date),
                   line.amount_residual_currency, COALESCE(place.number, 0)
              FROM billing_collection_item item
              JOIN account_move_line line ON line.id = item.move_line_id AND line.parent_state = 'posted'
                                         AND line.amount_residual_currency > 0
         LEFT JOIN (SELECT id, ROW_NUMBER() OVER (PARTITION BY company_id, debtor_class ORDER BY sequence, id) AS number
                      FROM billing_collection_stage WHERE active) place ON place.id = item.stage_id
             WHERE item.case_id = ANY(%s)
            """,
            self.ids,
        ))
        held = self._get_held([line for _case, _item, line, *_rest in rows])
        items = defaultdict(list)
        for case, key, line, due, residual, order in rows:
            amount = to_decimal(residual)
            parts = [amount if part is None else to_decimal(part) for _why, part in held.get(line, ())]
            items[case].append(Item(
                key=key, due=due, open=amount, held=min(sum(parts, to_decimal(0)), amount), order=order,
            ))
        return items

    # === APPLY === #

    def _apply(self, decisions):
        """Do the steps that were decided on: write them down, and what they change."""
        today = fields.Date.context_today(self)
        pipelines, vals_list, lines = {}, [], []
        for case, decision in decisions.items():
            if not decision.step:
                if case.date_next != (decision.coming or False):
                    case.date_next = decision.coming or False
                continue
            stages = case._get_pipeline(pipelines).sorted(lambda stage: (stage.sequence, stage.id))
            stage = stages[decision.step.stage.order - 1]
            vals_list.append(case._prepare_step(stage, decision, today))
            lines.append([
                (item.key, stages[order - 1].id if order else None, float(item.asked))
                for item, order in decision.step.items
            ])
        steps = self.env["billing.collection.step"].create(vals_list)
        self._write_lines(steps, lines, today)
        for step in steps:
            step.case_id.write({"stage_id": step.stage_id.id, "date_stage": today})
        return steps

    def _prepare_step(self, stage, decision, today):
        partner = self.partner_id
        by_mail = stage.writes and partner.email and partner.billing_channel in (False, "email")
        return {
            "case_id": self.id,
            "stage_id": stage.id,
            "date": today,
            "channel": "email" if by_mail else "letter" if stage.writes else "none",
            "lang": partner.lang,
            "email": partner.email if by_mail else False,
            "amount": float(decision.step.amount),
            "reasons": ", ".join(guard.key for guard in decision.guards),
        }

    def _write_lines(self, steps, lines, today):
        """What each message covers, and at which stage its bills are from then on."""
        rows = [
            (step.id, item, stage, amount)
            for step, found in zip(steps, lines, strict=True) for item, stage, amount in found
        ]
        if not rows:
            return
        steps.flush_recordset()
        step_ids, item_ids, stage_ids, amounts = (list(column) for column in zip(*rows, strict=True))
        self.env.cr.execute(SQL(
            """
            INSERT INTO billing_collection_step_line (step_id, move_line_id, stage_id, amount)
            SELECT told.step, item.move_line_id, told.stage, told.amount
              FROM unnest(%s::int[], %s::int[], %s::int[], %s::numeric[]) AS told (step, item, stage, amount)
              JOIN billing_collection_item item ON item.id = told.item
            """,
            step_ids, item_ids, stage_ids, amounts,
        ))
        self.env.cr.execute(SQL(
            """
            UPDATE billing_collection_item item
               SET stage_id = told.stage, date_stage = %s
              FROM unnest(%s::int[], %s::int[]) AS told (item, stage)
             WHERE item.id = told.item
               AND item.stage_id IS DISTINCT FROM told.stage
            """,
            today, item_ids, stage_ids,
        ))
        self.env["billing.collection.item"].invalidate_model(["stage_id", "date_stage"])
