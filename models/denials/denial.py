from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Somebody still has to do something about it, or the payer has.
LIVE = ("open", "working", "resent", "appealed")
# It is on the office's desk.
TO_WORK = ("open", "working")


class BillingDenial(models.Model):
    """What a payer refused of one service, or paid less of than the contract says: why, how much, whose it is, by when.

    It is opened when an answer is posted and closes by what becomes of the money, whichever way that comes. Amounts
    that are open or came after all are read from the books and are never kept here.
    """

    _name = "billing.denial"
    _description = "Denial"
    _inherit = ["billing.document", "billing.nightly"]
    _keeps_readonly = True
    _order = "amount_weighted desc, id desc"
    _rec_names_search = ["name", "claim_id.name", "patient_id.name", "claim_id.payer_control_number"]

    _state_moves = {
        "open": ("working", "resent", "appealed", "passed_on", "written_off", "overturned", "upheld", "withdrawn"),
        "working": ("resent", "appealed", "passed_on", "written_off", "overturned", "upheld", "withdrawn"),
        "resent": ("working", "resent", "appealed", "passed_on", "written_off", "overturned", "upheld", "withdrawn"),
        "appealed": ("working", "resent", "passed_on", "written_off", "overturned", "upheld", "withdrawn"),
        "passed_on": ("working", "withdrawn"),
        "written_off": ("working", "withdrawn"),
        "overturned": ("working", "withdrawn"),
        "upheld": ("working", "withdrawn"),
        "withdrawn": (),
    }

    state = fields.Selection(
        selection=[
            ("open", "New"),
            ("working", "Being worked on"),
            ("resent", "Corrected"),
            ("appealed", "Appealed"),
            ("passed_on", "Passed on"),
            ("written_off", "Written off"),
            ("overturned", "Paid after all"),
            ("upheld", "Upheld"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
        index=True,
        help="Corrected: its claim goes, or went, to the payer once more. Paid after all: the payer has paid all or a "
             "part of it. Upheld: the payer stays with its decision. "
             "Withdrawn: the answer that denied was taken back.",
    )
    kind = fields.Selection(
        selection=[("denied", "Denied"), ("short", "Short paid")],
        required=True,
        readonly=True,
        default="denied",
        index=True,
        help="Denied: refused, and still open. Short paid: the payer took off more than the contract gives up.",
    )
    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Service",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    remittance_line_id = fields.Many2one(
        comodel_name="billing.remittance.line",
        string="Answered service",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    remittance_id = fields.Many2one(
        related="remittance_line_id.remittance_id",
        string="Answer",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="claim_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="claim_id.currency_id",
        store=True,
    )
    payer_id = fields.Many2one(
        related="claim_id.payer_id",
        store=True,
        index=True,
    )
    patient_id = fields.Many2one(
        related="claim_id.patient_id",
        store=True,
        index=True,
    )
    provider_id = fields.Many2one(
        related="claim_id.encounter_id.provider_id",
        store=True,
        index="btree_not_null",
    )
    service_date = fields.Date(
        related="claim_id.service_date",
        string="Date of service",
        store=True,
    )
    code_id = fields.Many2one(
        related="move_line_id.billing_code_id",
        string="Procedure",
        store=True,
        index="btree_not_null",
    )
    date = fields.Date(
        string="Denied on",
        required=True,
        readonly=True,
    )
    reason_ids = fields.Many2many(
        comodel_name="billing.adjustment.reason",
        relation="billing_denial_reason_rel",
        column1="denial_id",
        column2="reason_id",
        string="Payer's reasons",
        readonly=True,
    )
    amount = fields.Monetary(
        string="Denied amount",
        readonly=True,
        help="What the payer's answer refused, or took off beyond the contract.",
    )
    amount_contract = fields.Monetary(
        string="Contract price",
        readonly=True,
        help="What the contract allowed for the service when it was answered; of a share that was split at once, what "
             "the payer was expected to pay.",
    )
    category_id = fields.Many2one(
        comodel_name="billing.denial.category",
        string="Cause",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    cause = fields.Text(related="category_id.cause")
    next_step = fields.Text(related="category_id.next_step")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Whose it is",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    level = fields.Integer(
        string="Next level of appeal",
        readonly=True,
        default=1,
    )
    date_deadline = fields.Date(
        string="Appeal by",
        index=True,
        tracking=True,
        help="The last day for the next level of appeal, as it is described for the payer. Empty: there is no further "
             "level.",
    )
    is_late = fields.Boolean(
        string="Deadline missed",
        compute="_compute_is_late",
        search="_search_is_late",
    )
    previous_id = fields.Many2one(
        comodel_name="billing.denial",
        string="Denied before in",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The same service was denied before; this is the payer's next answer.",
    )
    adjustment_id = fields.Many2one(
        comodel_name="billing.adjustment",
        string="Decision",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The write-off or transfer with which the office decided about it.",
    )
    appeal_ids = fields.Many2many(
        comodel_name="billing.appeal",
        relation="billing_appeal_denial_rel",
        column1="denial_id",
        column2="appeal_id",
        string="Appeals",
        readonly=True,
        copy=False,
    )
    closed_on = fields.Date(
        readonly=True,
        copy=False,
    )
    note = fields.Text(
        string="Notes",
        help="What was found and what was done. It stays in the office.",
    )

    _once = models.UniqueIndex(
        "(remittance_line_id, kind)",
        "This answer has opened its denial already.",
    )
    _live_idx = models.Index("(company_id, date_deadline) WHERE state IN ('open', 'working', 'resent', 'appealed')")

    # === COMPUTE METHODS === #

    @api.depends("name", "patient_id", "code_id")
    def _compute_display_name(self):
        for denial in self:
            parts = (denial.name, denial.patient_id.name, denial.code_id.code)
            denial.display_name = " ".join(part for part in parts if part)

    @api.depends("state", "date_deadline")
    @api.depends_context("tz")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for denial in self:
            denial.is_late = bool(
                denial.state in TO_WORK and denial.date_deadline and denial.date_deadline < today
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain("state", "in", TO_WORK) & Domain("date_deadline", "<", fields.Date.context_today(self))

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_known(self):
        """What a payer denied stays on record."""
        for denial in self:
            raise UserError(self.env._(
                "%(denial)s stays on record: the answer that denied is posted. Reverse that answer if it was typed "
                "wrongly.",
                denial=denial.display_name,
            ))

    def write(self, vals):
        before = {denial: (denial.user_id, denial.date_deadline) for denial in self}
        result = super().write(vals)
        if not {"user_id", "date_deadline"}.isdisjoint(vals):
            self.filtered(lambda denial: (denial.user_id, denial.date_deadline) != before[denial])._ask_anew()
        return result

    # === ACTIONS === #

    def action_view_claim(self):
        """The claim of which it is a part."""
        return self.claim_id._get_records_action(name=self.env._("Claims"))

    def action_view_remittance(self):
        """The answer that denied."""
        return self.remittance_id._get_records_action(name=self.env._("Answers"))

    def action_view_appeals(self):
        """The appeals against it."""
        return self.appeal_ids._get_records_action(name=self.env._("Appeals"))
