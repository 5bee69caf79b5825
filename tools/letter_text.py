"""Texts of letters with names in braces, filled in without running anything that stands in them."""

import re
from collections.abc import Collection, Mapping

__all__ = ["fill_in", "find_unknown"]

_NAME = re.compile(r"\{([^{}]*)\}")


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """The text with each ``{name}`` replaced by its value; a value is never read for names again.

    A name that nobody knows stays as it is, so that whoever reads the letter sees it.
    """
    return _NAME.sub(lambda match: str(values.get(match[1].strip(), match[0])), text or "")


def find_unknown(text: str, names: Collection[str]) -> list[str]:
    """The names in braces that are none of ``names``, in their order, each once."""
    return list(dict.fromkeys(
        name for match in _NAME.finditer(text or "") if (name := match[1].strip()) not in names
    ))
