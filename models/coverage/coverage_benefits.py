from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.benefit_split import Benefits
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

PERCENT = Decimal(100)


class BillingCoverage(models.Model):
    """What a coverage leaves to the patient, and how much of that is already used up."""

    _inherit = "billing.coverage"

    # Each figure has its own compute, so that typing one does not bring back the plan's others.
    copay = fields.Monetary(
        compute="_compute_copay",
        store=True,
        precompute=True,
        readonly=False,
    )
    deductible = fields.Monetary(
        compute="_compute_deductible",
        store=True,
        precompute=True,
        readonly=False,
    )
    coinsurance = fields.Float(
        compute="_compute_coinsurance",
        store=True,
        precompute=True,
        readonly=False,
    )
    oop_max = fields.Monetary(
        compute="_compute_oop_max",
        store=True,
        precompute=True,
        readonly=False,
    )
    deductible_opening = fields.Monetary(
        string="Deductible already met",
        help="What the patient had paid towards the deductible before visits were recorded here.",
    )
    oop_opening = fields.Monetary(
        string="Out of pocket already paid",
        help="What the patient had paid towards the out-of-pocket maximum before visits were recorded here.",
    )
    opening_date = fields.Date(
        string="Already met as of",
        help="The amounts already met count in the calendar year of this date. Empty: the year in which the "
        "coverage begins.",
    )

    # === COMPUTE METHODS === #

    @api.depends("plan_id")
    def _compute_copay(self):
        """Starts as the plan says; later changes of the plan leave a member's own figures alone."""
        for coverage in self:
            coverage.copay = coverage.plan_id.copay

    @api.depends("plan_id")
    def _compute_deductible(self):
        for coverage in self:
            coverage.deductible = coverage.plan_id.deductible

    @api.depends("plan_id")
    def _compute_coinsurance(self):
        for coverage in self:
            coverage.coinsurance = coverage.plan_id.coinsurance

    @api.depends("plan_id")
    def _compute_oop_max(self):
        for coverage in self:
            coverage.oop_max = coverage.plan_id.oop_max

    # === CONSTRAINT METHODS === #

    @api.constrains("deductible_opening", "oop_opening")
    def _check_openings(self):
        self._check_benefits()

    @api.model
    def _get_benefit_amounts(self):
        return [*super()._get_benefit_amounts(), "deductible_opening", "oop_opening"]

    # === BUSINESS METHODS === #

    def _get_used(self, date):
        """What the patients have paid towards deductible and out-of-pocket maximum in the benefit year of ``date``.

        Hook: this room knows what had been met before; the room of claims adds what the ledger says.

        :return: {coverage: {"deductible": Decimal, "oop": Decimal}} in the currency of each coverage
        """
        used = {}
        for coverage in self:
            unit = to_unit(coverage.currency_id.rounding)
            counts = coverage._counts_openings(date)
            used[coverage] = {
                "deductible": to_decimal(coverage.deductible_opening if counts else 0.0, unit),
                "oop": to_decimal(coverage.oop_opening if counts else 0.0, unit),
            }
        return used

    def _counts_openings(self, date):
        """Whether the amounts already met belong to the benefit year of ``date``."""
        self.ensure_one()
        start = self.opening_date or self.date_from
        first, last = self.plan_id._get_benefit_year(date)
        return bool(start) and first <= start <= last

    def _get_benefits(self, date, currency=None, used=None):
        """The benefits left for a service on ``date``, as the split of charges wants them.

        :param currency: the currency of the charges, when it is not the coverage's own
        :param used: the answer of :meth:`_get_used` when the caller has asked for many coverages at once
        :return: :class:`Benefits`
        """
        self.ensure_one()
        used = (used or self._get_used(date))[self]

        def left(limit, spent):
            amount = max(Decimal(0), to_decimal(limit) - spent)
            return self._to_currency(amount, currency or self.currency_id, date)

        return Benefits(
            copay=left(self.copay, 0),
            deductible_left=left(self.deductible, used["deductible"]),
            coinsurance=to_decimal(self.coinsurance) / PERCENT,
            oop_left=left(self.oop_max, used["oop"]) if self.oop_max else None,
        )

    def _to_currency(self, amount, currency, date):
        """An exact amount of the coverage's currency in whole units of another one."""
        if currency != self.currency_id:
            amount = self.currency_id._convert(float(amount), currency, self.company_id, date)
        return to_decimal(amount, to_unit(currency.rounding))
