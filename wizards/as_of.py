from ast import literal_eval

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.reporting_days import day_of


class BillingAsOf(models.TransientModel):
    """Look at a report as the books stood at the end of a day that somebody chooses."""

    _name = "billing.as.of"
    _description = "Report as of another day"

    report_id = fields.Many2one(
        comodel_name="billing.report",
        required=True,
        default=lambda self: self.env["billing.report"].search([
            ("code", "=", self.env.context.get("billing_report")),
        ]),
        domain=[("date_kind", "=", "as_of")],
    )
    day = fields.Date(
        string="As of",
        required=True,
        default=lambda self: day_of("last_month", fields.Date.context_today(self)),
    )

    def action_open(self):
        """The report of that day, with the day in its name.

        :raise UserError: the day is still to come
        """
        self.ensure_one()
        day = format_date(self.env, self.day)
        if self.day > fields.Date.context_today(self):
            raise UserError(self.env._(
                "Nobody knows yet how the books will stand on %(day)s. Choose today or an earlier day.", day=day,
            ))
        action = self.report_id.action_id._get_action_dict()
        return {
            **action,
            "name": self.env._("%(report)s as of %(day)s", report=action["name"], day=day),
            "path": False,
            "context": {**literal_eval(action["context"] or "{}"), "billing_as_of": fields.Date.to_string(self.day)},
        }
