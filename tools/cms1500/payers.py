"""What the kind of a payer (SBR09) means for a form: the cross of box 1, and the habits of Medicare.

Medicare reads boxes 4, 7, 9, 11 and 29 in its own way (Medicare Claims Processing Manual, chapter 26, section 10).
"""

MEDICARE = frozenset({"MA", "MB"})
# Payers of a group of people, if the policy names one.
OF_GROUPS = frozenset({"11", "12", "13", "14", "15", "17", "BL", "CI", "FI", "HM"})
PROGRAMMES = {"MC": "medicaid", "CH": "tricare", "VA": "champva"}


def is_medicare(filing: str) -> bool:
    """Whether the payer is Medicare."""
    return filing in MEDICARE


def find_programme(filing: str, has_group: bool) -> str:
    """Which small box of box 1 is crossed, as in :data:`boxes.PLACES` behind ``1.``.

    No kind of payer in a file means the fund for federal employees and miners (FECA): it is never crossed.
    """
    if is_medicare(filing):
        return "medicare"
    if filing in PROGRAMMES:
        return PROGRAMMES[filing]
    return "group" if has_group and filing in OF_GROUPS else "other"
