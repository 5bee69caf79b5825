from collections import defaultdict

from odoo import models
from odoo.tools import format_date


class BillingRemittanceFile(models.Model):
    """What is wrong in a file, in words: where, what, and what to do."""

    _inherit = "billing.remittance.file"

    def _tell_fault(self, fault):
        """A fault of the file as a sentence.

        :param dict fault: reason, position and detail as the reader gives them
        """
        words = self._get_fault_words().get(fault["reason"]) or fault["reason"]
        # A fault of another version may not name everything that the sentence asks for.
        sentence = words % defaultdict(lambda: "?", fault.get("detail") or {})
        if not fault.get("position"):
            return sentence
        return self.env._("Segment %(position)s: %(sentence)s", position=fault["position"], sentence=sentence)

    def _tell_refusal(self, error):
        """Why a file was refused, and what to do."""
        return self.env._(
            "%(fault)s Nothing was posted. Ask whoever sent “%(file)s” for the remittance file (X12 835) again, as it "
            "left the payer.",
            fault=self._tell_fault({
                "reason": error.reason, "position": error.position, "detail": self._plain(error.detail),
            }),
            file=self.name,
        )

    def _get_fault_words(self):
        """{reason of the reader: sentence with places to fill in}, in the user's language."""
        return {**self._get_envelope_words(), **self._get_payment_words(), **self._get_claim_words()}

    def _get_envelope_words(self):
        _ = self.env._
        return {
            "empty": _("The file is empty."),
            "no_isa": _("The file does not begin with an interchange header (ISA): it is no X12 file."),
            "isa_cut_off": _(
                "The interchange header (ISA) breaks off: sender, receiver and separators are unknown."
            ),
            "separators": _("The separators of the interchange header cannot be told apart: %(separators)s."),
            "no_transaction": _("The file holds no remittance."),
            "segment_count": _("%(segment)s says that there are %(said)s; counted were %(counted)s."),
            "control_number": _(
                "%(segment)s names the control number “%(said)s”, its beginning “%(expected)s”."
            ),
            "unclosed": _("%(segment)s is missing at the end: the file may have held more."),
            "no_group": _("The payment stands outside of a functional group (GS)."),
            "no_interchange": _(
                "The payment stands outside of an interchange (ISA): who sent it, and whether it is a test, is not "
                "said."
            ),
            "stray": _("%(segment)s closes what was not opened."),
            "usage": _("The file does not say whether it is a test or production: ISA15 is “%(value)s”."),
            "cut_off": _("The payment is cut off: its end (SE) is missing."),
            "outside": _("%(segment)s stands outside of a payment: its beginning (ST) is missing."),
            "other_transaction": _("This part of the file is no remittance but of another kind: “%(set)s”."),
        }

    def _get_payment_words(self):
        _ = self.env._
        return {
            "order": _("%(segment)s stands where it cannot be."),
            "repeated": _("%(segment)s occurs more than once."),
            "missing": _("%(segment)s is missing."),
            "too_long": _("The claim is too long: more than %(limit)s segments."),
            "bad_amount": _("%(element)s is no amount: “%(value)s”."),
            "bad_quantity": _("%(element)s is no number: “%(value)s”."),
            "bad_date": _("%(element)s is no date: “%(value)s”."),
            "unknown_segment": _("The segment “%(segment)s” is not known here; it was passed over."),
            "garbled": _("The segment beginning with “%(segment)s” cannot be read."),
            "credit_debit": _("BPR03 says neither credit nor debit: “%(value)s”."),
            "negative_payment": _("The payment is negative: %(amount)s."),
            "payer_missing": _("The payment names no payer."),
            "trace_missing": _("The payment has no trace number (TRN02): it could not be known again."),
            "payment_balance": _(
                "The payment does not balance: claims %(claims)s − provider adjustments %(adjustments)s should be "
                "%(payment)s; difference %(difference)s."
            ),
            "provider_adjustment_incomplete": _(
                "A provider-level adjustment has no reason: %(element)s is missing."
            ),
        }

    def _get_claim_words(self):
        _ = self.env._
        return {
            "claim_id_missing": _("The claim does not say our number (CLP01)."),
            "claim_status": _("Claim %(claim)s has a status that is not known: “%(value)s”."),
            "claim_balance": _(
                "Claim %(claim)s does not balance: charge %(charge)s − adjustments %(adjustments)s should be %(paid)s; "
                "difference %(difference)s."
            ),
            "service_balance": _(
                "Line %(line)s (%(code)s) of claim %(claim)s does not balance: charge %(charge)s − adjustments "
                "%(adjustments)s should be %(paid)s; difference %(difference)s."
            ),
            "charge_sum": _("The lines of claim %(claim)s charge %(lines)s, the claim %(charge)s."),
            "patient_share": _(
                "Claim %(claim)s says that the patient owes %(said)s (CLP05); its reasons say %(counted)s."
            ),
            "denied_but_paid": _("Claim %(claim)s has status %(status)s and yet pays %(paid)s."),
            "adjustment_incomplete": _("An adjustment of claim %(claim)s is incomplete: %(element)s is missing."),
            "adjustment_group": _("An adjustment of claim %(claim)s is of a group that is not known: “%(value)s”."),
        }


