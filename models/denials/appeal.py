from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


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
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Whose it is",
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
        index="btree_not_null",
        tracking=True,
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
