from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_UNANSWERED


class BillingClaim(models.Model):
    """What is asked of one payer for one visit, and where that stands.

    A claim stands on the invoice to its payer; what was paid, adjusted and passed on is read from the journal
    items, never typed here.
    """

    _name = "billing.claim"
    _description = "Claim"
    _inherit = ["billing.document"]
    _order = "id desc"
    _rec_names_search = ["name", "payer_control_number", "patient_id.name", "coverage_id.member_number"]

    _state_moves = {
        # Sent from there: not by the office, but by the payer before.
        "draft": ("ready", "sent", "answered", "denied", "settled", "void"),
        "ready": ("draft", "sent", "answered", "denied", "settled", "void"),
        "sent": ("ready", "sent", "acknowledged", "rejected", "answered", "denied", "settled", "void"),
        "acknowledged": ("ready", "sent", "rejected", "answered", "denied", "settled", "void"),
        "rejected": ("draft", "ready", "sent", "acknowledged", "answered", "denied", "settled", "void"),
        # What an answer did goes back to any state without one.
        "answered": (*CLAIM_UNANSWERED, "denied", "appealed", "settled", "void"),
        "denied": (*CLAIM_UNANSWERED, "answered", "appealed", "settled", "void", "denied"),
        "appealed": (*CLAIM_UNANSWERED, "answered", "denied", "settled", "void"),
        "settled": (*CLAIM_UNANSWERED, "answered", "denied", "appealed", "void"),
        "void": (),
    }

    state = fields.Selection(
        selection=[
            ("draft", "To mend"),
            ("ready", "To send"),
            ("sent", "Submitted"),
            ("acknowledged", "Acknowledged"),
            ("rejected", "Rejected"),
            ("answered", "Answered"),
            ("denied", "Denied"),
            ("appealed", "Appealed"),
            ("settled", "Closed"),
            ("void", "Void"),
        ],
        required=True,
        readonly=True,
        default="ready",
        copy=False,
        tracking=True,
        index=True,
        help="To mend: a finding stops it. Acknowledged: the payer has it. Rejected: the payer's computer sent it back "
             "unread. Answered: the payer has decided about a part, the rest still waits for it. Denied: the payer "
             "refused all or part, and that part stays open until you decide. Closed: nothing is open with this payer "
             "any more.",
    )
    encounter_id = fields.Many2one(
        comodel_name="billing.encounter",
        string="Visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    coverage_id = fields.Many2one(
        comodel_name="billing.coverage",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    rank = fields.Selection(
        related="coverage_id.rank",
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    patient_id = fields.Many2one(
        related="encounter_id.patient_id",
        store=True,
        index=True,
    )
    patient_concerns = fields.Text(
        related="patient_id.special_concerns",
        string="Special concerns",
    )
    service_date = fields.Date(
        related="encounter_id.date",
        string="Date of service",
        store=True,
    )
    company_id = fields.Many2one(
        related="encounter_id.company_id",
        store=True,
        index=True,
    )
    invoice_id = fields.Many2one(
        comodel_name="account.move",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    currency_id = fields.Many2one(
        related="invoice_id.currency_id",
        store=True,
    )
    line_ids = fields.One2many(
        related="invoice_id.invoice_line_ids",
        string="Services",
    )
    remittance_line_ids = fields.One2many(
        comodel_name="billing.remittance.line",
        inverse_name="claim_id",
        string="Answers",
    )
    adjustment_ids = fields.One2many(
        comodel_name="billing.adjustment",
        inverse_name="claim_id",
        string="Decisions",
    )
    date_sent = fields.Date(
        string="Sent on",
        readonly=True,
        copy=False,
        tracking=True,
    )
    payer_control_number = fields.Char(
        string="Payer's claim number",
        copy=False,
        help="The number under which the payer knows this claim.",
    )
    _invoice_once = models.UniqueIndex(
        "(invoice_id)",
        "This invoice already has its claim. Answer or void that one.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "payer_id", "patient_id")
    @api.depends_context("billing_show_patient")
    def _compute_display_name(self):
        # Among the claims of one payer it is the patient who tells them apart.
        other = "patient_id" if self.env.context.get("billing_show_patient") else "payer_id"
        for claim in self:
            claim.display_name = f"{claim.name} {claim[other].name or ''}".strip()

    # === CONSTRAINS === #

    @api.constrains("invoice_id", "encounter_id", "coverage_id", "payer_id")
    def _check_invoice(self):
        """A claim says what its invoice says: it is made by billing a visit, never by hand."""
        for claim in self:
            invoice = claim.invoice_id.sudo()
            if (
                not invoice.billing_kind
                or invoice.encounter_id != claim.encounter_id
                or invoice.billing_coverage_id != claim.coverage_id
                or invoice.partner_id != claim.payer_id
            ):
                raise ValidationError(self.env._(
                    "%(claim)s does not agree with %(invoice)s, on which it would stand. Claims are made by billing a "
                    "visit, and are not pointed elsewhere: void the claim, correct the visit and bill it again.",
                    claim=claim.name,
                    invoice=invoice.display_name,
                ))

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        for claim in self:
            raise UserError(self.env._(
                "%(claim)s stands on the posted invoice %(invoice)s and cannot be deleted. Void it instead.",
                claim=claim.display_name,
                invoice=claim.invoice_id.name,
            ))
