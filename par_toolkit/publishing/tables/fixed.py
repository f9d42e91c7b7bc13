"""The fixed list of tables of people, and what is decided about each; there is no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing import agreement
from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.figures import Figures, Kept, decide
from par_toolkit.publishing.select import Selection
from par_toolkit.publishing.tables import groups, linked, tellers, took_part
from par_toolkit.publishing.tables.planned import Planned
from par_toolkit.publishing.tables.spoken import Spoken
from par_toolkit.storage import kept_figures
from par_toolkit.storage.database import PrivateDatabase

#: A table with its figures, or with why it may not be published.
Decided = tuple[Planned, Figures | PublishError]


def decided(
    db: PrivateDatabase,
    inquiry: Inquiry,
    selection: Selection,
    *,
    today: date,
) -> list[Decided]:
    """Decide about every table, beside what was shown of it last.

    Who took part comes first: where that hides somebody no other table shows them.
    """
    here, told = groups.of_inquiry(db, inquiry), tellers.read(db)
    kept = kept_figures.last(db)
    first = _decide(took_part.table(inquiry, here, told, today=today), kept)
    known = linked.known([first[1]] if isinstance(first[1], Figures) else [], here)
    spoken = Spoken(db, inquiry, selection, here, told, known).tables()
    gone = _gone(kept, spoken)
    statements = agreement.planned(selection.circles, inquiry)
    found = [
        first,
        *(_decide(planned, kept, gone) for planned in spoken),
        *(_decide(planned, kept) for planned in statements),
    ]
    alike = linked.hidden_alike([one for _, one in found if isinstance(one, Figures)], here)
    by_part = {(one.name, one.part): one for one in alike}
    return [
        (planned, by_part.get((planned.table.name, planned.table.part), one))
        for planned, one in found
    ]


def _gone(kept: Mapping[tuple[str, str], Kept], here: Sequence[Planned]) -> list[Kept]:
    """Return what was shown of themes and states that are there no more."""
    named = {(one.table.name, one.table.part) for one in here}
    return [one for place, one in kept.items() if place not in named]


def _decide(
    planned: Planned, before: Mapping[tuple[str, str], Kept], gone: Sequence[Kept] = ()
) -> Decided:
    table = planned.table
    beside = [one for one in gone if one.name == table.name]
    try:
        known = before.get((table.name, table.part))
        return planned, decide(table, known, choose=planned.choose, beside=beside)
    except PublishError as refusal:
        return planned, refusal


def all_of(found: Sequence[Decided]) -> list[Figures]:
    """Return the figures of every table. Raises the PublishError of the first that has none."""
    made = []
    for _, one in found:
        if isinstance(one, PublishError):
            raise one
        made.append(one)
    return made
