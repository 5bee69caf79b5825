"""Texts in the characters that X12 files carry: capitals, digits and plain signs (X12.6, the basic set)."""

import unicodedata

# What has no decomposition of its own, and the signs of typographers.
NEAREST = str.maketrans({
    "ß": "SS", "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "Ø": "O", "ø": "O", "Ł": "L", "ł": "L", "Đ": "D", "đ": "D",
    "Ð": "D", "ð": "D", "Þ": "TH", "þ": "TH", "ı": "I", "Ħ": "H", "ħ": "H", "’": "'", "‘": "'", "´": "'", "`": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...",
    "·": ".", "•": ".", "⁄": "/", "×": "X", "€": "EUR", "£": "GBP", "@": "(AT)", "_": "-", "[": "(", "]": ")", "{": "(",
    "}": ")", "\\": "/", "|": "/", "#": "NO.", "%": " PCT", "<": "(", ">": ")", "$": "USD",
    # The separators of a file never stand inside its data.
    "*": " ", "~": "-", "^": " ", ":": " ",
})
ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"&'()+,-./;?= ")


def to_basic(text: str) -> str:
    """The text in capitals without accents, its blanks made single; what has no likeness is left out.

    >>> to_basic("José  López-Müller")
    'JOSE LOPEZ-MULLER'
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    plain = unicodedata.normalize("NFKD", str(text).translate(NEAREST)).translate(NEAREST).upper()
    kept = "".join(" " if sign.isspace() else sign for sign in plain if sign in ALLOWED or sign.isspace())
    return " ".join(kept.split())


def to_digits(text: str) -> str:
    """The digits 0 to 9 of a text, such as those of a telephone number or a ZIP code."""
    return "".join(sign for sign in text if sign in "0123456789")
