from functools import partial

from odoo import api, fields, models


class ReportEstimate(models.AbstractModel):
    """What an estimate tells a patient beforehand: the total, their share and why, and that it is only an estimate.

    A good-faith estimate says all that 45 CFR 149.610(c)(1) asks for: name and birth date, services in plain words with
    their day, items by provider with diagnosis and service codes and charges, each provider's name, NPI, tax id and
    place, what is booked separately, and four disclaimers.
    """

    _name = "report.billing_coordinator.report_estimate"
    _inherit = ["billing.paper"]
    _description = "Estimate on paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        estimates = self.env["billing.estimate"].browse(docids)
        return {"doc_ids": docids, "doc_model": "billing.estimate", "docs": estimates}

    @api.model
    def _get_values(self, estimate):
        """The figures and words of one estimate.

        :param estimate: in the language of its reader
        """
        company = estimate.company_id
        # An e-mail that is being written carries the paper as the patient will have it.
        sending = self.env.context.get("billing_sending") and estimate.state == "draft"
        handed_over = fields.Date.context_today(self) if sending else estimate.date_sent
        return {
            "is_draft": estimate.state == "draft" and not sending,
            "money": partial(self._format_money, currency=estimate.currency_id),
            "day": self._format_day(estimate.date),
            "written": self._format_day(handed_over or estimate.date_scheduled or estimate.create_date),
            "birth_day": self._format_day(estimate.patient_id.birth_date) if estimate.patient_id.birth_date else "",
            "valid_until": self._format_day(estimate.date_valid_until) if estimate.date_valid_until else "",
            "diagnoses": [(code.code, code.name) for code in estimate.diagnosis_code_ids],
            "providers": [
                self._get_provider_values(estimate, provider, lines)
                for provider, lines in estimate.line_ids.grouped(lambda line: line._get_provider()).items()
            ],
            "is_insured": any(line._get_steps() for line in estimate.line_ids),
            "columns": {
                name: not estimate.currency_id.is_zero(estimate[name]) for name in ("amount_discount", "amount_payer")
            },
            "totals": estimate._get_totals(),
            "reasons": estimate._get_reasons(),
            "separate": [text.strip() for text in (estimate.separate_services or "").splitlines() if text.strip()],
            "threshold": self._format_money(company.billing_estimate_threshold, company.currency_id),
            "dispute_days": company.billing_estimate_dispute_days,
            "contacts": list(filter(None, [company.phone, company.email, self._format_website(company.website)])),
        }

    def _get_provider_values(self, estimate, provider, lines):
        """The services of one provider, and who and where that is."""
        company = estimate.company_id
        has_own_place = provider and (provider.street or provider.city)
        place = provider if has_own_place else company.partner_id
        return {
            "name": provider.name or company.name,
            "npi": provider.npi or company.partner_id.npi,
            "tax_id": provider.vat or company.vat,
            "place": ", ".join(filter(None, [
                place.street, place.street2, place.city, " ".join(filter(None, [place.state_id.code, place.zip])),
            ])),
            "kind_of_place": estimate.place_id.display_name or "",
            "lines": lines,
            "charge": sum(lines.mapped("amount_total")),
        }
