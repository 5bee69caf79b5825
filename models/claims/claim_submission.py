from odoo import api, fields, models
from odoo.exceptions import UserError

CHANNELS = [
    ("paper", "On paper"),
    ("file", "As a file"),
    ("portal", "Payer's portal"),
    ("fax", "Fax"),
    ("mail", "E-mail"),
    ("payer", "By the payer before"),
    ("other", "Otherwise"),
]
# As claim forms and claim files carry it.
FREQUENCIES = [
    ("1", "Original"),
    ("7", "Replacement"),
    ("8", "Cancellation"),
]


class BillingClaimSubmission(models.Model):
    """One sending of a claim: when, how, under which number, and what the payer's side said of having received it.

    A fact, and proof of filing in time: written by :meth:`BillingClaim._submit` alone, never changed afterwards. What
    comes later, the acknowledgement or rejection, is added once through the gate.
    """

    _name = "billing.claim.submission"
    _description = "Sending of a claim"
    _inherit = ["billing.state.gate"]
    _order = "date desc, id desc"
    _rec_name = "reference"
    _keeps_readonly = True

    _state_moves = {
        "sent": ("acknowledged", "rejected", "withdrawn"),
        # A clearinghouse takes what the payer then refuses; a rejection may be corrected by a later word.
        "acknowledged": ("acknowledged", "rejected"),
        "rejected": ("acknowledged", "rejected"),
        "withdrawn": (),
    }

    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="claim_id.company_id",
        store=True,
        index=True,
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("sent", "Submitted"),
            ("acknowledged", "Acknowledged"),
            ("rejected", "Rejected"),
            ("withdrawn", "Not sent after all"),
        ],
        required=True,
        readonly=True,
        default="sent",
        index=True,
    )
    date = fields.Datetime(
        string="Sent at",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    day = fields.Date(
        string="Sent on",
        required=True,
        readonly=True,
        index=True,
        help="The day on which it was sent, where the office is.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    channel = fields.Selection(
        selection=CHANNELS,
        string="How",
        required=True,
        readonly=True,
    )
    frequency = fields.Selection(
        selection=FREQUENCIES,
        string="Sent as",
        required=True,
        readonly=True,
        default="1",
    )
    original_reference = fields.Char(
        string="Payer's number of the original",
        readonly=True,
        help="What a replacement or a cancellation is about, in the payer's words.",
    )
    currency_id = fields.Many2one(
        related="claim_id.currency_id",
    )
    amount = fields.Monetary(
        readonly=True,
        help="What was asked for.",
    )
    reference = fields.Char(
        string="Control or tracking number",
        readonly=True,
        index="btree_not_null",
        help="Under which number it was sent: of the file, the fax or the parcel.",
    )
    note = fields.Char(
        readonly=True,
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Proof",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What was sent, or that it arrived: the file, the fax report, the receipt.",
    )
    payer_control_number = fields.Char(
        string="Payer's claim number",
        readonly=True,
        help="The number that the payer gave it when it arrived.",
    )
    answer_text = fields.Text(
        string="What came back",
        readonly=True,
    )
    answer_date = fields.Datetime(
        string="Came back at",
        readonly=True,
    )

    answer_day = fields.Date(
        compute="_compute_answer_day",
    )

    # === COMPUTE METHODS === #

    @api.depends("answer_date")
    @api.depends_context("tz")
    def _compute_answer_day(self):
        for submission in self:
            moment = submission.answer_date
            submission.answer_day = fields.Datetime.context_timestamp(self, moment).date() if moment else False

    @api.depends("claim_id.name", "reference", "day")
    def _compute_display_name(self):
        for submission in self:
            submission.display_name = " ".join(filter(None, (
                submission.claim_id.name, submission.reference or fields.Date.to_string(submission.day),
            )))

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        for submission in self:
            raise UserError(self.env._(
                "That %(claim)s was sent stays on record: it proves that it was filed in time. Mark it as not sent "
                "after all if that is so.",
                claim=submission.claim_id.name,
            ))
