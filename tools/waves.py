"""Work that can be done at once, and work that has to wait for what comes out of earlier work."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

__all__ = ["divide_in_waves"]

Item = TypeVar("Item")


def divide_in_waves(items: Iterable[Item], get_keys: Callable[[Item], Iterable[Hashable]]) -> list[list[Item]]:
    """Items in groups, to be done one group after the other: those that share a key wait for one another.

    All others go together, so that there are no more groups than the most frequent key has items. The order of items
    with the same key is kept.
    """
    waves: list[list[Item]] = []
    last_wave: dict[Hashable, int] = {}
    for item in items:
        keys = list(get_keys(item))
        number = max((last_wave[key] + 1 for key in keys if key in last_wave), default=0)
        if number == len(waves):
            waves.append([])
        waves[number].append(item)
        last_wave.update(dict.fromkeys(keys, number))
    return waves
