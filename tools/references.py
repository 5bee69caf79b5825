"""Finding a document's number in what people type into a bank transfer."""

import re
from collections.abc import Iterable, Sequence

__all__ = ["find_references", "normalise"]

# Shorter ones are found in any text by chance.
SHORTEST = 5


def normalise(text: str) -> str:
    """Letters and figures only, in capitals: banks drop hyphens, people add blanks."""
    return re.sub(r"[\W_]", "", text or "").upper()


def find_references(texts: Sequence[str], numbers: Iterable[str]) -> list[str | None]:
    """For each text the one of these numbers that it names, whatever stands between its signs.

    A number that goes on in the text does not count, but a day or a count may follow it; and where a text names two,
    none is found: somebody has to look.

    >>> numbers = ["PP-2026-00012", "PP-2026-00013"]
    >>> find_references(["Rate pp 2026 00012, danke", "PP-2026-00012 / PP-2026-00013"], numbers)
    ['PP-2026-00012', None]
    >>> find_references(["PP-2026-00012 01.04.2026", "PP-2026-000127"], numbers)
    ['PP-2026-00012', None]
    """
    wanted = {plain: number for number in numbers if len(plain := normalise(number)) >= SHORTEST}
    found = []
    for text in texts:
        flat = normalise(text)
        named = [number for plain, number in wanted.items() if plain in flat and _stands_in(plain, text or "")]
        found.append(named[0] if len(named) == 1 else None)
    return found


def _stands_in(plain: str, text: str) -> bool:
    """Whether a number stands in a text, with no further figure right behind it or before it."""
    before = r"(?<!\d)" if plain[0].isdigit() else ""
    after = r"(?!\d)" if plain[-1].isdigit() else ""
    return bool(re.search(before + r"[\W_]*".join(map(re.escape, plain)) + after, text, re.IGNORECASE))
