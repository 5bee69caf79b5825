from odoo import models
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit


class BillingCoverage(models.Model):
    """A coverage that claims stand on may no longer change what they say."""

    _inherit = "billing.coverage"

    def _has_postings(self, outside=None):
        domain = Domain("coverage_id", "in", self.ids) & Domain("state", "!=", "void")
        if outside:
            date_from, date_to = outside
            before_or_after = Domain("service_date", "<", date_from)
            if date_to:
                before_or_after |= Domain("service_date", ">", date_to)
            domain &= before_or_after
        groups = self.env["billing.claim"].sudo()._read_group(domain, ["coverage_id"])
        return super()._has_postings(outside=outside) | self.browse(coverage.id for (coverage,) in groups)

    def _get_used(self, date):
        # What was left to the patient in the benefit year of ``date``, as the journal items say: by an answer (an
        # entry), or by a split (an invoice). Reversals and credit notes give it back.
        used = super()._get_used(date)
        deductible, *others = (self.env.ref(f"billing_coordinator.reason_pr_{number}") for number in (1, 2, 3))
        reasons = [deductible.id, *(reason.id for reason in others)]
        for (first, last), coverages in self.grouped(lambda one: one.plan_id._get_benefit_year(date)).items():
            days = Domain("encounter_line_id.encounter_id.date", ">=", first)
            days &= Domain("encounter_line_id.encounter_id.date", "<=", last)
            for coverage, reason, balance in coverages._read_left_items(days, reasons, [], "balance:sum"):
                figures = used[coverage]
                amount = to_decimal(balance, to_unit(coverage.currency_id.rounding))
                figures["oop"] += amount
                if reason == deductible:
                    figures["deductible"] += amount
        return used

    def _read_left_items(self, domain, reason_ids, groupby, aggregate):
        """Posted items that say what these coverages left to others, summed up by the database.

        A share that two coverages left, one after the other, counts for both. An answer debits what it leaves, an
        invoice that asks for it credits it: what is left is positive.

        :param domain: which items
        :param reason_ids: for these reasons
        :param groupby: what else to tell apart, between coverage and reason
        :param aggregate: what to sum up
        :return: (coverage, …, reason, sum) tuples
        """
        for coverage_field, reason_field, operator, sign in (
            ("billing_coverage_id", "adjustment_reason_id", "=", 1),
            ("billing_coverage_id", "adjustment_reason_id", "!=", -1),
            ("billing_earlier_coverage_id", "billing_earlier_reason_id", "!=", -1),
        ):
            for coverage, *keys, total in self.env["account.move.line"].sudo()._read_group(
                domain & Domain([
                    ("parent_state", "=", "posted"),
                    (coverage_field, "in", self.ids),
                    (reason_field, "in", reason_ids),
                    ("move_id.move_type", operator, "entry"),
                ]),
                [coverage_field, *groupby, reason_field],
                [aggregate],
            ):
                yield self.browse(coverage.id), *keys, sign * total
