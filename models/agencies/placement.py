from odoo import api, fields, models
from odoo.exceptions import UserError

# What is written down when a debt is handed over, and never typed.
FIXED = frozenset({
    "case_id", "partner_id", "company_id", "agency_id", "agreement_id", "batch_id", "step_id", "currency_id", "date",
    "percent", "fee_minimum", "rate", "item_ids",
})


class BillingPlacement(models.Model):
    """A debt that a collection agency has: which bills of whom, for how much, and what has come of it.

    Nothing is booked when it is handed over: the debtor owes the office as before. As long as the agency has it, the
    office asks for nothing of it; new bills go on as usual. One placement for each debtor and currency; amounts are in
    that currency.
    """

    _name = "billing.placement"
    _description = "Debt at a collection agency"
    _inherit = ["billing.document", "billing.nightly"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "partner_id.name", "partner_id.billing_account_number"]
    _keeps_readonly = True

    _state_moves = {
        "ready": ("placed", "dropped"),
        "placed": ("recalled", "returned", "closed"),
        "closed": ("placed",),
        "recalled": (),
        "returned": (),
        "dropped": (),
    }

    state = fields.Selection(
        selection=[
            ("ready", "To hand over"),
            ("placed", "With the agency"),
            ("closed", "Paid"),
            ("recalled", "Called back"),
            ("returned", "Returned, uncollectable"),
            ("dropped", "Stayed here"),
        ],
        required=True,
        readonly=True,
        default="ready",
        copy=False,
        tracking=True,
        index=True,
    )
    case_id = fields.Many2one(
        comodel_name="billing.collection.case",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Who owes",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        readonly=True,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id",
        string="Currency of the company",
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    agreement_id = fields.Many2one(
        comodel_name="billing.agency.agreement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    batch_id = fields.Many2one(
        comodel_name="billing.placement.batch",
        string="Handed over with",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    step_id = fields.Many2one(
        comodel_name="billing.collection.step",
        string="Step",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
    )
    date = fields.Date(
        string="Handed over on",
        required=True,
        readonly=True,
        index=True,
    )
    date_end = fields.Date(
        string="Ended on",
        readonly=True,
        copy=False,
    )
    item_ids = fields.One2many(
        comodel_name="billing.placement.item",
        inverse_name="placement_id",
        string="Bills",
        readonly=True,
        copy=False,
    )
    recovery_line_ids = fields.One2many(
        comodel_name="billing.recovery.line",
        inverse_name="placement_id",
        string="Collected",
        readonly=True,
    )
    percent = fields.Float(
        string="Commission (%)",
        digits=(5, 2),
        readonly=True,
        help="By the fee table of the agreement on the day on which it was handed over.",
    )
    fee_minimum = fields.Monetary(
        string="At least",
        readonly=True,
    )
    rate = fields.Float(
        digits=0,
        readonly=True,
        help="One unit of the currency of the company in the currency of the debt, on the day it was handed over.",
    )
    notice_waits = fields.Boolean(
        string="Notice to print",
        default=True,
        readonly=True,
        copy=False,
        help="The debtor has not been told yet who has the debt now.",
    )
    end_reason = fields.Selection(
        selection=[
            ("dispute", "Disputed"),
            ("plan", "A payment plan was agreed"),
            ("assistance", "Financial assistance"),
            ("bankrupt", "Bankruptcy"),
            ("deceased", "Died"),
            ("complaint", "Complaint about the agency"),
            ("error", "Handed over by mistake"),
            ("uncollectable", "Cannot be collected"),
            ("time", "Its time is over"),
            ("other", "Other"),
        ],
        string="Why it ended",
        readonly=True,
        copy=False,
        tracking=True,
    )
    end_waits = fields.Boolean(
        string="Agency to tell",
        readonly=True,
        copy=False,
        help="The agency has not been told yet that it has this debt no more.",
    )
    recall_reasons = fields.Char(
        readonly=True,
        copy=False,
        help="Keys of what stands against collecting it by now, found in the night.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._(
                "Debts are handed over from the pipeline: choose cases there and press Hand Over, so that everything "
                "is looked at that stands against it.",
            ))
        return super().create(vals_list)

    def write(self, vals):
        typed = FIXED & vals.keys()
        if typed and not self.env.su:
            raise UserError(self.env._(
                "“%(fields)s” of %(placement)s was written down when it was handed over, and stays. Call it back, and "
                "hand it over again.",
                fields="”, “".join(sorted(self._fields[name]._description_string(self.env) for name in typed)),
                placement=self[:1].display_name,
            ))
        return super().write(vals)

    @api.depends("name", "partner_id.name", "agency_id.name")
    @api.depends_context("billing_with_debtor")
    def _compute_display_name(self):
        """Its number; with who owes and who has it where somebody chooses among many."""
        for placement in self:
            placement.display_name = (
                f"{placement.name} {placement.partner_id.name}" if self.env.context.get("billing_with_debtor")
                else placement.name
            )

    # === ACTIONS === #

    def action_view_recoveries(self):
        """What the agency has reported."""
        return self.recovery_line_ids.recovery_id._get_records_action(name=self.env._("Recoveries"))

    def action_view_bills(self):
        """The bills that the agency has."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bills of %(placement)s", placement=self.name),
            "res_model": "account.move",
            "views": [(self.env.ref("account.view_move_tree").id, "list"), (False, "form")],
            "domain": [("id", "in", self.item_ids.move_line_id.move_id.ids)],
            "context": {"create": False},
        }

    def action_print_notice(self):
        """The letter that tells the debtor who has the debt now."""
        self.check_access("write")
        self.sudo().notice_waits = False
        return self.env.ref("billing_coordinator.action_report_placement_notice").report_action(self)

    # === BUSINESS METHODS === #

    def _place(self):
        """From now on the agency has these debts; nothing is booked."""
        today = fields.Date.context_today(self)
        self.sudo()._set_state("placed", date=today)
        # In the history even where it was prepared a moment before, in the same transaction.
        self._message_log_batch(bodies={
            placement.id: self.env._(
                "Handed over to %(agency)s under “%(agreement)s”.",
                agency=placement.agency_id.name, agreement=placement.agreement_id.name,
            )
            for placement in self
        })
        self._end_running(is_running=True)

    def _drop(self, reason):
        """It stays with the office after all."""
        self._set_state("dropped", reason, notice_waits=False)
        self._end_running()

    def _end_running(self, is_running=False):
        self.sudo().item_ids.write({"is_running": is_running})

    def _unlock_names(self):
        """Numbers of these placements, for a sentence."""
        return ", ".join(self.mapped("name"))
