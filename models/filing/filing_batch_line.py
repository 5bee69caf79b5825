from odoo import fields, models


class BillingFilingBatchLine(models.Model):
    """One claim in a batch, as it was asked when the batch was made; or why it was taken out of it."""

    _name = "billing.filing.batch.line"
    _description = "Claim in a batch"
    _order = "batch_id desc, is_problem desc, id"
    _rec_name = "claim_id"

    batch_id = fields.Many2one(
        comodel_name="billing.filing.batch",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="batch_id.company_id",
        store=True,
        index=True,
    )
    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    patient_id = fields.Many2one(related="claim_id.patient_id")
    payer_id = fields.Many2one(related="claim_id.payer_id")
    service_date = fields.Date(related="claim_id.service_date")
    claim_state = fields.Selection(related="claim_id.state", string="Claim is")
    currency_id = fields.Many2one(related="claim_id.currency_id")
    amount = fields.Monetary(
        readonly=True,
        help="What the claim asks for, as it stood when the batch was made.",
    )
    frequency = fields.Selection(
        selection=[
            ("1", "Original"),
            ("7", "Replacement"),
            ("8", "Cancellation"),
        ],
        required=True,
        readonly=True,
        default="1",
    )
    state = fields.Selection(
        selection=[
            ("goes", "To go"),
            ("out", "Taken out"),
            ("handed", "Handed over"),
            ("acknowledged", "Acknowledged"),
            ("rejected", "Rejected"),
            ("back", "Not sent"),
        ],
        required=True,
        readonly=True,
        default="goes",
        index=True,
    )
    is_live = fields.Boolean(
        readonly=True,
        default=True,
        help="The claim is on its way with this batch: no other batch can have it.",
    )
    is_problem = fields.Boolean(
        readonly=True,
        help="It did not fit and was taken out.",
    )
    problem = fields.Text(
        readonly=True,
        help="Why it was taken out, with the box of the form and the segment of the file.",
    )
    answer = fields.Text(
        readonly=True,
        help="What the receiver has said about it.",
    )

    _live_once = models.UniqueIndex(
        "(claim_id) WHERE is_live",
        "A claim goes with one batch at a time: one of these has just been put into another. Reload the page.",
    )

    # === ACTIONS === #

    def action_open_claim(self):
        """The claim, to mend it."""
        self.ensure_one()
        return self.claim_id._get_records_action()

    # === BUSINESS METHODS === #

    def _take_out(self, problems):
        """These claims do not go with this batch.

        :param dict problems: {line: why, in words}
        """
        for line in self.sudo():
            line.write({"state": "out", "is_live": False, "is_problem": True, "problem": problems[line]})

    def _leave(self):
        """Nothing of these goes any more: the claims are free for another batch."""
        self.sudo().filtered(lambda line: line.state != "out").write({"state": "back", "is_live": False})
