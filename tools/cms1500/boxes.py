"""Where on a CMS-1500 (02/12) each box is typed: lines and columns of a print at 10 characters and 6 lines per inch.

Lines and columns count from the first the form has (carrier block: lines -4 to -1). Columns were compared with the
fields of the fillable form that the Centers for Medicare & Medicaid Services publish, and with the grid of the National
Uniform Claim Committee: where they differ from each other, what lies between the printed lines holds.
"""

from typing import NamedTuple

SERVICES_A_FORM = 6
DIAGNOSES = "ABCDEFGHIJKL"
FIRST_COLUMN, LAST_COLUMN = 1, 79
FIRST_LINE, LAST_LINE = -4, 56


class Place(NamedTuple):
    """Room for one text: ``width`` characters from ``column`` on; amounts stand at the right of it."""

    line: int
    column: int
    width: int
    is_right: bool = False


class Entry(NamedTuple):
    """One text of a form, at its place. ``is_wrong``: something is the matter with it, or it is missing."""

    box: str
    text: str
    line: int
    column: int
    width: int
    is_wrong: bool = False


class Problem(NamedTuple):
    """Why a claim does not go on the form as it is.

    ``reason`` is one of :data:`REASONS`, ``room`` how many characters (or diagnoses, modifiers …) the box takes, zero
    where that does not matter, ``service`` the number of the service that it is about, zero: none.
    """

    box: str
    reason: str
    value: str = ""
    room: int = 0
    service: int = 0


# Key: what is the matter. The sentences that people read are written where their language is known.
REASONS = (
    "too_wide", "missing", "letters", "too_many", "pointer", "negative", "total", "currency", "revision", "no_room",
)


def _day(line, month, day, year):
    """Places of a date in three parts, the year with four digits."""
    return {"month": Place(line, month, 2), "day": Place(line, day, 2), "year": Place(line, year, 4)}


def _address(box, lines, column, city, state, zip_, area):
    """Places of boxes 5 and 7: street, city and state, postal code and telephone."""
    street_line, city_line, zip_line = lines
    state_at, state_width = state
    return {
        f"{box}.street": Place(street_line, *column),
        f"{box}.city": Place(city_line, *city),
        f"{box}.state": Place(city_line, state_at, state_width),
        f"{box}.zip": Place(zip_line, *zip_),
        f"{box}.area": Place(zip_line, area, 3),
        f"{box}.phone": Place(zip_line, area + 4, 7),
    }


def _flatten(box, places):
    return {f"{box}.{part}": place for part, place in places.items()}


