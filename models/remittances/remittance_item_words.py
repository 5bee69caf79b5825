from odoo import models
from odoo.tools import format_date


class BillingRemittanceItem(models.Model):
    """Why an answer waits or is not posted, and what to do."""

    _inherit = "billing.remittance.item"

    def _tell_reason(self):
        self.ensure_one()
        words = {**self._get_match_words(), **self._get_posting_words(), **self._get_aside_words()}
        claim = self.claim_id or self.other_claim_id
        reasons = set()
        if self.why == "adjustment":
            reasons = self._get_reasons() - set(self.env["billing.adjustment.reason"]._get_by_code())
        return words[self.why] % {
            "number": self.name or self.control_number or "",
            "patient": self.patient_name or "",
            "payer": self.payer_id.name or self.payer_name or "",
            "claim": claim.name or "",
            "claim_patient": claim.patient_id.name or "",
            "claim_payer": claim.payer_id.name or "",
            "claim_currency": claim.currency_id.name or "",
            "currency": self.currency_id.name,
            "company": self.company_id.name,
            "other_company": self._name_other_company(),
            "later": self.note or "",
            "later_date": format_date(self.env, self.later_date) if self.later_date else "",
            "later_amount": self._format(self.later_amount),
            "day": format_date(self.env, self.transaction_id._get_day()),
            "charged": self._format(self.amount_charged),
            "asked": self._format(claim._get_whole_charge()) if claim and self.why == "charge" else "",
            "paid": self._format(self.amount_paid),
            "open": self._format(claim.amount_open) if claim and self.why == "more_than_open" else "",
            "note": self.note or "",
            "fault": self.fault or "",
            "first": self.first_id.file_id.name or "",
            "first_remittance": self.first_id.remittance_id.name or "",
            "reasons": ", ".join(f"{group}-{code}" for group, code in sorted(reasons)),
            "balance": self._format(float(self._get_balance())),
            "next": self.forwarded_to or self.env._("another payer"),
            "estimate": self.estimate_id.name or "",
        }

    def _get_match_words(self):
        _ = self.env._
        return {
            "unknown": _("No claim of ours has the number “%(number)s”, and none is for this patient, day and charge."),
            "several": _("Several claims of ours fit. Choose the one that is meant."),
            "other_payer": _("%(claim)s has this number, but it was sent to %(claim_payer)s, and %(payer)s answers."),
            "other_patient": _(
                "%(claim)s has this number, but it is %(claim_patient)s's, and the answer is about %(patient)s. Is it "
                "the same person?"
            ),
            "other_currency": _(
                "%(claim)s has this number, but it asks in %(claim_currency)s, and the answer is in %(currency)s. Ask "
                "%(payer)s which is right. If the currency is wrong only here, type the answer yourself in "
                "%(claim_currency)s and press “None of ours”."
            ),
            "other_company": _(
                "“%(number)s” is a claim of %(other_company)s, not of %(company)s. Let somebody who works there upload "
                "the file there, and press “None of ours” here."
            ),
            "charge": _("The answer is over %(charged)s, %(claim)s asked for %(asked)s."),
            "service": _(
                "It is not certain which services of %(claim)s are meant. Choose “Our service” in the lines below and "
                "press “Post to this claim”."
            ),
            "void": _("%(claim)s was taken back: there is nothing to answer. Is it another claim, or none of ours?"),
            "estimate": _("%(payer)s says in advance what it would pay, but no estimate of ours fits."),
            "status": _("Its status is not known here. Look at the file, or ask the payer."),
        }

    def _get_posting_words(self):
        _ = self.env._
        return {
            "adjustment": _(
                "It gives reasons that nobody has met here: %(reasons)s. A manager takes them in; what they leave "
                "unpaid stays open until somebody decides."
            ),
            "unbalanced": _(
                "It does not balance: charged, less what was not paid and why, less %(paid)s paid leaves %(balance)s."
            ),
            "nothing_posted": _(
                "It takes %(paid)s back from %(claim)s, but no answer with these amounts is posted. Look at the "
                "answers of the claim."
            ),
            "after_reversal": _("Another answer about %(claim)s in the same payment waits: that one comes first."),
            "more_than_open": _("It settles another amount than is open: %(open)s of %(claim)s."),
            "later_entry": _(
                "It takes back an answer to %(claim)s on %(day)s, but %(later)s of %(later_date)s over "
                "%(later_amount)s came after and falls with it. Type %(later_date)s or a later day in “Book on” of "
                "its payment, and press “Look again”."
            ) if self.later_amount else _(
                "It takes back an answer to %(claim)s on %(day)s, but %(later)s of %(later_date)s came after and falls "
                "with it. Type %(later_date)s or a later day in “Book on” of its payment, and press “Look again”."
            ),
            "closed": _(
                "The books of %(company)s are closed on %(day)s. Type a later day in “Book on” of its payment and "
                "press “Look again”, or ask accounting to reopen the period first."
            ),
            "too_early": _("It is dated before the service of %(claim)s."),
            "fault": _("%(fault)s"),
            "posting": _("%(note)s"),
        }

    def _tell_settled_by(self, settled_by):
        """What has settled the claim already, and what to do about it."""
        _ = self.env._
        entries = ", ".join(
            _("%(entry)s of %(date)s (%(amount)s)", entry=name, date=format_date(self.env, day),
              amount=self._format(amount))
            for name, day, amount in settled_by.get(self.claim_id, ())[:3]
        )
        if not entries:
            return _("Was it answered before? Look at its answers.")
        return _(
            "Settled before by: %(entries)s. Is this the same again, press “None of ours”; does it replace one of "
            "them, take that back or off the claim, and press “Look again”.",
            entries=entries,
        )

    def _name_other_company(self):
        """The other company of these numbers by its name, for who works there, too; nothing of its claims."""
        other = self.sudo().other_company_id[:1]
        if other and other in self.env.user.company_ids:
            return other.name
        return self.env._("another company here")

    def _get_aside_words(self):
        _ = self.env._
        return {
            "duplicate": _("The same answer is posted already, from %(first)s (%(first_remittance)s)."),
            "predetermination": _("Said in advance, and noted on %(estimate)s: never posted."),
            "forwarded": _("%(payer)s says that %(claim)s is not for it, and has sent it on to %(next)s."),
            "not_ours": _("None of ours: %(paid)s stays credit of %(payer)s, to be sent back."),
            "test": _("A test: never posted."),
            "notice": _("A notice only: posted when the payment comes."),
            "damaged": _("The file is damaged there: nothing of the payment was posted."),
            "aside": _("Put aside with its payment."),
            "taken_back": _("Its remittance was reversed."),
        }

    def _tell_advance(self):
        """What a payer has said in advance, in a sentence."""
        self.ensure_one()
        return self.env._(
            "%(payer)s said on %(date)s: of %(charged)s it would pay %(paid)s, and the patient %(patient)s.",
            payer=self.payer_id.name or self.payer_name or "",
            date=format_date(self.env, self.date) if self.date else "",
            charged=self._format(self.amount_charged),
            paid=self._format(self.amount_paid),
            patient=self._format(self.amount_patient),
        )
