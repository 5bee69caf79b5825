"""The figures of a split in a form that can be kept: what was promised is explained later as it was on its day."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from decimal import Decimal

from .benefit_terms import Benefits, Step, Terms

__all__ = ["dump_steps", "load_steps"]


def dump_steps(steps: Iterable[Step]) -> list[dict]:
    """Steps as plain values: amounts become text, so that no digit is lost."""
    return [_to_plain(asdict(step)) for step in steps]


def load_steps(values: Iterable[dict] | None) -> list[Step]:
    """The steps again."""
    return [
        Step(
            **{name: value[name] for name in ("line", "cover", "kind")},
            amount=Decimal(value["amount"]),
            base=Decimal(value["base"]),
            terms=_revive(Terms, value["terms"]),
            benefits=_revive(Benefits, value["benefits"]),
        )
        for value in values or ()
    ]


def _to_plain(value):
    if isinstance(value, dict):
        return {name: _to_plain(item) for name, item in value.items()}
    return str(value) if isinstance(value, Decimal) else value


def _revive(kind, values):
    """A dataclass of flags, keys and amounts; what a later version adds keeps its default."""
    known = {field.name for field in fields(kind)} & values.keys()
    return kind(**{
        name: Decimal(values[name]) if isinstance(values[name], str) else values[name] for name in known
    })
