"""Bars for charts that a server draws: where each stands and how long it is, in their own units.

A chart is drawn about as wide as a phone, so that its letters are the size of the page's. What a
bar shows stands under it in words, so that nobody has to tell colours apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 340
STEP: Final = 74
THICKNESS: Final = 18
STUB: Final = 26
#: Letters that fit on one line of a chart: of a name, and of what is said below, in smaller ones.
LETTERS: Final = 40
SMALL_LETTERS: Final = 52


@dataclass(frozen=True)
class Part:
    """A part of a bar; `kind` is a position, known or unknown, and names its colour."""

    kind: str
    start: int
    length: int


@dataclass(frozen=True)
class Bar:
    """One bar with its name above it and what it shows below; no parts where there is nothing."""

    name: str
    said: str
    top: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chart:
    """A bar chart; `height` is in its own units."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    thickness: int = THICKNESS


@dataclass(frozen=True)
class Shown:
    """What a bar is to show: numbers by kind of part, or none of them where they are hidden.

    `whole` is the number that a full bar stands for.
    """

    name: str
    said: str
    numbers: Sequence[tuple[str, float]] = ()
    whole: float = 0
    hidden: bool = False


def chart(shown: Iterable[Shown]) -> Chart | None:
    """Draw a bar for each; None where there is nothing to draw.

    Every hidden bar is as long as every other: its length says nothing.
    """
    bars = tuple(
        Bar(_short(one.name, LETTERS), _short(one.said, SMALL_LETTERS), at * STEP, _parts(one))
        for at, one in enumerate(shown)
    )
    return Chart(bars, height=len(bars) * STEP) if bars else None


def _parts(one: Shown) -> tuple[Part, ...]:
    if one.hidden:
        return (Part("unknown", 1, STUB),)
    parts, start = [], 1.0
    for kind, number in one.numbers:
        length = (WIDTH - 2) * number / one.whole if one.whole else 0
        if number:
            parts.append(Part(kind, round(start), max(2, round(length))))
        start += length
    return tuple(parts)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
