from odoo import api, fields, models


class BillingRemittanceItem(models.Model):
    """A payer's answer about one claim, as its file gives it (X12 835: CLP), and what became of it here.

    What the payer says is never changed. It is posted when it is certain which of our claims it is about; otherwise it
    waits for somebody, and its money waits with it as the payer's unapplied credit.
    """

    _name = "billing.remittance.item"
    _description = "Claim in a remittance file"
    _inherit = "billing.remittance.part"
    _rec_names_search = ["name", "control_number", "patient_name", "claim_id.name"]
    _check_company_auto = True

    _state_moves = {
        "new": ("matched", "waiting", "duplicate", "ignored"),
        "matched": ("posted", "waiting", "duplicate", "ignored"),
        "waiting": ("new", "matched", "posted", "duplicate", "ignored"),
        "posted": ("ignored",),
        "duplicate": ("waiting",),
        "ignored": ("waiting",),
    }

    transaction_id = fields.Many2one(
        comodel_name="billing.remittance.transaction",
        string="Payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    file_id = fields.Many2one(
        related="transaction_id.file_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="transaction_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="transaction_id.currency_id",
    )
    payer_id = fields.Many2one(
        related="transaction_id.payer_id",
        store=True,
        index=True,
        # The payment's history says it once: thousands of claims would each get a message.
        tracking=False,
    )
    payer_name = fields.Char(
        related="transaction_id.payer_name",
    )
    trace = fields.Char(
        related="transaction_id.name",
        string="Trace number",
    )
    date = fields.Date(
        related="transaction_id.date",
        string="Answered on",
        store=True,
    )
    position = fields.Integer(
        string="Segment",
        readonly=True,
        help="Where it stands in the file.",
    )

    state = fields.Selection(
        selection=[
            ("new", "Read"),
            ("matched", "Found"),
            ("waiting", "To look at"),
            ("posted", "Posted"),
            ("duplicate", "Posted before"),
            ("ignored", "Not posted"),
        ],
        required=True,
        readonly=True,
        default="new",
        index=True,
        copy=False,
        tracking=True,
    )
    why = fields.Selection(
        selection_add=[
            ("unknown", "No claim of ours fits"),
            ("several", "Several claims fit"),
            ("other_payer", "The claim is another payer's"),
            ("other_patient", "The patient differs"),
            ("other_currency", "The claim is in another currency"),
            ("other_company", "The claim is another company's"),
            ("charge", "The charge differs"),
            ("service", "It is not certain which service is meant"),
            ("void", "The claim was taken back"),
            ("adjustment", "A reason is not known here"),
            ("unbalanced", "It does not balance"),
            ("nothing_posted", "What it takes back is not found"),
            ("after_reversal", "It follows one that waits"),
            ("more_than_open", "More than is open"),
            ("too_early", "Answered before the service"),
            ("later_entry", "Something later hangs on what it takes back"),
            ("closed", "The books are closed on that day"),
            ("status", "The answer says something unknown"),
            ("fault", "It has a fault"),
            ("posting", "It could not be posted"),
            ("estimate", "No estimate of ours fits"),
            ("duplicate", "The same answer was here before"),
            ("predetermination", "Said in advance"),
            ("forwarded", "Not theirs: sent on"),
            ("not_ours", "None of ours"),
            ("test", "It is a test"),
            ("notice", "Notice of a payment to come"),
            ("damaged", "The file is damaged there"),
            ("aside", "Put aside"),
            ("taken_back", "Its remittance was reversed"),
        ],
    )
    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        string="Our claim",
        index="btree_not_null",
        domain="[('payer_id', '=', payer_id), ('company_id', '=', company_id), ('currency_id', '=', currency_id),"
               " ('state', '!=', 'void')]",
        help="The claim that it answers. Choose it when nothing below fits.",
    )
    match = fields.Selection(
        selection=[
            ("number", "By our number"),
            ("payer_number", "By the payer's number"),
            ("patient", "By patient, day and charge"),
            ("person", "By somebody here"),
        ],
        string="Found",
        readonly=True,
        copy=False,
    )
    other_claim_id = fields.Many2one(
        comodel_name="billing.claim",
        string="Claim of that number",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )
    later_date = fields.Date(
        readonly=True,
        copy=False,
        help="The day of what hangs on the answer that it takes back.",
    )
    later_amount = fields.Monetary(
        readonly=True,
        copy=False,
        help="How much of the claim that has settled.",
    )
    other_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Company of that number",
        readonly=True,
        copy=False,
        help="Another company of which a claim has the number.",
    )
    candidate_ids = fields.One2many(
        comodel_name="billing.remittance.item.candidate",
        inverse_name="item_id",
        string="It may be",
        readonly=True,
    )
    first_id = fields.Many2one(
        comodel_name="billing.remittance.item",
        string="Came first in",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )
    remittance_id = fields.Many2one(
        comodel_name="billing.remittance",
        readonly=True,
        index="btree_not_null",
        copy=False,
        help="The remittance with which it was posted.",
    )
    line_ids = fields.One2many(
        comodel_name="billing.remittance.line",
        inverse_name="item_id",
        string="Posted lines",
        readonly=True,
    )
    estimate_id = fields.Many2one(
        comodel_name="billing.estimate",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )

    _place_once = models.UniqueIndex(
        "(transaction_id, position)",
        "This claim of the file is stored already.",
    )
    _same_answer_idx = models.Index("(company_id, fingerprint)")
    _to_do_idx = models.Index("(transaction_id, state)")

    # === COMPUTE METHODS === #

    @api.depends("state", "fault", "other_claim_id", "first_id", "forwarded_to", "service_ids.move_line_id")
    def _compute_reason_text(self):
        super()._compute_reason_text()
        larger = self.filtered(lambda item: item.why == "more_than_open")
        settled_by = larger.claim_id._get_settled_by() if larger else {}
        for item in larger:
            item.reason_text = f"{item.reason_text} {item._tell_settled_by(settled_by)}"

    @api.depends("name", "patient_name")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.name or item.control_number or ''} {item.patient_name or ''}".strip()

    # === BUSINESS METHODS === #

    def _set_state(self, target, reason=None, **values):
        # Thousands move at once when a file is read: only what a person says is written into the history.
        quiet = self if reason else self.with_context(mail_notrack=True)
        return super(BillingRemittanceItem, quiet)._set_state(target, reason, **values)

    def _wait(self, reason, note=None, **values):
        """It is to be looked at, and why."""
        self._set_state("waiting", why=reason, note=note, **values)

    def _put_aside(self, reason):
        """Nothing of these is to be posted."""
        open_items = self.filtered(lambda item: item.state in ("new", "matched", "waiting"))
        open_items._set_state("ignored", why=reason)
