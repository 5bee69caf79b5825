from odoo import api, fields, models
from odoo.tools.misc import get_lang

from odoo.addons.billing_coordinator.tools.letter_text import fill_in


class BillingAppeal(models.Model):
    """What the letter argues: the text for its cause and level, in the payer's language, then what the office types."""

    _inherit = "billing.appeal"

    letter = fields.Text(
        string="Letter",
        copy=False,
        help="The argument. Who, what, when and how much stand on the letter by themselves.",
    )

    # === ACTIONS === #

    def action_write_letter(self):
        """Begin the letter anew from the text for its cause and level; what was typed is lost."""
        self._write_letters(is_anew=True)

    # === BUSINESS METHODS === #

    def _write_letters(self, is_anew=False):
        """Fill in the letters that are still empty, or all of them."""
        for appeal in self:
            if appeal.state == "draft" and appeal.denial_ids and (is_anew or not appeal.letter):
                lang = appeal.payer_id.lang or get_lang(self.env).code
                there = appeal.with_context(lang=lang)
                text = there.env["billing.appeal.text"]._find(there.category_id, there.level)
                if text:
                    appeal.letter = fill_in(text.body, there._get_letter_values())

    def _get_letter_values(self):
        """What the names in braces stand for, in the language of the context."""
        self.ensure_one()
        paper = self.env["billing.paper"]
        denials, claims = self.denial_ids.sudo(), self.claim_ids.sudo()
        money = self.currency_id
        return {
            "payer": self.payer_id.name,
            "patient": self._join(claims.patient_id.mapped("name")),
            "member": self._join(claims.coverage_id.mapped("member_number")),
            "claims": self._join(claims.mapped("name")),
            "payer_numbers": self._join(claims.mapped("payer_control_number")),
            "services": self._join(denial._say_service() for denial in denials),
            "service_dates": self._join(paper._format_day(day) for day in sorted(set(claims.mapped("service_date")))),
            "sent_on": self._join(
                paper._format_day(day) for day in sorted({claim.date_first_sent for claim in claims} - {False})
            ),
            "amount": paper._format_money(self.amount, money),
            "contract": paper._format_money(sum(denials.mapped("amount_contract")), money),
            "denied_on": self._join(paper._format_day(day) for day in sorted(set(denials.mapped("date")))),
            "reasons": self._join(reason.display_name for reason in denials.reason_ids),
            "authorizations": self._join(self._get_authorizations().mapped("number")),
            "level": (self.level_id.name or str(self.level)),
            "decision": self._say_decision(paper),
            "company": self.company_id.name,
            "provider": self._join(denials.provider_id.mapped("name")),
        }

    @api.model
    def _join(self, words):
        """Each word once, in their order; a dash where there is none."""
        return ", ".join(dict.fromkeys(word for word in words if word)) or "–"

    def _say_decision(self, paper):
        """The day of the payer's answer to the appeal before, else of the denial."""
        decided = self.denial_ids.sudo()._get_decided_on()
        days = sorted(set(decided.values())) or sorted(set(self.denial_ids.mapped("date")))
        return self._join(paper._format_day(day) for day in days)

    def _get_authorizations(self):
        """The payer's own prior authorizations for what was denied."""
        claims = self.claim_ids.sudo()
        return self.env["billing.authorization"].sudo().union(*(
            self.env["report.billing_coordinator.report_claim"]._get_authorizations(claim) for claim in claims
        ))


class BillingDenial(models.Model):
    """A denied service as a letter names it."""

    _inherit = "billing.denial"

    def _say_service(self):
        """Code and plain name of the service."""
        return " ".join(filter(None, (self.code_id.code, self.move_line_id.name)))
