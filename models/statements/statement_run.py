from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.billing_coordinator.tools.money import to_decimal
from odoo.addons.billing_coordinator.tools.statement_run import Choices, day_in_month

from ..figures import check_days, check_not_negative
from .res_company import CHANNELS, ORDERS

PREPARE_BATCH = 500
# The choices of a run, by what they leave out.
SKIPS = {
    "skip_disputed": "disputed",
    "skip_plan": "plan",
    "skip_placed": "placed",
    "skip_case": "case",
    "skip_hold": "hold",
    "skip_barred": "barred",
    "skip_address": "address",
}


class BillingStatementRun(models.Model):
    """The statements that a company sends at once: who gets one, who does not and why, by e-mail or letter.

    It is prepared by a person or by the night, looked at, and released by a person. Amounts on its lines are what was
    said to whom; what is owed is read from the books whenever it is asked.
    """

    _name = "billing.statement.run"
    _description = "Statement run"
    _inherit = ["billing.document", "billing.nightly"]
    _order = "date desc, id desc"
    _keeps_readonly = True

    _state_moves = {
        "draft": ("prepared", "cancelled"),
        "prepared": ("prepared", "sending", "cancelled"),
        "sending": ("sent", "prepared"),
        "sent": ("sending",),
        "cancelled": (),
    }

    # === FIELDS === #

    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("prepared", "To look at"),
            ("sending", "Going out"),
            ("sent", "Sent"),
            ("cancelled", "Cancelled"),
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
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    date = fields.Date(
        readonly=True,
        required=True,
        default=fields.Date.context_today,
        copy=False,
        help="The day on which it was prepared or, once it is sent, the day on which it was released.",
    )
    month = fields.Char(
        readonly=True,
        copy=False,
        help="The month, where the night has prepared it: the night prepares one a month.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Released by",
        readonly=True,
        copy=False,
    )
    # Who gets one
    cycle = fields.Selection(
        selection=[
            ("due", "Whose statement comes this month"),
            ("all", "Everybody who owes something"),
        ],
        string="For",
        required=True,
        default="due",
    )
    amount_min = fields.Monetary(
        string="From",
        compute="_compute_usual",
        store=True,
        readonly=False,
        precompute=True,
        help="Whoever is asked for less gets no statement yet. Other currencies count at the rate of the day.",
    )
    recent_days = fields.Integer(
        string="Days since the last one",
        compute="_compute_usual",
        store=True,
        readonly=False,
        precompute=True,
        help="Whoever had a statement less than so many days ago gets none.",
    )
    skip_disputed = fields.Boolean(
        string="All that is left is disputed",
        default=True,
    )
    skip_plan = fields.Boolean(
        string="A payment plan pays it, as agreed",
        default=True,
    )
    skip_placed = fields.Boolean(
        string="An agency asks for it",
        default=True,
    )
    skip_case = fields.Boolean(
        string="Collections write to them anyhow",
        default=True,
        help="A step of collections has written to them, or is about to.",
    )
    skip_hold = fields.Boolean(
        string="The account is on hold or closed",
        default=True,
    )
    skip_barred = fields.Boolean(
        string="Bankrupt, deceased, a minor, or asked not to be contacted",
        default=True,
    )
    skip_address = fields.Boolean(
        string="Letters come back",
        default=True,
    )
    # How
    channel = fields.Selection(
        selection=CHANNELS,
        string="Goes out",
        required=True,
        compute="_compute_usual",
        store=True,
        readonly=False,
        precompute=True,
    )
    letter_order = fields.Selection(
        selection=ORDERS,
        string="Letters by",
        required=True,
        compute="_compute_usual",
        store=True,
        readonly=False,
        precompute=True,
    )
    line_ids = fields.One2many(
        comodel_name="billing.statement.line",
        inverse_name="run_id",
        string="Statements",
        readonly=True,
    )
    amount_total = fields.Monetary(
        string="Asked for",
        readonly=True,
        copy=False,
        help="In all, in the currency of the company.",
    )

    _one_a_month = models.UniqueIndex(
        "(company_id, month) WHERE month IS NOT NULL",
        "The night has prepared the statements of this month already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_usual(self):
        for run in self:
            company = run.company_id.sudo()
            run.amount_min = company.billing_statement_min
            run.recent_days = company.billing_statement_recent_days
            run.channel = company.billing_statement_channel
            run.letter_order = company.billing_statement_order

    # === CONSTRAINT METHODS === #

    @api.constrains("amount_min", "recent_days")
    def _check_figures(self):
        check_not_negative(self, ("amount_min",))
        check_days(self, ("recent_days",))

    # === CRUD METHODS === #

    def write(self, vals):
        if "company_id" in vals and (known := self.filtered(lambda run: run.state != "draft")):
            raise UserError(self.env._(
                "%(run)s is prepared for %(company)s and stays there. Cancel it, and make another one.",
                run=known[0].name, company=known[0].company_id.name,
            ))
        return super().write(vals)

    # === ACTIONS === #

    def action_prepare(self):
        """Find who gets a statement, and who does not and why; what somebody chose by hand stays chosen."""
        self.check_access("write")
        for run in self:
            run._apart_from_screen()._prepare()

    def action_cancel(self):
        """Nothing of it goes out."""
        self.check_access("write")
        self._lock_or_refuse()
        if (begun := self.filtered("sent_count")):
            raise UserError(self.env._(
                "Part of %(run)s is out already (%(count)s). Take out the others, and send it to close it.",
                run=begun[0].name, count=begun[0].sent_count,
            ))
        self._set_state("cancelled")

    def action_view_lines(self):
        """The statements of this run, or those that the button is about."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_statement_line_action")
        return {
            **action,
            "domain": [("run_id", "=", self.id)],
            "context": {"search_default_state_in": 1} if self.state == "prepared" else {},
        }

    # === PREPARING === #

    @api.model
    def _cron_prepare(self):
        """Each night: the run of every company whose day of the month it is, or was; a person releases it."""
        for here in self._by_company():
            company = here.env.company
            today = fields.Date.context_today(here)
            day = company.billing_statement_day
            month = today.strftime("%Y-%m")
            known = [("company_id", "=", company.id), ("month", "=", month)]
            if day and today >= day_in_month(day, today) and not here.search_count(known):
                run = here.create({"company_id": company.id})
                run.month = month
                run._prepare()
            self.env["ir.cron"]._commit_progress()

    def _prepare(self):
        """Make the lines anew, in a number of queries that grows with batches of debtors, not with debtors."""
        self.ensure_one()
        self._lock_or_refuse()
        if self.state not in ("draft", "prepared"):
            raise UserError(self.env._(
                "%(run)s was released and stays as it is. Make another one for whoever comes next.", run=self.name,
            ))
        lines = self.env["billing.statement.line"].sudo()
        chosen = {
            (line.partner_id.id, line.currency_id.id): line.choice for line in self.line_ids if line.choice
        }
        sent = self.line_ids.filtered(lambda line: line.state == "sent")
        (self.line_ids - sent).sudo().unlink()
        debtors = self._find_debtors()
        for ids in split_every(PREPARE_BATCH, debtors.ids):
            lines._create_for(self, debtors.browse(ids), chosen)
        self._set_state("prepared", date=fields.Date.context_today(self))
        self._note_total()

    def _find_debtors(self):
        """Whoever owes the company something of their own: what payers are asked for is none of it."""
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", ">", 0),
                ("partner_id", "!=", False),
                ("move_id.billing_coverage_id", "=", False),
                "|", ("billing_invoice_id", "=", False), ("billing_invoice_id.billing_coverage_id", "=", False),
                "|", "|",
                ("move_id.billing_kind", "!=", False),
                ("billing_invoice_id", "!=", False),
                ("partner_id.is_billing_account", "=", True),
            ],
            ["partner_id"],
        )
        return self.env["res.partner"].browse([partner.id for partner, in groups])

    def _get_choices(self):
        """What this run is about: :class:`tools.statement_run.Choices`."""
        self.ensure_one()
        return Choices(
            skip=frozenset(key for name, key in SKIPS.items() if self[name]),
            amount_min=to_decimal(self.amount_min),
            only_due=self.cycle == "due",
            recent_days=self.recent_days,
        )

    def _note_total(self):
        """How much is asked for in all, by what goes out."""
        for run in self:
            groups = self.env["billing.statement.line"]._read_group(
                [("run_id", "=", run.id), ("state", "!=", "out")], ["currency_id"], ["amount_asked:sum"],
            )
            run.sudo().amount_total = sum(
                currency._convert(amount, run.currency_id, run.company_id, run.date) for currency, amount in groups
            )
