from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.money import split_ratio, to_decimal, to_unit


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
        help="The charge, less what earlier answers and decisions of the office have settled of it.",
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
        "(remittance_id, move_line_id, kind)",
        "The same service stands twice on this remittance. Keep one line and add its adjustments there.",
    )

    @api.depends("move_line_id.price_total", "remittance_id.state", "remittance_id.line_ids.reversed_line_id")
    def _compute_amount_asked(self):
        typed = self.filtered(lambda line: line.state in (False, "draft") and line.kind == "answer")
        open_services = self._get_open_services(typed.move_line_id.move_id._origin)
        for line in typed.remittance_id.line_ids.reversed_line_id:
            # What is taken back with the same remittance is asked for again.
            open_services[line.move_line_id] = open_services.get(line.move_line_id, 0.0) + line._get_settled_amount()
        for line in self:
            if line in typed:
                line.amount_asked = open_services.get(line.move_line_id._origin, 0.0)
            else:
                # It balanced when it was posted; what came later does not change what it answered.
                line.amount_asked = line.amount_paid + sum(
                    adjustment.amount - adjustment.amount_mirrored for adjustment in line.adjustment_ids
                )

    @api.model
    def _get_open_services(self, invoices):
        """What payers' answers, the office's decisions and credit notes have left of each service.

        Money that came past billing names no service: it counts for all that are open, in proportion.

        :param invoices: invoices of billing
        :return: {invoice line: amount in the currency of the invoice}
        """
        services = invoices.sudo().invoice_line_ids.filtered(lambda line: line.display_type == "product")
        left = {service: service.price_total for service in services}
        for line in self.sudo().search([("move_line_id", "in", services.ids), ("is_in_force", "=", True)]):
            left[line.move_line_id] -= line._get_settled_amount()
        for (invoice, visit_line), decided in self._get_decided(invoices).items():
            mine = services.filtered(
                lambda service, key=(invoice, visit_line): (service.move_id, service.encounter_line_id) == key
            )
            amount = decided
            for service in mine:
                taken = min(amount, max(left[service], 0.0)) if service != mine[-1:] else amount
                left[service] -= taken
                amount -= taken
        self._take_money_past_billing(invoices, services, left)
        return {service.sudo(False): service.currency_id.round(amount) for service, amount in left.items()}

    @api.model
    def _take_money_past_billing(self, invoices, services, left):
        """Lower what is ``left`` of services to what is open on their invoices."""
        flows = self.env["billing.charge.flow"]._get_flows(invoices)
        for invoice, mine in services.grouped("move_id").items():
            unit = to_unit(invoice.currency_id.rounding)
            weights = [to_decimal(max(left[service], 0.0), unit) for service in mine]
            direct = sum(weights) - to_decimal(flows[invoice]["open"], unit)
            if direct > 0:
                for service, amount in zip(mine, split_ratio(direct, weights, unit), strict=True):
                    left[service] -= float(amount)

    @api.model
    def _get_decided(self, invoices):
        """{(invoice, visit service): amount} that decisions of the office and credit notes took off."""
        decided = defaultdict(float)
        decisions = self.env["billing.adjustment"].sudo().search([
            ("move_id", "in", invoices.ids), ("state", "=", "posted"),
        ])
        for item in decisions.entry_id.line_ids.filtered("adjustment_reason_id"):
            decided[item.billing_invoice_id, item.encounter_line_id] += item.amount_currency
        refunds = invoices.sudo().reversal_move_ids.filtered(lambda move: move.state == "posted")
        for line in refunds.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            decided[line.move_id.reversed_entry_id, line.encounter_line_id] += line.price_total
        return decided

    @api.depends("amount_asked", "amount_paid", "adjustment_ids.amount", "amount_mirrored")
    def _compute_difference(self):
        for line in self:
            line.amount_adjusted = sum(line.adjustment_ids.mapped("amount"))
            currency = line.currency_id or self.env.company.currency_id
            line.difference = currency.round(
                line.amount_asked + line.amount_mirrored - line.amount_adjusted - line.amount_paid
            )

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
