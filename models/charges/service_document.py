from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.money import split_ratio, to_decimal, to_unit

from ..coverage.coverage_split import ServiceLine

NOTHING = Decimal(0)


class Expected(NamedTuple):
    """Who is expected to pay what of one service, its taxes included; the three amounts add up to the whole.

    ``left`` tells the patient's amount before tax by reason, ``steps`` every figure on the way to it.
    """

    payer: Decimal = NOTHING
    discount: Decimal = NOTHING
    patient: Decimal = NOTHING
    left: dict | None = None
    steps: tuple = ()


class BillingServiceDocument(models.AbstractModel):
    """What a visit and an estimate have in common: who is seen, when, by whom and where, and who is insured how.

    A model that is one has a ``state`` whose first value is *draft*, and lines that are ``billing.service.line``.
    """

    _name = "billing.service.document"
    _description = "Services for a patient"

    patient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Patient or client",
        required=True,
        index=True,
        tracking=True,
        domain="[('is_billing_account', '=', True)]",
        check_company=True,
    )
    patient_concerns = fields.Text(
        related="patient_id.special_concerns",
        string="Special concerns",
    )
    date = fields.Date(
        string="Date of service",
        required=True,
        default=fields.Date.context_today,
        index=True,
        tracking=True,
    )
    provider_id = fields.Many2one(
        comodel_name="res.partner",
        string="Provider",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_provider', '=', True)]",
        check_company=True,
        help="Who rendered the service. Payers ask for this person's NPI.",
    )
    place_id = fields.Many2one(
        comodel_name="billing.code",
        string="Place of service",
        domain="[('kind', '=', 'place')]",
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    is_self_pay = fields.Boolean(
        string="Do not bill insurance",
        tracking=True,
        help="The patient asked to pay this themselves: no payer is billed even if coverage is in force.",
    )
    coverage_ids = fields.Many2many(
        comodel_name="billing.coverage",
        string="Coverage in force",
        compute="_compute_coverage_ids",
        help="The patient's coverages on the date of service, in the order in which they are billed.",
    )
    primary_coverage_id = fields.Many2one(
        comodel_name="billing.coverage",
        string="Billed first",
        compute="_compute_coverage_ids",
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id", "patient_id", "date", "is_self_pay")
    def _compute_currency_id(self):
        for document in self:
            if document.state not in (False, "draft"):
                continue
            pricelist = next((pricelist for _source, pricelist in document._get_price_lists()), None)
            document.currency_id = (
                (pricelist and pricelist.currency_id) or document.company_id.currency_id or self.env.company.currency_id
            )

    @api.depends(
        "patient_id", "company_id", "date", "is_self_pay",
        "patient_id.coverage_ids.rank", "patient_id.coverage_ids.date_from", "patient_id.coverage_ids.date_to",
        "patient_id.coverage_ids.active", "patient_id.coverage_ids.company_id",
    )
    def _compute_coverage_ids(self):
        insured = self.filtered(lambda d: d.patient_id and d.company_id and d.date and not d.is_self_pay)
        keys = {document: document._get_coverage_key() for document in insured}
        in_force = self.env["billing.coverage"].sudo()._get_in_force(set(keys.values()))
        none = self.env["billing.coverage"]
        for document in self:
            coverages = in_force.get(keys.get(document), none).sudo(False)
            document.coverage_ids = coverages
            document.primary_coverage_id = coverages[:1]

    def _get_coverage_key(self):
        """What decides which coverage is in force: patient, company, date of service."""
        self.ensure_one()
        return self.patient_id._origin or self.patient_id, self.company_id, self.date

    # === BUSINESS METHODS === #

    def _expect(self, usage=None):
        """What payers and patient are expected to pay, service by service.

        Every payer is asked for what the one before has left, whatever way its plan is billed. Services that are not
        filled in yet count as nothing.

        :param usage: what the coverages have used up, when the caller asks for many documents
        :return: {line: :class:`Expected`} in the currency of the document
        """
        self.ensure_one()
        lines = list(self.line_ids.sorted("sequence"))
        expected = dict.fromkeys(lines, Expected())
        lines = [line for line in lines if line.product_id and line.quantity > 0 and line.amount >= 0]
        if not (lines and self.date and self.currency_id):
            return expected
        services = [
            ServiceLine(position, line.product_id, line.code_id, line.quantity, to_decimal(line.amount))
            for position, line in enumerate(lines)
        ]
        split = self.env["billing.coverage"]._split(
            services, self.coverage_ids._origin, self.date, self.currency_id, usage,
        )
        return expected | {line: self._get_expected(split, position, line) for position, line in enumerate(lines)}

    def _get_expected(self, split, key, line):
        """One service of a split, its taxes divided in proportion."""
        unit = to_unit(self.currency_id.rounding)
        parts = [split.payer(line=key), split.discount(line=key), split.patient(line=key)]
        taxes = split_ratio(to_decimal(line._get_added_tax(), unit), parts, unit)
        payer, discount, patient = (part + tax for part, tax in zip(parts, taxes, strict=True))
        return Expected(payer, discount, patient, split.reasons(line=key), split.steps(line=key))
