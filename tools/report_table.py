"""The shape of a printed report: columns, groups with their figures, rows in the order of the page. No database."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

Value = str | date | datetime | int | float | None


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    DATE = "date"
    MONTH = "month"  # the first day of it
    MOMENT = "moment"
    INTEGER = "integer"
    NUMBER = "number"
    PERCENT = "percent"
    DAYS = "days"
    MONEY = "money"

    @property
    def is_number(self) -> bool:
        return self in _NUMBERS


_NUMBERS = {Kind.INTEGER, Kind.NUMBER, Kind.PERCENT, Kind.DAYS, Kind.MONEY}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what stands in it, and how it comes together in totals."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    # Places after the point, of numbers that are no money.
    digits: int = 2
    # Groups have a figure in it.
    has_total: bool = False
    # The figure of a group is the sum of its rows: not so for rates and averages.
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Currency:
    """The currency of a part: amounts of two are never added together."""

    name: str
    digits: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together: so many of them, and a figure for each amount."""

    path: tuple
    label: Value
    count: int
    figures: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """One row of the analysis."""

    path: tuple
    labels: tuple[Value, ...]
    cells: tuple[Value, ...]
    amounts: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a report says in one currency."""

    currency: Currency
    total: Group
    # Groups by the path of the group above them.
    children: Mapping[tuple, Sequence[Group]]
    # Reads the rows, anew each time, in the order of the groups.
    details: Callable[[], Iterable[Detail]]
    # What else it is kept apart by, such as promised and received.
    name: str = ""

    @property
    def title(self) -> str:
        """What a part is called: its currency, and what else it is kept apart by."""
        return " ".join(filter(None, (self.currency.name, self.name)))

    def leaves(self, depth: int) -> Iterator[tuple[Group, ...]]:
        """The lowest groups with those above them, in the order of the page."""
        yield from self._leaves((), depth)

    def _leaves(self, above, depth):
        if depth == 0:
            yield above
            return
        for group in self.children.get(above[-1].path if above else (), ()):
            yield from self._leaves((*above, group), depth - 1)

    def group_count(self, depth: int) -> int:
        """How many groups there are down to this level."""
        return sum(len(groups) for path, groups in self.children.items() if len(path) < depth)


@dataclass(frozen=True, slots=True)
class Table:
    """A report as somebody asked for it."""

    title: str
    question: str
    # What was asked, in sentences: day, companies, grouping, who and when.
    asked: Sequence[str]
    levels: Sequence[Column]
    details: Sequence[Column]
    amounts: Sequence[Column]
    parts: Sequence[Part]
    with_details: bool
    is_landscape: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def record_count(self) -> int:
        """Rows of the analysis behind the table."""
        return sum(part.total.count for part in self.parts)

    @property
    def row_count(self) -> int:
        """Rows that a sheet has: those of the analysis, or one for each of the lowest groups."""
        if self.with_details:
            return self.record_count
        return sum(1 for part in self.parts for _leaf in part.leaves(len(self.levels)))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a paper."""

    kind: str  # group, detail, subtotal or total
    level: int
    label: Value
    cells: tuple[Value, ...] = ()
    amounts: tuple[float | None, ...] = ()


def outline(part: Part, depth: int, details: Mapping[tuple, Sequence[Detail]] | None = None) -> Iterator[Row]:
    """The lines of a part in the order of the page: each group opens, shows what is in it, and closes with its figures.

    :param depth: how many levels of groups are shown
    :param details: rows by the path of their lowest group; without them the lowest groups are one line each
    """
    yield from _lines(part, (), 0, depth, details)
    yield Row("total", 0, None, (), part.total.figures)


def _lines(part, path, level, depth, details):
    if level == depth:
        for row in (details or {}).get(path, ()):
            yield Row("detail", level, None, row.cells, row.amounts)
        return
    for group in part.children.get(path, ()):
        if level == depth - 1 and details is None:
            yield Row("detail", level, group.label, (), group.figures)
            continue
        yield Row("group", level, group.label)
        yield from _lines(part, group.path, level + 1, depth, details)
        yield Row("subtotal", level, group.label, (), group.figures)


def blocks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Lines that the end of a page shall not part: a heading with what follows it, a total with what it sums up."""
    block: list[Row] = []
    for row in rows:
        is_open = block and (block[-1].kind == "group" or row.kind in ("subtotal", "total"))
        if block and not is_open:
            yield block
            block = []
        block.append(row)
    if block:
        yield block


def fitting(table: Table, most: int) -> tuple[int, bool]:
    """How much of a table a paper can hold.

    :param most: lines that a paper may have
    :return: how many levels of groups, and whether the rows below them are shown
    """
    depth = len(table.levels)
    if table.with_details and table.record_count <= most:
        return depth, True
    while depth and sum(part.group_count(depth) for part in table.parts) > most:
        depth -= 1
    return depth, False
