"""The equal-voice routine: claims, then concerns, then issues; each written alone, then shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking.items import KINDS

#: Every step of a meeting, in its order.
STEPS: Final = (
    *((kind, stage) for kind in KINDS for stage in ("write", "share")),
    (KINDS[-1], "done"),
)


@dataclass(frozen=True)
class Round:
    """Where a meeting stands: 'write' is alone and silent, 'share' one from each in turn."""

    kind: str
    stage: str


def at(db: PrivateDatabase, circle: int) -> Round | None:
    """Return where the collecting stands in a circle; None before it has begun."""
    row = db.row(
        "select kind, stage from circle_rounds where circle = :circle order by id desc limit 1",
        {"circle": circle},
    )
    return Round(row["kind"], row["stage"]) if row else None


def begun(db: PrivateDatabase, circle: int) -> frozenset[str]:
    """Return the kinds whose collecting has begun in a circle."""
    rows = db.rows("select kind from circle_rounds where circle = :circle", {"circle": circle})
    return frozenset(row["kind"] for row in rows)


def following(present: Round | None) -> Round | None:
    """Return the step after this one; None where the meeting is over."""
    if present is None:
        return Round(*STEPS[0])
    place = STEPS.index((present.kind, present.stage)) + 1
    return Round(*STEPS[place]) if place < len(STEPS) else None


def is_over(present: Round | None, kind: str) -> bool:
    """Say whether the sharing of a kind has ended, as the meeting stands."""
    if present is None:
        return False
    return STEPS.index((present.kind, present.stage)) > STEPS.index((kind, "share"))
