from odoo import models
from odoo.tools import SQL


class BillingPaymentPlan(models.Model):
    """A broken plan goes back to collections, at the stage that its policy names."""

    _inherit = "billing.payment.plan"

    def _break(self):
        super()._break()
        for stage, plans in self.filtered("policy_id.collection_stage_id").grouped(
            lambda plan: plan.policy_id.collection_stage_id,
        ).items():
            lines = plans.item_ids.move_line_id.filtered(lambda line: line.amount_residual > 0)
            self.env["billing.collection.case"].sudo()._resume(lines, stage)


class BillingCollectionCase(models.Model):
    """Bills that come back to collections."""

    _inherit = "billing.collection.case"

    def _resume(self, lines, stage):
        """Let these bills go on with a stage; what had come further stays where it was.

        :param lines: journal items of one company
        :param stage: the step that comes next
        """
        pipelines = self.env["billing.collection.stage"]._get_pipelines(stage.company_id)
        before = pipelines.get(stage.debtor_class, stage.browse())
        before = before.filtered(lambda other: (other.sequence, other.id) < (stage.sequence, stage.id))
        cases = self._find_or_open(lines.partner_id, stage.company_id)
        self._add_items(stage.company_id)
        # Other debtors have stages of their own, and go on where they had stopped.
        cases = cases.filtered(lambda case: case.debtor_class == stage.debtor_class)
        if not before:
            return
        self.env.cr.execute(SQL(
            """
            UPDATE billing_collection_item
               SET stage_id = %(last)s, date_stage = NULL
             WHERE case_id = ANY(%(cases)s)
               AND move_line_id = ANY(%(lines)s)
               AND (stage_id IS NULL OR stage_id = ANY(%(before)s))
            """,
            last=before.sorted(lambda other: (other.sequence, other.id))[-1].id, before=before.ids, cases=cases.ids,
            lines=lines.ids,
        ))
        self.env["billing.collection.item"].invalidate_model(["stage_id", "date_stage"])

    def _find_or_open(self, debtors, company):
        """The open cases of these debtors, opened where they had none."""
        cases = self.search([
            ("partner_id", "in", debtors.ids), ("company_id", "=", company.id), ("state", "=", "open"),
        ])
        pipelines = self.env["billing.collection.stage"]._get_pipelines(company)
        new = (debtors - cases.partner_id).grouped(lambda debtor: debtor._get_debtor_class())
        return cases + self.create([
            {
                "partner_id": debtor.id, "company_id": company.id, "debtor_class": debtor_class,
                "stage_id": pipelines[debtor_class]._get_first().id if debtor_class in pipelines else False,
            }
            for debtor_class, some in new.items() for debtor in some
        ])
