"""The facts of one claim, the same for the 837P file, the CMS-1500 form and letters.

Plain values, nothing of the database: amounts are ``Decimal`` in the currency of the claim, days ``datetime.date``,
missing texts are empty and missing days ``None``. Loops and segments are those of X12 005010X222A1 (837P), boxes
those of the CMS-1500 (02/12).
"""

import datetime
from decimal import Decimal
from typing import NamedTuple

NOTHING = Decimal(0)
RELATIONSHIPS = ("self", "spouse", "child", "other")
SEXES = ("female", "male", "other", "unknown")


class Address(NamedTuple):
    """Where somebody lives or works (N3, N4; boxes 5, 7, 32, 33 and the carrier block).

    ``state`` and ``country`` are codes (``CA``, ``US``); ``zip`` as typed, with or without blanks and hyphens.
    """

    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything of it is known, apart from the country."""
        return any(self[:-1])


class Party(NamedTuple):
    """A person or an organisation (NM1, N3, N4, REF, PRV, PER).

    ``name`` is the name as people write it; ``last`` to ``suffix`` are its parts and empty for an organisation.
    ``tax_kind`` says what ``tax_id`` is: ``EI`` an employer's number, ``SY`` a social security number
    (2010AA REF; box 25). ``taxonomy`` is the ten signs of the provider's specialty (PRV; box 24J shaded, 33b with ZZ).
    """

    name: str = ""
    is_person: bool = False
    last: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""
    npi: str = ""
    tax_id: str = ""
    tax_kind: str = ""
    taxonomy: str = ""
    phone: str = ""
    address: Address = Address()


class Insured(NamedTuple):
    """Who holds a policy, and what the patient is to them.

    ``party`` and ``member_number``: 2010BA (2330A) NM1; boxes 1a, 4, 7 (9, 9a). ``birth`` and ``sex``: DMG; box 11a.
    ``relationship``: ``self`` (SBR02 18), ``spouse`` (PAT01 01), ``child`` (19), ``other`` (G8); box 6.
    ``group_number``: SBR03; box 11. ``group_name``: SBR04. ``plan_name``: box 11c (9d).
    """

    party: Party = Party()
    member_number: str = ""
    birth: datetime.date | None = None
    sex: str = ""
    relationship: str = "self"
    group_number: str = ""
    group_name: str = ""
    plan_name: str = ""


class Adjustment(NamedTuple):
    """An amount that an earlier payer did not pay, and why (CAS in 2320 or 2430): group CO, PR, OA or PI, and code."""

    group: str
    code: str
    amount: Decimal
    quantity: Decimal | None = None


class ServiceAnswer(NamedTuple):
    """What an earlier payer answered about one service (2430 SVD, CAS, DTP*573).

    ``paid`` plus the adjustments is the charge of the service. ``units`` are those paid (SVD05), ``code`` and
    ``modifiers`` those that the payer answered about (SVD03), ``date`` the day of its answer.
    """

    paid: Decimal
    units: Decimal
    code: str
    modifiers: tuple[str, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    date: datetime.date | None = None

    @property
    def adjusted(self) -> Decimal:
        """What it did not pay."""
        return sum((adjustment.amount for adjustment in self.adjustments), NOTHING)


class OtherPayer(NamedTuple):
    """Another insurance of the patient and, once it was asked, what it answered (2320, 2330, 2430; boxes 9, 11d, 29).

    ``code`` is the payer's identifier (2330B NM109, the same as SVD01), ``rank`` its turn: 1 primary to 3 tertiary
    (SBR01), ``filing`` its kind (SBR09). ``paid`` is ``None`` as long as it has not answered. ``adjustments`` are
    those of the claim as a whole, ``services`` those per service: {number of the service: :class:`ServiceAnswer`}.
    ``control_number`` is its number of the claim (2330B REF*F8), ``date`` the day of its latest answer (DTP*573).
    """

    payer: Party
    code: str
    insured: Insured
    rank: int
    filing: str = "ZZ"
    paid: Decimal | None = None
    adjustments: tuple[Adjustment, ...] = ()
    services: dict[int, ServiceAnswer] = {}
    control_number: str = ""
    date: datetime.date | None = None

    @property
    def is_answered(self) -> bool:
        """Whether it was asked before and has answered."""
        return self.paid is not None

    @property
    def patient_share(self) -> Decimal:
        """What it left to the patient or the next payer: its PR adjustments, whether of services or of the claim."""
        own = [*self.adjustments, *(one for answer in self.services.values() for one in answer.adjustments)]
        return sum((one.amount for one in own if one.group == "PR"), NOTHING)


class Service(NamedTuple):
    """One service of a claim (2400; box 24).

    ``number`` counts from 1 (LX01). ``code`` and up to four ``modifiers``: SV101; 24D. ``description``: SV101-7; 24
    shaded. ``pointers``: letters of the diagnoses (SV107 as numbers; 24E). ``charge``: the whole charge of all units,
    taxes included, whoever pays it (SV102; 24F); ``tax`` of it (AMT*T). ``units``: SV104; 24G. ``place``: SV105; 24B.
    ``emergency``: SV109; 24C. ``date_from``, ``date_to``: DTP*472; 24A. ``rendering``: only if another than the claim's
    (2420A; 24J). ``authorization``: only if another than the claim's (REF*G1). ``note``: NTE; 24 shaded.
    ``control_number``: the id of the invoice line, which answers bring back (REF*6R). ``asked``: what of the charge
    this payer is asked for. ``system``: the key of the code's list in capitals, such as CPT or HCPCS.
    """

    number: int
    code: str
    modifiers: tuple[str, ...]
    charge: Decimal
    units: Decimal
    date_from: datetime.date | None
    date_to: datetime.date | None = None
    description: str = ""
    pointers: str = "A"
    place: str = ""
    emergency: bool = False
    rendering: Party | None = None
    authorization: str = ""
    note: str = ""
    control_number: str = ""
    tax: Decimal = NOTHING
    asked: Decimal | None = None
    system: str = ""


class Accident(NamedTuple):
    """What the visit has to do with an accident (CLM11, DTP*439; boxes 10a–c, 14).

    ``kind`` is ``auto``, ``employment`` or ``other``; ``state`` is where an accident with a car happened.
    """

    kind: str = ""
    state: str = ""
    date: datetime.date | None = None


class Diagnosis(NamedTuple):
    """One diagnosis as the payer is told (HI; box 21): its letter, and the code with or without its dot."""

    letter: str
    code: str


class Dates(NamedTuple):
    """Days of an illness, each of them unknown to most claims.

    ``onset``: DTP*431, box 14 with 431. ``last_period``: DTP*484, box 14 with 484. ``first_seen``: DTP*454, box 15.
    ``unable_from``, ``unable_to``: DTP*314, 360 or 361, box 16. ``admission``, ``discharge``: DTP*435, 096, box 18.
    """

    onset: datetime.date | None = None
    last_period: datetime.date | None = None
    first_seen: datetime.date | None = None
    unable_from: datetime.date | None = None
    unable_to: datetime.date | None = None
    admission: datetime.date | None = None
    discharge: datetime.date | None = None


class ClaimContent(NamedTuple):
    """What one claim tells its payer.

    ``number``: CLM01; box 26. ``frequency``: 1 original, 7 replacement, 8 void (CLM05-3; box 22); the latter two name
    the ``original_reference``, the payer's number of the claim (REF*F8; box 22). ``payer`` and ``payer_code``:
    2010BB; carrier block. ``rank``: 1 to 3 (SBR01). ``filing``: the kind of payer (SBR09; box 1). ``insured``:
    2010BA; boxes 1a, 4, 6, 7, 11. ``patient``, ``patient_birth``, ``patient_sex``: 2010CA, or 2010BA where the
    patient holds the policy; boxes 2, 3, 5. ``diagnosis_system``: 10 or 9, the revision of the ICD (HI; box 21
    indicator 0 or 9). ``total``: CLM02; box 28. ``paid_by_patient``: AMT*F5; box 29 together with what other payers
    paid. ``place``: CLM05-1; box 24B. ``authorization``: REF*G1; box 23. ``referring``: 2310A DN; box 17.
    ``rendering``: 2310B; boxes 24J, 31. ``facility``: 2310C; box 32. ``supervising``: 2310D; box 17 with DQ.
    ``billing``: 2010AA; boxes 25, 33. ``pay_to``: where money goes if not to the billing provider's address (2010AB).
    ``accident``: CLM11; box 10. ``dates``: boxes 14 to 18. ``note``: NTE*ADD; box 19. ``values``: what else the payer
    asks for, label and value. ``accepts_assignment``: CLM07; box 27. ``assigns_benefits``: CLM08; box 13.
    ``release_signed``: CLM09; box 12. ``others``: 2320; boxes 9, 11d. ``currency``: the code of all amounts (2000A
    CUR where they are no US dollars).
    ``secondary_reason``: why Medicare pays after somebody else, a number of two digits (SBR05).
    """

    number: str
    payer: Party
    payer_code: str
    insured: Insured
    patient: Party
    billing: Party
    diagnoses: tuple[Diagnosis, ...]
    services: tuple[Service, ...]
    total: Decimal
    frequency: str = "1"
    original_reference: str = ""
    rank: int = 1
    filing: str = "ZZ"
    patient_birth: datetime.date | None = None
    patient_sex: str = ""
    diagnosis_system: str = "10"
    paid_by_patient: Decimal = NOTHING
    place: str = ""
    authorization: str = ""
    referring: Party | None = None
    rendering: Party | None = None
    facility: Party | None = None
    supervising: Party | None = None
    pay_to: Party | None = None
    accident: Accident = Accident()
    dates: Dates = Dates()
    note: str = ""
    values: tuple[tuple[str, str], ...] = ()
    accepts_assignment: bool = True
    assigns_benefits: bool = True
    release_signed: bool = True
    others: tuple[OtherPayer, ...] = ()
    currency: str = "USD"
    secondary_reason: str = ""

    @property
    def remark(self) -> str:
        """The note and what else the payer asks for in one line (NTE*ADD; box 19)."""
        return "; ".join(filter(None, [self.note, *(f"{label} {value}" for label, value in self.values if value)]))

    @property
    def is_self(self) -> bool:
        """Whether the patient holds the policy."""
        return self.insured.relationship == "self"
