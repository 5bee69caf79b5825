from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class BillingAppeal(models.Model):
    """At which level an appeal is made, by when, and the level after it."""

    _inherit = "billing.appeal"

    level = fields.Integer(
        default=1,
        required=True,
        tracking=True,
    )
    level_id = fields.Many2one(
        comodel_name="billing.appeal.level",
        string="Level described as",
        compute="_compute_level_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
    )
    level_is_placeholder = fields.Boolean(related="level_id.is_placeholder")
    needs = fields.Text(related="level_id.needs")
    previous_id = fields.Many2one(
        comodel_name="billing.appeal",
        string="Appeal before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    date_deadline = fields.Date(
        string="Send by",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        help="The last day for this level, counted for the earliest of its denials.",
    )
    is_missed = fields.Boolean(
        string="Deadline missed",
        compute="_compute_is_missed",
        search="_search_is_missed",
    )

    # === COMPUTE METHODS === #

    @api.depends("denial_ids.claim_id", "level")
    def _compute_level_id(self):
        levels = self.env["billing.appeal.level"]._find_levels(self.denial_ids.claim_id)
        for appeal in self:
            claim = appeal.denial_ids.claim_id._origin[:1]
            appeal.level_id = levels.get(claim, {}).get(appeal.level)

    @api.depends("denial_ids.date", "level_id")
    def _compute_date_deadline(self):
        for appeal in self:
            decisions = appeal.denial_ids._origin.sudo()._get_decided_on()
            days = [
                appeal.level_id._get_deadline(denial.date, decisions.get(denial._origin), appeal.company_id)
                for denial in appeal.denial_ids if appeal.level_id
            ]
            appeal.date_deadline = min(days, default=appeal.date_deadline)

    @api.depends("state", "date_deadline", "date_sent")
    @api.depends_context("tz")
    def _compute_is_missed(self):
        today = fields.Date.context_today(self)
        for appeal in self:
            day = appeal.date_sent if appeal.state in ("sent", "answered") else today
            appeal.is_missed = bool(
                appeal.state != "withdrawn" and appeal.date_deadline and day and day > appeal.date_deadline
            )

    @api.model
    def _search_is_missed(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain("state", "=", "draft") & Domain("date_deadline", "<", fields.Date.context_today(self))

    # === ACTIONS === #

    def action_next_level(self):
        """Appeal to the next level, against what the payer has upheld."""
        self.ensure_one()
        denials = self._get_next_denials()
        if refusals := denials._get_refusals("appeal"):
            raise UserError("\n".join(refusals.values()))
        if not denials:
            raise UserError(self.env._(
                "Nothing of %(appeal)s is left to appeal: its denials are over.", appeal=self.display_name,
            ))
        following = self.create({
            "payer_id": self.payer_id.id, "company_id": self.company_id.id, "currency_id": self.currency_id.id,
            "level": denials[0].level, "denial_ids": [Command.set(denials.ids)], "channel": self.channel,
            "user_id": self.user_id.id,
        })
        following.sudo().previous_id = self
        return following._get_records_action()

    # === BUSINESS METHODS === #

    def _get_next_denials(self):
        """What of this appeal is still to be fought: its live denials, and the payer's new denials of the same."""
        return self.env["billing.denial"].search([
            ("move_line_id", "in", self.denial_ids.move_line_id.ids), ("state", "in", ("open", "working", "resent")),
        ])
