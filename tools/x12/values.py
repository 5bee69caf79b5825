"""Amounts, numbers and dates of X12 elements, read strictly: what could be meant otherwise is an error."""

import re
from datetime import date as Date
from decimal import Decimal
from functools import lru_cache

NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
# X12 allows 18 digits of an amount, and 15 of a quantity.
LONGEST = 20
CENT = Decimal("0.01")
# Before that nobody was born who is treated; some senders fill empty dates with year 1.
FIRST_YEAR = 1880
DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
SHORT_DAY = re.compile(r"(\d\d)(\d\d)(\d\d)", re.ASCII)


class BadValueError(ValueError):
    """No amount, number or date."""


@lru_cache(maxsize=8192)
def to_number(text: str) -> Decimal:
    """A number as X12 writes it: digits, one point, a sign.

    :raise BadValueError: anything else, such as blanks, letters, commas, exponents, or too many digits
    """
    text = text.strip()
    if len(text) > LONGEST or not NUMBER.fullmatch(text):
        raise BadValueError(text)
    return Decimal(text)


@lru_cache(maxsize=8192)
def to_amount(text: str) -> Decimal:
    """An amount of money; of no more than two decimals, because nobody can pay the rest.

    :raise BadValueError: no number, or a fraction of a cent
    """
    amount = to_number(text)
    if amount.as_tuple().exponent < -2:
        rounded = amount.quantize(CENT)
        if rounded != amount:
            raise BadValueError(text)
        return rounded
    return amount


@lru_cache(maxsize=4096)
def to_date(text: str) -> Date:
    """A day: CCYYMMDD, or YYMMDD of this century as older versions write it; a time of day behind it is left out.

    :raise BadValueError: no day
    """
    text = text.strip()
    found = DAY.fullmatch(text[:8]) if len(text) in (8, 12, 14) else SHORT_DAY.fullmatch(text)
    if not found:
        raise BadValueError(text)
    year, month, day = map(int, found.groups())
    if len(found[1]) == 2:
        year += 2000
    try:
        if year < FIRST_YEAR:
            raise BadValueError(text)
        return Date(year, month, day)
    except ValueError as error:
        raise BadValueError(text) from error
