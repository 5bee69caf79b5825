"""What a claim told its payer, kept as plain values and read back as it was: for copies of what was sent.

Fields that say nothing are left out. A field that is new since is read back as its default; one that is gone is let go.
"""

import datetime
import types
import typing
from decimal import Decimal

from .claim_content import ClaimContent

__all__ = ["keep", "recall"]


def keep(content: ClaimContent) -> dict:
    """The facts of a claim as values that JSON knows: amounts and days as texts, lists for what is in order."""
    return _keep(content)


def recall(kept: dict) -> ClaimContent:
    """The facts of a claim as they were kept.

    :raises (TypeError, ValueError, ArithmeticError): it was never kept by :func:`keep`
    """
    return _recall(ClaimContent, kept)


def _keep(value):
    if hasattr(value, "_fields"):
        usual = value._field_defaults
        return {
            name: _keep(part) for name, part in zip(value._fields, value, strict=True)
            if name not in usual or part != usual[name]
        }
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _keep(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_keep(part) for part in value]
    return value


def _recall(kind, value):
    """A kept value as the kind that its field names."""
    arguments = typing.get_args(kind)
    if isinstance(kind, types.UnionType):
        return None if value is None else _recall(arguments[0], value)
    if typing.get_origin(kind) is tuple:
        if arguments[-1] is Ellipsis:
            return tuple(_recall(arguments[0], part) for part in value)
        return tuple(_recall(part_kind, part) for part_kind, part in zip(arguments, value, strict=True))
    if typing.get_origin(kind) is dict:
        return {arguments[0](key): _recall(arguments[1], part) for key, part in value.items()}
    if hasattr(kind, "_fields"):
        kinds = typing.get_type_hints(kind)
        return kind(**{name: _recall(kinds[name], part) for name, part in value.items() if name in kinds})
    if issubclass(kind, Decimal):
        return Decimal(value)
    return datetime.date.fromisoformat(value) if issubclass(kind, datetime.date) else value
