"""Which unanswered claim is asked about first, and why. Pure: no database."""

from typing import NamedTuple

__all__ = ["HIGH", "NORMAL", "URGENT", "FollowUp", "rate"]

URGENT, HIGH, NORMAL = "3_urgent", "2_high", "1_normal"

# A claim this many times as large as the company's usual open claim is a large one.
LARGE = 2
# So many days before the payer stops to accept it there is hardly time to send it again.
NEAR_DEADLINE = 30


class FollowUp(NamedTuple):
    """What is known of a claim that waits for its payer."""

    amount: float
    usual_amount: float
    days_late: int
    days_to_deadline: int | None = None
    not_on_file: bool = False


def is_large(facts: FollowUp) -> bool:
    """Whether the claim is well above what the company usually asks for."""
    return facts.usual_amount > 0 and facts.amount >= LARGE * facts.usual_amount


def rate(facts: FollowUp) -> tuple[str, tuple[str, ...]]:
    """How urgent it is to ask the payer, and the reasons in the order of their weight.

    Points: two for a filing deadline close by or a payer that has nothing on file, since the money can be lost; one
    for each full fortnight late, two at most; one for a large amount.

    :return: (:data:`URGENT`, :data:`HIGH` or :data:`NORMAL`, keys among "not_on_file", "deadline", "late", "large")
    """
    points, reasons = 0, []
    if facts.not_on_file:
        points += 2
        reasons.append("not_on_file")
    if facts.days_to_deadline is not None and facts.days_to_deadline <= NEAR_DEADLINE:
        points += 2
        reasons.append("deadline")
    if facts.days_late > 0:
        points += min(facts.days_late // 14, 2)
        reasons.append("late")
    if is_large(facts):
        points += 1
        reasons.append("large")
    return (URGENT if points >= 3 else HIGH if points == 2 else NORMAL), tuple(reasons)
