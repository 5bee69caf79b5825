"""What the readers of X12 files give: plain records. Amounts are Decimal in the currency of the file, dates are dates,
positions are numbers of segments in the file, counted from 1."""

from datetime import date as Date
from decimal import Decimal
from typing import Any, NamedTuple

ZERO = Decimal(0)
# How bad a fault is: money is not touched by it; or what it names (a claim, or the whole payment) is not to be
# posted before a person has looked.
WARNING, HOLD = "warning", "hold"
# CLP02: what a payer did with a claim.
DENIED = frozenset({"4"})
FORWARDED = frozenset({"19", "20", "21", "23"})
REVERSAL = "22"
NOT_THEIRS = "23"
PREDETERMINATION = "25"


class Fault(NamedTuple):
    """Something that is wrong in a file and does not stop the reading.

    ``reason`` is a key of ``faults.REASONS``, ``detail`` what its sentence names. ``claim`` is the position of the
    claim to which it belongs; None: to the whole payment, or to the envelope.
    """

    severity: str
    reason: str
    position: int
    detail: dict[str, Any] = {}
    claim: int | None = None


class Refused(NamedTuple):
    """The end of a transaction that cannot be used: nothing of it may be posted. ``transaction`` is its ST02."""

    reason: str
    position: int
    detail: dict[str, Any] = {}
    transaction: str = ""
    interchange: str = ""


class Contact(NamedTuple):
    """PER: whom to ask. ``function`` CX (claims), BL (technical) or IC (website)."""

    function: str = ""
    name: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    url: str = ""


class Party(NamedTuple):
    """The payer (N1*PR) or the payee (N1*PE) of a payment. ``identifier`` as N103 (``qualifier``) says: XX is an NPI,
    FI a tax id, XV a national plan id; ``references`` by the qualifiers of REF (2U payer id, TJ tax id …)."""

    name: str = ""
    qualifier: str = ""
    identifier: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    references: dict[str, str] = {}
    contacts: tuple[Contact, ...] = ()

    @property
    def npi(self) -> str:
        """The national provider identifier, if the payer names one."""
        return self.identifier if self.qualifier == "XX" else self.references.get("HPI", "")

    @property
    def tax_id(self) -> str:
        """The tax number, if the payer names one."""
        return self.identifier if self.qualifier == "FI" else self.references.get("TJ", "")


class Person(NamedTuple):
    """A person or organisation of a claim (NM1)."""

    name: str = ""
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    qualifier: str = ""
    identifier: str = ""

    @property
    def npi(self) -> str:
        """The national provider identifier, where that is what identifies it."""
        return self.identifier if self.qualifier == "XX" else ""