class BillingRemittanceTransaction(models.Model):
    """Why a payment of a file is held or not posted, and what to do."""

    _inherit = "billing.remittance.transaction"

    def _tell_reason(self):
        _ = self.env._
        self.ensure_one()
        words = {
            "payer": _(
                "Nobody here is known as “%(payer)s” (%(numbers)s). Choose the payer and press “It is this payer”: it "
                "is asked once and remembered."
            ),
            "unbalanced": _(
                "It does not balance: %(claims)s paid on claims − %(provider)s kept apart from them should be the "
                "payment of %(amount)s; the difference is %(difference)s. Ask %(payer)s for a corrected file; nothing "
                "of this one was posted."
            ),
            "damaged": _("%(note)s Ask %(payer)s for the file again; nothing of this payment was posted."),
            "fault": _("%(note)s Ask %(payer)s about it; if all is right, press “Try again”."),
            "currency": _(
                "It is in %(currency)s, which is not used here. Activate the currency, or ask %(payer)s."
            ),
            "company": _(
                "It is for %(payee)s (%(npi)s), which is another company here. Put it aside and upload the file there."
            ),
            "no_date": _("It has no date (BPR16). Ask %(payer)s for a corrected file."),
            "early": _("The money comes on %(date)s; it is posted by itself then."),
            "debit": _(
                "%(payer)s takes %(amount)s instead of paying. Look at your bank account and type the answer yourself; "
                "then put this aside."
            ),
            "nothing_ours": _(
                "No claim in it is known here, so it may not be ours. Find one of its claims, or press “The money is "
                "ours”: it waits as credit of %(payer)s then."
            ),
            "posting": _("%(note)s"),
            "test": _("A test file: nothing of it is ever posted."),
            "notice": _("A notice only: the payment itself comes, or came, in another file. Nothing was posted."),
            "typed": _("Somebody typed it before: %(remittance)s. Nothing was posted again."),
            "twice": _("It came before in %(file)s. Nothing was posted again."),
            "aside": _("Put aside: nothing of it was posted."),
        }
        return words[self.why] % {
            "payer": self.payer_id.name or self.payer_name or _("the payer"),
            "numbers": self.payer_numbers or _("without a number"),
            "claims": self._format(self.amount_claims),
            "provider": self._format(self.amount_provider),
            "amount": self._format(self.amount),
            "difference": self._format(self.difference),
            "note": self.note or "",
            "currency": self.reading_currency or self.currency_id.name,
            "payee": self.payee_name or "",
            "npi": self.payee_npi or "",
            "remittance": self.remittance_id.name or "",
            "date": format_date(self.env, self.date),
            "file": self.first_id.file_id.name or "",
        }


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
            "more_than_open": _(
                "It settles another amount than is open: %(open)s of %(claim)s. Was it answered before? Look at its "
                "answers."
            ),
            "too_early": _("It is dated before the service of %(claim)s."),
            "fault": _("%(fault)s"),
            "posting": _("%(note)s"),
        }

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
