from odoo import api, fields, models
from odoo.tools import format_amount


class BillingCollectionStep(models.Model):
    """A step that was done, or is to be: one message to one debtor about all their bills, each at its own stage.

    It says what is asked for, of whom, in which language and how. Until it is done it follows the bills; afterwards
    nothing changes it any more.
    """

    _name = "billing.collection.step"
    _description = "Collection step"
    _inherit = ["billing.state.gate", "billing.nightly"]
    _order = "date desc, id desc"
    _rec_name = "stage_id"
    _keeps_readonly = True

    _state_moves = {
        "review": ("ready", "dropped"),
        "ready": ("done", "dropped", "review"),
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
        help="Of the company: what is asked for in all. Each bill has its own.",
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
    needs_review = fields.Boolean(
        readonly=True,
        help="Somebody looks at it first.",
    )
    channel = fields.Selection(
        selection=[
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("sms", "Text message"),
            ("none", "Nothing is written"),
        ],
        required=True,
        readonly=True,
    )
    lang = fields.Char(
        string="Language code",
        readonly=True,
    )
    address = fields.Char(
        string="To",
        readonly=True,
        help="The e-mail address or phone number it goes to.",
    )
    amount = fields.Monetary(
        string="Asked for",
        readonly=True,
    )
    reasons = fields.Char(
        readonly=True,
        help="Keys of what somebody looks at first.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        readonly=True,
    )
    problem = fields.Text(
        readonly=True,
        help="What Odoo said when it could not be done.",
    )
    reason_note = fields.Char(
        string="Look at",
        compute="_compute_reason_note",
    )
    lang_name = fields.Char(
        string="Language",
        compute="_compute_lang_name",
    )
    also_note = fields.Char(
        string="With it",
        compute="_compute_also_note",
        help="What happens beyond the message when the step is done.",
    )
    line_ids = fields.One2many(
        comodel_name="billing.collection.step.line",
        inverse_name="step_id",
        readonly=True,
    )

    _one_waits = models.UniqueIndex(
        "(case_id) WHERE state IN ('review', 'ready')",
        "There is one step at a time in a case.",
    )
    _one_a_day = models.UniqueIndex(
        "(case_id, date) WHERE state = 'done'",
        "There is one step a day in a case.",
    )

    # === COMPUTE METHODS === #

    @api.depends("lang")
    def _compute_lang_name(self):
        names = dict(self.env["res.lang"].get_installed())
        for step in self:
            step.lang_name = names.get(step.lang) or step.lang

    @api.depends("stage_id")
    @api.depends_context("lang")
    def _compute_also_note(self):
        """What a manager approves besides the message."""
        for step in self:
            stage = step.stage_id
            step.also_note = ", ".join(filter(None, [
                stage.fee and self.env._(
                    "a fee of %(amount)s", amount=format_amount(self.env, stage.fee, stage.currency_id),
                ),
                stage.charges_interest and self.env._("interest"),
                stage.offers_plan and self.env._("the offer of a payment plan"),
                stage.activity_type_id.name,
                stage.holds_account and self.env._("the account goes on hold"),
            ])) or False

    @api.depends("reasons", "state")
    @api.depends_context("lang")
    def _compute_reason_note(self):
        """What somebody looks at first, or why it was not done."""
        standings = self.case_id._get_standings()
        for step in self:
            words = {
                **step.case_id._get_outcome_words(), **step.case_id._get_reason_words(standings[step.case_id]),
            } if step.reasons else {}
            step.reason_note = " ".join(words.get(key, key) for key in (step.reasons or "").split(", ") if key) or False
