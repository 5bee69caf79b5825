from odoo import fields, models


class BillingCodeCeiling(models.Model):
    """How many units of a code a payer accepts, in one line or on one day (medically unlikely edits of CMS)."""

    _name = "billing.code.ceiling"
    _description = "Ceiling of units"
    _order = "code, date_from desc, id"

    system_id = fields.Many2one(
        comodel_name="billing.code.system",
        string="Code system",
        required=True,
        index=True,
        ondelete="cascade",
    )
    code = fields.Char(
        required=True,
        index=True,
    )
    setting = fields.Selection(
        selection=[
            ("practitioner", "Practitioner"),
            ("facility", "Facility"),
        ],
        required=True,
        default="practitioner",
    )
    units = fields.Integer(
        required=True,
    )
    per = fields.Selection(
        selection=[
            ("line", "Line"),
            ("day", "Day"),
        ],
        required=True,
        default="day",
    )
    date_from = fields.Date(
        string="From",
    )
    date_to = fields.Date(
        string="Until",
    )
    reason = fields.Char()
