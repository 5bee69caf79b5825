from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .interest_rate import LUMP_SUM


class ResCompany(models.Model):
    """What a company asks of those who pay late, and what its letters say to them."""

    _inherit = "res.company"

    billing_interest_min = fields.Monetary(
        string="Smallest interest",
        default=1.0,
        help="Less interest than this is not asked for; it adds up until the next step.",
    )
    billing_late_lump_sum = fields.Monetary(
        string="Lump sum for each late bill",
        help="Asked once of companies and payers with the first interest on a bill (40 euros by Directive 2011/7/EU, "
        "article 6). Never of people. Zero: none.",
    )
    billing_advice_text = fields.Text(
        string="Free debt advice",
        translate=True,
        help="Printed on letters to people: who helps them with debts, free of charge, and how they are reached.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_interest_min", "billing_late_lump_sum")
    def _check_billing_late_amounts(self):
        for company in self:
            if min(company.billing_interest_min, company.billing_late_lump_sum) < 0:
                raise ValidationError(self.env._(
                    "Interest and lump sums of %(company)s cannot be less than nothing. Type zero or more.",
                    company=company.name,
                ))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["billing.collection.stage"].sudo()._create_usual_stages(companies.sudo())
        return companies

    # === BUSINESS METHODS === #

    def _load_billing_late_defaults(self):
        """The rates of the European Union and its lump sum, where this company has none of its own."""
        self.ensure_one()
        self.env["billing.interest.rate"]._load_usual(self)
        if not self.billing_late_lump_sum:
            euro = self.env.ref("base.EUR")
            self.billing_late_lump_sum = euro._convert(
                LUMP_SUM, self.currency_id, self, fields.Date.context_today(self),
            )
