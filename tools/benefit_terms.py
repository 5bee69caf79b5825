"""What the split of a charge starts from and what it gives: plain values, see ``benefit_split``."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

ZERO = Decimal(0)
# What a coverage leaves to others, in the order in which it stands on their invoices.
LEFT_KINDS = ("deductible", "coinsurance", "copay", "not_covered", "over_limit")
# The figures of an answer in the order in which they are explained.
STEP_KINDS = ("not_covered", "over_limit", "discount", "deductible", "copay", "coinsurance", "capped", "payer")

# === WHAT IS KNOWN BEFOREHAND === #


@dataclass(frozen=True)
class Benefits:
    """What a coverage leaves to the patient, as it stands on the day of the visit.

    Amounts are in currency units; ``coinsurance`` is the patient's fraction (0.2 = 20 %);
    ``oop_left`` is what the patient can still be asked to pay this year, None without a limit.
    """

    copay: Decimal = ZERO
    deductible_left: Decimal = ZERO
    coinsurance: Decimal = ZERO
    oop_left: Decimal | None = None

    def __post_init__(self):
        if min(self.copay, self.deductible_left, self.oop_left or ZERO) < 0:
            raise ValueError("Benefits cannot be negative")
        _check_fraction(self.coinsurance)


@dataclass(frozen=True)
class Terms:
    """What a plan says of one service: a rule of its own, or, with nothing said, the benefits of the coverage.

    ``coinsurance`` is the patient's fraction and ``copay`` the amount per visit that the rule names, None where the
    coverage's own counts; ``payer_fixed`` is what the payer gives for each unit, instead of a fraction;
    ``allowed`` is what the payer recognises of the whole service, None: the charge. ``rule`` says whose copay and
    limit these are.
    """

    rule: Hashable = None
    covered: bool = True
    coinsurance: Decimal | None = None
    payer_fixed: Decimal | None = None
    copay: Decimal | None = None
    deductible_applies: bool = True
    allowed: Decimal | None = None

    def __post_init__(self):
        if min(self.payer_fixed or ZERO, self.copay or ZERO, self.allowed or ZERO) < 0:
            raise ValueError("What a rule names cannot be negative")
        _check_fraction(self.coinsurance or ZERO)


@dataclass(frozen=True)
class Limit:
    """What is left of a rule's limit: units of the service, or money that the payer pays. None: no such limit."""

    units_left: Decimal | None = None
    amount_left: Decimal | None = None

    def __post_init__(self):
        if min(self.units_left or ZERO, self.amount_left or ZERO) < 0:
            raise ValueError("What is left of a limit cannot be negative")


@dataclass(frozen=True)
class Cover:
    """One coverage as the split sees it: its benefits, its terms {service: Terms}, its limits {rule: Limit}."""

    key: Hashable = None
    benefits: Benefits = field(default_factory=Benefits)
    terms: Mapping[Hashable, Terms] = field(default_factory=dict)
    limits: Mapping[Hashable, Limit] = field(default_factory=dict)

    def get_terms(self, line: Hashable) -> Terms:
        """What the plan says of one service; nothing of its own where no rule speaks of it."""
        return self.terms.get(line) or Terms()


@dataclass(frozen=True)
class Piece:
    """An amount of one service: the charge, or a part of it that a coverage (``cover``) left for a reason (``kind``).

    ``units`` are those of the whole service; ``source`` is the place of what it comes from among the pieces put in;
    ``earlier`` is the first (kind, cover) that left it, when another coverage has left it since.
    """

    line: Hashable
    amount: Decimal
    units: Decimal = Decimal(1)
    kind: str | None = None
    cover: Hashable = None
    source: int = 0
    earlier: tuple[str, Hashable] | None = None


# === WHAT COMES OUT === #


@dataclass(frozen=True)
class Share:
    """One piece of charge, divided: the payer's part, and what goes on, by reason.

    ``capped`` tells what the out-of-pocket maximum took off the patient; it is in the payer's part already.
    """

    payer: Decimal
    deductible: Decimal = ZERO
    copay: Decimal = ZERO
    coinsurance: Decimal = ZERO
    discount: Decimal = ZERO
    not_covered: Decimal = ZERO
    over_limit: Decimal = ZERO
    capped: Decimal = field(default=ZERO, compare=False)

    @property
    def patient(self) -> Decimal:
        """The patient's share of a benefit: what counts towards the out-of-pocket maximum."""
        return self.deductible + self.copay + self.coinsurance

    @property
    def left(self) -> Decimal:
        """All that goes on to the next coverage or the patient."""
        return self.patient + self.not_covered + self.over_limit

    @property
    def asked(self) -> Decimal:
        """What this payer is invoiced: its payment, and the discount that its answer gives up."""
        return self.payer + self.discount

    @property
    def charge(self) -> Decimal:
        """The whole again."""
        return self.asked + self.left


