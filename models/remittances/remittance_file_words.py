from collections import defaultdict

from odoo import models


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
            "fraction": _(
                "“%(what)s” says %(amount)s, and the smallest amount in %(currency)s is %(unit)s."
            ),
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
