import re
from functools import lru_cache

import babel.numbers
from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse, get_lang

from odoo.addons.billing_coordinator.models.written_numbers import format_number

# Long dates are read without doubt everywhere; in German the usual figures are.
LONG_DATE = {"de": "dd.MM.y"}
# Spain parts thousands from the fifth figure before the comma on (Ortografía de la lengua española, 2010).
FIVE_FIGURES = {("es", "ES")}


@lru_cache(maxsize=64)
def _get_money_pattern(lang, digits):
    """(locale, how it writes money with so many digits): a batch of statements asks for it ten thousand times."""
    locale = babel_locale_parse(lang)
    pattern = locale.currency_formats["standard"]
    return locale, babel.numbers.NumberPattern(
        pattern.pattern, pattern.prefix, pattern.suffix, pattern.grouping, pattern.int_prec, (digits, digits),
        pattern.exp_prec, pattern.exp_plus,
    )


class BillingPaper(models.AbstractModel):
    """What papers have in common: dates and amounts as their reader writes them, and the part about how to pay."""

    _name = "billing.paper"
    _description = "Paper"

    @api.model
    def _format_day(self, date):
        """A date that nobody can misread, in the reader's language: March 5, 2026; 05.03.2026; 5 de marzo de 2026."""
        language = (self.env.context.get("lang") or self.env.user.lang or "en_US")[:2]
        return format_date(self.env, date, date_format=LONG_DATE.get(language, "long"))

    @api.model
    def _format_number(self, value):
        """Units or a percentage in the reader's language, without zeros that say nothing."""
        return format_number(self.env, value)

    @api.model
    def _format_money(self, amount, currency):
        """An amount as people write it in the reader's language: -$1,234.56; -1.234,56 €; -1234,56 €."""
        locale, pattern = _get_money_pattern(get_lang(self.env).code, currency.decimal_places)
        rounded = currency.round(amount) or 0.0
        text = pattern.apply(
            rounded, locale, currency=currency.name, currency_digits=False,
            group_separator=abs(rounded) >= 10000 or (locale.language, locale.territory) not in FIVE_FIGURES,
        )
        return text.replace("-", "\N{MINUS SIGN}")

    @api.model
    def _get_pay_values(self, company, amount, currency, due, reference, bank=None, due_now=0.0):
        """What the amount box, "How to pay" and the slip say; they say the same.

        :param due: the day on which the amount is due; None when a part or all of it is due by now
        :param bank: the company's account to pay to; its first one when left out
        :param due_now: the part that is due by now
        """
        partner = company.partner_id
        banks = partner.sudo().bank_ids.filtered(lambda account: account.company_id in (company, company.browse()))
        bank = (bank or banks[:1]).sudo()
        return {
            "company": company,
            "amount": amount,
            "amount_text": self._format_money(amount, currency),
            "is_due": currency.compare_amounts(amount, 0) > 0,
            "due": self._format_day(due) if due else "",
            "due_now": self._format_money(due_now, currency) if currency.compare_amounts(due_now, 0) > 0 else "",
            "is_all_due_now": currency.compare_amounts(due_now, amount) >= 0,
            "reference": reference,
            "text": company.billing_pay_text,
            "bank": bank,
            "account_number": self._format_account(bank),
            "is_transfer": self._is_iban(bank.acc_number),
            "contacts": list(filter(None, [company.phone, company.email, self._format_website(company.website)])),
        }

    @api.model
    def _format_strong(self, text):
        """What shall stand out in a sentence, and stay on one line."""
        return Markup('<strong class="text-nowrap">%s</strong>') % text

    @api.model
    def _format_website(self, website):
        return (website or "").removeprefix("https://").removeprefix("http://").rstrip("/")

    @api.model
    def _format_account(self, bank):
        """An account number as people type it: an IBAN in groups of four."""
        if not self._is_iban(bank.acc_number):
            return bank.acc_number or ""
        number = "".join(bank.acc_number.split()).upper()
        return " ".join(number[start:start + 4] for start in range(0, len(number), 4))

    @api.model
    def _is_iban(self, number):
        """Whether an account number is an IBAN: country, two check digits, modulo 97 (ISO 13616)."""
        number = "".join((number or "").split()).upper()
        if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", number):
            return False
        return int("".join(str(int(letter, 36)) for letter in number[4:] + number[:4])) % 97 == 1
