"""Why a claim does not fit into an 837P file: the loop, the element, the box of the paper form and the reason."""

from typing import NamedTuple

# Keys that programs compare, and their words. {value} is what was found.
REASONS = {
    "missing": "is missing",
    "characters": "“{value}” has no characters that a file can carry",
    "too_long": "“{value}” is too long",
    "too_short": "“{value}” is too short",
    "npi": "“{value}” is no NPI: ten digits, the last of which checks the others",
    "tax_id": "“{value}” is no tax number of nine digits",
    "taxonomy": "“{value}” is no taxonomy code of ten letters and digits",
    "zip": "“{value}” is no ZIP code of five or nine digits",
    "zip_nine": "“{value}” needs all nine digits of the ZIP code",
    "state": "“{value}” is no state of the United States or province of Canada",
    "country": "“{value}” is no country code of two letters",
    "po_box": "“{value}” is a post office box: a street is wanted here, the box belongs to “pay to”",
    "code": "“{value}” is no code that fits here",
    "procedure": "“{value}” is no procedure code",
    "modifier": "“{value}” is no modifier of two letters or digits",
    "diagnosis": "“{value}” is no diagnosis code",
    "too_many": "{value} are more than there is room for",
    "twice": "“{value}” stands there twice",
    "number": "“{value}” cannot be written as a claim number: capitals, digits and - . / only",
    "pointer": "“{value}” points to no diagnosis of the claim",
    "amount": "{value} cannot be written as an amount",
    "units": "{value} cannot be written as units",
    "total": "{value} is not what the services add up to",
    "balance": "the earlier payer's answer does not add up to the charge; {value} are not explained",
    "order": "{value} lies before the day on which it begins",
    "date": "{value} cannot be written as a day",
    "person": "“{value}” has no family name",
    "self": "the patient is the policy holder, but “{value}” is not the patient",
    "currency": "“{value}” is no currency code of three letters",
    "sender": "“{value}” does not fit into the envelope",
}


class Problem(NamedTuple):
    """One thing that keeps a claim out of a file.

    ``loop`` and ``element`` are those of 005010X222A1 (2010AA, NM109), ``box`` that of the CMS-1500 (empty where the
    form has none), ``reason`` a key of :data:`REASONS`, ``value`` what was found, ``claim`` the number of the claim
    (empty for the envelope), ``service`` the number of its service or 0.
    """

    loop: str
    element: str
    box: str
    reason: str
    value: str = ""
    claim: str = ""
    service: int = 0

    @property
    def where(self) -> str:
        """The place: loop and element, and the box where the form has one."""
        service = f", service {self.service}" if self.service else ""
        return f"{self.loop} {self.element}{f' (box {self.box})' if self.box else ''}{service}"

    @property
    def words(self) -> str:
        """The reason in words, with the value that was found."""
        return REASONS[self.reason].format(value=self.value)


class WriteError(ValueError):
    """Claims that do not fit into a file, with everything that is in the way: ``problems``."""

    def __init__(self, problems):
        """Keep the problems of all claims."""
        self.problems = tuple(problems)
        super().__init__("; ".join(
            f"{problem.claim + ': ' if problem.claim else ''}{problem.where} {problem.words}"
            for problem in self.problems
        ))
