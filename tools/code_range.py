"""Ranges of codes, 97110 to 97140 or 0001T to 0999T: one meaning for plans, authorizations and checks."""

__all__ = ["covers", "is_range", "measure_range"]


def is_range(code_from: str, code_to: str) -> bool:
    """Whether two codes can be the ends of a range: as long as each other, the first not after the last."""
    return len(code_from) == len(code_to) and code_from.upper() <= code_to.upper()


def measure_range(code_from: str, code_to: str) -> int:
    """How many codes lie in a range, counting every digit and letter: only to compare ranges with one another."""
    if not code_to or code_from.upper() == code_to.upper():
        return 1
    return _to_number(code_to) - _to_number(code_from) + 1


def covers(code: str, code_from: str, code_to: str = "") -> bool:
    """Whether a code lies in a range; without a last code, whether it is the first.

    Codes of another length are never between, and 0001T to 0999T are the codes that end in T: those that end in F are
    another list.
    """
    code, first, last = code.upper(), code_from.upper(), (code_to or code_from).upper()
    tail = last[-1:] if last[-1:].isalpha() and first[-1:] == last[-1:] else ""
    return len(code) == len(first) and first <= code <= last and code.endswith(tail)


def _to_number(code):
    # Signs such as the hyphen of an office's own codes count as nothing.
    return int("".join(sign if sign.isascii() and sign.isalnum() else "0" for sign in code.upper()), 36)
