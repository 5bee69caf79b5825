from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BillingRemittanceLine(models.Model):
    """A payer's answer about one service: what it paid of it, and why not the rest.

    The line balances when what was asked, less the adjustments, is what was paid (X12 835: SVC02 - CAS = SVC03).
    """

    _name = "billing.remittance.line"
    _description = "Remittance service"
    _order = "remittance_id, id"
    _check_company_auto = True

    remittance_id = fields.Many2one(
        comodel_name="billing.remittance",
        required=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(
        related="remittance_id.state",
        string="Remittance state",
    )
    company_id = fields.Many2one(
        related="remittance_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="remittance_id.currency_id",
    )
    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        required=True,
        index=True,
        ondelete="restrict",
    )
    patient_id = fields.Many2one(
        related="claim_id.patient_id",
    )
    service_date = fields.Date(
        related="claim_id.service_date",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Service",
        required=True,
        index=True,
        ondelete="restrict",
    )
    code_id = fields.Many2one(
        related="move_line_id.billing_code_id",
        string="Procedure",
    )
    modifiers = fields.Char(
        related="move_line_id.billing_modifiers",
    )
    amount_charged = fields.Monetary(
        related="move_line_id.price_total",
        string="Charged",
    )
    amount_asked = fields.Monetary(
        string="To answer",
        compute="_compute_amount_asked",
        help="The charge, less what earlier answers have settled of it.",
    )
    amount_paid = fields.Monetary(
        string="Paid",
    )
    adjustment_ids = fields.One2many(
        comodel_name="billing.remittance.adjustment",
        inverse_name="line_id",
        string="Not paid because",
    )
    amount_adjusted = fields.Monetary(
        string="Not paid",
        compute="_compute_difference",
    )
    difference = fields.Monetary(
        compute="_compute_difference",
        help="To answer, less not paid, less paid. It must be zero.",
    )

    _paid_not_negative = models.Constraint(
        "CHECK (amount_paid >= 0)",
        "A paid amount cannot be negative. When a payer takes money back, reverse the remittance in which it paid.",
    )
    _service_once = models.UniqueIndex(
        "(remittance_id, move_line_id)",
        "The same service stands twice on this remittance. Keep one line and add its adjustments there.",
    )

    @api.depends("move_line_id.price_total", "remittance_id.state")
    def _compute_amount_asked(self):
        settled = self._get_settled_before()
        for line in self:
            before = settled.get(line.move_line_id._origin.id, {})
            total = sum(amount for line_id, amount in before.items() if line_id != line._origin.id)
            line.amount_asked = line.amount_charged - total

    def _get_settled_before(self):
        """{invoice line id: {remittance line id: amount}} that posted answers have settled, in two queries."""
        services = self.move_line_id._origin
        lines = self.sudo().search([
            ("move_line_id", "in", services.ids), ("remittance_id.state", "=", "posted"),
        ])
        result = {}
        for line in lines:
            settled = line.amount_paid + sum(
                adjustment.amount for adjustment in line.adjustment_ids if adjustment.reason_id.effect != "hold"
            )
            result.setdefault(line.move_line_id.id, {})[line.id] = settled
        return result

    @api.depends("amount_asked", "amount_paid", "adjustment_ids.amount")
    def _compute_difference(self):
        for line in self:
            line.amount_adjusted = sum(line.adjustment_ids.mapped("amount"))
            currency = line.currency_id or self.env.company.currency_id
            line.difference = currency.round(line.amount_asked - line.amount_adjusted - line.amount_paid)

    @api.depends("move_line_id", "claim_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.claim_id.name}: {line.move_line_id.name or ''}"

    @api.constrains("remittance_id", "claim_id", "move_line_id")
    def _check_claim(self):
        for line in self:
            line._check_claim_fits()

    def _check_claim_fits(self):
        """The claim must be this payer's, this company's, in this currency, and the service one of its services."""
        self.ensure_one()
        claim, remittance = self.claim_id, self.remittance_id
        if claim.sudo().company_id != remittance.company_id:
            raise ValidationError(self.env._(
                "%(claim)s belongs to another company than %(remittance)s (%(company)s). Type its answer in that "
                "company.",
                claim=claim.sudo().name,
                remittance=remittance.name,
                company=remittance.company_id.name,
            ))
        if claim.payer_id != remittance.payer_id:
            raise ValidationError(self.env._(
                "%(claim)s was sent to %(other)s, not to %(payer)s. Remove it from %(remittance)s.",
                claim=claim.name,
                other=claim.payer_id.display_name,
                payer=remittance.payer_id.display_name,
                remittance=remittance.name,
            ))
        if claim.currency_id != remittance.currency_id:
            raise ValidationError(self.env._(
                "%(claim)s asks in %(claim_currency)s, %(remittance)s answers in %(currency)s. Type the answer in the "
                "currency of the claim.",
                claim=claim.name,
                claim_currency=claim.currency_id.name,
                remittance=remittance.name,
                currency=remittance.currency_id.name,
            ))
        if self.move_line_id.move_id != claim.invoice_id:
            raise ValidationError(self.env._(
                "“%(service)s” is not a service of %(claim)s. Remove the line and add the claim again.",
                service=self.move_line_id.name,
                claim=claim.name,
            ))

    def write(self, vals):
        self.remittance_id._check_editable({"line_ids": True})
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.remittance_id._check_editable({"line_ids": True})
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self.remittance_id._check_editable({"line_ids": True})

    def action_contractual_rest(self):
        """What is neither paid nor explained was given up by contract (CO-45)."""
        reason = self.env.ref("billing_coordinator.reason_co_45")
        for line in self.filtered(lambda item: item.currency_id.compare_amounts(item.difference, 0) > 0):
            line.adjustment_ids = [fields.Command.create({"reason_id": reason.id, "amount": line.difference})]
