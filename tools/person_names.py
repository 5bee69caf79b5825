"""Taking a person's name apart, as claims want it: family name, first name, what is between, what follows."""

import re
from typing import NamedTuple

TITLES = frozenset({
    "dr", "prof", "mr", "mrs", "ms", "miss", "mx", "sr", "sra", "srta", "herr", "frau", "rev", "hon",
    "med", "dra", "profa",
})
SUFFIXES = {"jr": "JR", "sr": "SR", "ii": "II", "iii": "III", "iv": "IV", "v": "V"}
# What stands behind the names of people who treat others.
DEGREES = frozenset({
    "md", "do", "phd", "psyd", "np", "pa", "pac", "rn", "dds", "dmd", "dc", "dpm", "od", "pt", "dpt", "ot", "lcsw",
    "lmft", "facp", "facs", "mph", "msn", "dnp", "fnp", "aprn", "cnm", "crna", "slp", "bcba", "esq", "ma", "ms", "msc",
})
# Those that stay degrees where a whole name is written in capitals: YO YO MA has none.
SURE_DEGREES = frozenset({"md", "phd", "psyd", "dds", "dmd", "dpm", "lcsw", "lmft", "dnp", "fnp", "crna", "aprn"})
PARTICLES = frozenset({
    "de", "del", "la", "las", "los", "van", "von", "der", "den", "zu", "zur", "vom", "di", "da", "do", "dos", "das",
    "du", "le", "el", "al", "bin", "ibn", "ben", "st", "ter", "ten", "af", "av", "mac",
})


class PersonName(NamedTuple):
    """The parts of a name; only the family name is always there."""

    last: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""


def split_name(name: str) -> PersonName:
    """The parts of “First Middle Last” or “Last, First Middle”; titles and degrees are left out.

    >>> split_name("Dr. Ana María de la Cruz Jr.")
    PersonName(last='de la Cruz', first='Ana', middle='María', suffix='JR')
    >>> split_name("Müller-Lüdenscheidt, Hans Georg")
    PersonName(last='Müller-Lüdenscheidt', first='Hans', middle='Georg', suffix='')
    >>> split_name("Ruth Stein, MD")
    PersonName(last='Stein', first='Ruth', middle='', suffix='')
    """
    degrees = SURE_DEGREES if (name or "").isupper() else DEGREES
    parts = [words for part in (name or "").split(",") if (words := _strip_degrees(part.split(), degrees))]
    if not parts:
        # Somebody may be called Ma or Pa: nothing else is left then.
        return PersonName(" ".join((name or "").replace(",", " ").split()))
    suffix = ""
    if len(parts) > 1 and len(parts[-1]) == 1 and _key(parts[-1][0]) in SUFFIXES:
        suffix = SUFFIXES[_key(parts.pop()[0])]
    if len(parts) > 1:
        last, given = parts[0], [word for part in parts[1:] for word in part]
        last, of_last = _take_suffix(last)
        given, of_given = _take_suffix(_strip_titles(given))
        return PersonName(" ".join(_strip_titles(last)), *_divide(given), suffix or of_last or of_given)
    words, own = _take_suffix(_strip_titles(parts[0]))
    given, last = _find_last(words)
    return PersonName(" ".join(last), *_divide(given), suffix or own)


def _key(word):
    return re.sub(r"[.\s-]", "", word).casefold()


def _strip_titles(words):
    """The words without titles before the name; a title alone is a name."""
    while len(words) > 1 and _key(words[0]) in TITLES:
        words = words[1:]
    return words


def _strip_degrees(words, degrees):
    """The words without degrees behind the name, where they are written as such: MD, M.D., PhD."""
    while words and _key(words[-1]) in degrees and (words[-1].isupper() or "." in words[-1] or words[-1] == "PhD"):
        words = words[:-1]
    return words


def _take_suffix(words):
    """The words without the suffix at their end, and the suffix; three words at least, as V may be a name."""
    if len(words) > 1 and (key := _key(words[-1])) in SUFFIXES and (len(words) > 2 or len(key) > 1):
        return words[:-1], SUFFIXES[key]
    return words, ""


def _find_last(words):
    """Where the family name begins: at its particles, else at the last word."""
    begin = len(words) - 1
    while begin > 1 and _key(words[begin - 1]) in PARTICLES:
        begin -= 1
    return words[:begin], words[begin:]


def _divide(given):
    return (given[0], " ".join(given[1:])) if given else ("", "")
