"""What comes in and what goes out: people by cell, and the figures that a build shows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from par_toolkit.publishing.figures.attack import ALL
from par_toolkit.storage.kept_figures import Kept, Key, Line, Person

#: Which totals a table says: of each row, of each column, of everybody.
Said = Literal["rows", "columns", "all"]
#: In which order categories are joined where too little would be shown.
ORDER: Final = ("position", "time", "place", "age", "identity")
#: Joins of this kind make people invisible who want to be seen: only with the stewards' yes.
ASKS_FIRST: Final = "identity"


@dataclass(frozen=True)
class Join:
    """A way to make a table coarser: categories on the left are counted under those on the right.

    `about` is one of ORDER. Columns that become ALL are joined altogether: then every column must.
    `agreed` says that stewards have said yes, which a join about identity needs.
    """

    about: str
    rows: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    agreed: bool = False

    @property
    def drops_columns(self) -> bool:
        """Say whether only totals over the columns are left."""
        return ALL in self.columns.values()


@dataclass(frozen=True)
class Table:
    """People by (row, column), as they are today; a table of one dimension has the column ALL.

    `part` tells tables of one name apart that share no total, such as a theme or a statement.
    `rows` and `columns` are all categories in the order in which they are shown, also empty ones.
    `said` are the totals that are published. A person stands in one cell only, wherever totals
    are said that would count them twice otherwise.

    `only_if_any` are rows and columns that are there only when somebody is in them, which a reader
    then knows. `of` are all people of each row, in the table or not, for a table of one dimension,
    and `known` the rows, and ALL, of which another table says how many these are; None: wherever
    these are enough people. In a `sensitive` table with `of` no figure tells that all of a row are
    in a cell, or all but a few.
    """

    name: str
    threshold: int
    cells: Mapping[Key, frozenset[Person]]
    rows: tuple[str, ...]
    columns: tuple[str, ...] = ()
    part: str = ""
    said: frozenset[Said] = frozenset({"rows", "columns", "all"})
    joins: tuple[Join, ...] = ()
    only_if_any: frozenset[str] = frozenset()
    of: Mapping[str, frozenset[Person]] = field(default_factory=dict)
    sensitive: bool = False
    known: frozenset[str] | None = None

    def allowed_joins(self) -> tuple[Join, ...]:
        """Return the joins in their order, those about identity only where stewards agreed."""
        if len({one.about for one in self.joins}) < len(self.joins):
            raise ValueError(f"'{self.name}' has two joins about the same. Make them one.")
        allowed = [one for one in self.joins if one.agreed or one.about != ASKS_FIRST]
        return tuple(sorted(allowed, key=lambda one: ORDER.index(one.about)))


#: new: shown for the first time, or anew. same: nobody came or went. waits: too few did, so the
#: figures of before are shown again. covered: likewise, with more of them hidden than before.
State = Literal["new", "same", "waits", "covered"]


@dataclass(frozen=True)
class Figures:
    """What a build shows of a table, and what is to be kept of it once it is live.

    `joined` says what was counted together, as the `about` of each join.
    """

    name: str
    part: str
    threshold: int
    state: State
    joined: tuple[str, ...]
    lines: tuple[Line, ...]
    kept: Kept

    @property
    def since(self) -> int | None:
        """Return the build in which these figures were shown first; None: in this one."""
        return self.kept.since

    @property
    def hidden(self) -> int:
        """Count the figures that are hidden."""
        return sum(line.shown == "hidden" for line in self.lines)


def joined(table: Table, joins: Iterable[Join]) -> Table:
    """Return the table with categories counted together; columns that are dropped stay inside."""
    rows: dict[str, str] = {}
    columns: dict[str, str] = {}
    for join in joins:
        rows |= join.rows
        columns |= {} if join.drops_columns else join.columns
    cells: dict[Key, frozenset[Person]] = {}
    for (row, column), people in table.cells.items():
        key = rows.get(row, row), columns.get(column, column)
        cells[key] = cells.get(key, frozenset()) | people
    of: dict[str, frozenset[Person]] = {}
    for row, everybody in table.of.items():
        of[rows.get(row, row)] = of.get(rows.get(row, row), frozenset()) | everybody
    return Table(
        table.name,
        table.threshold,
        cells,
        tuple(dict.fromkeys(rows.get(row, row) for row in table.rows)),
        tuple(dict.fromkeys(columns.get(column, column) for column in table.columns)),
        table.part,
        table.said,
        table.joins,
        table.only_if_any,
        of,
        table.sensitive,
        None if table.known is None else _known(table, rows),
    )


def _known(table: Table, rows: Mapping[str, str]) -> frozenset[str]:
    """Return what is known once rows are joined: a wider row where each of its rows is known."""
    known = table.known or frozenset()
    unknown = {rows.get(row, row) for row in table.rows if row not in known}
    return frozenset({rows.get(row, row) for row in known} - unknown)
