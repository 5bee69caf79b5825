from odoo import api, fields, models
from odoo.tools import SQL

# Kinds of events: (key, words, icon). Later rooms add theirs with selection_add and _get_event_icons.
KINDS = [
    ("made", "Made"),
    ("mended", "Mended"),
    ("sent", "Submitted"),
    ("sent_7", "Replacement submitted"),
    ("sent_8", "Cancellation submitted"),
    ("withdrawn", "Not sent after all"),
    ("acknowledged", "Acknowledged"),
    ("rejected", "Rejected"),
    ("answered", "Answered"),
    ("denied", "Denied"),
    ("answer_reversed", "Answer taken back"),
    ("contact", "Asked"),
    ("adjusted", "Decided"),
    ("adjustment_reversed", "Decision taken back"),
    ("void", "Taken back"),
    ("replaced", "Replaced"),
]
ICONS = {
    "made": "fa-file-text-o",
    "mended": "fa-wrench",
    "sent": "fa-paper-plane",
    "sent_7": "fa-paper-plane",
    "sent_8": "fa-paper-plane",
    "withdrawn": "fa-undo",
    "acknowledged": "fa-check",
    "rejected": "fa-reply",
    "answered": "fa-envelope-open-o",
    "denied": "fa-ban",
    "answer_reversed": "fa-undo",
    "contact": "fa-phone",
    "adjusted": "fa-gavel",
    "adjustment_reversed": "fa-undo",
    "void": "fa-times",
    "replaced": "fa-exchange",
}


class BillingClaimEvent(models.Model):
    """Everything that happened to a claim, read from the documents that did it: nothing is kept twice.

    A room whose documents happen to claims adds a SELECT in :meth:`_get_event_queries`, with the columns of
    :meth:`_select`.
    """

    _name = "billing.claim.event"
    _description = "What happened to a claim"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "account.move": ["invoice_date"],
        "billing.claim": [
            "name", "company_id", "currency_id", "state", "amount_charged", "date_mended", "date_void", "replaces_id",
            "invoice_id", "encounter_id",
        ],
        "billing.claim.submission": [
            "claim_id", "state", "date", "user_id", "channel", "frequency", "reference", "note", "answer_text",
            "answer_date", "payer_control_number", "amount",
        ],
        "billing.claim.contact": [
            "claim_ids", "date", "user_id", "outcome", "said", "spoken_to", "call_reference",
        ],
        "billing.remittance": ["state", "date", "reference"],
        "billing.remittance.line": ["claim_id", "remittance_id", "amount_paid", "kind", "taken_back_by_id"],
        "billing.remittance.adjustment": ["line_id", "reason_id", "amount", "amount_mirrored"],
        "billing.adjustment": [
            "claim_id", "state", "date", "reason_id", "amount", "note", "approver_id", "requested_by_id",
        ],
        "billing.adjustment.reason": ["effect"],
    }

    claim_id = fields.Many2one(comodel_name="billing.claim", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    kind = fields.Selection(selection=KINDS, readonly=True)
    date = fields.Datetime(readonly=True)
    has_time = fields.Boolean(readonly=True, help="Whether it is known at which hour it happened.")
    day = fields.Date(compute="_compute_day")
    user_id = fields.Many2one(comodel_name="res.users", string="By", readonly=True)
    amount = fields.Monetary(readonly=True)
    text = fields.Char(readonly=True, help="What was typed or read: a number, a reason, the payer's words.")
    selection_key = fields.Char(readonly=True, help="How it was sent, or what was said.")
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    icon = fields.Char(compute="_compute_icon")
    words = fields.Char(string="What", compute="_compute_words")

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(self._get_event_queries())

    # === COMPUTE METHODS === #

    @api.depends("date", "has_time")
    @api.depends_context("tz")
    def _compute_day(self):
        for event in self:
            moment = fields.Datetime.context_timestamp(self, event.date) if event.has_time else event.date
            event.day = moment.date()

    @api.depends("kind")
    def _compute_icon(self):
        icons = self._get_event_icons()
        for event in self:
            event.icon = icons.get(event.kind, "fa-circle-o")

    @api.depends("kind", "text", "amount", "selection_key")
    @api.depends_context("lang")
    def _compute_words(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            said = [word for word in event._get_words() if word]
            event.words = ": ".join(filter(None, (kinds.get(event.kind), " · ".join(said))))

    def _compute_display_name(self):
        for event in self:
            event.display_name = event.words

    # === ACTIONS === #

    def action_open(self):
        """The document behind the event."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)._get_records_action(target="new" if (
            self.res_model in ("billing.claim.submission", "billing.claim.contact")
        ) else "current")

    # === HOOKS === #

    @api.model
    def _get_event_icons(self):
        """{kind: icon}. Hook: later rooms add theirs."""
        return ICONS

    def _get_words(self):
        """What is said of this event after its kind, in the user's language. Hook: later rooms say theirs."""
        self.ensure_one()
        amount = self.currency_id.format(self.amount) if self.amount else False
        if self.kind in ("sent", "sent_7", "sent_8", "withdrawn"):
            return [self._label("billing.claim.submission", "channel"), self.text]
        if self.kind == "contact":
            return [self._label("billing.claim.contact", "outcome"), self.text]
        if self.kind == "answered":
            return [self.env._("%(amount)s paid", amount=amount) if amount else self.env._("nothing paid"), self.text]
        return [amount, self.text]

    def _label(self, model, name):
        return dict(self.env[model]._fields[name]._description_selection(self.env)).get(self.selection_key)

    def _get_event_queries(self):
        """One SELECT per kind of document. Hook: each room adds those of its own documents."""
        return []


class BillingClaim(models.Model):
    """A claim's own history."""

    _inherit = "billing.claim"

    event_ids = fields.One2many(
        comodel_name="billing.claim.event",
        string="History",
        compute="_compute_event_ids",
    )

    @api.depends("state", "submission_ids.state", "contact_ids", "remittance_line_ids", "adjustment_ids.state")
    def _compute_event_ids(self):
        Event = self.env["billing.claim.event"]
        found = Event.search([("claim_id", "in", self.ids)]).grouped("claim_id")
        for claim in self:
            claim.event_ids = found.get(claim._origin, Event)
