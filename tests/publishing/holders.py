"""People by group and position, as many as a test says, for figures worked out by hand."""

from __future__ import annotations

from par_toolkit.storage.sensemaking.positions import POSITIONS, Count, Seats


def holders(*counts: Count) -> dict[tuple[str, str], Seats]:
    """Return as many people as `counts` say; the last to come of a cell are the first to go."""
    return {
        (one.group, position): frozenset(
            f"{one.group} {position} {n}" for n in range(getattr(one, position))
        )
        for one in counts
        for position in POSITIONS
    }
