"""The lines and captions of a CMS-1500, drawn by ourselves in grey: a proof to look at, which no payer takes.

Places are columns and lines of the grid (``boxes``): a row lies between the lines above and below its text.
"""

from typing import NamedTuple

LEFT, MIDDLE, RIGHT, END = 0.8, 29.5, 49.5, 80.0


class Cell(NamedTuple):
    """A box with its caption, from the left and upper to the right and lower edge."""

    caption: str
    left: float
    top: float
    right: float
    bottom: float


CELLS = (
    Cell("1 Kind of insurance", LEFT, 1, RIGHT, 3), Cell("1a Insured's number", RIGHT, 1, END, 3),
    Cell("2 Patient: last name, first name, initial", LEFT, 3, MIDDLE, 5), Cell("3 Born", MIDDLE, 3, RIGHT, 5),
    Cell("4 Insured: last name, first name, initial", RIGHT, 3, END, 5),
    Cell("5 Patient's street", LEFT, 5, MIDDLE, 7), Cell("6 Patient is the insured's", MIDDLE, 5, RIGHT, 7),
    Cell("7 Insured's street", RIGHT, 5, END, 7),
    Cell("5 City", LEFT, 7, 25.5, 9), Cell("State", 25.5, 7, MIDDLE, 9), Cell("8", MIDDLE, 7, RIGHT, 11),
    Cell("7 City", RIGHT, 7, 73.5, 9), Cell("State", 73.5, 7, END, 9),
    Cell("5 ZIP", LEFT, 9, 14, 11), Cell("Telephone", 14, 9, MIDDLE, 11),
    Cell("7 ZIP", RIGHT, 9, 63, 11), Cell("Telephone", 63, 9, END, 11),
    Cell("9 Other insured", LEFT, 11, MIDDLE, 13), Cell("10 Because of …", MIDDLE, 11, RIGHT, 13),
    Cell("11 Policy, group or FECA number", RIGHT, 11, END, 13),
    Cell("9a Other policy or group", LEFT, 13, MIDDLE, 15), Cell("10a work", MIDDLE, 13, RIGHT, 15),
    Cell("11a Insured born", RIGHT, 13, END, 15),
    Cell("9b", LEFT, 15, MIDDLE, 17), Cell("10b a car accident (state)", MIDDLE, 15, RIGHT, 17),
    Cell("11b Other claim number", RIGHT, 15, END, 17),
    Cell("9c", LEFT, 17, MIDDLE, 19), Cell("10c another accident", MIDDLE, 17, RIGHT, 19),
    Cell("11c Plan or programme", RIGHT, 17, END, 19),
    Cell("9d Other plan or programme", LEFT, 19, MIDDLE, 21), Cell("10d Claim codes", MIDDLE, 19, RIGHT, 21),
    Cell("11d Is there another plan?", RIGHT, 19, END, 21),
    Cell("12 Patient's signature: release", LEFT, 21, RIGHT, 25),
    Cell("13 Insured's signature: payment to the provider", RIGHT, 21, END, 25),
    Cell("14 Illness or injury began", LEFT, 25, MIDDLE, 27), Cell("15 Other date", MIDDLE, 25, RIGHT, 27),
    Cell("16 Unable to work from, to", RIGHT, 25, END, 27),
    Cell("17 Sent or supervised by", LEFT, 27, 28.3, 29), Cell("17a", 28.3, 27, RIGHT, 28),
    Cell("17b", 28.3, 28, RIGHT, 29), Cell("18 In hospital from, to", RIGHT, 27, END, 29),
    Cell("19 Additional information", LEFT, 29, RIGHT, 31), Cell("20 Bought from a laboratory", RIGHT, 29, END, 31),
    Cell("21 Diagnoses", LEFT, 31, RIGHT, 35), Cell("22 Sent again: code", RIGHT, 31, 61, 33),
    Cell("Payer's number of the original", 61, 31, END, 33), Cell("23 Authorization", RIGHT, 33, END, 35),
    Cell("24A From", LEFT, 35, 9.6, 49), Cell("To", 9.6, 35, 18.4, 49), Cell("B Place", 18.4, 35, 21.8, 49),
    Cell("C", 21.8, 35, 24.6, 49), Cell("D Code", 24.6, 35, 32, 49), Cell("Modifiers", 32, 35, 44.5, 49),
    Cell("E Points to", 44.5, 35, RIGHT, 49), Cell("F Charge", RIGHT, 35, 58.4, 49),
    Cell("G Units", 58.4, 35, 62.6, 49), Cell("H", 62.6, 35, 64.4, 49), Cell("I", 64.4, 35, 67.7, 49),
    Cell("J Rendered by", 67.7, 35, END, 49),
    Cell("25 Tax number", LEFT, 49, 22.5, 51), Cell("26 Our number of the claim", 22.5, 49, 37.4, 51),
    Cell("27 Assignment accepted", 37.4, 49, RIGHT, 51), Cell("28 Total", RIGHT, 49, 61, 51),
    Cell("29 Paid", 61, 49, 70.4, 51), Cell("30", 70.4, 49, END, 51),
    Cell("31 Signature of the provider, date", LEFT, 51, 22.5, 56.1), Cell("32 Where", 22.5, 51, RIGHT, 55),
    Cell("33 Billed by", RIGHT, 51, END, 55),
    Cell("32a", 22.5, 55, 35, 56.1), Cell("b", 35, 55, RIGHT, 56.1),
    Cell("33a", RIGHT, 55, 61.5, 56.1), Cell("b", 61.5, 55, END, 56.1),
)
# The small boxes for a cross and what they mean; most words stand to the right of them.
CROSSES = {
    "1.medicare": "Medicare", "1.medicaid": "Medicaid", "1.tricare": "Tricare", "1.champva": "ChampVA",
    "1.group": "Group", "1.feca": "FECA", "1.other": "Other",
    "3.male": "M", "3.female": "F", "6.self": "self", "6.spouse": "spouse", "6.child": "child", "6.other": "other",
    "10a.yes": "yes", "10a.no": "no", "10b.yes": "yes", "10b.no": "no", "10c.yes": "yes", "10c.no": "no",
    "11a.male": "M", "11a.female": "F", "11d.yes": "yes", "11d.no": "no", "20.no": "no",
    "25.ssn": "SSN", "25.ein": "EIN", "27.yes": "yes", "27.no": "no",
}
# No room at the right of these.
CAPTIONS_ABOVE = frozenset({"3.male", "3.female", "6.other", "11a.male", "11a.female", "25.ssn", "25.ein"})
# Diagnoses: the letter before each.
LETTER_AT = -1.2
