from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class BillingAccountReviewChange(models.TransientModel):
    """Close or reactivate several accounts at once, for one reason; says which cannot be, and why."""

    _name = "billing.account.review.change"
    _description = "Change of several accounts"

    target = fields.Selection(
        selection=[
            ("closed", "Close"),
            ("pending", "Reactivate"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(
        string="Why",
        help="Stands in the history of each account.",
    )
    line_ids = fields.One2many(
        comodel_name="billing.account.review.change.line",
        inverse_name="change_id",
        string="Accounts",
    )
    ready_count = fields.Integer(
        string="Can be done",
        compute="_compute_ready_count",
    )

    @api.depends("line_ids.problem")
    def _compute_ready_count(self):
        for change in self:
            change.ready_count = len(change.line_ids.filtered(lambda line: not line.problem))

    @api.model
    def _create_for(self, partners, target):
        return self.create({
            "target": target,
            "line_ids": [
                Command.create({"partner_id": partner.id, "problem": self._find_problem(partner, target)})
                for partner in partners
            ],
        })

    @api.model
    def _find_problem(self, partner, target):
        """Why this account cannot be moved, in words; False when it can."""
        if target == "closed":
            if partner.billing_state == "closed":
                return self.env._("Closed already.")
            return "\n".join(sentence for sentence, _record in partner._describe_open_business()) or False
        if partner.billing_state != "closed" and partner.active:
            return self.env._("Neither closed nor archived.")
        return False

    def action_apply(self):
        """Move the accounts that can be moved; the others stay, and are named in the window.

        :raise UserError: the reason is missing, or nothing can be done
        """
        self.ensure_one()
        partners = self.line_ids.filtered(lambda line: not line.problem).partner_id
        if not partners:
            raise UserError(self.env._("None of these accounts can be moved: see what stands in the way of each."))
        partners.check_access("write")
        if self.target == "closed":
            partners._billing_move("closed", self.reason)
        else:
            self._reactivate(partners)
        return {"type": "ir.actions.act_window_close"}

    def _reactivate(self, partners):
        archived = partners.filtered(lambda partner: not partner.active)
        archived.action_unarchive()
        closed = partners.filtered(lambda partner: partner.billing_state == "closed")
        if not (self.reason or "").strip():
            raise UserError(self.env._(
                "Say why: whoever looks at %(account)s next has to know.", account=partners[0].display_name,
            ))
        closed._billing_move("pending", self.reason)
        (archived - closed)._message_log_batch(bodies=dict.fromkeys((archived - closed).ids, self.reason))


class BillingAccountReviewChangeLine(models.TransientModel):
    """One of the accounts, and what stands in the way."""

    _name = "billing.account.review.change.line"
    _description = "Account to be changed"

    change_id = fields.Many2one(
        comodel_name="billing.account.review.change",
        required=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Account",
        required=True,
        readonly=True,
    )
    problem = fields.Text(
        string="Stands in the way",
        readonly=True,
    )
