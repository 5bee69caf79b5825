from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_TO_SEND, CLAIM_WAITING

from .groups import HEALTH_GROUP

FIGURES = (
    "billing_owed",
    "billing_overdue",
    "billing_credit",
    "billing_insurance_pending",
    "billing_unbilled",
)


class ResPartner(models.Model):
    """The account page: who owes what, what insurance still decides, and what to do next.

    Figures are those of the companies that the user works in, in the currency of the first. A guarantor's page shows
    the visits and claims of everybody they pay for.
    """

    _inherit = "res.partner"

    billing_currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_billing_figures",
        groups=HEALTH_GROUP,
    )
    billing_owed = fields.Monetary(
        string="Owes",
        currency_field="billing_currency_id",
        compute="_compute_billing_figures",
        groups=HEALTH_GROUP,
        help="Open bills of this person, whatever their due date. What insurance still decides is not in it.",
    )
    billing_overdue = fields.Monetary(
        string="Overdue",
        currency_field="billing_currency_id",
        compute="_compute_billing_figures",
        groups=HEALTH_GROUP,
    )
    billing_credit = fields.Monetary(
        string="Unapplied credit",
        currency_field="billing_currency_id",
        compute="_compute_billing_figures",
        groups=HEALTH_GROUP,
        help="Money of this person that is not applied to any bill: apply it or give it back.",
    )
    billing_insurance_pending = fields.Monetary(
        string="Insurance pending",
        currency_field="billing_currency_id",
        compute="_compute_billing_figures",
        groups=HEALTH_GROUP,
        help="What payers have been asked for and not settled. The patient does not owe it.",
    )
    billing_unbilled = fields.Monetary(
        string="Unbilled",
        currency_field="billing_currency_id",
        compute="_compute_billing_figures",
        groups=HEALTH_GROUP,
    )
    billing_visit_count = fields.Integer(
        compute="_compute_billing_figures",
        groups=HEALTH_GROUP,
    )
    billing_claim_count = fields.Integer(
        compute="_compute_billing_figures",
        groups=HEALTH_GROUP,
    )
    billing_next_step = fields.Char(
        string="Next step",
        compute="_compute_billing_figures",
        groups=HEALTH_GROUP,
    )

    has_billing_next_step = fields.Boolean(
        compute="_compute_billing_figures",
        groups=HEALTH_GROUP,
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_billing_figures(self):
        accounts = self._get_billing_snapshot()
        for partner in self:
            account = accounts[partner._origin.id]
            partner.billing_currency_id = self.env.company.currency_id
            for name in FIGURES:
                partner[name] = account[name]
            partner.billing_visit_count = account["visits"]
            partner.billing_claim_count = account["claims"]
            partner.billing_next_step, records = partner._get_billing_next_step(account)
            partner.has_billing_next_step = bool(records)

    def _get_billing_snapshot(self):
        """{partner id: figures and facts}, in a number of queries that does not grow with the partners."""
        accounts = defaultdict(lambda: defaultdict(float, {"visits": 0, "claims": 0, "facts": {}}))
        payer_of = self._get_billing_people()
        self._snapshot_receivables(accounts)
        self._snapshot_visits(accounts, payer_of)
        self._snapshot_claims(accounts, payer_of)
        return accounts

    def _get_billing_people(self):
        """{patient id: ids of the pages on which their visits show}, their own and their guarantor's."""
        pages = defaultdict(set)
        for partner in self._origin:
            pages[partner.id].add(partner.id)
        for guarantor, ids in self.env["res.partner"]._read_group(
            [("guarantor_id", "in", self._origin.ids)], ["guarantor_id"], ["id:array_agg"],
        ):
            for patient_id in ids:
                pages[patient_id].add(guarantor.id)
        return pages

    def _snapshot_receivables(self, accounts):
        today = fields.Date.context_today(self)
        domain = [
            ("partner_id", "in", self._origin.commercial_partner_id.ids),
            ("company_id", "in", self.env.companies.ids),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
        ]
        open_items = defaultdict(list)
        groups = self.env["account.move.line"].sudo()._read_group(
            domain, ["partner_id", "company_id", "date_maturity:day"], ["amount_residual:array_agg"],
        )
        for partner, company, date, residuals in groups:
            open_items[partner.id].append((company, date, residuals))
        for partner in self._origin:
            account = accounts[partner.id]
            for company, date, residuals in open_items[partner.commercial_partner_id.id]:
                owed = self._to_page_currency(sum(max(residual, 0.0) for residual in residuals), company)
                account["billing_owed"] += owed
                account["billing_credit"] -= self._to_page_currency(sum(min(r, 0.0) for r in residuals), company)
                if owed and date and date < today:
                    account["billing_overdue"] += owed
                    oldest = account["facts"].get("overdue_since", date)
                    account["facts"]["overdue_since"] = min(oldest, date)

    def _snapshot_visits(self, accounts, payer_of):
        today = fields.Date.context_today(self)
        mine = Domain("patient_id", "in", list(payer_of)) & Domain("company_id", "in", self.env.companies.ids)
        planned = Domain("state", "=", "draft") & Domain("date", ">", today)
        encounters = self.env["billing.encounter"]
        groups = encounters._read_group(
            mine & ~planned,
            ["patient_id", "state", "currency_id", "company_id"],
            ["id:recordset", "amount_unbilled:sum"],
        )
        for patient, state, currency, company, visits, amount in groups:
            for page in payer_of[patient.id]:
                account = accounts[page]
                account["visits"] += len(visits)
                account["billing_unbilled"] += self._to_page_currency(amount, company, currency)
                account["facts"][state] = account["facts"].get(state, visits) | visits
        # What is still to come is neither to finish nor unbilled work.
        for patient, visits in encounters._read_group(mine & planned, ["patient_id"], ["id:recordset"]):
            for page in payer_of[patient.id]:
                account = accounts[page]
                account["visits"] += len(visits)
                account["facts"]["planned"] = account["facts"].get("planned", visits) | visits

    def _snapshot_claims(self, accounts, payer_of):
        claims = self.env["billing.claim"].search([
            ("patient_id", "in", list(payer_of)),
            ("company_id", "in", self.env.companies.ids),
            ("state", "!=", "void"),
        ])
        for claim in claims:
            for page in payer_of[claim.patient_id.id]:
                account = accounts[page]
                account["claims"] += 1
                account["billing_insurance_pending"] += self._to_page_currency(
                    claim.amount_open, claim.company_id, claim.currency_id,
                )
                account["facts"].setdefault(f"claims_{claim.state}", []).append(claim)

    def _to_page_currency(self, amount, company, currency=None):
        page_currency = self.env.company.currency_id
        return (currency or company.currency_id)._convert(
            amount, page_currency, company, fields.Date.context_today(self),
        )

    def _get_billing_next_step(self, account):
        """The one thing to do next on this account: (sentence, the records on which it is done, if any)."""
        self.ensure_one()
        facts = account["facts"]
        # What stops new billing comes before new billing, and after what payers refused.
        if self.billing_state == "on_hold" and "ready" in facts and "claims_denied" not in facts:
            return self.env._("Clear up why this account is on hold, then release it."), None
        if self.billing_state == "pending" and not facts and not account["billing_credit"]:
            return self.env._("A billing manager approves this account, or sends it back."), None
        return self._get_billing_next_work(account, facts)

    def _get_billing_next_work(self, account, facts):
        """The next step of an account that nothing stops: claims and visits first, then money."""
        if denied := facts.get("claims_denied"):
            return self.env._("Decide about %(claim)s: %(payer)s refused part of it.", claim=denied[0].name,
                              payer=denied[0].payer_id.name), denied[0]
        if visits := facts.get("ready"):
            return self.env._("Bill what is finished. Visits: %(count)s.", count=len(visits)), visits
        if on_desk := self._find_claims(facts, CLAIM_TO_SEND):
            return self._say_claims_to_send(on_desk)
        if visits := facts.get("draft"):
            return self.env._("Finish what is still being recorded. Visits: %(count)s.", count=len(visits)), visits
        if account["billing_credit"]:
            return self.env._(
                "Apply or refund a credit of %(amount)s.",
                amount=format_amount(self.env, account["billing_credit"], self.env.company.currency_id),
            ), None
        if account["billing_overdue"]:
            return self._say_billing_overdue(
                format_amount(self.env, account["billing_overdue"], self.env.company.currency_id),
                format_date(self.env, facts["overdue_since"]),
            ), None
        if waiting := self._find_claims(facts, CLAIM_WAITING):
            return self.env._("Wait for %(payer)s to answer %(claim)s.", payer=waiting[0].payer_id.name,
                              claim=waiting[0].name), waiting
        if visits := facts.get("planned"):
            coming = visits.sorted("date")[0]
            return self.env._(
                "Nothing to do before the visit on %(date)s.", date=format_date(self.env, coming.date),
            ), coming
        if self.guarantor_id:
            return self.env._("Nothing to do here: bills go to %(guarantor)s.", guarantor=self.guarantor_id.name), None
        return self.env._("Nothing to do."), None

    def _find_claims(self, facts, states):
        """The claims of an account in one of these states."""
        return self.env["billing.claim"].concat(*(
            claim for state in states for claim in facts.get(f"claims_{state}", ())
        ))

    def _say_claims_to_send(self, claims):
        """What to do about claims on the office's desk: mend first what stops one, then send."""
        to_mend = claims.filtered(lambda claim: claim.state != "ready")[:1]
        if to_mend:
            return self.env._("Mend %(claim)s, so that it can go to %(payer)s.", claim=to_mend.name,
                              payer=to_mend.payer_id.name), to_mend
        return self.env._("Send %(claim)s to %(payer)s.", claim=claims[0].name,
                          payer=claims[0].payer_id.name), claims

    def _say_billing_overdue(self, amount, date):
        """What to do about what is overdue. Hook: whoever asks for it by itself says so."""
        return self.env._("Ask for %(amount)s, overdue since %(date)s.", amount=amount, date=date)

    # === ACTIONS === #

    def action_billing_new_visit(self):
        """Record a visit of this person."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New visit"),
            "res_model": "billing.encounter",
            "view_mode": "form",
            "context": {"default_patient_id": self.id},
        }

    def action_billing_visits(self):
        """The visits of this person and of those they pay for."""
        return self._get_billing_action("billing_coordinator.billing_encounter_action", "patient_id")

    def action_billing_claims(self):
        """The claims of this person and of those they pay for."""
        return self._get_billing_action("billing_coordinator.billing_claim_action", "patient_id")

    def action_billing_next_step(self):
        """Go where the next step is done."""
        self.ensure_one()
        sentence, records = self._get_billing_next_step(self._get_billing_snapshot()[self.id])
        return records._get_records_action(name=sentence) if records else False

    def action_billing_open_items(self):
        """What is open on this account, bill by bill."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_patient_invoice_action")
        action["domain"] = [
            ("id", "in", self.billing_open_bill_ids.ids),
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
        ]
        action["context"] = {"create": False}
        return action

    def _get_billing_action(self, xmlid, field):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = ["|", (field, "=", self.id), (f"{field}.guarantor_id", "=", self.id)]
        action["context"] = {f"default_{field}": self.id}
        return action
