"""What builds show of a statement is remembered, whole, and the last of it holds."""

from __future__ import annotations

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import shown_figures, statements
from par_toolkit.storage.sensemaking.positions import Count
from par_toolkit.storage.sensemaking.shown_figures import Line, Shown
from tests.storage.sensemaking import tables


def test_figures_are_kept_and_replaced(db: PrivateDatabase) -> None:
    tables.begin_cycle(db)
    put = statements.put(
        db, "cycle_1", "A later bus.", groups=["residents"], by=tables.person(db)
    ).id
    assert shown_figures.by_statement(db) == {}
    lines = (
        Line("residents", "agree", 15, "shown"),
        Line("residents", "all", None, "hidden"),
        Line("carers", "all", None, "not_asked"),
    )
    first = Shown(put, 10, (Count("residents", 14, 3, 2),), lines)
    shown_figures.keep(db, [first])
    assert shown_figures.by_statement(db) == {put: first}
    second = Shown(put, 20, (Count("residents", 1, 3, 2),), lines[1:])
    shown_figures.keep(db, [second])
    assert shown_figures.by_statement(db) == {put: second}
