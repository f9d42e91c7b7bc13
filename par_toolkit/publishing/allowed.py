"""What each story may be used for today: asked of the record, each time anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from par_toolkit.publishing import links
from par_toolkit.publishing.links import Link
from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import RELEASED_BY


@dataclass(frozen=True)
class Allowed:
    """What holds for a story now: its reviewed words' digest, its release, the uses agreed to."""

    reviewed: str
    released: bool
    uses: frozenset[str]

    def may(self, use: str) -> bool:
        """Say whether the words may be published for `use`, 'quote' or 'publish'."""
        return self.released and use in self.uses


def allowed(db: PrivateDatabase) -> dict[int, Allowed]:
    """Ask the record what each story may be used for now."""
    return {
        row["id"]: Allowed(
            row["reviewed"],
            row["approvals"] >= RELEASED_BY,
            frozenset((row["granted"] or "").split(",")),
        )
        for row in db.rows(f"select id, reviewed, approvals, granted from ({stories.SELECT})")
    }


def themes_of(db: PrivateDatabase, may: Mapping[int, Allowed]) -> dict[int, list[Link]]:
    """Return the links to endorsed themes of each story that may be analysed today."""
    return {
        story: here for story, here in links.by_story(db).items() if "analyse" in may[story].uses
    }
