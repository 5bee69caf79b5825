from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date

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
    note = fields.Text(
        string="What the applicant says",
    )

    # === DEFAULTS === #

    @api.model
    def _default_programme_id(self):
        return self.env["billing.assistance.programme"].search([("company_id", "=", self.env.company.id)], limit=1)

    # === COMPUTE METHODS === #

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
