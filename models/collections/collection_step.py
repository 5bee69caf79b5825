from odoo import fields, models


class BillingCollectionStep(models.Model):
    """A step that was done, or is to be: one message to one debtor about all their bills, each at its own stage.

    It says what was asked for on that day, of whom, in which language and how; what becomes of the bills afterwards
    does not change it.
    """

    _name = "billing.collection.step"
    _description = "Collection step"
    _inherit = ["billing.state.gate"]
    _order = "date desc, id desc"

    _state_moves = {
        "review": ("ready", "dropped"),
        "ready": ("done", "dropped"),
        "done": (),
        "dropped": (),
    }

    state = fields.Selection(
        selection=[
            ("review", "To look at"),
            ("ready", "To send"),
            ("done", "Done"),
            ("dropped", "Dropped"),
        ],
        required=True,
        readonly=True,
        default="review",
        index=True,
    )
    case_id = fields.Many2one(
        comodel_name="billing.collection.case",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="case_id.company_id",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        related="case_id.partner_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="case_id.currency_id",
    )
    stage_id = fields.Many2one(
        comodel_name="billing.collection.stage",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Date(
        required=True,
        readonly=True,
        index=True,
    )
    channel = fields.Selection(
        selection=[
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("none", "Nothing is written"),
        ],
        required=True,
        readonly=True,
    )
    lang = fields.Char(
        string="Language",
        readonly=True,
    )
    email = fields.Char(
        string="To",
        readonly=True,
    )
    amount = fields.Monetary(
        string="Asked for",
        readonly=True,
    )
    reasons = fields.Char(
        string="Look at",
        readonly=True,
        help="Why somebody looks at it first.",
    )
    line_ids = fields.One2many(
        comodel_name="billing.collection.step.line",
        inverse_name="step_id",
        readonly=True,
    )

    _one_a_day = models.UniqueIndex(
        "(case_id, date)",
        "There is one step a day in a case.",
    )


class BillingCollectionStepLine(models.Model):
    """A bill that a message covered: what was open on it, and at which stage it was from then on."""

    _name = "billing.collection.step.line"
    _description = "Bill of a collection step"
    _order = "step_id, id"

    step_id = fields.Many2one(
        comodel_name="billing.collection.step",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="step_id.company_id",
    )
    currency_id = fields.Many2one(
        related="step_id.currency_id",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    stage_id = fields.Many2one(
        comodel_name="billing.collection.stage",
        readonly=True,
        ondelete="restrict",
    )
    amount = fields.Monetary(
        string="Asked for",
        readonly=True,
    )
