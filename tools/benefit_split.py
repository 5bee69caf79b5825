"""Who pays what of a visit when the insurance benefits are known in advance."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .money import is_whole, round_down, round_half_up, split_ratio

__all__ = ["Benefits", "Share", "split_charges", "split_ratio"]

ZERO = Decimal(0)


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
        if not 0 <= self.coinsurance <= 1:
            raise ValueError(f"Coinsurance is a fraction between 0 and 1, got {self.coinsurance}")


@dataclass(frozen=True)
class Share:
    """One charge, divided: the payer's part and the three reasons for the patient's part."""

    payer: Decimal
    deductible: Decimal = ZERO
    copay: Decimal = ZERO
    coinsurance: Decimal = ZERO

    @property
    def patient(self) -> Decimal:
        """All that the patient pays of this charge."""
        return self.deductible + self.copay + self.coinsurance

    @property
    def charge(self) -> Decimal:
        """The whole charge again."""
        return self.payer + self.patient


def split_charges(charges: Sequence[Decimal], benefits: Benefits, unit: Decimal) -> list[Share]:
    """Divide the charges of one encounter between payer and patient, in the order given.

    Of each charge the patient first pays what is left of the deductible, then what is left of
    the copay (one per encounter, never on top of the charge), then coinsurance on the rest, half
    cents up. The out-of-pocket limit takes away coinsurance first, then copay, then deductible.

    :return: one share per charge; payer and patient add up to the charge exactly
    :raise ValueError: a charge is negative or no multiple of ``unit``
    """
    deductible_left = round_half_up(benefits.deductible_left, unit)
    copay_left = round_half_up(benefits.copay, unit)
    oop_left = None if benefits.oop_left is None else round_down(benefits.oop_left, unit)
    shares = []
    for charge in charges:
        _check_charge(charge, unit)
        deductible = min(charge, deductible_left)
        copay = min(charge - deductible, copay_left)
        coinsurance = round_half_up((charge - deductible - copay) * benefits.coinsurance, unit)
        if oop_left is not None:
            deductible = min(deductible, oop_left)
            copay = min(copay, oop_left - deductible)
            coinsurance = min(coinsurance, oop_left - deductible - copay)
            oop_left -= deductible + copay + coinsurance
        deductible_left -= deductible
        copay_left -= copay
        payer = charge - deductible - copay - coinsurance
        shares.append(Share(payer=payer, deductible=deductible, copay=copay, coinsurance=coinsurance))
    return shares


def _check_charge(charge: Decimal, unit: Decimal):
    if charge < 0:
        raise ValueError(f"A charge cannot be negative: {charge}")
    if not is_whole(charge, unit):
        raise ValueError(f"The charge {charge} is not a multiple of {unit}")
