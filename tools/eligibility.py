"""A payer's answer about somebody's coverage, brought into one shape before anything is changed.

Whoever asks, a person at the phone, a file or a service, hands over a plain dictionary. Reading it needs no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date as Date
from decimal import Decimal, InvalidOperation
from typing import Any

from .money import to_decimal

ZERO = Decimal(0)
ACTIVE, INACTIVE, OTHER_PLAN, UNCLEAR = RESULTS = ("active", "inactive", "other_plan", "unclear")
TEXTS = ("plan", "member_number", "group_number", "responder", "reference")
DATES = ("date", "valid_until", "date_from", "date_to")
AMOUNTS = ("copay", "deductible", "oop_max", "deductible_met", "oop_met")
PERCENTS = ("coinsurance",)


class BadAnswerError(ValueError):
    """An answer that cannot be meant: which rule it breaks, and the field and value that break it."""

    def __init__(self, rule: str, field: str, value: Any):
        super().__init__(f"{rule}: {field}={value!r}")
        self.rule = rule
        self.field = field
        self.value = value


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a payer said. None: it said nothing about that, so what is on file stays."""

    result: str
    responder: str | None = None
    reference: str | None = None
    date: Date | None = None
    valid_until: Date | None = None
    plan: str | None = None
    member_number: str | None = None
    group_number: str | None = None
    date_from: Date | None = None
    date_to: Date | None = None
    copay: Decimal | None = None
    deductible: Decimal | None = None
    coinsurance: Decimal | None = None
    oop_max: Decimal | None = None
    deductible_met: Decimal | None = None
    oop_met: Decimal | None = None

    @property
    def told(self) -> dict[str, Any]:
        """Only what the payer did say, by name; the result apart."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "result"}
        return {name: value for name, value in values.items() if value is not None}


def read_answer(answer: Mapping[str, Any], unit: Decimal) -> Answer:
    """The answer in a plain dictionary: texts trimmed, dates and amounts as such, blanks as "said nothing".

    :param answer: names of :class:`Answer`; dates as dates or ISO text, amounts as numbers or text
    :param unit: the smallest amount of the coverage's currency, to which amounts are rounded
    :raise BadAnswerError: a name that does not exist, a value that cannot be meant, or two that contradict each other
    """
    known = {field.name for field in fields(Answer)}
    for name, value in answer.items():
        if name not in known:
            raise BadAnswerError("unknown_field", name, value)
    if answer.get("result") not in RESULTS:
        raise BadAnswerError("unknown_result", "result", answer.get("result"))
    readers = {
        **dict.fromkeys(TEXTS, _read_text),
        **dict.fromkeys(DATES, _read_date),
        **dict.fromkeys(AMOUNTS, lambda name, value: _read_amount(name, value, unit)),
        **dict.fromkeys(PERCENTS, _read_percent),
    }
    values = {
        name: readers[name](name, value)
        for name, value in answer.items()
        # Zero is an answer; False is how Odoo says that a field is empty.
        if name != "result" and value is not None and value is not False and str(value).strip()
    }
    read = Answer(result=answer["result"], **values)
    _check_together(read)
    return read


def opening_for(said: Decimal, counted: Decimal) -> Decimal:
    """The opening figure with which our own count reaches what the payer says.

    The payer's "met so far" includes the visits that we have posted ourselves. Only what lies beyond them was met
    elsewhere; writing down the whole of it would count our visits twice. Where our books already say more than the
    payer (it has not worked through all of it), nothing was met elsewhere: the opening is zero, never negative.
    """
    return max(ZERO, said - counted)


def _read_text(_name: str, value: Any) -> str:
    return " ".join(str(value).split())


def _read_date(name: str, value: Any) -> Date:
    if isinstance(value, Date):
        return value
    try:
        return Date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise BadAnswerError("not_a_date", name, value) from error


def _read_amount(name: str, value: Any, unit: Decimal | None) -> Decimal:
    try:
        amount = to_decimal(value.strip() if isinstance(value, str) else value, unit)
    except (ValueError, InvalidOperation, TypeError) as error:
        raise BadAnswerError("not_a_number", name, value) from error
    if amount < 0:
        raise BadAnswerError("negative", name, value)
    return amount


def _read_percent(name: str, value: Any) -> Decimal:
    percent = _read_amount(name, value, None)
    if percent > 100:
        raise BadAnswerError("percent", name, value)
    return percent


def _check_together(answer: Answer) -> None:
    """Values that contradict one another."""
    if answer.date_from and answer.date_to and answer.date_to < answer.date_from:
        raise BadAnswerError("dates_reversed", "date_to", answer.date_to)
    if answer.date and answer.valid_until and answer.valid_until < answer.date:
        raise BadAnswerError("valid_before_answer", "valid_until", answer.valid_until)
    for met, limit in (("deductible_met", answer.deductible), ("oop_met", answer.oop_max)):
        said = getattr(answer, met)
        if said and limit is not None and said > limit:
            raise BadAnswerError("met_above_limit", met, said)
    if answer.result == INACTIVE and not answer.date_to:
        raise BadAnswerError("end_missing", "date_to", None)
    if answer.result == OTHER_PLAN and not answer.date_from:
        raise BadAnswerError("start_missing", "date_from", None)
