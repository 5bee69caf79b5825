from odoo import api, models
from odoo.tools import SQL

CASE = "billing.collection.case"


class MailActivity(models.Model):
    """Whom to call, and when, is what the activities of the cases say: the list of calls follows them."""

    _inherit = "mail.activity"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._note_calls(activities._get_cases())
        return activities

    def write(self, vals):
        before = self._get_cases()
        result = super().write(vals)
        if {"active", "date_deadline", "activity_type_id", "res_id", "res_model_id"} & vals.keys():
            self._note_calls(before | self._get_cases())
        return result

    def unlink(self):
        cases = self._get_cases()
        result = super().unlink()
        self._note_calls(cases)
        return result

    # === BUSINESS METHODS === #

    def _get_cases(self):
        """The collection cases that these activities are about."""
        ids = self.sudo().filtered(lambda activity: activity.res_model == CASE).mapped("res_id")
        return self.env[CASE].sudo().browse(ids)

    @api.model
    def _note_calls(self, cases):
        """Write down the first day on which somebody is asked to call about each of these cases; one query."""
        if not cases:
            return
        self.flush_model()
        days = dict(self.env.execute_query(SQL(
            """
            SELECT activity.res_id, MIN(activity.date_deadline)
              FROM mail_activity activity
              JOIN mail_activity_type kind ON kind.id = activity.activity_type_id AND kind.category = 'phonecall'
             WHERE activity.res_model = %s
               AND activity.res_id = ANY(%s)
               AND activity.active
          GROUP BY activity.res_id
            """,
            CASE, cases.ids,
        )))
        for day, some in cases.exists().grouped(lambda case: days.get(case.id, False)).items():
            some.filtered(lambda case, day=day: case.date_call != day).write({"date_call": day})
