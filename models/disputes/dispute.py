from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.business_days import add_business_days

# Business days for an answer where no reason says otherwise.
USUAL_DAYS = 10
# What is being looked into.
LIVE = ("open", "working")


class BillingDispute(models.Model):
    """A question or objection about bills: what somebody claims, how much of which bill it is about, who answers when.

    As long as it is looked into, and some days after the answer, nobody asks for the amount that is disputed; the rest
    of the bill is asked for as ever. It posts nothing by itself: its resolution does, with the documents of the house.
    """

    _name = "billing.dispute"
    _description = "Dispute"
    _inherit = ["billing.document", "billing.nightly", "billing.sending"]
    _keeps_readonly = True
    _order = "date_deadline, id"
    _rec_names_search = ["name", "subject", "partner_id.name", "partner_id.billing_account_number"]
    _mail_post_access = "read"
    _primary_email = "email_from"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Who disputes",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Who owes the bills. Empty: a message of somebody that nobody has recognised yet.",
    )
    email_from = fields.Char(
        string="Written by",
        readonly=True,
        copy=False,
    )
    origin = fields.Selection(
        selection=[
            ("phone", "By phone"),
            ("email", "By e-mail"),
            ("letter", "By letter"),
            ("visit", "In person"),
            ("portal", "In the portal"),
        ],
        string="How it came",
        required=True,
        default="phone",
    )
    contact_id = fields.Many2one(
        comodel_name="billing.collection.contact",
        string="Said in",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    date = fields.Date(
        string="Received on",
        required=True,
        default=fields.Date.context_today,
    )
    subject = fields.Char(
        string="About",
    )
    category_id = fields.Many2one(
        comodel_name="billing.dispute.category",
        string="Reason",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', 'in', (False, company_id))]",
        tracking=True,
    )
    hint = fields.Text(
        related="category_id.hint",
    )
    claim = fields.Text(
        string="What they say",
        help="In their own words. It stays in the office.",
    )
    evidence = fields.Text(
        string="What shows it",
        help="What they sent or told, and what we found. Files belong into the history below.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who answers",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    date_deadline = fields.Date(
        string="Answer by",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        help="The business days that its reason allows, counted from the day on which it came.",
    )
    item_ids = fields.One2many(
        comodel_name="billing.dispute.item",
        inverse_name="dispute_id",
        string="Bills",
        copy=False,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        help="All bills of a dispute are in one currency.",
    )
    amount_disputed = fields.Monetary(
        string="Disputed",
        compute="_compute_amounts",
        store=True,
        tracking=True,
    )
    amount_credited = fields.Monetary(
        string="Taken back",
        compute="_compute_amounts",
        store=True,
    )
    has_case = fields.Boolean(
        compute="_compute_has_case",
    )
    amount_held = fields.Monetary(
        string="Left alone now",
        compute="_compute_amount_held",
        help="Nobody asks for this part; never more than is open.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id", "email_from")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = f"{dispute.name} {dispute.partner_id.name or dispute.email_from or ''}".strip()

    @api.depends("category_id")
    def _compute_user_id(self):
        user = self.env.user
        typist = user if user.has_group("billing_coordinator.group_coordinator") and user.active else user.browse()
        for dispute in self:
            dispute.user_id = dispute.category_id.user_id or dispute.user_id or typist

    @api.depends("category_id", "date", "company_id")
    def _compute_date_deadline(self):
        holidays = {company: company._get_billing_holidays() for company in self.company_id}
        for dispute in self:
            days = dispute.category_id.days if dispute.category_id else USUAL_DAYS
            dispute.date_deadline = add_business_days(
                dispute.date or fields.Date.context_today(self), days, holidays.get(dispute.company_id, ()),
            )

    @api.depends("item_ids.move_line_id", "company_id")
    def _compute_currency_id(self):
        for dispute in self:
            dispute.currency_id = dispute.item_ids[:1].currency_id or dispute.company_id.currency_id

    @api.depends("item_ids.amount", "item_ids.amount_credited")
    def _compute_amounts(self):
        for dispute in self:
            dispute.amount_disputed = sum(dispute.item_ids.mapped("amount"))
            dispute.amount_credited = sum(dispute.item_ids.mapped("amount_credited"))

    @api.depends("item_ids.amount_held")
    def _compute_amount_held(self):
        for dispute in self:
            dispute.amount_held = sum(dispute.item_ids.mapped("amount_held"))

    @api.depends("partner_id", "company_id")
    def _compute_has_case(self):
        pairs = set(self.env["billing.collection.case"]._read_group(
            [("partner_id", "in", self.partner_id.ids), ("state", "=", "open")], ["partner_id", "company_id"],
        ))
        for dispute in self:
            dispute.has_case = (dispute.partner_id, dispute.company_id) in pairs

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        disputes = super().create([self._with_debtor(vals) for vals in vals_list])
        if not self.env.context.get("billing_keep_bills"):
            # All bills of the debtor were offered; those of which nothing is disputed are left out.
            disputes.item_ids.filtered(lambda item: item.currency_id.is_zero(item.amount)).unlink()
        disputes._ask_owner()
        return disputes

    def write(self, vals):
        before = {dispute: (dispute.user_id, dispute.date_deadline) for dispute in self}
        result = super().write(self._with_debtor(vals))
        changed = self.filtered(lambda dispute: (dispute.user_id, dispute.date_deadline) != before[dispute])
        changed._ask_anew()
        return result

    def _with_debtor(self, vals):
        """A contact of a client speaks for the client, who owes the bills."""
        if not vals.get("partner_id"):
            return vals
        partner = self.env["res.partner"].browse(vals["partner_id"])
        return {**vals, "partner_id": partner.commercial_partner_id.id}

    # === ACTIONS === #

    def action_take_bills(self):
        """Take every open bill of the debtor into these disputes, each with all that is open on it."""
        for dispute in self:
            known = dispute.item_ids.move_line_id
            dispute.item_ids = [
                fields.Command.create({"move_line_id": line.id})
                for line in dispute._find_open_items() - known
                if line.currency_id == (known[:1].currency_id or dispute.company_id.currency_id)
            ]

    def action_view_bills(self):
        """The bills that it is about, and the documents that came out of it."""
        return (self.item_ids.move_id | self.sudo().move_ids).sudo(False)._get_records_action(name=self.env._("Bills"))

    def action_view_case(self):
        """The collection case of whoever disputes."""
        return self._get_case()._get_records_action(name=self.env._("Case"))

    def action_view_account(self):
        """The page of whoever disputes."""
        return self.partner_id._get_records_action(name=self.env._("Account"))

    # === BUSINESS METHODS === #

    def _get_case(self):
        """The open collection case of whoever disputes, where there is one."""
        return self.env["billing.collection.case"].search([
            ("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id), ("state", "=", "open"),
        ], limit=1)

    def _find_open_items(self):
        """Journal items of the debtor that are open, the oldest first."""
        return self.env["account.move.line"].search([
            ("partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", ">", 0),
        ], order="date_maturity, id")

    @api.model
    def _open_new(self, company, debtor, lines):
        """The action that opens a new dispute, to be completed and saved."""
        values = self._prepare_new(company, debtor, lines)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Dispute"),
            "res_model": "billing.dispute",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    @api.model
    def _prepare_new(self, company, debtor, lines):
        """Values of a new dispute about these journal items.

        One bill is disputed as a whole until somebody types less; of several, somebody says which and how much.
        """
        currency = company.currency_id if company.currency_id in lines.currency_id else lines.currency_id[:1]
        lines = lines.filtered(lambda line: line.currency_id == currency)
        return {
            "company_id": company.id,
            "partner_id": debtor.commercial_partner_id.id,
            "item_ids": [
                fields.Command.create({"move_line_id": line.id, **({} if len(lines) == 1 else {"amount": 0.0})})
                for line in lines
            ],
        }

    def _say_deadline(self):
        """The day of the answer, as people write it."""
        return format_date(self.env, self.date_deadline) if self.date_deadline else ""
