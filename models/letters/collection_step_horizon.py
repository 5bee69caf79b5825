from odoo import fields, models

# Who is written to has the days that the next stage waits, a week at least; two weeks where nothing follows.
LEAST_DAYS = 7
LAST_DAYS = 14


class BillingCollectionStep(models.Model):
    """By when a message asks for the money, and what comes after it: exactly what the pipeline says, and no more."""

    _inherit = "billing.collection.step"

    def _get_horizons(self):
        """{step: (by when to pay, the stage after its own, the first day on which that may come)}.

        The last two are empty where nothing follows by itself. A reminder of what is not due yet names its due date.
        """
        today, pipelines, horizons = fields.Date.context_today(self), {}, {}
        for step in self:
            begins = step.date if step.state == "done" else today
            stages = list(step.case_id._get_pipeline(pipelines))
            place = stages.index(step.stage_id) if step.stage_id in stages else len(stages)
            following = step.stage_id.browse([stage.id for stage in stages[place + 1:place + 2]])
            first = following and self._get_first_day(step, following, begins)
            coming = [line.date_due for line in step.line_ids if line.date_due and line.date_due >= begins]
            if step.stage_id.days <= 0 and coming:
                day = min(coming)
            else:
                # What comes on the day after is not early.
                days = max(following.wait - 1, LEAST_DAYS) if following else LAST_DAYS
                day = fields.Date.add(begins, days=days)
            horizons[step] = (day, following, first or False)
        return horizons

    @staticmethod
    def _get_first_day(step, following, begins):
        """The first day of the stage after this step: when the oldest bill is late enough, and not before its wait."""
        dues = [line.date_due for line in step.line_ids if line.stage_id == step.stage_id and line.date_due]
        late_enough = fields.Date.add(min(dues, default=begins), days=following.days)
        return max(late_enough, fields.Date.add(begins, days=max(following.wait, 1)))
