"""Who told what: people by the group and the cycle that they first named.

People are counted, not answers: one receipt code is one person (`receipts.PERSON`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from par_toolkit.publishing.tables.groups import Groups
from par_toolkit.storage import receipts
from par_toolkit.storage.database import PrivateDatabase

Person = str


@dataclass(frozen=True)
class Tellers:
    """Everybody who told anything: `of_story` maps a story to its person, `named` a person to the
    group and the cycle that they first named, None where they named none."""

    of_story: Mapping[int, Person]
    named: Mapping[Person, tuple[str | None, str | None]]

    def by_row(self, groups: Groups) -> dict[str, frozenset[Person]]:
        """Return everybody by the row of their group: each row of the inquiry's own, and those of
        others where somebody is in them."""
        found: dict[str, set[Person]] = {code: set() for code in groups.own}
        for person, (group, _) in self.named.items():
            found.setdefault(groups.row(group), set()).add(person)
        return {row: frozenset(people) for row, people in found.items()}


def read(db: PrivateDatabase) -> Tellers:
    """Read who told each story, and what they said of themselves."""
    of_story: dict[int, Person] = {}
    named: dict[Person, tuple[str | None, str | None]] = {}
    for row in db.rows(
        f"select id, {receipts.PERSON} as person, group_code, cycle from stories order by id"
    ):
        group, cycle = named.get(row["person"], (None, None))
        named[row["person"]] = (group or row["group_code"] or None, cycle or row["cycle"] or None)
        of_story[row["id"]] = row["person"]
    return Tellers(of_story, named)
