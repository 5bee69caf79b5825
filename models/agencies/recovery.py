from odoo import api, fields, models


class BillingRecovery(models.Model):
    """What an agency says it has collected, and the money that came with it: posted, it moves the books.

    G is the agency, P a debtor, 100 collected at 25 %:

    | event | journal items |
    |---|---|
    | it pays everything | Dr BANK 100 / Cr AR[P] 100; bill of G: Dr COMMISSION 25 / Cr AP[G] 25 |
    | it pays what is left | Dr BANK 75 / Cr AR[P] 75; the same bill; Dr AP[G] 25 / Cr AR[P] 25 |
    | of a debt written off | before that Dr AR[P] 100 / Cr BAD DEBT 100 |
    | P has paid the office | the bill alone, where the agreement says so |

    What comes beyond the debt is the debtor's credit. Amounts are in the currency of the debts.
    """

    _name = "billing.recovery"
    _description = "Sums collected by an agency"
    _inherit = ["billing.payment.advice"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "reference"]
    _keeps_readonly = True

    agreement_id = fields.Many2one(
        comodel_name="billing.agency.agreement",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    agency_id = fields.Many2one(
        related="agreement_id.agency_id",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        compute="_compute_company_id",
        default=None,
        store=True,
        precompute=True,
    )
    currency_id = fields.Many2one(
        string="Currency",
        compute="_compute_currency_id",
        default=None,
        store=True,
        readonly=False,
        precompute=True,
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The day on which the money came.",
    )
    reference = fields.Char(
        required=True,
        tracking=True,
        copy=False,
        help="The number that the agency has given its report, and its bill.",
    )
    pays = fields.Selection(
        selection=[
            ("gross", "All it collects, and sends a bill"),
            ("net", "What is left after its commission"),
        ],
        string="It pays",
        compute="_compute_pays",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Received in",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
    )
    amount_received = fields.Monetary(
        string="Received",
        copy=False,
        tracking=True,
        help="The money that came, as the bank says it.",
    )
    line_ids = fields.One2many(
        comodel_name="billing.recovery.line",
        inverse_name="recovery_id",
        string="Debts",
    )
    amount_collected = fields.Monetary(
        string="Collected",
        compute="_compute_totals",
        store=True,
    )
    amount_commission = fields.Monetary(
        string="Commission",
        compute="_compute_totals",
        store=True,
        help="Without taxes.",
    )
    amount_expected = fields.Monetary(
        string="To be received",
        compute="_compute_totals",
        store=True,
        help="What the agency owes us by its report: all it collected, less what it keeps.",
    )
    difference = fields.Monetary(
        compute="_compute_totals",
        store=True,
    )
    bill_id = fields.Many2one(
        comodel_name="account.move",
        string="Bill of the agency",
        readonly=True,
        copy=False,
        check_company=True,
    )
    netting_id = fields.Many2one(
        comodel_name="account.move",
        string="Entry of what it kept",
        readonly=True,
        copy=False,
        check_company=True,
    )
    caused_move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="billing_recovery_id",
        string="Entries, payments and bills",
        readonly=True,
    )
    file_digest = fields.Char(
        readonly=True,
        copy=False,
        help="Fingerprint of the file that it was read from.",
    )

    _reference_once = models.UniqueIndex(
        "(agency_id, company_id, reference) WHERE state != 'reversed'",
        "This report of the agency is here already. Open it under Collections > Recoveries; nothing was changed.",
    )
    _file_once = models.UniqueIndex(
        "(agency_id, company_id, file_digest) WHERE state != 'reversed' AND file_digest IS NOT NULL",
        "This file was read before. Open it under Collections > Recoveries; nothing was changed.",
    )

    # === COMPUTE METHODS === #

    @api.depends("agreement_id")
    def _compute_company_id(self):
        for recovery in self:
            recovery.company_id = recovery.agreement_id.company_id or recovery.company_id or self.env.company

    @api.depends("agreement_id", "line_ids.placement_id")
    def _compute_currency_id(self):
        for recovery in self:
            recovery.currency_id = (
                recovery.line_ids.placement_id.currency_id[:1] or recovery.currency_id
                or recovery.agreement_id.currency_id or self.env.company.currency_id
            )

    @api.depends("agreement_id")
    def _compute_pays(self):
        for recovery in self:
            recovery.pays = recovery.agreement_id.pays or recovery.pays or "net"

    @api.depends("company_id")
    def _compute_journal_id(self):
        for recovery in self:
            recovery.journal_id = recovery.company_id.sudo().billing_payment_journal_id

    @api.depends("line_ids.amount", "line_ids.kind", "line_ids.commission", "pays", "amount_received", "agreement_id")
    def _compute_totals(self):
        for recovery in self:
            lines = recovery.line_ids
            recovery.amount_collected = sum(lines.filtered(lambda line: line.kind == "agency").mapped("amount"))
            recovery.amount_commission = sum(lines.mapped("commission"))
            recovery.amount_expected = recovery.amount_collected - sum(recovery._get_kept(
                [line._get_commission_taxed() for line in lines],
            ))
            recovery.difference = recovery.amount_received - recovery.amount_expected

    @api.depends("name", "reference")
    def _compute_display_name(self):
        for recovery in self:
            recovery.display_name = f"{recovery.name} {recovery.reference or ''}".strip()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            agreement = self.env["billing.agency.agreement"].browse(vals.get("agreement_id"))
            self._check_fresh(agreement, vals.get("file_digest"), vals.get("reference"))
        return super().create(vals_list)

    # === ACTIONS === #

    def action_post(self):
        """Post the payments, the bill of the agency, and what it kept."""
        for recovery in self:
            recovery._apart_from_screen()._post_recovery()

    def action_reverse(self):
        """Take it back whole: the debts are open as before, and with the agency again."""
        reason = self.env._("Taken back by %(user)s", user=self.env.user.name)
        for recovery in self:
            recovery._apart_from_screen()._reverse(fields.Date.context_today(self), reason)

    def action_take_direct(self):
        """Add what debtors have paid to the office and the agency gets commission on."""
        for recovery in self:
            recovery._take_direct()

    # === HOOKS === #

    def _get_link_vals(self):
        return {"billing_recovery_id": self.id}

    def _get_caused_moves(self):
        return self.caused_move_ids

    def _get_journals(self):
        return super()._get_journals() | self.journal_id | self._get_bill_journal()

    def _get_bill_journal(self):
        """The journal of the agency's bill: the first one for vendor bills."""
        company = self.company_id
        return self.env["account.journal"].search([
            *self.env["account.journal"]._check_company_domain(company), ("type", "=", "purchase"),
        ], limit=1)
