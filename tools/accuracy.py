"""What can be wrong with a bill before it leaves: pure decisions about a document and the facts around it.

``find_flaws`` asks every check. A check says what is wrong as a kind and its facts; severity and words are the
business of the models in ``models/accuracy``.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date as Date
from decimal import Decimal

STOP, WARN, NOTE, CLEAN = LEVELS = ("stop", "warn", "note", "clean")


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code as it stands on a document; ``kind`` is what the list says it is. No dates: always valid."""

    text: str
    system: str = ""
    kind: str = "procedure"
    date_from: Date | None = None
    date_to: Date | None = None
    is_billable: bool = True
    is_active: bool = True

    def is_valid_on(self, day: Date) -> bool:
        """Whether it may be used for a service rendered on that day."""
        return (not self.date_from or self.date_from <= day) and (not self.date_to or day <= self.date_to)


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service of a document.

    ``price`` is per unit before ``discount`` (percent), ``expected`` what the price list says (None: nobody knows),
    ``amount`` units times price less discount as it is stored. ``document`` names where it stands, for sentences.
    ``told`` and ``told_modifiers`` are what the payer is told instead, by its habits; None: what stands here.
    """

    key: Hashable
    name: str
    product: Hashable = None
    code: Code | None = None
    modifiers: tuple[Code, ...] = ()
    has_modifier_gap: bool = False
    modifiers_needed: tuple[str, ...] = ()
    pointers: int = 0
    units: Decimal = Decimal(1)
    price: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    expected: Decimal | None = None
    provider: Hashable = None
    document: str = ""
    told: Code | None = None
    told_modifiers: tuple[str, ...] | None = None

    @property
    def payer_code(self) -> Code | None:
        """The code that the payer reads."""
        return self.told or self.code

    @property
    def payer_modifiers(self) -> frozenset[str]:
        """The modifiers that the payer reads."""
        told = self.told_modifiers
        texts = (modifier.text for modifier in self.modifiers) if told is None else told
        return frozenset(text.upper() for text in texts)

    @property
    def payer_text(self) -> str:
        """The code for a sentence to the office: its own first, then what the payer reads."""
        if not self.told or not self.code or self.told.text == self.code.text:
            return self.payer_code.text if self.payer_code else ""
        return f"{self.code.text} → {self.told.text}"

    @property
    def label(self) -> tuple:
        """What makes it the same service to whoever pays: code or product, and modifiers in any order."""
        code = self.payer_code
        what = (code.system, code.text.upper()) if code else ("", self.product)
        return what, tuple(sorted(self.payer_modifiers))


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody whom a claim names."""

    name: str
    birth_date: Date | None = None
    address_missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The coverage that is asked first: its plan, what its payer wants to know, until when it accepts claims.

    ``asks_identity``: insurers and agencies want to know who was treated and by whom; an employer does not.
    ``verification``: "verified", "unverified" or "problem"; ``verified_on`` the day of the latest answer.
    """

    plan: str
    payer: str
    asks_identity: bool = True
    systems: frozenset[str] = frozenset()
    member_number: str = ""
    is_in_force: bool = True
    deadline: Date | None = None
    verification: str = "verified"
    answer: str | None = None
    verified_on: Date | None = None
    subscriber: Person | None = None


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two procedures of which the payer pays the first only, on one day by one provider."""

    code_1: str
    code_2: str
    system: str
    date_from: Date | None = None
    date_to: Date | None = None
    modifier_allowed: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """How many units of a code a payer accepts, in a line or on a day."""

    code: str
    system: str
    units: int
    per: str = "day"
    date_from: Date | None = None
    date_to: Date | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the office has set: from which share a price is off, how many days ahead a deadline is near."""

    price_tolerance: Decimal = Decimal("0.10")
    filing_days: int = 30
    wants_npi: bool = True


@dataclass(frozen=True, kw_only=True)
class Edits:
    """What payers publish about codes: pairs by both codes, ceilings by system and code."""

    pairs: dict[tuple[str, str], list[Pair]] = field(default_factory=dict)
    ceilings: dict[tuple[str, str], list[Ceiling]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A visit, an estimate or a claim, with everything that its checks need.

    ``others``: services of the same patient on the same day that stand elsewhere. ``lost`` tells the plan and last
    day of a coverage that is not in force on the day, where none is. ``known`` are flaws that the models have found.
    """

    kind: str
    date: Date
    today: Date
    services: tuple[Service, ...] = ()
    others: tuple[Service, ...] = ()
    diagnoses: tuple[Code, ...] = ()
    patient: Person | None = None
    provider: str = ""
    npi: str = ""
    office: str = ""
    office_npi: str = ""
    policy: Policy | None = None
    lost: tuple[str, Date | None] | None = None
    total: Decimal = Decimal(0)
    total_of_services: Decimal = Decimal(0)
    unit: Decimal = Decimal("0.01")
    known: tuple["Flaw", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """Something that is wrong: which check says so, about which service, and the facts for its sentence.

    ``place`` tells two flaws of one kind apart. ``facts`` are what a person who accepts the flaw has seen: once they
    change it is a new matter. ``severity`` only where it is decided elsewhere than in the catalogue.
    """

    kind: str
    place: str = ""
    service: Hashable = None
    facts: dict = field(default_factory=dict)
    severity: str | None = None


Check = Callable[[Document, Terms, Edits], Iterator[Flaw]]


def find_flaws(document: Document, terms: Terms, edits: Edits, checks: Iterable[Check]) -> list[Flaw]:
    """Everything that these checks find, and what was known before."""
    return [*document.known, *(flaw for check in checks for flaw in check(document, terms, edits))]


def worst(levels: Iterable[str]) -> str:
    """The most severe of these; *clean* when there are none."""
    return min(levels, key=LEVELS.index, default=CLEAN)
