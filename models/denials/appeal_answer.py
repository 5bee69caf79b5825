from odoo import api, fields, models


class BillingAppeal(models.Model):
    """How an appeal went to the payer, and what came back."""

    _inherit = "billing.appeal"

    channel = fields.Selection(
        selection=[
            ("post", "Post"),
            ("registered", "Registered post"),
            ("fax", "Fax"),
            ("portal", "The payer's web page"),
            ("email", "E-mail"),
        ],
        string="Sent by",
        compute="_compute_channel",
        store=True,
        readonly=False,
        tracking=True,
    )
    tracking = fields.Char(
        string="Tracking or confirmation number",
        copy=False,
        tracking=True,
    )
    date_sent = fields.Date(
        string="Sent on",
        copy=False,
        tracking=True,
    )
    result = fields.Selection(
        selection=[
            ("overturned", "Overturned: they pay"),
            ("partly", "Overturned in part"),
            ("upheld", "Upheld: they stay with it"),
        ],
        string="Answer",
        copy=False,
        tracking=True,
    )
    date_answered = fields.Date(
        string="Answered on",
        copy=False,
        tracking=True,
    )
    withdrawn_on = fields.Date(
        readonly=True,
        copy=False,
    )
    answer_reference = fields.Char(
        string="Payer's reference",
        copy=False,
    )
    answer_note = fields.Text(
        string="What they wrote",
        copy=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("level_id")
    def _compute_channel(self):
        for appeal in self:
            appeal.channel = appeal.channel or appeal.level_id.channel
