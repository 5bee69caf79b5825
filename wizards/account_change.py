from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class BillingAccountChange(models.TransientModel):
    """Move an account to another state, with the reason; shows what is still open when it is to be closed."""

    _name = "billing.account.change"
    _description = "Change of an account"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Account",
        required=True,
        readonly=True,
    )
    target = fields.Selection(
        selection=[
            ("new", "Send back"),
            ("pending", "Reopen"),
            ("active", "Release"),
            ("on_hold", "Put on hold"),
            ("closed", "Close"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(
        string="Why",
        help="Stands in the account's history; why it is on hold stands on its visits, too.",
    )
    line_ids = fields.One2many(
        comodel_name="billing.account.change.line",
        inverse_name="change_id",
        string="Still open",
        readonly=True,
    )
    is_blocked = fields.Boolean(
        compute="_compute_is_blocked",
    )

    @api.depends("target", "line_ids")
    def _compute_is_blocked(self):
        for change in self:
            change.is_blocked = change.target == "closed" and bool(change.line_ids)

    def action_apply(self):
        """Move the account."""
        self.ensure_one()
        self.partner_id.check_access("write")
        self.partner_id._billing_move(self.target, self.reason)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _prepare_lines(self, partner, target):
        """What is open on an account that is to be closed; other moves do not ask."""
        if target != "closed":
            return []
        return [
            Command.create({
                "name": sentence,
                "res_model": record._name if record else False,
                "res_id": record.id if record else False,
            })
            for sentence, record in partner._describe_open_business()
        ]


class BillingAccountChangeLine(models.TransientModel):
    """Something that is open on an account that is to be closed, and the way to it."""

    _name = "billing.account.change.line"
    _description = "Open business of an account"

    change_id = fields.Many2one(
        comodel_name="billing.account.change",
        required=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char(
        string="Still open",
        required=True,
    )
    res_model = fields.Char()
    res_id = fields.Integer()

    def action_open(self):
        """Go where it is finished."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists() if self.res_model in self.env else None
        if not record:
            raise UserError(self.env._(
                "“%(what)s” is not there any more. Close this window and try again.", what=self.name,
            ))
        record.check_access("read")
        return record._get_records_action()
