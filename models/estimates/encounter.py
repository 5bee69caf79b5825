from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.good_faith import find_excess
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit


class BillingEncounter(models.Model):
    """A visit that was estimated beforehand: whether its bill stays near what the patient was told.

    In the United States a patient who pays themselves may dispute a bill of 400 dollars or more above the estimate, per
    provider (45 CFR 149.620): the office should know before the bill goes out.
    """

    _inherit = "billing.encounter"

    estimate_id = fields.Many2one(
        comodel_name="billing.estimate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="What the patient was told beforehand.",
    )
    estimate_level = fields.Selection(
        selection=[
            ("none", "Near the estimate"),
            ("info", "Above the estimate"),
            ("warning", "Patient may dispute"),
        ],
        string="Compared with the estimate",
        compute="_compute_estimate_notice",
        help="Above the estimate: the patient's part is higher than they were told, by the amount set in the settings "
             "or more. Patient may dispute: they pay themselves, so the law lets them.",
    )
    estimate_notice = fields.Char(
        compute="_compute_estimate_notice",
    )

    @api.depends(
        "estimate_id", "state", "date", "patient_id", "is_self_pay", "provider_id", "line_ids.amount",
        "line_ids.tax_ids", "line_ids.product_id", "line_ids.code_id",
    )
    @api.depends_context("lang")
    def _compute_estimate_notice(self):
        estimated = self.filtered("estimate_id")
        shares = estimated._get_patient_shares()
        self.estimate_level, self.estimate_notice = "none", False
        for encounter in estimated:
            excess = encounter._find_estimate_excess(shares.get(encounter))
            if excess:
                encounter.estimate_level = "warning" if encounter.estimate_id.is_good_faith else "info"
                encounter.estimate_notice = encounter._get_excess_sentence(shares[encounter], excess)

    def _get_patient_shares(self):
        """What the patients of these visits are expected to pay, taxes included; cancelled visits are left out.

        Hook: once a visit is billed the ledger knows better; the room of claims reads it.

        :return: {visit: Decimal in the visit's currency}
        """
        visits = self.filtered(lambda visit: visit.state != "cancelled" and visit.date)
        usage = visits.coverage_ids._origin._read_usage(visits.mapped("date")) if visits else None
        return {
            visit: sum(expected.patient for expected in visit._expect(usage).values()) for visit in visits
        }

    def _find_estimate_excess(self, share):
        """How much the patient's part lies above the estimate, 0 while that is less than the company minds.

        :param share: what the patient pays, None where nobody can say
        """
        self.ensure_one()
        if share is None:
            return 0
        estimate, company, currency = self.estimate_id, self.company_id, self.currency_id
        unit = to_unit(currency.rounding)
        told = estimate.currency_id._convert(estimate._get_expected_of(self), currency, company, self.date)
        threshold = company.currency_id._convert(company.billing_estimate_threshold, currency, company, self.date)
        return find_excess(to_decimal(told, unit), share, to_decimal(threshold, unit))

    def _get_excess_sentence(self, share, excess):
        self.ensure_one()
        facts = {
            "estimate": self.estimate_id.name,
            "share": self.currency_id.format(float(share)),
            "excess": self.currency_id.format(float(excess)),
            "told": self.currency_id.format(float(share - excess)),
            "days": self.company_id.billing_estimate_dispute_days,
        }
        if self.estimate_id.is_good_faith:
            return self.env._(
                "The patient's part is %(share)s, %(excess)s more than the %(told)s of good-faith estimate "
                "%(estimate)s. They may dispute such a bill for %(days)s days: talk to them before it goes out.",
                **facts,
            )
        return self.env._(
            "The patient's part is %(share)s, %(excess)s more than the %(told)s of estimate %(estimate)s. Explain it "
            "before the bill goes out.",
            **facts,
        )

    # === CRUD METHODS === #

    def unlink(self):
        estimates = self.estimate_id
        result = super().unlink()
        estimates._reopen_without_visits()
        return result
