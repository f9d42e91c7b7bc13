"""Charts of shares and differences with their intervals, drawn on the server as SVG.

A chart is geometry only: each stands beside a table with the same figures, and its lines say in
words what they show. All lengths are in the units of the SVG's own view box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 360
#: What one line takes: its words above, the figure below them.
STEP: Final = 46
#: The part of the width that figures are drawn on; what is written stands right of it.
REACH: Final = 250


@dataclass(frozen=True)
class Figure:
    """One figure to draw: its name, what is written beside it, and its interval if it is shown."""

    name: str
    written: str
    value: float | None = None
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Line:
    """A figure with its place in the chart; `x` is None where the figure is hidden."""

    name: str
    written: str
    top: int
    x: float | None
    left: float
    right: float


@dataclass(frozen=True)
class Chart:
    """A chart: its lines, where its zero (or one) stands, and how high it is."""

    lines: tuple[Line, ...]
    base: float
    height: int
    width: int = WIDTH

    @property
    def shows(self) -> bool:
        """Say whether any figure is drawn."""
        return any(line.x is not None for line in self.lines)


def chart(
    figures: Sequence[Figure], *, base: float = 0.0, least: float = 0.0, most: float | None = None
) -> Chart:
    """Lay figures out under each other on one scale from `least` to `most` (what they need).

    `base` is where nothing stands: 0 for shares and differences, 1 for what is a ratio.
    """
    shown = [one for one in figures if one.value is not None]
    lowest = min([least, base, *(one.low for one in shown)])
    highest = max([base, *(one.high for one in shown)]) if most is None else most
    span = (highest - lowest) or 1.0

    def x(value: float) -> float:
        return round(8 + (REACH - 16) * (min(max(value, lowest), highest) - lowest) / span, 1)

    lines = tuple(
        Line(
            one.name,
            one.written,
            STEP * place,
            None if one.value is None else x(one.value),
            x(one.low),
            x(one.high),
        )
        for place, one in enumerate(figures)
    )
    return Chart(lines, x(base), STEP * len(figures))
