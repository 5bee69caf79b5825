"""Which of a plan's coverage rules speaks of a service: the most specific one."""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date

__all__ = ["Scope", "Service", "choose", "is_range", "measure_range"]


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
            return _is_between(service.code.upper(), self.code_from.upper(), (self.code_to or self.code_from).upper())
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


def is_range(code_from: str, code_to: str) -> bool:
    """Whether two codes can be the ends of a range: as long as each other, the first not after the last."""
    return len(code_from) == len(code_to) and code_from.upper() <= code_to.upper()


def measure_range(code_from: str, code_to: str) -> int:
    """How many codes lie in a range, counting every digit and letter: only to compare ranges with one another."""
    if not code_to or code_from.upper() == code_to.upper():
        return 1
    return _to_number(code_to) - _to_number(code_from) + 1


def _is_between(code, first, last):
    # 0001T to 0999T are the codes that end in T: those ending in F are another list.
    tail = last[-1:] if last[-1:].isalpha() and first[-1:] == last[-1:] else ""
    return len(code) == len(first) and first <= code <= last and code.endswith(tail)


def _to_number(code):
    # Signs such as the hyphen of an office's own codes count as nothing.
    return int("".join(sign if sign.isascii() and sign.isalnum() else "0" for sign in code.upper()), 36)
