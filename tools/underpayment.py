"""Whether a payer has paid what the contract promises: one service, decided without a database."""

from decimal import Decimal
from typing import NamedTuple

from .money import round_half_up

__all__ = ["PaidService", "find_shortfall"]

ZERO = Decimal(0)
PERCENT = Decimal(100)


class PaidService(NamedTuple):
    """What a payer's answers say of one service, in the currency of the claim.

    :param asked: what the payer was asked for
    :param contract: what the contract allows for it, payer's and patient's parts together; None where no contract is
        known, and nothing can be said
    :param paid: what the payer has paid
    :param patient: what the answers leave to the patient (group PR): the contract allows it, the patient bears it
    :param denied: what is refused and still open: it is fought for as a denial, not as an underpayment
    :param reduced: what the answers took off as more than the contract allows (CO-45)
    """

    asked: Decimal
    contract: Decimal | None
    paid: Decimal = ZERO
    patient: Decimal = ZERO
    denied: Decimal = ZERO
    reduced: Decimal = ZERO


def find_shortfall(
    service: PaidService, tolerance: Decimal = ZERO, tolerance_percent: Decimal = ZERO, unit: Decimal = Decimal("0.01"),
) -> Decimal:
    """What the payer has taken off beyond the contract; zero where it kept it.

    The sign is a contractual reduction larger than what was asked less the contract price. Reductions for other reasons
    (sequestration, penalties) explain themselves and are no underpayment.

    :param tolerance: differences up to this amount are let go, and
    :param tolerance_percent: those up to this part of the contract price; whichever is more
    :param unit: the smallest amount of the currency
    """
    if service.contract is None:
        return ZERO
    allowed = min(service.contract, service.asked)
    too_much = service.reduced - (service.asked - allowed)
    missing = allowed - service.paid - service.patient - service.denied
    shortfall = round_half_up(max(min(too_much, missing), ZERO), unit)
    limit = max(tolerance, allowed * tolerance_percent / PERCENT)
    return shortfall if shortfall > limit else ZERO
