"""What a CMS-1500 understands of a text: capital letters and figures of English, hardly any punctuation."""

import re
import unicodedata
from decimal import Decimal

# Letters that are no others with a mark on them.
OTHER_LETTERS = str.maketrans({
    "ß": "SS", "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ð": "D", "Đ": "D", "Þ": "TH", "Ł": "L", "Ħ": "H", "ı": "I",
    "Ŋ": "N", "Ŧ": "T", "&": " AND ", "–": "-", "—": "-", "‐": "-",
    # Nothing stands between what they part.
    "'": "", "’": "", "‘": "", "`": "", "´": "", "ʼ": "",
})
KNOWN = re.compile(r"[A-Z0-9 ]")
# As the post writes them where room is short.
SHORT = {
    "STREET": "ST", "AVENUE": "AVE", "ROAD": "RD", "BOULEVARD": "BLVD", "DRIVE": "DR", "LANE": "LN", "COURT": "CT",
    "PLACE": "PL", "HIGHWAY": "HWY", "PARKWAY": "PKWY", "CIRCLE": "CIR", "TERRACE": "TER", "SQUARE": "SQ",
    "APARTMENT": "APT", "SUITE": "STE", "BUILDING": "BLDG", "FLOOR": "FL", "ROOM": "RM", "DEPARTMENT": "DEPT",
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW",
}


def to_letters(text: str, keep: str = "") -> str:
    """A text in capitals without marks and punctuation.

    Letters that no form can be told (those of other scripts) stay as they are: see :func:`find_unknown`.

    :param keep: punctuation that stays, because the instructions of the box allow it
    """
    text = (text or "").upper().translate(OTHER_LETTERS)
    text = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    ).upper().replace("\N{FRACTION SLASH}", "/")
    # P.O. is one word, 12.5 are two.
    text = re.sub(r"(?<=[^\W\d])\.(?=[^\W\d])", "", text) if "." not in keep else text
    return " ".join("".join(
        letter if KNOWN.match(letter) or letter in keep or letter.isalnum() else " " for letter in text
    ).split())


def to_number(text: str) -> str:
    """A number as identity cards show it, without what parts its figures."""
    return to_letters(text).replace(" ", "")


def find_unknown(text: str) -> str:
    """The letters of a text that no form can be told."""
    return "".join(dict.fromkeys(letter for letter in text if not letter.isascii()))


def to_phone(text: str) -> tuple[str, str]:
    """Area code and number of an American telephone; empty for others, which the form has no room for."""
    digits = re.sub(r"\D", "", text or "")
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    return (digits[:3], digits[3:]) if len(digits) == 10 else ("", "")


def to_zip(text: str) -> str:
    """A postal code; the nine figures of an American one with their hyphen."""
    text = to_letters(text, keep="-")
    return f"{text[:5]}-{text[5:]}" if len(text) == 9 and text.isdigit() else text


def to_street(address, room: int) -> str:
    """Street and what is added to it, shortened as the post does where it is too wide; fractions keep their slash."""
    words = to_letters(f"{address.street} {address.street2}", keep="/-").split()
    text = " ".join(words)
    return text if len(text) <= room else " ".join(SHORT.get(word, word) for word in words)


def to_place(address) -> str:
    """City, state and postal code in one line."""
    return " ".join(filter(None, (to_letters(address.city, "-"), to_letters(address.state), to_zip(address.zip))))


def to_name(party, room: int) -> str:
    """LAST SUFFIX, FIRST, M as boxes 2, 4 and 9 want it; of a long name the last name is cut last."""
    if not party.is_person or not party.last:
        return to_letters(party.name, "-")[:room].strip()
    last = " ".join(filter(None, (to_letters(party.last, "-"), to_letters(party.suffix))))
    first, middle = to_letters(party.first, "-"), to_letters(party.middle)[:1]
    for parts in ((last, first, middle), (last, first)):
        text = ", ".join(part for part in parts if part)
        if len(text) <= room:
            return text
    # At least the first letter of the first name stays.
    last = last[:room - 3].strip() if first else last[:room]
    return ", ".join(filter(None, (last, first[:room - len(last) - 2].strip())))


def to_signed_name(party, room: int) -> str:
    """FIRST M LAST as box 17 and the line of a provider want it, cut where it is too wide."""
    if not party.is_person or not party.last:
        return to_letters(party.name, "-")[:room].strip()
    first, middle, last = to_letters(party.first, "-"), to_letters(party.middle)[:1], to_letters(party.last, "-")
    for parts in ((first, middle, last, to_letters(party.suffix)), (first, last), (first[:1], last)):
        text = " ".join(part for part in parts if part)
        if len(text) <= room:
            return text
    return text[:room].strip()


def to_money(amount: Decimal, room: int) -> str:
    """Dollars and cents, without sign or point: a blank parts them as long as there is room for it."""
    dollars, cents = divmod(int(abs(amount * 100).to_integral_value()), 100)
    text = f"{dollars} {cents:02}"
    return text if len(text) <= room else f"{dollars}{cents:02}"


def to_units(units: Decimal) -> str:
    """Days or units without zeros that say nothing; a fraction keeps its point (box 24G)."""
    return f"{units.normalize():f}"