# The number of a box, and behind a dot the part of it.
PLACES = {
    **{f"carrier.{number}": Place(number - 5, 41, 31) for number in (1, 2, 3, 4)},
    "1.medicare": Place(3, 1, 1), "1.medicaid": Place(3, 8, 1), "1.tricare": Place(3, 15, 1),
    "1.champva": Place(3, 24, 1), "1.group": Place(3, 31, 1), "1.feca": Place(3, 39, 1), "1.other": Place(3, 45, 1),
    "1a": Place(3, 50, 29),
    "2": Place(5, 1, 28),
    **_flatten("3", _day(5, 31, 34, 37)), "3.male": Place(5, 42, 1), "3.female": Place(5, 47, 1),
    "4": Place(5, 50, 29),
    **_address("5", (7, 9, 11), (1, 28), (1, 24), (26, 3), (1, 12), 15),
    "6.self": Place(7, 33, 1), "6.spouse": Place(7, 38, 1), "6.child": Place(7, 42, 1), "6.other": Place(7, 47, 1),
    **_address("7", (7, 9, 11), (50, 29), (50, 23), (74, 4), (50, 12), 65),
    "9": Place(13, 1, 28), "9a": Place(15, 1, 28), "9d": Place(21, 1, 28),
    "10a.yes": Place(15, 35, 1), "10a.no": Place(15, 41, 1),
    "10b.yes": Place(17, 35, 1), "10b.no": Place(17, 41, 1), "10b.state": Place(17, 45, 2),
    "10c.yes": Place(19, 35, 1), "10c.no": Place(19, 41, 1),
    "11": Place(13, 50, 29),
    **_flatten("11a", _day(15, 53, 56, 59)), "11a.male": Place(15, 68, 1), "11a.female": Place(15, 75, 1),
    "11c": Place(19, 50, 29), "11d.yes": Place(21, 52, 1), "11d.no": Place(21, 57, 1),
    "12": Place(24, 7, 24), "13": Place(24, 55, 23),
    **_flatten("14", _day(27, 2, 5, 8)), "14.qualifier": Place(27, 16, 3),
    "15.qualifier": Place(27, 31, 3), **_flatten("15", _day(27, 37, 40, 43)),
    **_flatten("16.from", _day(27, 54, 57, 60)), **_flatten("16.to", _day(27, 68, 71, 74)),
    "17.qualifier": Place(29, 1, 2), "17": Place(29, 4, 24), "17b": Place(29, 33, 10),
    **_flatten("18.from", _day(29, 54, 57, 60)), **_flatten("18.to", _day(29, 68, 71, 74)),
    # The upper line begins behind its caption.
    "19.upper": Place(30, 26, 23), "19": Place(31, 1, 48),
    "20.no": Place(31, 57, 1),
    "21.revision": Place(32, 42, 1),
    **{f"21.{letter}": Place(33 + at // 4, 3 + 13 * (at % 4), 7) for at, letter in enumerate(DIAGNOSES)},
    "22.code": Place(33, 50, 10), "22.reference": Place(33, 62, 17),
    "23": Place(35, 50, 29),
    "25": Place(51, 1, 15), "25.ssn": Place(51, 17, 1), "25.ein": Place(51, 19, 1),
    "26": Place(51, 23, 14),
    "27.yes": Place(51, 38, 1), "27.no": Place(51, 43, 1),
    "28": Place(51, 51, 9, is_right=True), "29": Place(51, 62, 8, is_right=True),
    "31": Place(55, 1, 21), "31.date": Place(56, 6, 8),
    "32.1": Place(53, 23, 26), "32.2": Place(54, 23, 26), "32.3": Place(55, 23, 26), "32a": Place(56, 24, 10),
    "33.area": Place(52, 66, 3), "33.phone": Place(52, 70, 7),
    "33.1": Place(53, 50, 29), "33.2": Place(54, 50, 29), "33.3": Place(55, 50, 29),
    "33a": Place(56, 51, 10), "33b": Place(56, 63, 16),
}

# Box 24: columns of a service; the shaded half of it is the line above.
SERVICE_COLUMNS = {
    "24A.from_month": (1, 2), "24A.from_day": (4, 2), "24A.from_year": (7, 2),
    "24A.to_month": (10, 2), "24A.to_day": (13, 2), "24A.to_year": (16, 2),
    "24B": (19, 2), "24C": (22, 2), "24D": (25, 7),
    "24D.1": (33, 2), "24D.2": (36, 2), "24D.3": (39, 2), "24D.4": (42, 2),
    "24E": (45, 4), "24F": (50, 8), "24G": (59, 3), "24J": (68, 10),
}
SHADED_COLUMNS = {"24.shaded": (1, 61), "24I.shaded": (65, 2), "24J.shaded": (68, 11)}
FIRST_SERVICE_LINE, LINES_A_SERVICE = 39, 2


def find_place(key: str, row: int = 0) -> Place:
    """Where a box, or a part of it, is typed.

    :param key: as in :data:`PLACES`, :data:`SERVICE_COLUMNS` or :data:`SHADED_COLUMNS`
    :param row: which service of the form, from 0 to 5; of box 24 only
    """
    if key in PLACES:
        return PLACES[key]
    line = FIRST_SERVICE_LINE + LINES_A_SERVICE * row
    if key in SHADED_COLUMNS:
        return Place(line - 1, *SHADED_COLUMNS[key])
    return Place(line, *SERVICE_COLUMNS[key], is_right=key == "24F")