class Payment(NamedTuple):
    """The head of one 835 transaction: who pays whom, how much, how.

    ``usage`` P production, T test. ``handling`` BPR01 (I, C, D, U, X payment; H notification only; P prenote).
    ``amount`` BPR02 with ``credit_debit`` C or D; ``method`` BPR04 (ACH, CHK, FWT, BOP, NON). ``date`` BPR16,
    ``trace`` TRN02, ``originator`` TRN03.
    """

    interchange: str
    usage: str
    version: str
    transaction: str
    handling: str
    amount: Decimal
    credit_debit: str
    method: str
    date: Date | None
    trace: str
    originator: str
    payer: Party
    payee: Party
    production_date: Date | None
    currency: str
    references: dict[str, str]
    position: int

    @property
    def payer_id(self) -> str:
        """What identifies the payer best: its id with the originator of the money, else with itself, else its name."""
        return (
            self.originator or self.payer.references.get("2U") or self.payer.identifier or self.payer.name.upper()
        )

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Two payments with this key are the same one: payer, trace, date (ISO or empty), amount (two decimals)."""
        return self.payer_id, self.trace, self.date.isoformat() if self.date else "", f"{self.signed_amount:.2f}"

    @property
    def signed_amount(self) -> Decimal:
        """What comes in; negative where the payer takes money (BPR03 D)."""
        return -self.amount if self.credit_debit == "D" else self.amount

    @property
    def is_test(self) -> bool:
        """A test file: nothing of it may be posted."""
        return self.usage == "T"

    @property
    def is_notification(self) -> bool:
        """Says what will be paid or was; the money itself is not moved by this file."""
        return self.handling == "H"

    @property
    def has_no_money(self) -> bool:
        """BPR04 NON: no payment goes with it."""
        return self.method == "NON"


class Adjustment(NamedTuple):
    """One reason of a CAS: group (CO, PR, OA, PI), reason code, amount (positive lowers the payment), quantity."""

    group: str
    code: str
    amount: Decimal
    quantity: Decimal | None = None


class Service(NamedTuple):
    """One line of a claim (SVC). ``code`` with its ``system`` (HC, AD, NU, N4 …) is what was decided on;
    ``original_code`` (SVC06) what was billed, where that differs. ``control_number`` is REF*6R, our line number.
    ``amounts`` by AMT qualifier (B6 allowed …)."""

    system: str
    code: str
    modifiers: tuple[str, ...]
    charge: Decimal
    paid: Decimal
    revenue_code: str
    units: Decimal
    original_system: str
    original_code: str
    original_modifiers: tuple[str, ...]
    original_units: Decimal | None
    dates: dict[str, Date]
    adjustments: tuple[Adjustment, ...]
    control_number: str
    references: dict[str, str]
    amounts: dict[str, Decimal]
    quantities: dict[str, Decimal]
    remarks: tuple[str, ...]
    position: int

    @property
    def date_from(self) -> Date | None:
        """The day of the service, or its first day."""
        return self.dates.get("472") or self.dates.get("150")

    @property
    def date_to(self) -> Date | None:
        """The last day of the service."""
        return self.dates.get("151") or self.date_from

    @property
    def difference(self) -> Decimal:
        """Zero if charge − adjustments = paid (835 TR3, 1.10.2.1.1)."""
        return self.charge - sum((item.amount for item in self.adjustments), ZERO) - self.paid


class Claim(NamedTuple):
    """One claim of a payment (CLP). ``claim_id`` is CLP01, our number as the payer repeats it; ``control_number``
    CLP07, the payer's. ``status`` CLP02. ``adjustments`` are those of the whole claim; those of lines stand in
    ``services``.

    ``dates`` by DTM qualifier: 232 / 233 statement from / to, 050 received, 036 end of coverage. ``amounts`` and
    ``quantities`` by qualifier. ``remarks`` from MIA and MOA. ``corrected_insured`` NM1*74, ``crossover`` NM1*TT (to
    whom it was forwarded), ``corrected_payer`` NM1*PR.
    """

    claim_id: str
    status: str
    charge: Decimal
    paid: Decimal
    patient_share: Decimal | None
    filing: str
    control_number: str
    facility: str
    frequency: str
    adjustments: tuple[Adjustment, ...]
    patient: Person | None
    insured: Person | None
    corrected_insured: Person | None
    rendering: Person | None
    crossover: Person | None
    corrected_payer: Person | None
    other_insured: Person | None
    references: dict[str, str]
    dates: dict[str, Date]
    amounts: dict[str, Decimal]
    quantities: dict[str, Decimal]
    remarks: tuple[str, ...]
    inpatient: tuple[str, ...]
    outpatient: tuple[str, ...]
    contacts: tuple[Contact, ...]
    services: tuple[Service, ...]
    line_number: str
    position: int

    @property
    def date_from(self) -> Date | None:
        """First day of the claim, else of its lines."""
        days = [service.date_from for service in self.services if service.date_from]
        return self.dates.get("232") or min(days, default=None)

    @property
    def date_to(self) -> Date | None:
        """Last day of the claim, else of its lines."""
        days = [service.date_to for service in self.services if service.date_to]
        return self.dates.get("233") or max(days, default=None) or self.date_from

    @property
    def received(self) -> Date | None:
        """When the payer received the claim."""
        return self.dates.get("050")

    @property
    def is_reversal(self) -> bool:
        """Takes an earlier answer back."""
        return self.status == REVERSAL

    @property
    def is_denied(self) -> bool:
        """Denied as a whole."""
        return self.status in DENIED

    @property
    def is_forwarded(self) -> bool:
        """Sent on to another payer by this one."""
        return self.status in FORWARDED

    @property
    def adjusted(self) -> Decimal:
        """All adjustments, of the claim and of its lines."""
        own = sum((item.amount for item in self.adjustments), ZERO)
        return own + sum((item.amount for service in self.services for item in service.adjustments), ZERO)

    @property
    def difference(self) -> Decimal:
        """Zero if charge − adjustments = paid (835 TR3, 1.10.2.1.2)."""
        return self.charge - self.adjusted - self.paid


class ProviderAdjustment(NamedTuple):
    """One pair of a PLB: money that belongs to no claim of this payment. A positive ``amount`` lowers the payment.
    ``code`` the reason (WO, FB, L6, 72, CS …), ``reference`` the rest of the identifier, ``fiscal_date`` PLB02."""

    npi: str
    fiscal_date: Date | None
    code: str
    reference: str
    amount: Decimal
    position: int


class Closing(NamedTuple):
    """The whole transaction was read: only now may something of it be posted.

    ``payment`` what comes in (BPR02, negative for a debit), ``claims_paid`` ΣCLP04, ``provider_adjustments`` ΣPLB,
    ``difference`` what is left of claims_paid − provider_adjustments − payment: zero, if it balances. ``held``: how
    many faults of severity "hold" were reported.
    """

    payment: Decimal
    claims_paid: Decimal
    provider_adjustments: Decimal
    difference: Decimal
    claims: int
    services: int
    held: int
    position: int


class Transaction(NamedTuple):
    """All records of one transaction, for files that fit into memory. ``closing`` is None where it was ``refused``."""

    payment: Payment | None
    claims: tuple[Claim, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...]
    faults: tuple[Fault, ...]
    closing: Closing | None
    refused: Refused | None
