"""Whether two people are likely the same person: names however they were typed, numbers however they were written.

Pure: nothing here knows the database. Names are compared without accents, case, punctuation and order of their parts,
with a small typo allowed in each part.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

# How alike two names are when they are taken for the same: Stefan and Stephan, but not Lucía and Mateo.
ALIKE = 0.82
# The end of a phone number tells people apart; the country's prefix is written or not.
PHONE_DIGITS = 9
# Letters that Unicode does not take apart into a base letter and an accent.
LETTERS = str.maketrans({
    "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ı": "i", "þ": "th", "Þ": "Th",
})
# What stands beside a name and is no part of it.
TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "jr", "sr", "herr", "frau", "senor", "senora", "sra"})
LEGAL_FORMS = frozenset({"inc", "llc", "ltd", "corp", "co", "company", "gmbh", "ag", "kg", "sa", "sl", "sarl", "plc"})

NO_PARTS = TITLES | LEGAL_FORMS

# Reasons, from the surest to the least.
MEMBER, BIRTH, NAME, PHONE, EMAIL = "member", "birth", "name", "phone", "email"


class Person(NamedTuple):
    """What is known of somebody when looking for the same person; what is not known is empty."""

    name: str = ""
    birth_date: object = None
    phone: str = ""
    email: str = ""
    members: frozenset = frozenset()


@lru_cache(maxsize=16384)
def name_parts(name):
    """The parts of a name, in alphabetical order, without accents, case, punctuation, titles and legal forms.

    A name that consists of nothing else keeps its parts.
    """
    plain = unicodedata.normalize("NFKD", (name or "").translate(LETTERS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    parts = sorted(re.findall(r"\w+", plain.replace("'", "").replace("’", "")))
    return tuple(part for part in parts if part not in NO_PARTS) or tuple(parts)


def name_key(name):
    """One text for all the ways in which a name is written: ``López, Ana`` and ``ANA LOPEZ`` are ``ana lopez``."""
    return " ".join(name_parts(name))


def likeness(one, other):
    """How alike two names are, from 0 to 1.

    Each part of the shorter name looks for its like in the longer one, so that a second given name more or less
    does little harm; what is left over lowers the answer a little.
    """
    short, long = sorted((name_parts(one), name_parts(other)), key=lambda parts: (len(parts), parts))
    if not short:
        return 0.0
    if short == long:
        return 1.0
    left, found = list(long), []
    for part in short:
        best = max(left, key=lambda candidate, part=part: (_part_likeness(part, candidate), candidate))
        found.append(_part_likeness(part, best))
        left.remove(best)
    # A single name fits many people: it is not enough to be contained in a longer one.
    missing = 0.05 * len(left) if len(short) > 1 else 0.5 * bool(left)
    return max(min(found) * 0.5 + sum(found) / len(found) * 0.5 - missing, 0.0)


def _part_likeness(one, other):
    if one == other:
        return 1.0
    if min(len(one), len(other)) == 1:
        # An initial stands for any name that begins with it, with less certainty.
        return 0.85 if one[0] == other[0] else 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def is_alike(one, other):
    """Whether two names may be the same one, typed differently."""
    return likeness(one, other) >= ALIKE


def phone_digits(phone):
    """The digits by which phone numbers are compared; empty when there are too few to mean anything."""
    digits = re.sub(r"\D", "", phone or "")
    return digits[-PHONE_DIGITS:] if len(digits) >= 6 else ""


def email_key(email):
    """An e-mail address as it is compared."""
    return (email or "").strip().casefold()


def member_key(number):
    """A member number as it is compared: cards set it apart with blanks and hyphens, people type small letters."""
    return re.sub(r"[\W_]", "", number or "").upper()


def member_keys(numbers):
    """What is compared of several member numbers, without those of which nothing is left."""
    return {member_key(number) for number in numbers} - {""}


def common(one, other):
    """What two people have in common, as a tuple of reasons, the surest first."""
    reasons = []
    if member_keys(one.members) & member_keys(other.members):
        reasons.append(MEMBER)
    if one.birth_date and one.birth_date == other.birth_date:
        reasons.append(BIRTH)
    if is_alike(one.name, other.name):
        reasons.append(NAME)
    if phone_digits(one.phone) and phone_digits(one.phone) == phone_digits(other.phone):
        reasons.append(PHONE)
    if email_key(one.email) and email_key(one.email) == email_key(other.email):
        reasons.append(EMAIL)
    return tuple(reasons)


def is_candidate(reasons):
    """Whether somebody with this in common is worth a look: a birth date alone is shared by strangers."""
    return bool(set(reasons) - {BIRTH})


def is_likely(reasons, one, other):
    """Whether two people are so alike that a second account should not be opened without saying so.

    Families share phone, e-mail and often a member number: it takes the name, or the birth date, besides.
    Two birth dates that differ speak against the same name.
    """
    reasons = set(reasons)
    if NAME in reasons:
        differ = one.birth_date and other.birth_date and BIRTH not in reasons
        return bool(reasons & {MEMBER, BIRTH, PHONE, EMAIL}) or (
            not differ and name_key(one.name) == name_key(other.name)
        )
    return BIRTH in reasons and MEMBER in reasons
