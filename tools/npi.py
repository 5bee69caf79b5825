"""The National Provider Identifier of the United States (45 CFR 162.406)."""

# Prefix for health applications (80) and the United States (840), part of the check digit.
ISSUER = "80840"


def is_valid_npi(text: str) -> bool:
    """Whether the text is ten digits, begins with 1 or 2, and its check digit is right."""
    if len(text) != 10 or not (text.isascii() and text.isdigit()) or text[0] not in "12":
        return False
    return luhn_sum(ISSUER + text) % 10 == 0


def luhn_sum(digits: str) -> int:
    """Luhn's sum over digits of which the last is the check digit (ISO/IEC 7812-1, annex B)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total
