"""General equivalence mappings, ``2013_I9gem.txt``: source code, target code, five flags.

Flags: approximate, no map, combination, scenario, choice list. NoDx stands where there is no target.
"""

import re

from .icd import ICD9, ICD10, icd9_with_dot, with_dot
from .lines import read_lines
from .rows import CrosswalkRow, Edition, Format, Unreadable

LINE = re.compile(r"(\S{3,7}) +(\S{3,7}) +([01]{3}\d\d)\s*")
NO_MAP = "NoDx"


def reader(source, target):
    """A reader for one direction: the patterns and ways of writing of both lists."""
    def read(file):
        for item in read_lines(file):
            if isinstance(item, Unreadable):
                yield item
                continue
            number, text = item
            yield read_line(number, text, source, target)

    return read


def read_line(number, text, source, target):
    """One line: a code and what it corresponds to."""
    match = LINE.fullmatch(text)
    if not match:
        return Unreadable(number, "cut", {"length": len(text), "expected": 19})
    old, new, flags = match.groups()
    if not source[0].fullmatch(old):
        return Unreadable(number, "code", {"code": old})
    no_map = flags[1] == "1" or new == NO_MAP
    if not no_map and not target[0].fullmatch(new):
        return Unreadable(number, "code", {"code": new})
    return CrosswalkRow(
        number, source[1](old), None if no_map else target[1](new), flags[0] == "1", no_map, flags[2] == "1",
        int(flags[3]), int(flags[4]),
    )


def direction(head, source, target):
    """Whether most of the first lines lead from one list to the other."""
    found = [match for line in head.lines[:50] if (match := LINE.fullmatch(line))]
    fitting = [
        match for match in found
        if source.fullmatch(match[1]) and (match[2] == NO_MAP or target.fullmatch(match[2]))
    ]
    return len(fitting) * 2 > len(head.lines[:50])


def edition(head):
    """The year in the name of the file."""
    match = re.search(r"20\d{2}", head.name)
    return Edition(match[0] if match else None)


NINE, TEN = (ICD9, icd9_with_dot), (ICD10, with_dot)
FORMATS = (
    Format(
        key="gem_9_to_10",
        target="crosswalk",
        systems={"from": "ICD9CM", "to": "ICD10CM"},
        looks_like=lambda head: direction(head, ICD9, ICD10),
        read=reader(NINE, TEN),
        edition=edition,
    ),
    Format(
        key="gem_10_to_9",
        target="crosswalk",
        systems={"from": "ICD10CM", "to": "ICD9CM"},
        looks_like=lambda head: direction(head, ICD10, ICD9),
        read=reader(TEN, NINE),
        edition=edition,
    ),
)
