from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class BillingPaymentPlanSigning(models.TransientModel):
    """Somebody has agreed to a payment plan: who, on which day, and the signature."""

    _name = "billing.payment.plan.signing"
    _description = "Sign a payment plan"

    plan_id = fields.Many2one(
        comodel_name="billing.payment.plan",
        required=True,
        ondelete="cascade",
    )
    name = fields.Char(
        string="Signed by",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    date = fields.Date(
        string="Signed on",
        required=True,
        default=fields.Date.context_today,
    )
    signature = fields.Binary(
        attachment=False,
        help="Drawn with a finger or the mouse, when the person is here.",
    )
    signed_file = fields.Binary(
        string="Signed paper",
        attachment=False,
        help="The agreement as it came back: scanned or photographed.",
    )
    signed_file_name = fields.Char()
    consequences = fields.Text(
        compute="_compute_consequences",
    )

    # === COMPUTE METHODS === #

    @api.depends("plan_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.plan_id.partner_id.name

    @api.depends("plan_id")
    def _compute_consequences(self):
        for wizard in self:
            plan, lines = wizard.plan_id, []
            if plan.policy_id.waits_for_down and plan.down_payment:
                lines.append(self.env._(
                    "The plan begins once the down payment of %(amount)s is there.",
                    amount=format_amount(self.env, plan.down_payment, plan.currency_id),
                ))
            lines.append(self.env._(
                "The %(count)s bills of the plan are due when its instalments are, the last one on %(date)s.",
                count=len(plan.item_ids), date=format_date(self.env, plan.date_last),
            ) if len(plan.item_ids) > 1 else self.env._(
                "%(bill)s is due when the instalments of the plan are, the last one on %(date)s.",
                bill=plan.item_ids.move_id.name or "", date=format_date(self.env, plan.date_last),
            ))
            if plan.previous_id:
                lines.append(self.env._("%(plan)s is replaced.", plan=plan.previous_id.name))
            wizard.consequences = "\n".join(lines)

    # === ACTIONS === #

    def action_sign(self):
        """Write the agreement down; the plan runs, or waits for its down payment.

        :raise UserError: the day lies ahead, or before the proposal
        """
        self.ensure_one()
        plan = self.plan_id
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._(
                "%(plan)s cannot be signed on %(date)s, which has not come yet. Type the day of the signature.",
                plan=plan.display_name, date=format_date(self.env, self.date),
            ))
        if plan.proposed_on and self.date < plan.proposed_on:
            raise UserError(self.env._(
                "%(plan)s was proposed on %(proposed)s and cannot have been signed before, on %(date)s. Type the day "
                "of the signature.",
                plan=plan.display_name,
                proposed=format_date(self.env, plan.proposed_on),
                date=format_date(self.env, self.date),
            ))
        plan._accept(self.name, self.date)
        plan.sudo().write({"signature": self.signature, "signed_file_id": self._create_file().id})
        return {"type": "ir.actions.act_window_close"}

    def _create_file(self):
        """The signed paper, with the plan it belongs to."""
        files = self.env["ir.attachment"]
        if not self.signed_file:
            return files
        return files.create({
            "name": self.signed_file_name or self.env._("%(plan)s, signed", plan=self.plan_id.name),
            "datas": self.signed_file,
            "res_model": self.plan_id._name,
            "res_id": self.plan_id.id,
        })
