"""How ICD codes are written: files leave the dot out, papers and people write it."""

import re
from datetime import date as Date

from .rows import Edition, Head

# A letter, then a figure somewhere: A00, C7A, since 2026 QA0.
ICD10 = re.compile(r"[A-Z](?=[A-Z]*[0-9])[0-9A-Z]{2,6}")
ICD9 = re.compile(r"[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}")
# The last day on which ICD-9-CM was used (45 CFR 162.1002(b)).
ICD9_LAST_DAY = Date(2015, 9, 30)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def with_dot(code: str, digits: int = 3) -> str:
    """A code as people write it: A0100 → A01.00."""
    return f"{code[:digits]}.{code[digits:]}" if len(code) > digits else code


def icd9_with_dot(code: str) -> str:
    """ICD-9-CM: the dot stands after three characters, after four in external causes (E8000 → E800.0)."""
    return with_dot(code, 4 if code.startswith("E") else 3)


def fiscal_edition(head: Head) -> Edition:
    """The edition of ICD-10-CM that a file's name says: a fiscal year begins in October, an update in April.

    ``icd10cm_order_2026.txt`` counts from 1 October 2025, ``icd10cm-order-April-1-2026.txt`` from 1 April 2026.
    """
    years = re.findall(r"(?<!\d)(20\d{2})(?!\d)", head.name)
    if not years:
        return Edition()
    year = int(years[-1])
    if re.search(r"apr", head.name, re.IGNORECASE):
        return Edition(f"{year}-04", Date(year, 4, 1))
    return Edition(str(year), Date(year - 1, 10, 1))


def version_edition(head: Head) -> Edition:
    """The version of ICD-9-CM in names like ``CMS32_DESC_LONG_DX.txt``: version 32 counts from 1 October 2014."""
    match = re.search(r"(?:CMS|V)(\d{2})(?!\d)", head.name, re.IGNORECASE)
    if not match:
        return Edition()
    version = int(match[1])
    return Edition(f"v{version}", Date(1982 + version, 10, 1))


def calendar_edition(head: Head) -> Edition:
    """The year, and where it stands there the month or quarter, that a name says: HCPC2024_OCT_ANWEB.txt."""
    match = re.search(r"(?<!\d)(20\d{2})(?!\d)", head.name)
    if not match:
        return Edition()
    year = int(match[1])
    rest = head.name[match.end():].lower()
    month = next((number for number, name in enumerate(MONTHS, 1) if re.search(rf"(?<![a-z]){name}", rest)), 1)
    if quarter := re.search(r"q([1-4])(?!\d)", head.name.lower()):
        month = 3 * int(quarter[1]) - 2
    return Edition(str(year) if month == 1 else f"{year}-{month:02}", Date(year, month, 1))
