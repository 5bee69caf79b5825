"""Which of a plan's coverage rules speaks of a service: the most specific one."""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from .code_range import covers, measure_range

__all__ = ["Scope", "Service", "choose"]


@dataclass(frozen=True)
class Service:
    """What a rule looks at: the product, its categories from the nearest up, the procedure code, the day."""

    product: Hashable
    categories: Collection[Hashable]
    code: str
    day: date


@dataclass(frozen=True)
class Scope:
    """Which services a rule speaks of, on which days. All empty: the whole plan.

    ``code_to`` empty: the single code ``code_from``. ``category_depth`` counts from 1 at the top.
    """

    rule: Hashable
    product: Hashable = None
    code_from: str = ""
    code_to: str = ""
    category: Hashable = None
    category_depth: int = 0
    date_from: date | None = None
    date_to: date | None = None
    sequence: int = 10

    def speaks_of(self, service: Service) -> bool:
        """Whether the service is one of those, on its day."""
        if (self.date_from and service.day < self.date_from) or (self.date_to and service.day > self.date_to):
            return False
        if self.product:
            return service.product == self.product
        if self.code_from:
            return covers(service.code, self.code_from, self.code_to)
        if self.category:
            return self.category in service.categories
        return True

    def rank(self) -> tuple:
        """The smaller, the more specific: product, single code, narrower range, deeper category, whole plan.

        Among equals the one that began later wins, then the first by sequence.
        """
        began = -self.date_from.toordinal() if self.date_from else 0
        return (*self.kind(), began, self.sequence)

    def kind(self) -> tuple[int, int]:
        """How specific it is, whenever it began."""
        if self.product:
            return 0, 0
        if self.code_from:
            width = measure_range(self.code_from, self.code_to)
            return (1, 0) if width == 1 else (2, width)
        if self.category:
            return 3, -self.category_depth
        return 4, 0


def choose(scopes: Iterable[Scope], service: Service) -> list[Scope]:
    """The rules that speak of a service, the winner first."""
    return sorted((scope for scope in scopes if scope.speaks_of(service)), key=Scope.rank)
