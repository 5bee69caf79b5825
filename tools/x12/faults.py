"""What can be wrong in an X12 file: keys, and English sentences to translate and fill in elsewhere."""

from typing import Any

REASONS = {
    # The file
    "empty": "The file is empty.",
    "no_isa": "The file does not begin with an interchange header (ISA): it is no X12 file.",
    "isa_cut_off": "The interchange header (ISA) breaks off: sender, receiver and separators are unknown.",
    "separators": "The separators of the interchange header cannot be told apart: %(separators)s.",
    "no_transaction": "The file holds no transaction (ST … SE).",
    # The envelope
    "segment_count": "%(segment)s says that there are %(said)s; counted were %(counted)s.",
    "control_number": "%(segment)s names the control number “%(said)s”, its beginning “%(expected)s”.",
    "unclosed": "%(segment)s is missing at the end: the file may have held more.",
    "no_group": "The transaction stands outside of a functional group (GS).",
    "no_interchange": "The transaction stands outside of an interchange (ISA): who sent it, and whether it is a test, "
                      "is not said.",
    "stray": "%(segment)s closes what was not opened.",
    "usage": "The file does not say whether it is a test or production: ISA15 is “%(value)s”.",
    # The transaction
    "cut_off": "The transaction is cut off: its end (SE) is missing.",
    "outside": "%(segment)s stands outside of a transaction: its beginning (ST) is missing.",
    "other_transaction": "This transaction is of another kind: “%(set)s”.",
    "order": "%(segment)s stands where it cannot be.",
    "repeated": "%(segment)s occurs more than once.",
    "missing": "%(segment)s is missing.",
    "too_long": "The claim is too long: more than %(limit)s segments.",
    "bad_amount": "%(element)s is no amount: “%(value)s”.",
    "bad_quantity": "%(element)s is no number: “%(value)s”.",
    "bad_date": "%(element)s is no date: “%(value)s”.",
    "unknown_segment": "The segment “%(segment)s” is not known here; it was passed over.",
    "garbled": "The segment beginning with “%(segment)s” cannot be read.",
    # The payment
    "credit_debit": "BPR03 says neither credit nor debit: “%(value)s”.",
    "negative_payment": "The payment is negative: %(amount)s.",
    "payer_missing": "The payment names no payer.",
    "trace_missing": "The payment has no trace number (TRN02): it could not be known again.",
    "payment_balance": "The payment does not balance: claims %(claims)s − provider adjustments %(adjustments)s should "
                       "be %(payment)s; difference %(difference)s.",
    # A claim
    "claim_id_missing": "The claim does not say our number (CLP01).",
    "claim_status": "Claim %(claim)s has a status that is not known: “%(value)s”.",
    "claim_balance": "Claim %(claim)s does not balance: charge %(charge)s − adjustments %(adjustments)s should be "
                     "%(paid)s; difference %(difference)s.",
    "service_balance": "Line %(line)s (%(code)s) of claim %(claim)s does not balance: charge %(charge)s − adjustments "
                       "%(adjustments)s should be %(paid)s; difference %(difference)s.",
    "charge_sum": "The lines of claim %(claim)s charge %(lines)s, the claim %(charge)s.",
    "patient_share": "Claim %(claim)s says that the patient owes %(said)s (CLP05); its reasons say %(counted)s.",
    "denied_but_paid": "Claim %(claim)s has status %(status)s and yet pays %(paid)s.",
    "adjustment_incomplete": "An adjustment of claim %(claim)s is incomplete: %(element)s is missing.",
    "adjustment_group": "An adjustment of claim %(claim)s is of a group that is not known: “%(value)s”.",
    "provider_adjustment_incomplete": "A provider-level adjustment has no reason: %(element)s is missing.",
}


class X12Error(ValueError):
    """A file that is no X12 file, or of which nothing can be read; ``reason`` is a key of :data:`REASONS`."""

    def __init__(self, reason: str, position: int = 0, detail: dict[str, Any] | None = None):
        self.reason = reason
        self.position = position
        self.detail = detail or {}
        super().__init__(sentence(reason, self.detail))


def sentence(reason: str, detail: dict[str, Any]) -> str:
    """The English sentence of a reason, filled in."""
    return REASONS[reason] % detail
