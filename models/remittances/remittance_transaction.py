from odoo import api, fields, models

# Held for want of claims: to be posted once somebody finds one, or says that the money is ours.
NOBODYS = ("nothing_ours", "other_currency", "other_company")
# Held for good: only another file helps.
BROKEN = ("damaged", "unbalanced", "fraction")


class BillingRemittanceTransaction(models.Model):
    """One payment in a remittance file, with its claims (X12 835: ST to SE): posted, or held with the reason.

    The amounts are the file's own figures; what the books say stands on its remittance.
    """

    _name = "billing.remittance.transaction"
    _description = "Payment in a remittance file"
    _inherit = "billing.remittance.part"
    _rec_names_search = ["name", "payer_name", "payer_id.name"]
    _check_company_auto = True

    _state_moves = {
        "reading": ("ready", "held", "duplicate", "noted"),
        "ready": ("posted", "held", "duplicate", "noted"),
        "held": ("ready", "noted", "duplicate"),
        "duplicate": (),
        "noted": (),
        "posted": (),
    }

    file_id = fields.Many2one(
        comodel_name="billing.remittance.file",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="file_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("reading", "Being read"),
            ("ready", "To post"),
            ("held", "Held"),
            ("posted", "Posted"),
            ("duplicate", "Here before"),
            ("noted", "Noted only"),
        ],
        required=True,
        readonly=True,
        default="reading",
        index=True,
        copy=False,
        tracking=True,
        help="Held: something has to be decided or mended first. Here before: the same payment came in another file. "
             "Noted only: it is no payment that could be posted: a test, a notice of one to come, or put aside by "
             "somebody.",
    )
    why = fields.Selection(
        selection_add=[
            ("payer", "The payer is not known"),
            ("unbalanced", "It does not balance"),
            ("fraction", "It cannot be paid in its currency"),
            ("damaged", "The file is damaged here"),
            ("fault", "The payment has a fault"),
            ("currency", "The currency is not used here"),
            ("company", "It is for another company"),
            ("no_date", "It has no date"),
            ("early", "It is paid on a day to come"),
            ("old", "It is older than its claims"),
            ("closed", "The books are closed on that day"),
            ("debit", "The payer takes money"),
            ("nothing_ours", "No claim in it is known here"),
            ("other_currency", "Its claims are in another currency"),
            ("other_company", "Its claims are another company's"),
            ("posting", "It cannot be posted"),
            ("test", "It is a test"),
            ("notice", "Notice of a payment to come"),
            ("typed", "It was typed before"),
            ("twice", "It was in another file"),
            ("aside", "Put aside"),
        ],
    )
    key = fields.Char(
        readonly=True,
        copy=False,
        help="Payer, trace number, date and amount: the same ones are the same payment.",
    )
    reading_key = fields.Char(
        readonly=True,
        copy=False,
    )
    reading_currency = fields.Char(
        string="Currency in the file",
        readonly=True,
    )
    position = fields.Integer(
        string="Begins at segment",
        readonly=True,
    )
    name = fields.Char(
        string="Trace number",
        readonly=True,
        help="The number of the cheque or transfer, as the payer gives it (TRN02).",
    )
    date = fields.Date(
        readonly=True,
        help="When the payer paid (BPR16).",
    )
    amount = fields.Monetary(
        readonly=True,
        help="What the payer says that it pays (BPR02).",
    )
    handling = fields.Selection(
        selection=[
            ("payment", "With money"),
            ("notification", "Notice"),
            ("non_payment", "Without money"),
        ],
        readonly=True,
        default="payment",
    )
    method = fields.Char(
        string="Paid by",
        readonly=True,
        help="ACH a transfer, CHK a cheque, FWT a wire transfer, NON nothing was paid (BPR04).",
    )
    usage = fields.Char(
        readonly=True,
    )
    payer_name = fields.Char(
        string="Payer in the file",
        readonly=True,
    )
    payer_keys = fields.Json(
        readonly=True,
    )
    payer_numbers = fields.Char(
        string="Its numbers",
        compute="_compute_payer_numbers",
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Payer",
        index=True,
        domain="[('is_payer', '=', True)]",
        check_company=True,
        tracking=True,
    )
    payee_name = fields.Char(
        string="Paid to",
        readonly=True,
    )
    payee_npi = fields.Char(
        string="NPI",
        readonly=True,
    )
    payee_tax_number = fields.Char(
        string="Tax number",
        readonly=True,
    )
    provider_adjustments = fields.Json(
        readonly=True,
    )
    provider_text = fields.Text(
        string="Apart from claims",
        compute="_compute_provider_text",
    )
    amount_claims = fields.Monetary(
        string="Paid on claims",
        readonly=True,
    )
    amount_provider = fields.Monetary(
        string="Kept apart from claims",
        readonly=True,
    )
    difference = fields.Monetary(
        readonly=True,
        help="Paid on claims, less what was kept apart from them, less the payment. It must be zero.",
    )
    is_released = fields.Boolean(
        readonly=True,
        copy=False,
        help="Somebody said that the money is ours although no claim in it is known.",
    )
    first_id = fields.Many2one(
        comodel_name="billing.remittance.transaction",
        string="Came first in",
        readonly=True,
        index="btree_not_null",
    )
    remittance_id = fields.Many2one(
        comodel_name="billing.remittance",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    item_ids = fields.One2many(
        comodel_name="billing.remittance.item",
        inverse_name="transaction_id",
        string="Claims",
        readonly=True,
    )
    item_count = fields.Integer(
        string="Claims in it",
        compute="_compute_counts",
    )
    waiting_count = fields.Integer(
        string="To look at",
        compute="_compute_counts",
    )

    _once = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL",
        "This payment is here already: same payer, trace number, date and amount. It is taken once only.",
    )
    _to_do_idx = models.Index("(file_id, state) WHERE state IN ('reading', 'ready')")

    # === COMPUTE METHODS === #

    @api.depends("payer_keys")
    def _compute_payer_numbers(self):
        for payment in self:
            payment.payer_numbers = ", ".join(payment.payer_keys or [])

    @api.depends("provider_adjustments")
    @api.depends_context("lang")
    def _compute_provider_text(self):
        for payment in self:
            payment.provider_text = "\n".join(
                f"{row['code']} {row['reference']}: {payment._format(float(row['amount']))}".replace(" :", ":")
                for row in payment.provider_adjustments or []
            )

    @api.depends("item_ids.state")
    def _compute_counts(self):
        counts = {}
        for payment, state, count in self.env["billing.remittance.item"]._read_group(
            [("transaction_id", "in", self.ids)], ["transaction_id", "state"], ["__count"],
        ):
            counts.setdefault(payment.id, {})[state] = count
        for payment in self:
            found = counts.get(payment.id, {})
            payment.item_count = sum(found.values())
            payment.waiting_count = found.get("waiting", 0)

    @api.depends("state", "first_id", "remittance_id", "difference", "date_booked")
    def _compute_reason_text(self):
        super()._compute_reason_text()

    @api.depends("name", "payer_name", "payer_id")
    def _compute_display_name(self):
        for payment in self:
            payment.display_name = f"{payment.payer_id.name or payment.payer_name or ''} {payment.name or ''}".strip()
