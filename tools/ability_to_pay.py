"""What a household can bear: the highest instalment that leaves it enough to live on."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from .money import round_down

__all__ = ["PER_YEAR", "Household", "get_bearable", "get_count"]

# How many instalments of each frequency fall into a year.
PER_YEAR = {"week": 52, "fortnight": 26, "half_month": 24, "month": 12, "quarter": 4}
MONTHS_OF_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Household:
    """What somebody has and needs in a month, in one currency.

    :param dependants: who live on the income besides the person asked
    :param allowance: what the office leaves for each of them beyond the expenses named
    :param share: how much of what is left may go into the plan, in percent
    """

    income: Decimal
    expenses: Decimal
    dependants: int = 0
    allowance: Decimal = Decimal(0)
    share: Decimal = Decimal(50)

    @property
    def left(self) -> Decimal:
        """What is left of a month's income, nothing at the least."""
        return max(self.income - self.expenses - self.dependants * self.allowance, Decimal(0))


def get_bearable(household: Household, frequency: str, unit: Decimal) -> Decimal:
    """The highest instalment of this frequency that the household can bear, rounded down; 0 when it can bear none.

    :raise KeyError: own dates, which have no frequency
    """
    yearly = household.left * MONTHS_OF_YEAR * household.share / 100
    return round_down(yearly / PER_YEAR[frequency], unit)


def get_count(debt: Decimal, bearable: Decimal) -> int | None:
    """How many instalments of what can be borne pay the debt; None when nothing can be borne."""
    if bearable <= 0:
        return None
    return int((debt / bearable).to_integral_value(ROUND_CEILING))
