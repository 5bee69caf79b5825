from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


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
        "ready": ("sent", "denied", "settled", "void"),
        "sent": ("denied", "settled", "void", "ready"),
        "denied": ("sent", "settled", "void", "denied"),
        "settled": ("sent", "denied", "void"),
        "void": (),
    }

    state = fields.Selection(
        selection=[
            ("ready", "To send"),
            ("sent", "Waiting for answer"),
            ("denied", "Denied"),
            ("settled", "Settled"),
            ("void", "Void"),
        ],
        required=True,
        readonly=True,
        default="ready",
        copy=False,
        tracking=True,
        index=True,
        help="Denied: the payer refused all or part, and that part stays open until you decide. Settled: nothing is "
             "open with this payer any more.",
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
    date_deadline = fields.Date(
        string="File until",
        compute="_compute_date_deadline",
        store=True,
        help="Date of service plus the days within which the plan accepts claims.",
    )
    payer_control_number = fields.Char(
        string="Payer's claim number",
        copy=False,
        help="The number under which the payer knows this claim.",
    )
    amount_charged = fields.Monetary(
        related="invoice_id.amount_total",
        string="Charged",
        store=True,
    )
    amount_expected = fields.Monetary(
        string="Expected",
        compute="_compute_amount_expected",
        store=True,
        help="What the payer will pay by its plan's benefits and rules, as they stood when the visit was billed.",
    )
    amount_paid = fields.Monetary(
        string="Paid",
        compute="_compute_amounts",
    )
    is_underpaid = fields.Boolean(
        compute="_compute_amounts",
        help="The payer has answered and paid less than was expected.",
    )
    amount_adjusted = fields.Monetary(
        string="Adjusted",
        compute="_compute_amounts",
        help="Discounts agreed with the payer and write-offs: nobody owes this any more.",
    )
    amount_transferred = fields.Monetary(
        string="Passed on",
        compute="_compute_amounts",
        help="Now asked of the next payer or of the patient.",
    )
    amount_open = fields.Monetary(
        string="Open",
        compute="_compute_amounts",
    )

    _invoice_once = models.UniqueIndex(
        "(invoice_id)",
        "This invoice already has its claim. Answer or void that one.",
    )

    # === COMPUTE METHODS === #

    @api.depends("service_date", "coverage_id.plan_id.timely_filing_days")
    def _compute_date_deadline(self):
        for claim in self:
            days = claim.coverage_id.plan_id.timely_filing_days
            claim.date_deadline = claim.service_date + timedelta(days=days) if days and claim.service_date else False

    @api.depends("invoice_id")
    def _compute_amount_expected(self):
        for claim in self:
            services = claim.invoice_id.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            claim.amount_expected = sum(service._get_billing_expected_total() for service in services)

    @api.depends("invoice_id.amount_residual", "invoice_id.payment_state", "state")
    def _compute_amounts(self):
        flows = self.env["billing.charge.flow"]._get_flows(self.invoice_id)
        for claim in self:
            flow = flows.get(claim.invoice_id, {})
            claim.amount_paid = flow.get("paid", 0.0)
            claim.amount_adjusted = flow.get("adjusted", 0.0)
            claim.amount_transferred = flow.get("transferred", 0.0)
            claim.amount_open = flow.get("open", 0.0)
            claim.is_underpaid = (
                claim.state in ("settled", "denied")
                and claim.currency_id.compare_amounts(claim.amount_paid, claim.amount_expected) < 0
            )

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

    # === ACTIONS === #

    def action_send(self):
        """The claim has been sent: the clock for the payer's answer starts today."""
        self._set_state("sent", date_sent=fields.Date.context_today(self))

    def action_unsend(self):
        """It was not sent after all."""
        self._set_state("ready", date_sent=False)

    def action_print(self):
        """Print the claim form."""
        return self.env.ref("billing_coordinator.action_report_claim").report_action(self)

    def action_answer(self):
        """Type the payer's answer to these claims: a new remittance with all their services."""
        self._check_answerable()
        payer = self.payer_id
        if len(payer) > 1 or len(self.company_id) > 1 or len(self.currency_id) > 1:
            raise UserError(self.env._(
                "One answer comes from one payer, for one company, in one currency. The claims chosen are from "
                "%(payers)s.",
                payers=", ".join(payer.mapped("display_name")),
            ))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer of %(payer)s", payer=payer.display_name),
            "res_model": "billing.remittance",
            "view_mode": "form",
            "context": {
                "default_payer_id": payer.id,
                "default_company_id": self.company_id.id,
                "default_currency_id": self.currency_id.id,
                "default_line_ids": self._prepare_answer_lines(),
            },
        }

    def action_decide(self):
        """Decide about what the payer left open: give it up, or pass it on to whoever is next."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide about %(claim)s", claim=self.name),
            "res_model": "billing.adjust.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.invoice_id.id},
        }

    def action_void(self):
        """Take the claim back: its visit is no longer billed and can be corrected."""
        self.encounter_id._unbill_by_company(self.env._("Claims taken back by %(user)s", user=self.env.user.name))

    def action_view_invoice(self):
        """The invoice to the payer."""
        self.ensure_one()
        return self.invoice_id._get_records_action()

    def action_view_encounter(self):
        """The visit behind the claim."""
        return self.encounter_id._get_records_action()

    # === BUSINESS METHODS === #

    def _check_answerable(self):
        for claim in self:
            if claim.state == "void":
                raise UserError(self.env._(
                    "%(claim)s was taken back on %(date)s: there is nothing to answer. If %(payer)s sent money for it, "
                    "register a payment from %(payer)s; it will wait as unapplied credit.",
                    claim=claim.display_name,
                    payer=claim.payer_id.display_name,
                    date=format_date(self.env, claim.write_date),
                ))

    def _prepare_answer_lines(self):
        """One remittance line for every service of these claims."""
        return [
            fields.Command.create({"claim_id": claim.id, "move_line_id": line.id})
            for claim in self
            for line in claim.invoice_id.invoice_line_ids
            if line.display_type == "product"
        ]

    def _get_posted_remittances(self):
        """The answers in force on these claims."""
        return self.remittance_line_ids.remittance_id.filtered(lambda remittance: remittance.state == "posted")

    def _follow_ledger(self, denied=None, reason=None):
        """Bring each claim's state into line with what is open: settled, denied, or waiting again.

        :param denied: the claims of which the payer has just refused something
        :param str reason: for the chatter; empty: what is open on the invoice
        """
        denied = denied or self.browse()
        self.invalidate_recordset(["amount_open"])
        for claim in self.filtered(lambda c: c.state != "void"):
            if claim.currency_id.compare_amounts(claim.amount_open, 0) <= 0:
                target = "settled"
            elif claim in denied:
                target = "denied"
            elif claim.state == "settled":
                target = "sent"
            else:
                continue
            if claim.state != target:
                claim._set_state(target, reason or self.env._(
                    "%(invoice)s: %(open)s open",
                    invoice=claim.invoice_id.name,
                    open=claim.currency_id.format(claim.amount_open),
                ))
