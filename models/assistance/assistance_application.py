from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.assistance import to_yearly
from odoo.addons.billing_coordinator.tools.money import to_decimal

# What the applicant says. It stands as it was when somebody decides about it.
FACTS = frozenset({
    "applicant_id", "programme_id", "company_id", "date", "household_size", "income", "income_period", "currency_id",
})


class BillingAssistanceApplication(models.Model):
    """A person's request for financial assistance: who lives in the household, what they earn, and the evidence.

    It is confidential: coordinators and managers alone see it. The applicant is who pays the bills: a guarantor's
    application counts for everybody they pay for.
    """

    _name = "billing.assistance.application"
    _description = "Financial assistance application"
    _inherit = ["billing.document"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "applicant_id"]

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    programme_id = fields.Many2one(
        comodel_name="billing.assistance.programme",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self._default_programme_id(),
        tracking=True,
    )
    applicant_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_payer', '=', False), ('guarantor_id', '=', False)]",
        tracking=True,
        help="Who pays the bills: the patient, or the guarantor of others.",
    )
    date = fields.Date(
        string="Applied on",
        required=True,
        default=fields.Date.context_today,
        help="The day on which the application arrived. The approval begins on it unless decided otherwise.",
    )
    household_size = fields.Integer(
        string="Persons in the household",
        required=True,
        default=1,
        help="Everybody who lives on this income, the applicant included.",
    )
    income = fields.Monetary(
        string="Household income",
        help="What all of them earn together before tax.",
    )
    income_period = fields.Selection(
        selection=[
            ("year", "a year"),
            ("month", "a month"),
        ],
        required=True,
        default="year",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="The currency in which the income is earned. It is compared in the company's currency, at the rate of the "
             "day of the application.",
    )
    programme_currency_id = fields.Many2one(
        related="programme_id.currency_id",
        string="Programme's currency",
    )
    income_yearly = fields.Monetary(
        string="Yearly income",
        currency_field="programme_currency_id",
        compute="_compute_proposal",
        store=True,
        help="As it is compared with the programme: a year's income in the company's currency.",
    )
    discount_proposed = fields.Float(
        string="Proposed discount (%)",
        digits=(5, 2),
        compute="_compute_proposal",
        store=True,
        help="What the programme gives for this household and income.",
    )
    bracket_limit = fields.Monetary(
        string="Income limit found",
        currency_field="programme_currency_id",
        compute="_compute_proposal",
        store=True,
    )
    bracket_household = fields.Integer(
        compute="_compute_proposal",
        store=True,
    )
    bracket_percent = fields.Float(
        string="Step of the guideline (%)",
        digits=(6, 2),
        compute="_compute_proposal",
        store=True,
    )
    proposal_reason = fields.Char(
        string="Why",
        compute="_compute_proposal_reason",
        help="The line of the programme that household and income fall into.",
    )
    documents = fields.Text(
        related="programme_id.documents",
    )
    attachment_ids = fields.One2many(
        comodel_name="ir.attachment",
        inverse_name="res_id",
        domain=[("res_model", "=", "billing.assistance.application")],
        string="Attachments",
    )
    evidence_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Evidence",
        compute="_compute_evidence_ids",
        inverse="_inverse_evidence_ids",
        help="Pay slips, tax returns, letters: who may not see this application may not open them either.",
    )
    note = fields.Text(
        string="What the applicant says",
    )

    # === DEFAULTS === #

    @api.model
    def _default_programme_id(self):
        return self.env["billing.assistance.programme"].search([("company_id", "=", self.env.company.id)], limit=1)

    # === COMPUTE METHODS === #

    @api.depends(
        "household_size", "income", "income_period", "currency_id", "date", "programme_id", "state",
        "programme_id.income_rule", "programme_id.guideline_amount", "programme_id.guideline_per_person",
        "programme_id.bracket_ids.household_size", "programme_id.bracket_ids.income_to",
        "programme_id.bracket_ids.guideline_percent", "programme_id.bracket_ids.discount_percent",
    )
    def _compute_proposal(self):
        for application in self:
            if application.state not in ("draft", "submitted"):
                # Decided by what the programme said then: what it says now changes nothing.
                for name in (
                    "income_yearly", "discount_proposed", "bracket_limit", "bracket_household", "bracket_percent",
                ):
                    application[name] = application[name]
                continue
            application.income_yearly = application._get_yearly_income()
            bracket = None
            if application.programme_id and application.household_size > 0 and application.income >= 0:
                bracket = application.programme_id._find_bracket(application.household_size, application.income_yearly)
            application.discount_proposed = float(bracket.discount) if bracket else 0.0
            application.bracket_limit = float(bracket.limit) if bracket else 0.0
            application.bracket_household = bracket.household if bracket else 0
            application.bracket_percent = float(bracket.percent or 0) if bracket else 0.0

    @api.depends("discount_proposed", "bracket_limit", "bracket_household", "bracket_percent", "household_size",
                 "income_yearly", "programme_id")
    @api.depends_context("lang")
    def _compute_proposal_reason(self):
        for application in self:
            application.proposal_reason = application.programme_id and application._get_proposal_reason()

    @api.depends("attachment_ids")
    def _compute_evidence_ids(self):
        for application in self:
            application.evidence_ids = application.attachment_ids

    def _inverse_evidence_ids(self):
        for application in self:
            kept = application.evidence_ids
            if application.state not in ("draft", "submitted") and application.attachment_ids - kept:
                application._refuse_less_evidence()
            (application.attachment_ids - kept).unlink()
            # A file that was dropped on an unsaved application belongs to it from now on.
            kept.write({"res_model": self._name, "res_id": application.id})
        self.invalidate_recordset(["attachment_ids"])

    @api.depends("name", "applicant_id")
    def _compute_display_name(self):
        for application in self:
            application.display_name = f"{application.name} {application.applicant_id.name or ''}".strip()

    # === CONSTRAINT METHODS === #

    @api.constrains("household_size", "income")
    def _check_facts(self):
        for application in self:
            if application.household_size < 1:
                raise ValidationError(self.env._(
                    "The household of %(applicant)s cannot have %(size)s persons. Count everybody who lives on this "
                    "income, the applicant included: one at least.",
                    applicant=application.applicant_id.name,
                    size=application.household_size,
                ))
            if application.income < 0:
                raise ValidationError(self.env._(
                    "The income of %(applicant)s cannot be negative (%(income)s). Type zero for a household without "
                    "income.",
                    applicant=application.applicant_id.name,
                    income=format_amount(self.env, application.income, application.currency_id),
                ))

    @api.constrains("applicant_id")
    def _check_applicant(self):
        for application in self:
            applicant = application.applicant_id
            if applicant.is_payer:
                raise ValidationError(self.env._(
                    "%(applicant)s is a payer and has no bills of their own. Choose the patient or guarantor.",
                    applicant=applicant.name,
                ))
            if applicant.guarantor_id:
                raise ValidationError(self.env._(
                    "The bills of %(applicant)s go to %(guarantor)s: the application is theirs. Choose %(guarantor)s "
                    "as the applicant; the discount then holds for everybody they pay for.",
                    applicant=applicant.name,
                    guarantor=applicant.guarantor_id.name,
                ))

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        for application in self:
            if application.date > today:
                raise ValidationError(self.env._(
                    "The application of %(applicant)s cannot have arrived on %(date)s, which is still to come.",
                    applicant=application.applicant_id.name,
                    date=format_date(self.env, application.date),
                ))

    # === CRUD METHODS === #

    def write(self, vals):
        if not FACTS.isdisjoint(vals):
            for application in self:
                if application.state != "draft":
                    raise UserError(self.env._(
                        "%(application)s has been submitted: what %(applicant)s said stands as it is. Send it back, "
                        "or make a new application.",
                        application=application.name,
                        applicant=application.applicant_id.name,
                    ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for application in self:
            if application.state != "draft":
                raise UserError(self.env._(
                    "%(application)s has been submitted and is kept. Withdraw it instead.",
                    application=application.display_name,
                ))

    # === BUSINESS METHODS === #

    def _refuse_less_evidence(self):
        """Say that the evidence of an application that is decided is not taken away."""
        self.ensure_one()
        raise UserError(self.env._(
            "%(application)s is decided: the evidence it was decided by stays with it.", application=self.name,
        ))

    def _get_yearly_income(self):
        """A year's income in the programme's currency, at the rate of the day of the application."""
        self.ensure_one()
        if self.income < 0 or not self.programme_id:
            return 0.0
        yearly = float(to_yearly(to_decimal(self.income), monthly=self.income_period == "month"))
        return self.currency_id._convert(
            yearly, self.programme_currency_id, self.company_id, self.date or fields.Date.context_today(self),
        )

    def _get_proposal_reason(self, money=None):
        """Why this discount is proposed, as one would tell the applicant.

        :param money: how amounts are written: a function of amount and currency; as on screens when left out
        """
        self.ensure_one()
        money = money or partial(format_amount, self.env)
        currency = self.programme_currency_id
        facts = {
            "income": money(self.income_yearly, currency),
            "limit": money(self.bracket_limit, currency),
            "household": self._get_household_words(self.household_size),
        }
        if not self.discount_proposed:
            return self.env._(
                "A yearly income of %(income)s for %(household)s is above every limit of the programme.", **facts,
            )
        if self.bracket_percent:
            return self.env._(
                "A yearly income of %(income)s for %(household)s is at most %(percent)s %% of the guideline, which is "
                "%(limit)s.", **facts, percent=f"{self.bracket_percent:g}",
            )
        if self.bracket_household != self.household_size:
            return self.env._(
                "A yearly income of %(income)s for %(household)s is at most %(limit)s, the limit that the programme "
                "names for %(used)s.", **facts, used=self._get_household_words(self.bracket_household),
            )
        return self.env._(
            "A yearly income of %(income)s for %(household)s is at most the limit of %(limit)s.", **facts,
        )

    @api.model
    def _get_household_words(self, size):
        return self.env._("one person") if size == 1 else self.env._("%s persons", size)
