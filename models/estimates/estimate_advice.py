from odoo import api, fields, models
from odoo.tools import format_date

from ..written_numbers import format_number

# From the most to the least urgent, each with the look of its row.
SEVERITIES = {"danger": "fa-times-circle", "warning": "fa-exclamation-triangle", "info": "fa-lightbulb-o"}


class BillingEstimate(models.Model):
    """What to think of before the patient is told: advice, one sentence a point."""

    _inherit = "billing.estimate"

    advice = fields.Html(
        compute="_compute_advice",
        sanitize=False,
    )

    @api.depends(
        "patient_id", "date", "provider_id", "is_self_pay", "state", "line_ids.product_id", "line_ids.code_id",
        "line_ids.provider_id", "amount_patient", "diagnosis_code_ids",
    )
    @api.depends_context("lang")
    def _compute_advice(self):
        for estimate in self:
            is_open = estimate.patient_id and estimate.date and estimate.state in (False, "draft", "sent", "accepted")
            points = estimate._get_sorted_advice() if is_open else []
            estimate.advice = bool(points) and self.env["ir.qweb"]._render(
                "billing_coordinator.estimate_advice", {"points": points, "icons": SEVERITIES},
            )

    def _get_sorted_advice(self):
        order = list(SEVERITIES)
        return sorted(dict.fromkeys(self._get_advice()), key=lambda point: order.index(point[0]))

    def _get_advice(self):
        """What the office should know or say: (severity, sentence) pairs; severity is a key of ``SEVERITIES``.

        Each part is a hook: a later room extends the one that is its business, or adds its own.
        """
        self.ensure_one()
        return [
            *self._get_coverage_advice(),
            *self._get_network_advice(),
            *self._get_content_advice(),
            *self._get_discount_advice(),
            *self._get_plan_advice(),
        ]

    # === THE PARTS === #

    def _get_coverage_advice(self):
        """Insurance that ends before the service, or none at all."""
        if self.is_self_pay:
            return []
        today = fields.Date.context_today(self)
        ending = self.patient_id.coverage_ids.filtered(
            lambda coverage: coverage.company_id == self.company_id
            and coverage.date_to
            and min(today, self.date) <= coverage.date_to < self.date
        )
        advice = [
            (
                "danger",
                self.env._(
                    "%(plan)s of %(patient)s ends on %(date)s, before the service. Ask for the insurance that follows.",
                    plan=coverage.plan_id.name,
                    patient=self.patient_id.name,
                    date=format_date(self.env, coverage.date_to),
                ),
            )
            for coverage in ending
        ]
        if not self.coverage_ids and not ending:
            advice.append(("info", self.env._(
                "No insurance is on record for that day: everything is the patient's. Ask whether there is any.",
            )))
        return advice

    def _get_network_advice(self):
        """Providers who are not in the network of a plan that is asked."""
        pairs = {
            (coverage.plan_id, provider): None
            for line in self.line_ids
            for coverage in self.coverage_ids
            if not coverage.plan_id._is_in_network(provider := line._get_provider())
        }
        return [
            (
                "warning",
                self.env._(
                    "%(provider)s is outside the network of %(plan)s: it may pay less than shown here, or nothing.",
                    provider=provider.name,
                    plan=plan.name,
                ),
            )
            for plan, provider in pairs
        ]

    def _get_content_advice(self):
        """What a good-faith estimate still lacks."""
        missing = self._get_missing_content() if self.is_good_faith and self.state in (False, "draft") else []
        if not missing:
            return []
        return [("warning", self.env._(
            "A good-faith estimate also has to say: %(missing)s.", missing=", ".join(missing),
        ))]

    def _get_discount_advice(self):
        """The discount that Odoo's payment term gives for paying soon."""
        debtor = self.patient_id._get_billing_debtor().with_company(self.company_id)
        term = debtor.property_payment_term_id or self.company_id.billing_patient_term_id
        if not term.early_discount or self.currency_id.compare_amounts(self.amount_patient, 0) <= 0:
            return []
        off = self.currency_id.round(self.amount_patient * term.discount_percentage / 100.0)
        return [("info", self.env._(
            "Paid within %(days)s days of the bill, %(amount)s (%(percent)s %%) is taken off the patient's part.",
            days=term.discount_days,
            amount=self.currency_id.format(off),
            percent=format_number(self.env, term.discount_percentage),
        ))]

    def _get_plan_advice(self):
        """A payment plan, where the patient's part is large enough."""
        company = self.company_id
        limit = company.currency_id._convert(
            company.billing_plan_offer_from, self.currency_id, company, fields.Date.context_today(self),
        )
        if not limit or self.currency_id.compare_amounts(self.amount_patient, limit) < 0:
            return []
        return [("info", self.env._(
            "%(amount)s is a lot at once: offer to pay it in instalments.",
            amount=self.currency_id.format(self.amount_patient),
        ))]
