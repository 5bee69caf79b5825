from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

# It is still to be sent, or the payer still has to answer it.
PENDING = ("draft", "sent")


class BillingAppeal(models.Model):
    """An objection to what a payer decided: which denials, at which level, by when, what was sent how, and the answer.

    One or several denials of one claim, or of several claims of the same payer and cause. It posts nothing: when the
    payer gives in, its money and its new answer do.
    """

    _name = "billing.appeal"
    _description = "Appeal"
    _inherit = ["billing.document", "billing.nightly"]
    _keeps_readonly = True
    _order = "date_deadline, id"
    _rec_names_search = ["name", "payer_id.name", "claim_ids.name", "tracking"]

    _state_moves = {
        "draft": ("sent", "withdrawn"),
        "sent": ("draft", "answered", "withdrawn"),
        "answered": ("sent",),
        "withdrawn": ("draft",),
    }

    state = fields.Selection(
        selection=[
            ("draft", "To send"),
            ("sent", "With the payer"),
            ("answered", "Answered"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_payer', '=', True)]",
        tracking=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    denial_ids = fields.Many2many(
        comodel_name="billing.denial",
        relation="billing_appeal_denial_rel",
        column1="appeal_id",
        column2="denial_id",
        string="Denials",
        domain="[('payer_id', '=', payer_id), ('company_id', '=', company_id), ('currency_id', '=', currency_id),"
               " ('state', 'in', ('open', 'working', 'resent', 'appealed'))]",
        copy=False,
    )
    claim_ids = fields.Many2many(
        comodel_name="billing.claim",
        relation="billing_appeal_claim_rel",
        column1="appeal_id",
        column2="claim_id",
        string="Claims",
        compute="_compute_claim_ids",
        store=True,
    )
    amount = fields.Monetary(
        string="Asked for",
        compute="_compute_claim_ids",
        store=True,
    )
    category_id = fields.Many2one(
        comodel_name="billing.denial.category",
        string="Cause",
        compute="_compute_claim_ids",
        store=True,
        index="btree_not_null",
        help="The cause of the largest of its denials.",
    )
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
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Whose it is",
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
        index="btree_not_null",
        tracking=True,
    )
    channel = fields.Selection(
        selection=[
            ("post", "Post"),
            ("registered", "Registered post"),
            ("fax", "Fax"),
            ("portal", "The payer's web page"),
            ("email", "E-mail"),
        ],
        string="Sent by",
        compute="_compute_channel",
        store=True,
        readonly=False,
        tracking=True,
    )
    tracking = fields.Char(
        string="Tracking or confirmation number",
        copy=False,
        tracking=True,
    )
    date_sent = fields.Date(
        string="Sent on",
        copy=False,
        tracking=True,
    )
    result = fields.Selection(
        selection=[
            ("overturned", "Overturned: they pay"),
            ("partly", "Overturned in part"),
            ("upheld", "Upheld: they stay with it"),
        ],
        string="Answer",
        copy=False,
        tracking=True,
    )
    date_answered = fields.Date(
        string="Answered on",
        copy=False,
        tracking=True,
    )
    withdrawn_on = fields.Date(
        readonly=True,
        copy=False,
    )
    answer_reference = fields.Char(
        string="Payer's reference",
        copy=False,
    )
    answer_note = fields.Text(
        string="What they wrote",
        copy=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "payer_id")
    def _compute_display_name(self):
        for appeal in self:
            appeal.display_name = f"{appeal.name} {appeal.payer_id.name or ''}".strip()

    @api.depends("denial_ids.claim_id", "denial_ids.amount", "denial_ids.category_id")
    def _compute_claim_ids(self):
        for appeal in self:
            appeal.claim_ids = appeal.denial_ids.claim_id
            appeal.amount = sum(appeal.denial_ids.mapped("amount"))
            appeal.category_id = appeal.denial_ids.sorted("amount", reverse=True)[:1].category_id

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

    @api.depends("level_id")
    def _compute_channel(self):
        for appeal in self:
            appeal.channel = appeal.channel or appeal.level_id.channel

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

    # === CONSTRAINT METHODS === #

    @api.constrains("denial_ids", "payer_id", "company_id", "currency_id")
    def _check_denials(self):
        """One appeal speaks to one payer, for one company, in one currency, about something."""
        for appeal in self:
            if not appeal.denial_ids and appeal.state == "draft":
                raise ValidationError(self.env._("Choose what is appealed against: an appeal needs a denial."))
            for denial in appeal.denial_ids:
                if denial.payer_id != appeal.payer_id:
                    raise ValidationError(self.env._(
                        "%(denial)s was denied by %(other)s. %(appeal)s goes to %(payer)s: appeal apart.",
                        denial=denial.display_name, other=denial.payer_id.name, appeal=appeal.name,
                        payer=appeal.payer_id.name,
                    ))
                if (denial.company_id, denial.currency_id) != (appeal.company_id, appeal.currency_id):
                    raise ValidationError(self.env._(
                        "%(denial)s is of %(other)s in %(currency)s. %(appeal)s is of another company or in another "
                        "currency: appeal apart.",
                        denial=denial.display_name, other=denial.company_id.name, currency=denial.currency_id.name,
                        appeal=appeal.name,
                    ))

    # === CRUD METHODS === #

    _kept_fields = frozenset({"denial_ids", "payer_id", "company_id", "currency_id", "level"})

    def write(self, vals):
        if not self._kept_fields.isdisjoint(vals) and "state" not in vals and not self.env.su:
            for appeal in self.filtered(lambda appeal: appeal.state != "draft"):
                raise UserError(self.env._(
                    "%(appeal)s was sent: what it is about is not changed any more. Withdraw it and appeal anew.",
                    appeal=appeal.display_name,
                ))
        before = {appeal: (appeal.user_id, appeal.date_deadline) for appeal in self}
        result = super().write(vals)
        if not {"user_id", "date_deadline"}.isdisjoint(vals):
            self.filtered(lambda appeal: (appeal.user_id, appeal.date_deadline) != before[appeal])._ask_anew()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        appeals = super().create(vals_list)
        for appeal in appeals:
            appeal.level = max(appeal.level, *appeal.denial_ids.mapped("level")) if appeal.denial_ids else appeal.level
        appeals._write_letters()
        appeals._ask_to_send()
        return appeals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        for appeal in self:
            if appeal.state != "draft":
                raise UserError(self.env._(
                    "%(appeal)s went to the payer and stays on record. Withdraw it, if it is not pursued.",
                    appeal=appeal.display_name,
                ))

    # === ACTIONS === #

    def action_view_denials(self):
        """What it is about."""
        return self.denial_ids._get_records_action(name=self.env._("Denials"))

    def action_view_claims(self):
        """The claims that it is about."""
        return self.claim_ids._get_records_action(name=self.env._("Claims"))

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
