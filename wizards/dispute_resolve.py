from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.periods import MOST_DAYS

from ..models.disputes.dispute_resolution import CREDIT_NOTE, WRITE_OFF


class BillingDisputeResolve(models.TransientModel):
    """How a dispute ends, what that posts, and how the debtor hears of it."""

    _name = "billing.dispute.resolve"
    _description = "Resolve a dispute"

    dispute_id = fields.Many2one(
        comodel_name="billing.dispute",
        required=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="dispute_id.company_id",
    )
    currency_id = fields.Many2one(
        related="dispute_id.currency_id",
    )
    hint = fields.Text(
        related="dispute_id.hint",
    )
    resolution = fields.Selection(
        selection=lambda self: self.env["billing.dispute"]._fields["resolution"]._description_selection(self.env),
        string="Outcome",
        required=True,
    )
    line_ids = fields.One2many(
        comodel_name="billing.dispute.resolve.line",
        inverse_name="wizard_id",
        string="Bills",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    needs_reason = fields.Boolean(
        compute="_compute_consequences",
    )
    reason_id = fields.Many2one(
        comodel_name="billing.adjustment.reason",
        string="Reason of the correction",
        domain="[('effect', '=', 'reduce'), ('group', '=', 'OFFICE')]",
        default=lambda self: self.env.ref("billing_coordinator.reason_office_correction", raise_if_not_found=False),
    )
    answer = fields.Text(
        string="Our answer",
        help="Printed on the letter: what we found, in plain words. Nothing about health.",
    )
    is_our_mistake = fields.Boolean(
        string="We were wrong: apologise",
        compute="_compute_is_our_mistake",
        store=True,
        readonly=False,
    )
    channel = fields.Selection(
        selection=[
            ("letter", "Print the letter"),
            ("email", "Send it by e-mail"),
            ("told", "They were told, no letter"),
            ("later", "Later"),
        ],
        string="Then",
        compute="_compute_channel",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    lift_days = fields.Integer(
        string="Left alone after the answer (days)",
        compute="_compute_lift_days",
        store=True,
        readonly=False,
    )
    consequences = fields.Text(
        compute="_compute_consequences",
    )

    # === COMPUTE METHODS === #

    @api.depends("dispute_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create({"item_id": item.id}) for item in wizard.dispute_id.item_ids._origin
            ]

    @api.depends("resolution")
    def _compute_is_our_mistake(self):
        for wizard in self:
            wizard.is_our_mistake = wizard.resolution in ("credited", "corrected")

    @api.depends("dispute_id")
    def _compute_channel(self):
        for wizard in self:
            wizard.channel = "email" if wizard.dispute_id._filter_mailed() else "letter"

    @api.depends("resolution", "company_id")
    def _compute_lift_days(self):
        for wizard in self:
            name = "insurance" if wizard.resolution == "insurance" else "lift"
            wizard.lift_days = wizard.company_id[f"billing_dispute_{name}_days"]

    @api.depends("resolution", "line_ids.amount", "line_ids.way", "dispute_id", "reason_id")
    def _compute_consequences(self):
        for wizard in self:
            lines = wizard.line_ids.filtered("amount") if wizard.resolution == "credited" else wizard.line_ids.browse()
            wizard.needs_reason = WRITE_OFF in lines.mapped("way")
            say = getattr(wizard, f"_say_{wizard.resolution}", None)
            wizard.consequences = "\n".join(say()) if say else False

    # === ACTIONS === #

    def action_resolve(self):
        """Do it, and lead to the answer.

        :raise UserError: the letter would say nothing, or what stands against the documents
        """
        self.ensure_one()
        dispute = self.dispute_id
        self._check_answer()
        dispute._resolve(
            self.resolution,
            credits={line.item_id: line.amount for line in self.line_ids} if self.resolution == "credited" else None,
            reason=self.reason_id,
            answer=self.answer,
            is_our_mistake=self.is_our_mistake,
            lift_days=self.lift_days,
        )
        if dispute.state != "resolved" or self.channel == "later":
            return {"type": "ir.actions.act_window_close"}
        if self.channel == "told":
            dispute.action_told()
            return {"type": "ir.actions.act_window_close"}
        if self.channel == "email":
            return dispute.action_send_answer()
        return {**dispute.action_print_answer(), "close_on_report_download": True}

    # === BUSINESS METHODS === #

    def _check_answer(self):
        if self.resolution in ("explained", "rejected") and not (self.answer or "").strip():
            raise UserError(self.env._(
                "Type our answer: whoever asked %(dispute)s reads why.", dispute=self.dispute_id.name,
            ))
        if not 0 <= self.lift_days <= MOST_DAYS:
            raise UserError(self.env._(
                "%(dispute)s cannot be left alone for %(days)s days after the answer. Type zero or more, %(most)s at "
                "most.",
                dispute=self.dispute_id.name, days=self.lift_days, most=MOST_DAYS,
            ))

    def _say_credited(self):
        """What is posted where something is taken off."""
        sentences = []
        for line in self.line_ids.filtered("amount"):
            amount, move = format_amount(self.env, line.amount, line.currency_id), line.move_id
            if line.way == CREDIT_NOTE:
                sentences.append(self.env._("%(bill)s: a credit note of %(amount)s.", bill=move.name, amount=amount))
                whole = not line.currency_id.compare_amounts(line.amount, move._get_billing_creditable())
                if whole and move.billing_kind == "charge":
                    sentences.append(self.env._(
                        "Nothing is left of it: visit %(visit)s is to bill again. Cancel the visit if it never took "
                        "place.",
                        visit=move.encounter_id.name,
                    ))
                continue
            adjustment = self.env["billing.adjustment"].new({
                "move_id": move.id, "company_id": self.company_id.id, "currency_id": line.currency_id.id,
                "reason_id": self.reason_id.id, "amount": line.amount, "date": fields.Date.context_today(self),
            })
            sentences.append(self.env._(
                "%(bill)s: a correction of %(amount)s with the reason “%(reason)s”.",
                bill=move.name, amount=amount, reason=self.reason_id.name or "",
            ) if adjustment._is_within_limit() else self.env._(
                "%(bill)s: a correction of %(amount)s, which a manager decides about first. Until then nothing is "
                "asked for.",
                bill=move.name, amount=amount,
            ))
        return sentences

    def _say_corrected(self):
        """What becomes of the bills that are billed again."""
        moves = self.dispute_id.item_ids.move_id
        visits = moves.encounter_id
        sentences = []
        if visits:
            sentences.append(self.env._(
                "Everything that was billed for %(visits)s is credited, and it is to bill again: correct it there, and "
                "bill it.",
                visits=", ".join(visits.mapped("name")),
            ))
        for move in moves.filtered(lambda move: not move.encounter_id):
            sentences.append(self.env._(
                "%(bill)s is credited, and a copy of it waits as a draft to be corrected and posted.", bill=move.name,
            ))
        return sentences

    def _say_insurance(self):
        """What becomes of the claims."""
        claims = self.dispute_id._get_claims()
        return [
            self.env._(
                "%(claim)s is marked to be sent to %(payer)s again.", claim=claim.name, payer=claim.payer_id.name,
            ) if claim.state in ("draft", "ready", "sent", "rejected") else self.env._(
                "%(payer)s has answered %(claim)s: it is not sent again by itself. Whoever answers this dispute finds "
                "it among their activities.",
                claim=claim.name, payer=claim.payer_id.name,
            )
            for claim in claims
        ]

    def _say_explained(self):
        return [self.env._("Nothing is posted. The letter explains the bill; it asks for nothing.")]

    def _say_rejected(self):
        return [self.env._(
            "Nothing is posted. %(amount)s is asked for again %(days)s days after the answer.",
            amount=format_amount(self.env, self.dispute_id.amount_held, self.currency_id), days=self.lift_days,
        )]


class BillingDisputeResolveLine(models.TransientModel):
    """How much is taken off one disputed bill."""

    _name = "billing.dispute.resolve.line"
    _description = "Bill of a dispute that is resolved"

    wizard_id = fields.Many2one(
        comodel_name="billing.dispute.resolve",
        required=True,
        ondelete="cascade",
    )
    item_id = fields.Many2one(
        comodel_name="billing.dispute.item",
        required=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(
        related="item_id.move_id",
        string="Bill",
    )
    currency_id = fields.Many2one(
        related="item_id.currency_id",
    )
    amount_open = fields.Monetary(
        related="item_id.amount_open",
    )
    amount_disputed = fields.Monetary(
        related="item_id.amount",
        string="Disputed",
    )
    way = fields.Selection(
        selection=[
            (CREDIT_NOTE, "Credit note"),
            (WRITE_OFF, "Correction"),
        ],
        string="By",
        compute="_compute_way",
    )
    amount = fields.Monetary(
        string="Take off",
        compute="_compute_amount",
        store=True,
        readonly=False,
    )

    @api.depends("item_id")
    def _compute_way(self):
        for line in self:
            line.way = line.move_id._get_billing_dispute_way() if line.move_id else CREDIT_NOTE

    @api.depends("item_id")
    def _compute_amount(self):
        for line in self:
            item = line.item_id
            most = item.amount_open if line.way == WRITE_OFF else line.move_id._get_billing_creditable()
            line.amount = max(min(item.amount - item.amount_credited, most), 0.0)
