"""What was shown last of each table of people, and who was counted in it.

Two builds that differ by one person would tell what that person had said. So the people behind each
released figure are kept here, under names that mean nothing outside. Whoever withdraws is erased
from every set by triggers of the database; their number stays, so that the difference still counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from par_toolkit.storage.database import PrivateDatabase, Row

#: (row, column) of a figure; either may be 'all'.
Key = tuple[str, str]
#: Who is counted, under a name that never leaves private.db: 'receipt 7', 'story 9', 'seat 3'.
Person = str
#: The table of who took part: a person stays in it while any story of theirs is here.
PARTICIPATION: Final = "participation"


@dataclass(frozen=True)
class Line:
    """A figure as it is published: people, rounded to 5, or None where it is 'hidden'.

    `row` and `column` may be 'all'. A table may have lines of its own that count nobody and say why
    in `shown`, such as 'not_asked'.
    """

    row: str
    column: str
    people: int | None
    shown: str


@dataclass(frozen=True)
class Past:
    """One release of a table, as an attacker may use it: no names, but the true counts.

    `hidden` are the figures nobody could read, `unsaid` those of them that had no place in the
    table and `known` the figures that readers know from elsewhere. `least` is what a row or column
    gave away by being there.
    """

    threshold: int
    counts: Mapping[Key, int]
    hidden: frozenset[Key]
    unsaid: frozenset[Key]
    known: frozenset[Key]
    least: Mapping[Key, int]


@dataclass(frozen=True)
class Kept:
    """What is kept of the last release of a table, and of the releases before it.

    `people` are those who were counted, with their cells. `gone` counts those whose names were
    erased since, by the cells in which they had been counted. `joined` is how it was made coarser.
    `since` is the build in which these figures were shown first, None for a report.
    """

    name: str
    part: str
    threshold: int
    people: Mapping[Person, frozenset[Key]]
    gone: Mapping[frozenset[Key], int]
    joined: tuple[str, ...]
    past: tuple[Past, ...]
    lines: tuple[Line, ...]
    since: int | None = None


def last(db: PrivateDatabase, name: str | None = None) -> dict[tuple[str, str], Kept]:
    """Return what was shown last of each table, of one name or of all, by (name, part).

    What waits for stewards was shown to nobody yet, so it is not here.
    """
    known = {"name": name}
    which = "k.waiting is null and k.name = coalesce(:name, k.name)"
    people: dict[int, dict[Person, frozenset[Key]]] = {}
    of: dict[str, frozenset[Key]] = {}  # there are few different sets of cells, and many people
    for row in db.rows(
        f"""
        select p.figures, p.person, p.cells from kept_people p
        join kept_figures k on k.id = p.figures where {which}
        """,
        known,
    ):
        cells = of.setdefault(row["cells"], _cells(row["cells"]))
        people.setdefault(row["figures"], {})[row["person"]] = cells
    gone: dict[int, dict[frozenset[Key], int]] = {}
    for row in db.rows(
        f"select g.* from kept_gone g join kept_figures k on k.id = g.figures where {which}", known
    ):
        gone.setdefault(row["figures"], {})[_cells(row["cells"])] = row["number"]
    return {
        (row["name"], row["part"]): _kept(row, people.get(row["id"], {}), gone.get(row["id"], {}))
        for row in db.rows(f"select * from kept_figures k where {which}", known)
    }


def _kept(row: Row, people: dict[Person, frozenset[Key]], gone: dict[frozenset[Key], int]) -> Kept:
    return Kept(
        row["name"],
        row["part"],
        row["threshold"],
        people,
        gone,
        tuple(json.loads(row["joined"])),
        tuple(_past(one) for one in json.loads(row["past"])),
        tuple(Line(*line) for line in json.loads(row["lines"])),
        row["since"],
    )


def keep(
    db: PrivateDatabase, shown: Iterable[Kept], *, build: int | None, waiting: bool = False
) -> None:
    """Remember what a build shows, or a report where `build` is None; call where it is recorded.

    While a build is `waiting` for stewards its figures count as shown to nobody. Who withdrew since
    they were counted is kept as a number.
    """
    with db.writing():
        still = _still_here(db)
        for one in shown:
            if one.since is None:
                _write(db, one, since=build, waiting=build if waiting else None, still=still)


def carry_over(db: PrivateDatabase, old: PrivateDatabase) -> None:
    """Take over what was shown by the inquiry in `old`, of which `db` is an earlier state.

    Whoever was counted there and is not here is one who went: numbers may be given to others.
    """
    both = frozenset.intersection(*(frozenset(_identities(one).items()) for one in (db, old)))
    same = {person for person, _ in both}
    with db.writing():
        still = tuple(people & same for people in _still_here(db))
        for one in last(old).values():
            _write(db, one, since=one.since, waiting=None, still=(still[0], still[1]))


def _identities(db: PrivateDatabase) -> dict[Person, str]:
    """Return what tells each person apart for good, by the name under which they are counted."""
    rows = db.rows(
        """
        select 'receipt ' || id as person, mark as identity from receipts
        union all select 'story ' || id, uuid from stories
        union all select 'seat ' || id, circle || ' ' || joined_at from seats
        """
    )
    return {row["person"]: row["identity"] for row in rows}


def _write(
    db: PrivateDatabase,
    one: Kept,
    *,
    since: int | None,
    waiting: int | None,
    still: tuple[frozenset[Person], frozenset[Person]],
) -> None:
    of = {"name": one.name, "part": one.part, "waiting": waiting}
    db.change(
        """
        delete from kept_figures
        where (name, part) = (:name, :part) and waiting is :waiting
        """,
        of,
    )
    added = db.add(
        """
        insert into kept_figures (name, part, waiting, since, threshold, joined, past, lines)
        values (:name, :part, :waiting, :since, :threshold, :joined, :past, :lines)
        """,
        of
        | {
            "since": since,
            "threshold": one.threshold,
            "joined": json.dumps(one.joined),
            "past": json.dumps([_plain(release) for release in one.past]),
            "lines": json.dumps([list(vars(line).values()) for line in one.lines]),
        },
    )
    here = still[one.name == PARTICIPATION]
    gone = dict(one.gone)
    for person, cells in one.people.items():
        if person not in here:
            gone[cells] = gone.get(cells, 0) + 1
    db.conn.executemany(
        "insert into kept_people values (?, ?, ?)",
        [(added, person, _text(of)) for person, of in one.people.items() if person in here],
    )
    db.conn.executemany(
        "insert into kept_gone values (?, ?, ?)",
        [(added, _text(cells), number) for cells, number in gone.items()],
    )


def _still_here(db: PrivateDatabase) -> tuple[frozenset[Person], frozenset[Person]]:
    """Return who may be in a set now: of what was told or said, and of who took part."""
    told = "select coalesce('receipt ' || s.receipt, 'story ' || s.id) as person from stories s"
    analysed = "join consent_now c on c.story = s.id and c.use = 'analyse' and c.granted"
    seats = {row["person"] for row in db.rows("select 'seat ' || id as person from seats")}
    return (
        frozenset({row["person"] for row in db.rows(f"{told} {analysed}")} | seats),
        frozenset(row["person"] for row in db.rows(told)),
    )


def shown_now(db: PrivateDatabase, build: int) -> None:
    """Let the figures of a build that waited count as shown; call inside `db.writing()`."""
    db.change(
        """
        delete from kept_figures where waiting is null and (name, part) in (
            select name, part from kept_figures where waiting = :build
        )
        """,
        {"build": build},
    )
    db.change(
        "update kept_figures set waiting = null, since = :build where waiting = :build",
        {"build": build},
    )


def _text(cells: Iterable[Key]) -> str:
    return json.dumps(sorted(cells), ensure_ascii=False)


def _cells(text: str) -> frozenset[Key]:
    return frozenset((row, column) for row, column in json.loads(text))


def _plain(past: Past) -> dict[str, Any]:
    return {
        "threshold": past.threshold,
        "counts": [[*key, number] for key, number in past.counts.items()],
        "least": [[*key, number] for key, number in past.least.items()],
    } | {name: sorted(getattr(past, name)) for name in ("hidden", "unsaid", "known")}


def _past(plain: Mapping[str, Any]) -> Past:
    counts, least = (
        {(row, column): number for row, column, number in plain[name]}
        for name in ("counts", "least")
    )
    hidden, unsaid, known = (
        frozenset((row, column) for row, column in plain[name])
        for name in ("hidden", "unsaid", "known")
    )
    return Past(plain["threshold"], counts, hidden, unsaid, known, least)
