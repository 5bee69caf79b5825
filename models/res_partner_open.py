from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_OPEN

from .groups import HEALTH_GROUP


class ResPartner(models.Model):
    """The account page, answered on the phone: who pays, what is open and why, what payers still decide, and what
    to do with money that no bill has used.

    Everything is read for all partners at once, in the companies that the user works in.
    """

    _inherit = "res.partner"

    billing_dependent_ids = fields.One2many(
        comodel_name="res.partner",
        inverse_name="guarantor_id",
        string="Pays for",
        groups=HEALTH_GROUP,
    )
    billing_open_bill_ids = fields.Many2many(
        comodel_name="account.move",
        string="Open bills",
        compute="_compute_billing_open_bill_ids",
        groups=HEALTH_GROUP,
        help="Bills that this person still has to pay, and those for this person's visits that somebody else pays.",
    )
    billing_open_claim_ids = fields.Many2many(
        comodel_name="billing.claim",
        string="Insurance still decides",
        compute="_compute_billing_open_claim_ids",
        groups=HEALTH_GROUP,
        help="What payers have been asked for. The patient does not owe it.",
    )
    billing_who_pays = fields.Char(
        string="Who pays",
        compute="_compute_billing_who_pays",
        groups=HEALTH_GROUP,
    )
    billing_last_payment = fields.Char(
        string="Last payment",
        compute="_compute_billing_last_payment",
        groups=HEALTH_GROUP,
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_billing_open_bill_ids(self):
        open_items = self.env["account.move.line"].search([
            *self._get_billing_open_domain(),
            "|", ("partner_id", "in", self._origin.commercial_partner_id.ids),
            "|", ("move_id.billing_patient_id", "in", self._origin.ids),
            ("billing_invoice_id.billing_patient_id", "in", self._origin.ids),
        ], order="date_maturity, date, id")
        bills = defaultdict(self.env["account.move"].browse)
        for invoice, items in open_items.grouped(lambda item: item._get_billing_invoice()).items():
            amount = sum(items.mapped("amount_residual_currency"))
            if invoice.billing_coverage_id or invoice.currency_id.compare_amounts(amount, 0) <= 0:
                continue
            for page in items.partner_id | invoice.billing_patient_id:
                bills[page.id] |= invoice
        for partner in self:
            partner.billing_open_bill_ids = bills[partner._origin.id] | bills[partner._origin.commercial_partner_id.id]

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_billing_open_claim_ids(self):
        pages = self._get_billing_people()
        claims = self.env["billing.claim"].search([
            ("patient_id", "in", list(pages)),
            ("company_id", "in", self.env.companies.ids),
            ("state", "in", CLAIM_OPEN),
        ], order="service_date, id")
        open_claims = defaultdict(claims.browse)
        for claim in claims:
            if claim.currency_id.compare_amounts(claim.amount_open, 0) > 0:
                for page in pages[claim.patient_id.id]:
                    open_claims[page] |= claim
        for partner in self:
            partner.billing_open_claim_ids = open_claims[partner._origin.id]

    @api.depends("coverage_ids.rank", "coverage_ids.date_from", "coverage_ids.date_to", "guarantor_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_billing_who_pays(self):
        today = fields.Date.context_today(self)
        company = self.env.company
        in_force = self.env["billing.coverage"]._get_in_force(
            {(partner._origin, company, today) for partner in self._origin}
        )
        together = self.env["billing.coverage"].concat(*in_force.values())._ids
        for partner in self:
            coverages = in_force.get((partner._origin, company, today), self.env["billing.coverage"])
            coverages = coverages.with_prefetch(together)
            plans = self.env._(", then ").join(
                f"{coverage.plan_id.name} ({coverage.member_number})" for coverage in coverages
            )
            guarantor = partner.guarantor_id.name
            if plans:
                partner.billing_who_pays = (
                    self.env._("%(plans)s; %(guarantor)s pays the rest", plans=plans, guarantor=guarantor) if guarantor
                    else self.env._("%(plans)s; the patient pays the rest", plans=plans)
                )
            elif partner.is_company:
                partner.billing_who_pays = guarantor or self.env._("The client")
            else:
                partner.billing_who_pays = (
                    self.env._("%(guarantor)s, no insurance today", guarantor=guarantor) if guarantor
                    else self.env._("The patient, no insurance today")
                )

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_billing_last_payment(self):
        today = fields.Date.context_today(self)
        groups = self.env["account.payment"].sudo()._read_group(
            [
                ("partner_id", "in", self._origin.ids),
                ("company_id", "in", self.env.companies.ids),
                ("payment_type", "=", "inbound"),
                ("state", "in", ("in_process", "paid")),
                ("date", ">=", today - relativedelta(years=1)),
            ],
            ["partner_id", "date:day", "currency_id"], ["amount:sum"], order="date:day",
        )
        latest = {partner.id: (day, currency, amount) for partner, day, currency, amount in groups}
        for partner in self:
            day, currency, amount = latest.get(partner._origin.id, (None, None, None))
            partner.billing_last_payment = day and self.env._(
                "%(amount)s on %(date)s",
                amount=format_amount(self.env, amount, currency),
                date=format_date(self.env, day),
            )

    # === ACTIONS === #

    def get_formview_id(self, access_uid=None):
        """Where people work in billing, a patient or client opens on the account page."""
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        if len(self) == 1 and self.is_billing_account and user.has_group(HEALTH_GROUP):
            return self.env.ref("billing_coordinator.billing_partner_view_form").id
        return super().get_formview_id(access_uid=access_uid)

    def action_billing_apply_credit(self):
        """Apply this person's unapplied money to their open bills, the oldest first."""
        self.ensure_one()
        before = self.billing_credit
        for (_company, account, _currency), items in self._get_billing_own_items().grouped(
            lambda item: (item.company_id, item.account_id, item.currency_id)
        ).items():
            if account.reconcile or account.account_type == "asset_receivable":
                items.reconcile()
        self.invalidate_recordset(["billing_credit", "billing_owed"])
        applied = self.billing_currency_id.round(before - self.billing_credit)
        if not applied:
            raise UserError(self.env._(
                "%(person)s has no open bill that this credit could pay. Refund it instead, or leave it for the next "
                "bill.",
                person=self.display_name,
            ))
        self.message_post(body=self.env._(
            "Credit of %(amount)s applied to open bills.",
            amount=format_amount(self.env, applied, self.billing_currency_id),
        ))

    def action_billing_refund_credit(self):
        """Give unapplied money back, through Odoo's own payment screen."""
        self.ensure_one()
        credits = self._get_billing_own_items().filtered(lambda item: item.amount_residual < 0)
        if not credits:
            raise UserError(self.env._("%(person)s has no unapplied credit.", person=self.display_name))
        return credits.action_register_payment()

    def action_billing_credits(self):
        """The money of this person that no bill has used, item by item."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_credit_action")
        action["domain"] = [
            *self._get_billing_open_domain(),
            ("partner_id", "=", self.commercial_partner_id.id),
            ("amount_residual", "<", 0),
        ]
        return action

    # === BUSINESS METHODS === #

    def _get_billing_open_domain(self):
        """Open receivable items in the companies that the user works in."""
        return [
            ("company_id", "in", self.env.companies.ids),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
        ]

    def _get_billing_own_items(self):
        """Open items of this person as a debtor; what they were asked for as a payer is left out."""
        self.ensure_one()
        items = self.env["account.move.line"].search([
            *self._get_billing_open_domain(), ("partner_id", "=", self.commercial_partner_id.id),
        ])
        return items.filtered(lambda item: not item._get_billing_invoice().billing_coverage_id)
