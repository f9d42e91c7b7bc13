"""The stakeholder groups as rows of every table: their names, and how small ones are joined."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from par_toolkit.inquiry import ABOUT, RACE_AND_PLACE, Inquiry
from par_toolkit.inquiry.model import Words
from par_toolkit.publishing.figures import ALL, Join
from par_toolkit.storage import joinings
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.joinings import Pair

NOT_SAID: Final = "none"
OTHER: Final = "other"
#: code -> (English, French)
NAMES: Final = {
    NOT_SAID: ("Not said", "Non précisé"),
    OTHER: ("Other", "Autre"),
    ALL: ("Everybody", "Tout le monde"),
}


@dataclass(frozen=True)
class Groups:
    """The groups of an inquiry as rows: `own` are those that people may say they are in.

    `names` are English and French, also those of wider groups; `joins` is how small ones are
    counted together. `topics` are sensitive ones that hold wherever these groups are counted.
    """

    own: tuple[str, ...]
    names: Mapping[str, tuple[str, str]]
    joins: tuple[Join, ...]
    topics: frozenset[str]

    def row(self, group: str | None) -> str:
        """Return the row of somebody who named `group`, or none, or one that is not known here."""
        if not group:
            return NOT_SAID
        return group if group in self.own else OTHER


def of_inquiry(db: PrivateDatabase, inquiry: Inquiry) -> Groups:
    """Return the groups of an inquiry, with the joins that stewards have agreed to by now."""
    agreed = {
        pair for pair, names in joinings.agreed(db).items() if len(names) >= inquiry.joining_needs
    }
    every: dict[str, Words] = {one.code: one.names for one in inquiry.wider_groups}
    every |= {one.code: one.names for one in inquiry.groups}
    return Groups(
        tuple(group.code for group in inquiry.groups),
        {
            code: (inquiry.text(names, "en"), inquiry.text(names, "fr"))
            for code, names in every.items()
        }
        | NAMES,
        joins(inquiry, agreed),
        topics_of_groups(inquiry),
    )


def topics_of_groups(inquiry: Inquiry) -> frozenset[str]:
    """Return what is sensitive about every table of groups: an inquiry is of one place, so that a
    figure of a group of race or Indigenous identity is one of a place too."""
    identity = any(one.about == "identity" for one in inquiry.groups)
    return frozenset({RACE_AND_PLACE} if identity else ())


def joins(inquiry: Inquiry, agreed: Collection[Pair]) -> tuple[Join, ...]:
    """Return a join for each thing that makes groups; of identity only what stewards agreed to."""
    found = []
    for about in ABOUT:
        rows = {
            one.code: one.joins
            for one in inquiry.groups
            if one.about == about
            and one.joins
            and (about != "identity" or (one.code, one.joins) in agreed)
        }
        if rows:
            found.append(Join(about, rows=rows, agreed=True))
    return tuple(found)
