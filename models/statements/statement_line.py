from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

CHOICES = [
    ("in", "Taken in"),
    ("out", "Taken out"),
]


class BillingStatementLine(models.Model):
    """One debtor in a statement run, in one currency: what they are asked for, how, or why they are not.

    What insurance has still to decide is shown beside, and never asked for. Once it is sent it stays as it was said.
    """

    _name = "billing.statement.line"
    _description = "Statement"
    _inherit = ["billing.state.gate", "mail.thread", "billing.nightly"]
    _order = "run_id desc, state, partner_name, id"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id.name", "partner_id.billing_account_number"]
    _mail_post_access = "read"
    _keeps_readonly = True

    _state_moves = {
        "in": ("out", "sent", "failed"),
        "out": ("in",),
        "failed": ("in", "out"),
        "sent": (),
    }

    # === FIELDS === #

    run_id = fields.Many2one(
        comodel_name="billing.statement.run",
        string="Statement run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    run_state = fields.Selection(
        related="run_id.state",
        string="The run is",
    )
    company_id = fields.Many2one(
        related="run_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Who owes",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_name = fields.Char(
        related="partner_id.name",
        string="Name",
        store=True,
    )
    state = fields.Selection(
        selection=[
            ("in", "Goes out"),
            ("out", "Left out"),
            ("failed", "Failed"),
            ("sent", "Sent"),
        ],
        required=True,
        readonly=True,
        default="in",
        index=True,
    )
    choice = fields.Selection(
        selection=CHOICES,
        string="By hand",
        readonly=True,
        help="What somebody has decided about this statement; the rules of the run decide about all others.",
    )
    choice_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
    )
    why = fields.Char(
        readonly=True,
        help="Key of why it does not go out.",
    )
    reason_note = fields.Char(
        string="Why not",
        compute="_compute_reason_note",
    )
    channel = fields.Selection(
        selection=[
            ("email", "E-mail"),
            ("letter", "Letter"),
        ],
        required=True,
        readonly=True,
        default="letter",
    )
    address = fields.Char(
        string="To",
        readonly=True,
        help="The e-mail address; of a letter, the postal code.",
    )
    position = fields.Integer(
        readonly=True,
        help="Where the letter lies in the pile.",
    )
    date_before = fields.Date(
        string="Last statement",
        readonly=True,
        help="When this debtor had a statement before.",
    )
    sent_on = fields.Date(
        readonly=True,
        index="btree_not_null",
    )
    file_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Printed in",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    problem = fields.Text(
        readonly=True,
        help="What Odoo said when it could not be sent.",
    )
    # What it says
    amount_open = fields.Monetary(string="Open", readonly=True, help="All open bills.")
    amount_credit = fields.Monetary(string="Credit", readonly=True, help="Money of theirs that no bill has used.")
    amount_disputed = fields.Monetary(string="Disputed", readonly=True)
    amount_later = fields.Monetary(string="Later instalments", readonly=True)
    amount_placed = fields.Monetary(string="At an agency", readonly=True)
    amount_asked = fields.Monetary(
        string="Asked for",
        readonly=True,
        help="What the statement asks to pay: open bills less credit, and less what is disputed, at an agency or paid "
             "by later instalments.",
    )
    amount_due_now = fields.Monetary(
        string="Due now",
        readonly=True,
        help="What of it was due before the day.",
    )
    amount_waiting = fields.Monetary(
        string="Insurance decides",
        readonly=True,
        help="What payers have been asked for and not settled. Nobody else is asked for it.",
    )

    _of_run_idx = models.Index("(run_id, state, channel, position)")

    # === COMPUTE METHODS === #

    @api.depends("why", "choice", "choice_user_id", "date_before", "problem", "state")
    @api.depends_context("lang")
    def _compute_reason_note(self):
        for line in self:
            line.reason_note = line._say_reason() if line.state in ("out", "failed") else False

    def _say_reason(self):
        """Why this statement does not go out, in words."""
        self.ensure_one()
        if self.state == "failed":
            return self.problem
        if self.choice == "out" and not self.why:
            return self.env._("Taken out by %(user)s.", user=self.choice_user_id.sudo().name)
        words = self._get_reason_words()
        return words.get(self.why, self.why)

    def _get_reason_words(self):
        """{key of ``tools.statement_run``: why no statement goes to this debtor}."""
        cycles = dict(self.env["res.partner"]._fields["billing_statement_cycle"]._description_selection(self.env))
        cycle = self.partner_id.billing_statement_cycle or "monthly"
        return {
            "nothing": self.env._("Owes nothing."),
            "paid": self.env._("Owes nothing any more."),
            "merged": self.env._("Two accounts have become one, which has its statement of this run."),
            "no_address": self.env._("Neither an e-mail address that may be used nor a postal address."),
            "address": self.env._("Letters to this address come back."),
            "bankrupt": self.env._("Bankrupt."),
            "deceased": self.env._("Has died."),
            "minor": self.env._("Is a minor without a guarantor."),
            "stopped": self.env._("Asked not to be contacted."),
            "hold": self.env._("The account is on hold or closed."),
            "disputed": self.env._("All that is left is disputed."),
            "placed": self.env._("An agency asks for it."),
            "plan": self.env._("A payment plan pays it, as agreed."),
            "case": self.env._("Collections write to them."),
            "cycle": self.env._(
                "Had this month's statement on %(date)s.", date=format_date(self.env, self.date_before),
            ) if self._had_this_months() else self.env._("Statements: %(cycle)s.", cycle=cycles[cycle]),
            "recent": self.env._("Had a statement on %(date)s.", date=format_date(self.env, self.date_before)),
            "minimum": self.env._(
                "Less than %(amount)s.",
                amount=format_amount(self.env, self.run_id.amount_min, self.run_id.currency_id),
            ),
        }

    def _had_this_months(self):
        before, day = self.date_before, self.run_id.date
        return bool(before) and (before.year, before.month) == (day.year, day.month)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._(
                "Prepare a statement run: it finds everybody who owes something. Whoever is left out can be taken in "
                "there.",
            ))
        return super().create(vals_list)

    # === ACTIONS === #

    def action_take_out(self):
        """These debtors get no statement this time."""
        self._check_open()
        self._set_state("out", choice="out", choice_user_id=self.env.uid, why=False, problem=False)
        self.run_id._note_total()

    def action_take_in(self):
        """These debtors get a statement, whatever the rules of the run say.

        :raise UserError: one owes nothing, or there is no way to reach them
        """
        self._check_open()
        words = {line: line._say_reason() for line in self}
        facts = self._get_facts()
        for line in self:
            if reason := line._find_reason(facts, is_chosen=True):
                raise UserError(self.env._(
                    "%(debtor)s cannot get a statement: %(reason)s",
                    debtor=line.partner_id.display_name, reason=line._get_reason_words().get(reason, words[line]),
                ))
        self._set_state("in", choice="in", choice_user_id=self.env.uid, why=False, problem=False)
        self.run_id._note_total()

    def action_preview(self):
        """The statement as it would be printed today; nothing is sent."""
        return self.env.ref("billing_coordinator.action_report_statement_line").report_action(self, config=False)

    def action_came_back(self):
        """The post has brought these letters back: the addresses count as wrong until somebody has verified them."""
        self.check_access("write")
        if wrong := self.filtered(lambda line: line.state != "sent" or line.channel != "letter"):
            raise UserError(self.env._(
                "The statement to %(debtor)s is no letter that was sent: choose one that was.",
                debtor=wrong[0].partner_id.display_name,
            ))
        self.partner_id.action_billing_letter_back()

    def action_open_partner(self):
        """The account of who owes."""
        self.ensure_one()
        return self.partner_id.get_formview_action(access_uid=self.env.uid)

    def _get_file_name(self):
        """What the statement is called as a file: nothing but who writes, and when."""
        self.ensure_one()
        return self.env._("Statement %(company)s %(date)s", company=self.company_id.name, date=self.run_id.date)

    def _check_open(self):
        """
        :raise UserError: the run is not to be looked at any more
        """
        self.check_access("write")
        for run in self.run_id:
            if run.state != "prepared":
                raise UserError(self.env._(
                    "%(run)s is “%(state)s”: who gets a statement is decided while it is to be looked at.",
                    run=run.name, state=dict(run._fields["state"]._description_selection(self.env))[run.state],
                ))
