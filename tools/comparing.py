"""Figures beside what they were and should be: how far apart, and whether that is good."""

from typing import Literal

Better = Literal["up", "down", "none"]
# Differences that nobody would see on the screen.
SMALLEST = 0.005


def change(now: float, before: float, relative: bool) -> float | None:
    """How far a figure has moved.

    :param relative: in percent of what it was; else the plain difference
    :return: None where nothing is to compare with
    """
    if not relative:
        return now - before
    return 100 * (now - before) / abs(before) if abs(before) >= SMALLEST else None


def mood(moved: float | None, better: Better) -> str:
    """``good``, ``bad`` or ``same`` for a figure that has moved this far."""
    if moved is None or abs(moved) < SMALLEST or better == "none":
        return "same"
    return "good" if (moved > 0) == (better == "up") else "bad"


def is_met(value: float, target: float, better: Better) -> bool:
    """Whether a figure is where it should be; reaching the target is enough."""
    return value >= target if better == "up" else value <= target


def share(part: float, whole: float) -> float:
    """A part in percent of the whole, 0 where there is none."""
    return 100 * part / whole if whole > 0 else 0.0
