from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class BillingAssistanceWizard(models.TransientModel):
    """Take off bills what financial assistance gives: shows beforehand each bill, the amount and what remains."""

    _name = "billing.assistance.wizard"
    _description = "Apply financial assistance"

    line_ids = fields.One2many(
        comodel_name="billing.assistance.wizard.line",
        inverse_name="wizard_id",
        string="Bills",
    )
    has_refund = fields.Boolean(
        compute="_compute_has_refund",
    )

    @api.depends("line_ids.amount_remaining")
    def _compute_has_refund(self):
        for wizard in self:
            wizard.has_refund = any(line.amount_remaining < 0 for line in wizard.line_ids)

    # === ACTIONS === #

    @api.model
    def _open(self, bills, title):
        """The preview for these bills.

        :param bills: ``account.move`` records
        :param str title: of the window
        :raise UserError: when nothing is left to take off any of them, saying why
        """
        applications = self.env["billing.assistance.application"]
        applications.check_access("read")
        discounts = applications._find_discounts(bills)
        if not discounts:
            applications._refuse_nothing_left(bills)
        wizard = self.create({"line_ids": [
            Command.create({
                "bill_id": bill.id,
                "application_id": discount.application.id,
                "amount_open": discount.still_open,
                "amount": discount.amount,
                "amount_remaining": discount.remaining,
            })
            for bill, discount in discounts.items()
        ]})
        return wizard._get_records_action(name=title, target="new")

    def action_apply(self):
        """Post them all, or none when something changed since they were shown."""
        self.ensure_one()
        applications = self.env["billing.assistance.application"]
        bills = self.line_ids.bill_id
        discounts = applications._find_discounts(bills)
        if not discounts:
            applications._refuse_nothing_left(bills)
        for line in self.line_ids:
            discount = discounts.get(line.bill_id)
            if not discount or line.currency_id.compare_amounts(discount.amount, line.amount):
                raise UserError(self.env._(
                    "Something happened to %(bill)s since the discounts were shown. Close this window and open it "
                    "again; nothing has been posted.",
                    bill=line.bill_id.name,
                ))
        adjustments = applications._apply_discounts(bills)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Taken off: %(bills)s", bills=", ".join(
                    self.env._(
                        "%(amount)s of %(bill)s",
                        amount=adjustment.currency_id.format(adjustment.amount),
                        bill=adjustment.move_id.name,
                    )
                    for adjustment in adjustments
                )),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class BillingAssistanceWizardLine(models.TransientModel):
    """One bill of the preview, with what is taken off it."""

    _name = "billing.assistance.wizard.line"
    _description = "Bill to discount"

    wizard_id = fields.Many2one(
        comodel_name="billing.assistance.wizard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    bill_id = fields.Many2one(
        comodel_name="account.move",
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        related="bill_id.partner_id",
        string="Asked of",
    )
    patient_id = fields.Many2one(
        related="bill_id.billing_patient_id",
        string="For",
    )
    service_date = fields.Date(
        related="bill_id.encounter_id.date",
        string="Visit of",
    )
    application_id = fields.Many2one(
        comodel_name="billing.assistance.application",
        readonly=True,
    )
    discount_percent = fields.Float(
        related="application_id.discount_percent",
        string="%",
    )
    currency_id = fields.Many2one(
        related="bill_id.currency_id",
    )
    amount_open = fields.Monetary(
        string="Open",
        readonly=True,
    )
    amount = fields.Monetary(
        string="Taken off",
        readonly=True,
    )
    amount_remaining = fields.Monetary(
        string="Remains",
        readonly=True,
        help="Below zero: credit of the patient, to refund or to apply to other bills.",
    )
