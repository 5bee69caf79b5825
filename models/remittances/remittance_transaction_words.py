from odoo import models
from odoo.tools import format_date


class BillingRemittanceTransaction(models.Model):
    """Why a payment of a file is held or not posted, and what to do."""

    _inherit = "billing.remittance.transaction"

    def _tell_reason(self):
        _ = self.env._
        self.ensure_one()
        # Thousands may hang on it: one of them says which.
        stuck = self.item_ids.search([("transaction_id", "=", self.id), ("why", "=", self.why)], limit=1)
        claim = stuck.other_claim_id
        lock = self._get_lock(self._get_day()) if self.why == "closed" else None
        words = {**self._get_hold_words(), **self._get_nobodys_words(), **self._get_day_words()}
        return words[self.why] % {
            "payer": self.payer_id.name or self.payer_name or _("the payer"),
            "numbers": self.payer_numbers or _("without a number"),
            "claims": self._format(self.amount_claims),
            "provider": self._format(self.amount_provider),
            "amount": self._format(self.amount),
            "difference": self._format(self.difference),
            "note": self.note or "",
            "currency": self.reading_currency or self.currency_id.name,
            "claim": claim.name or "",
            "claim_currency": claim.currency_id.name or "",
            "company": self.company_id.name,
            "other_company": stuck._name_other_company(),
            "payee": self.payee_name or "",
            "npi": self.payee_npi or self.payee_tax_number or "",
            "remittance": self.remittance_id.name or "",
            "date": format_date(self.env, self._get_day()),
            "lock": format_date(self.env, lock or self._get_day()),
            "file": self.first_id.file_id.name or "",
        }

    def _get_hold_words(self):
        _ = self.env._
        return {
            "payer": _(
                "Nobody here is known as “%(payer)s” (%(numbers)s). Choose the payer and press “It is this payer”: it "
                "is asked once and remembered."
            ),
            "unbalanced": _(
                "It does not balance: %(claims)s paid on claims − %(provider)s kept apart from them should be the "
                "payment of %(amount)s; the difference is %(difference)s. Ask %(payer)s for a corrected file; nothing "
                "of this one was posted."
            ),
            "fraction": _(
                "%(note)s Ask %(payer)s for a file with amounts that can be paid, or that names its currency (CUR), "
                "and put this aside; nothing of it was posted."
            ),
            "damaged": _("%(note)s Ask %(payer)s for the file again; nothing of this payment was posted."),
            "fault": _("%(note)s Ask %(payer)s about it; if all is right, press “Try again”."),
            "currency": _(
                "It is in %(currency)s, which is not used here. Activate the currency, or ask %(payer)s."
            ),
            "company": _(
                "It is for %(payee)s (%(npi)s), which is another company here. Put it aside and upload the file there."
            ),
            "debit": _(
                "%(payer)s takes %(amount)s instead of paying. Look at your bank account and type the answer yourself; "
                "then put this aside."
            ),
            "posting": _("%(note)s"),
            "test": _("A test file: nothing of it is ever posted."),
            "notice": _("A notice only: the payment itself comes, or came, in another file. Nothing was posted."),
            "typed": _("Somebody typed it before: %(remittance)s. Nothing was posted again."),
            "twice": _("It came before in %(file)s. Nothing was posted again."),
            "aside": _("Put aside: nothing of it was posted."),
        }

    def _get_nobodys_words(self):
        _ = self.env._
        named = bool(self.reading_currency)
        return {
            "nothing_ours": _(
                "No claim in it is known here, so it may not be ours. Find one of its claims, or press “The money is "
                "ours”: it waits as credit of %(payer)s then."
            ),
            "other_currency": _(
                "It pays in %(currency)s, but %(claim)s asks in %(claim_currency)s. Ask %(payer)s for a file in "
                "%(claim_currency)s; or type the answer yourself in %(claim_currency)s, with what your bank has "
                "credited. Then put this aside."
            ) if named else _(
                "The file names no currency (CUR), so it is read in %(currency)s, the currency of %(company)s; but "
                "%(claim)s asks in %(claim_currency)s. Ask %(payer)s for a file that names %(claim_currency)s; or type "
                "the answer yourself in %(claim_currency)s, with what your bank has credited. Then put this aside."
            ),
            "other_company": _(
                "It answers claims of %(other_company)s, not of %(company)s. Put it aside here, and let somebody who "
                "works there upload the file there."
            ),
        }

    def _get_day_words(self):
        _ = self.env._
        return {
            "no_date": _(
                "It has no date (BPR16). Ask %(payer)s for a corrected file; or type the day on which the money came "
                "in “Book on”, and press “Try again”."
            ),
            "early": _(
                "It says that the money comes on %(date)s, more than two months from now; it is posted by itself then. "
                "Is the date wrong, type the day on which the money came in “Book on” and press “Try again”."
            ) if self._is_far_off(self._get_day()) else _("The money comes on %(date)s; it is posted by itself then."),
            "old": _(
                "It is dated %(date)s, before the services of the claims that it answers. Ask %(payer)s about it; if "
                "only the date is wrong, type the right one in “Book on” and press “Try again”."
            ),
            "closed": _(
                "It was paid on %(date)s, and the books of %(company)s are closed until %(lock)s. Type a later day in "
                "“Book on” and press “Try again”, or ask accounting to reopen the period first."
            ),
        }
