"""Which kinds of story may stand beside words: those that enough people told."""

from __future__ import annotations

from typing import Final

from par_toolkit.storage import receipts
from par_toolkit.storage.database import PrivateDatabase

KINDS: Final = ("success", "challenge", "both")


def shared_kinds(db: PrivateDatabase, *, threshold: int) -> frozenset[str]:
    """Return the kinds of story that at least `threshold` different people told.

    A single kind that is left out could be told by its quotes having no kind. So the smallest of
    the others is left out too, unless enough people told that kind or left the question open.
    """
    people = _people(db)
    shown = {kind for kind in KINDS if len(people[kind]) >= threshold}
    hidden = [kind for kind in KINDS if kind not in shown]
    few = len(hidden) == 1 and len(people[hidden[0]] | people[None]) < threshold
    if few and people[hidden[0]]:
        shown.discard(min(sorted(shown), key=lambda kind: len(people[kind])))
    return frozenset(shown)


def _people(db: PrivateDatabase) -> dict[str | None, set[str]]:
    """Return who told each kind, and under None who was asked and did not say."""
    found: dict[str | None, set[str]] = {kind: set() for kind in (*KINDS, None)}
    for row in db.rows(
        f"""
        select kind, {receipts.PERSON} as person from stories
        where form in (select form from stories where kind is not null)
        """
    ):
        found.setdefault(row["kind"], set()).add(row["person"])
    return found
