"""Bars for charts that a server draws: where each stands and how long it is, in their own units.

A chart is drawn about as wide as a phone, so that its letters are the size of the page's. What a
bar shows stands beside or under it in words, so that nobody has to tell colours apart.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 340
THICKNESS: Final = 18
STUB: Final = 26
#: Letters that fit on one line of a chart: of a name, and of what is said below, in smaller ones.
LETTERS: Final = 40
SMALL_LETTERS: Final = 52
#: A longer name is cut; the table beside the chart has the whole of it.
NAME_LINES: Final = 2
#: Heights of a line of a name and of what is said below, and the room between two bars.
_NAME: Final = 21
_SAID: Final = 20
_GAP: Final = 13
#: The room between a bar and one that belongs to it, and from the top of a line to its letters.
_PAIR: Final = 4
_BASE: Final = 15
#: The room between a bar and words beside it, and about how wide a letter of these is.
_SPACE: Final = 7
_LETTER: Final = 8


@dataclass(frozen=True)
class Part:
    """A part of a bar; `kind` is a position, known, living or unknown, and names how it looks."""

    kind: str
    start: int
    length: int


@dataclass(frozen=True)
class Bar:
    """One bar: its name above it, what it shows in words at (`said_x`, `said_y`), and its parts.

    `name` has each line with where it stands, `bar_top` is where the bar does. No parts where there
    is nothing.
    """

    name: tuple[tuple[int, str], ...]
    said: str
    bar_top: int
    said_x: int
    said_y: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chart:
    """A bar chart; `height` is in its own units."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    thickness: int = THICKNESS

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of parts it has, for whoever draws only the patterns that are needed."""
        return frozenset(part.kind for bar in self.bars for part in bar.parts)


@dataclass(frozen=True)
class Shown:
    """What a bar is to show: numbers by kind of part, or none of them where they are hidden.

    `whole` is the number that a full bar stands for. One without a name belongs to the bar above.
    """

    name: str
    said: str
    numbers: Sequence[tuple[str, float]] = ()
    whole: float = 0
    hidden: bool = False


def chart(shown: Iterable[Shown], *, beside: bool = False) -> Chart | None:
    """Draw a bar for each; None where there is nothing to draw.

    Words stand under their bar, or `beside` its end where all of them are short. Every hidden bar
    is as long as every other: its length says nothing.
    """
    wanted = list(shown)
    longest = max((len(one.said) for one in wanted), default=0)
    room = WIDTH - 2 - (_SPACE + longest * _LETTER if beside else 0)
    bars, top = [], 0
    for one in wanted:
        if bars:
            top += _GAP if one.name else _PAIR
        lines = textwrap.wrap(one.name, LETTERS, max_lines=NAME_LINES, placeholder="…")
        bar_top = top + _NAME * len(lines)
        parts = _parts(one, room)
        end = max((part.start + part.length for part in parts), default=0)
        bars.append(
            Bar(
                tuple((top + _BASE + _NAME * at, line) for at, line in enumerate(lines)),
                textwrap.shorten(one.said, SMALL_LETTERS, placeholder="…"),
                bar_top,
                end + _SPACE if beside else 0,
                bar_top + (14 if beside else THICKNESS + 16),
                parts,
            )
        )
        top = bar_top + THICKNESS + (0 if beside else _SAID)
    return Chart(tuple(bars), height=top + 2) if bars else None


def _parts(one: Shown, room: float) -> tuple[Part, ...]:
    if one.hidden:
        return (Part("unknown", 1, STUB),)
    parts, start = [], 1.0
    for kind, number in one.numbers:
        length = room * number / one.whole if one.whole else 0
        if number:
            parts.append(Part(kind, round(start), max(2, round(length))))
        start += length
    return tuple(parts)