@dataclass(frozen=True)
class Step:
    """One figure of a split, to be said in words: ``amount`` of a service under a coverage, and why (``kind``).

    ``base`` is what was asked of this coverage for the service; ``terms`` and ``benefits`` are those that applied.
    """

    line: Hashable
    cover: Hashable
    kind: str
    amount: Decimal
    base: Decimal
    terms: Terms
    benefits: Benefits


@dataclass(frozen=True)
class Answer:
    """What one coverage does with the pieces that it is asked for."""

    cover: Cover
    pieces: tuple[Piece, ...]
    shares: tuple[Share, ...]

    def total(self, name: str, line: Hashable = None) -> Decimal:
        """The sum of one figure of the shares, of all services or of one."""
        return sum(
            (
                getattr(share, name)
                for piece, share in zip(self.pieces, self.shares, strict=True)
                if line in (None, piece.line)
            ),
            ZERO,
        )

    def left(self) -> list[Piece]:
        """What goes on, piece by piece with its reason.

        What an earlier coverage left stays its deductible or coinsurance when this one does not take it up.
        """
        pieces = []
        for piece, share in zip(self.pieces, self.shares, strict=True):
            for kind in LEFT_KINDS:
                if amount := getattr(share, kind):
                    if piece.kind and kind in ("not_covered", "over_limit"):
                        pieces.append(replace(piece, amount=amount))
                    else:
                        before = (piece.kind, piece.cover) if piece.kind in LEFT_KINDS else None
                        pieces.append(replace(
                            piece, amount=amount, kind=kind, cover=self.cover.key, earlier=piece.earlier or before,
                        ))
        return pieces


@dataclass(frozen=True)
class Split:
    """A charge divided among coverages and patient. Payers, discounts and patient add up to the charge exactly."""

    pieces: tuple[Piece, ...]
    answers: tuple[Answer, ...]
    rest: tuple[Piece, ...]

    @property
    def lines(self) -> tuple[Hashable, ...]:
        """The services, in order."""
        return tuple(dict.fromkeys(piece.line for piece in self.pieces))

    def charge(self, line: Hashable = None) -> Decimal:
        """What is divided, of all services or of one."""
        return _sum_pieces(self.pieces, line)

    def patient(self, line: Hashable = None) -> Decimal:
        """What nobody but the patient is left to pay."""
        return _sum_pieces(self.rest, line)

    def payer(self, cover: Hashable = None, line: Hashable = None) -> Decimal:
        """What payers are expected to pay: all of them, or the one of a coverage."""
        return self._total("payer", cover, line)

    def discount(self, cover: Hashable = None, line: Hashable = None) -> Decimal:
        """What payers' contracts take off the charge."""
        return self._total("discount", cover, line)

    def reasons(self, line: Hashable = None) -> dict[str | None, Decimal]:
        """What the patient pays by reason: {kind: amount}; None stands for a charge that no coverage was asked for."""
        reasons = {}
        for piece in self.rest:
            if line in (None, piece.line):
                reasons[piece.kind] = reasons.get(piece.kind, ZERO) + piece.amount
        return reasons

    def steps(self, line: Hashable = None, cover: Hashable = None) -> list[Step]:
        """Every figure that is not zero, service by service, coverage by coverage, in the order of explaining."""
        return [
            Step(key, answer.cover.key, kind, amount, base, answer.cover.get_terms(key), answer.cover.benefits)
            for key in self.lines
            if line in (None, key)
            for answer in self.answers
            if cover in (None, answer.cover.key) and (base := answer.total("charge", key))
            for kind in STEP_KINDS
            if (amount := answer.total(kind, key))
        ]

    def _total(self, name, cover, line):
        answers = (answer for answer in self.answers if cover in (None, answer.cover.key))
        return sum((answer.total(name, line) for answer in answers), ZERO)


def _sum_pieces(pieces, line):
    return sum((piece.amount for piece in pieces if line in (None, piece.line)), ZERO)


def _check_fraction(fraction):
    if not 0 <= fraction <= 1:
        raise ValueError(f"Coinsurance is a fraction between 0 and 1, got {fraction}")
