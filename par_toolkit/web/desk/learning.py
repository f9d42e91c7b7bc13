"""What the machine has learnt: how well it agrees with people, drawn and in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from par_toolkit.storage import codebook, codings
from par_toolkit.web.database import get_db
from par_toolkit.web.desk import coded
from par_toolkit.web.desk.coding import FEWEST
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded

WIDTH: Final = 560
HEIGHT: Final = 280
LEFT: Final = 48
BOTTOM: Final = 44
TOP: Final = 16
WEAKEST: Final = 5


@dataclass(frozen=True)
class Point:
    """A point of the curve, in units of the drawing's view box."""

    x: float
    y: float
    readings: int
    agreement: float


@dataclass(frozen=True)
class Curve:
    """A learning curve to draw: agreement from 0 (bottom) to 1, readings evenly apart."""

    points: tuple[Point, ...]
    level: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BOTTOM

    @property
    def line(self) -> str:
        return " ".join(f"{one.x},{one.y}" for one in self.points)

    @property
    def marks(self) -> list[tuple[float, str]]:
        return [(_height(share / 4), f"{share / 4:.2f}") for share in range(5)]


def _height(agreement: float) -> float:
    return round(HEIGHT - BOTTOM - agreement * (HEIGHT - BOTTOM - TOP), 1)


def curve(measured: Sequence[tuple[int, float]], *, level: float) -> Curve:
    """Lay out (readings, agreement) pairs; `level` is where the machine is worth listening to."""
    step = (WIDTH - LEFT - 40) / max(1, len(measured) - 1)
    points = tuple(
        Point(round(LEFT + 20 + place * step, 1), _height(agreement), readings, agreement)
        for place, (readings, agreement) in enumerate(measured)
    )
    return Curve(points, _height(level))


@blueprint.get("/learning")
@guarded("see_codebook")
def learning() -> ResponseReturnValue:
    """Show the learning curve on this inquiry's own readings, and the weakest codes."""
    from analysis.judging import WORTH_FROM

    db, machine = get_db(), coded.machine_of(current_app)
    quality, yes = (
        machine.quality(db, curve=True),
        [one for one in codings.everywhere(db) if one.yes],
    )
    return render_template(
        "desk/learning.html",
        quality=quality,
        state=machine.state(db),
        advice=coded.advice(quality),
        curve=curve(quality.curve, level=WORTH_FROM) if quality and quality.curve else None,
        level=WORTH_FROM,
        fewest=FEWEST,
        names={one.code: one for one in codebook.listing(db)},
        weakest=quality.weakest(WEAKEST) if quality else (),
        given=len(yes),
        from_suggestions=sum(one.source == "suggestion" for one in yes),
    )
