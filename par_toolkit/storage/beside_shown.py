"""What once stood beside the words of a story in a build: its kind, or the group of its teller.

Builds can be kept by whoever reads them. Words that stood beside a kind in one and beside a group
in the next would stand beside both, for whoever has the two.
"""

from __future__ import annotations

from collections.abc import Iterable

from par_toolkit.storage.database import PrivateDatabase


def by_story(db: PrivateDatabase) -> dict[int, str]:
    """Return story -> 'kind' or 'group', for each that ever had one beside its words."""
    rows = db.rows("select story, attribute from beside_shown")
    return {row["story"]: row["attribute"] for row in rows}


def keep(db: PrivateDatabase, stories: Iterable[int], attribute: str) -> None:
    """Note what stands beside these stories; call inside `db.writing()`."""
    db.conn.executemany(
        "insert or ignore into beside_shown values (?, ?)", [(one, attribute) for one in stories]
    )


def carry_over(db: PrivateDatabase, old: PrivateDatabase) -> None:
    """Take over what was shown by the inquiry in `old`, of which `db` is an earlier state."""
    here = {row["uuid"]: row["id"] for row in db.rows("select id, uuid from stories")}
    shown = old.rows(
        "select s.uuid, b.attribute from beside_shown b join stories s on s.id = b.story"
    )
    with db.writing():
        for attribute in {row["attribute"] for row in shown}:
            named = {row["uuid"] for row in shown if row["attribute"] == attribute}
            keep(db, [here[uuid] for uuid in sorted(named & here.keys())], attribute)
