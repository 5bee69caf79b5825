from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.billing_coordinator.tools.money import to_decimal

DEBTORS = [
    ("person", "People"),
    ("company", "Companies and payers"),
]
# The rate of the European Central Bank for its main refinancing operations, for half a year each (Directive 2011/7/EU,
# article 2(7)). The office adds what is published later.
REFERENCE_RATES = (
    ("2024-01-01", "4.50"),
    ("2024-07-01", "4.25"),
    ("2025-01-01", "3.15"),
    ("2025-07-01", "2.15"),
    ("2026-01-01", "2.15"),
)
# Points above it: companies (article 2(6)).
POINTS = {"company": Decimal(8)}
# Germany counts from its own base rate, 0.88 below (section 247 BGB): 5 points for consumers, 9 for others (section
# 288).
GERMAN_BASE = Decimal("-0.88")
GERMAN_POINTS = {"person": Decimal(5), "company": Decimal(9)}
# For each late bill of a company (article 6); of a consumer never.
LUMP_SUM = 40.0


class BillingInterestRate(models.Model):
    """What a company asks for being paid late, from a day on until the next rate."""

    _name = "billing.interest.rate"
    _description = "Interest rate for late payment"
    _order = "company_id, debtor, date_from desc"
    _rec_name = "percent"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    debtor = fields.Selection(
        selection=DEBTORS,
        string="For",
        required=True,
        default="company",
    )
    date_from = fields.Date(
        string="From",
        required=True,
    )
    percent = fields.Float(
        string="% a year",
        digits=(5, 2),
        required=True,
    )
    source = fields.Char(
        string="Where it comes from",
        help="For instance the law, and the day on which the rate was published.",
    )

    _once = models.UniqueIndex(
        "(company_id, debtor, date_from)",
        "There is one interest rate from a day on.",
    )

    @api.constrains("percent")
    def _check_percent(self):
        for rate in self:
            if not 0 <= rate.percent <= 100:
                raise ValidationError(self.env._(
                    "%(percent)s %% a year is no interest for late payment. Type a rate between 0 and 100.",
                    percent=f"{rate.percent:g}",
                ))

    # === BUSINESS METHODS === #

    @api.model
    def _get_rates(self, companies):
        """{(company, for whom): [(first day, percent a year)]}, in one query."""
        rates = defaultdict(list)
        for rate in self.search([("company_id", "in", companies.ids)], order="date_from"):
            rates[rate.company_id, rate.debtor].append((rate.date_from, to_decimal(rate.percent)))
        return rates

    @api.model
    def _load_usual(self, company):
        """Give a company of the European Union the rates of the law; what it has already stays.

        :return: the rates that are new
        :raise UserError: the company is somewhere else
        """
        if company.country_id not in self.env.ref("base.europe").country_ids:
            raise UserError(self.env._(
                "The rates of Directive 2011/7/EU are for companies in the European Union; %(company)s is in "
                "%(country)s. Add the rates that hold there instead.",
                company=company.name, country=company.country_id.name or self.env._("no country yet"),
            ))
        known = {(rate.debtor, rate.date_from) for rate in self.search([("company_id", "=", company.id)])}
        is_german = company.country_id.code == "DE"
        source = self.env._("§§ 247, 288 BGB") if is_german else self.env._("Directive 2011/7/EU")
        base = GERMAN_BASE if is_german else Decimal(0)
        return self.create([
            {
                "company_id": company.id, "debtor": debtor, "date_from": day,
                "percent": float(Decimal(reference) + base + points), "source": source,
            }
            for day, reference in REFERENCE_RATES
            for debtor, points in (GERMAN_POINTS if is_german else POINTS).items()
            if (debtor, fields.Date.to_date(day)) not in known
        ])
