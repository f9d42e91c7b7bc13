"""Promise 11: how many people of a group hold a position stays hidden where they are few.

The attacker is another program than the product's: linear programming over all that is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from par_toolkit.publishing import follow_withdrawals, publish
from par_toolkit.publishing.agreement import figures
from par_toolkit.storage.kept_figures import Line
from par_toolkit.storage.sensemaking import positions
from par_toolkit.storage.sensemaking.positions import Count
from tests.publishing.holders import holders
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting

PEOPLE = st.one_of(st.integers(0, 6), st.integers(0, 40))
COUNTS = st.lists(st.tuples(PEOPLE, PEOPLE, PEOPLE), min_size=1, max_size=5)
Cell = tuple[str, str]


def truth(counts: Sequence[Count], lines: Sequence[Line]) -> dict[Cell, int]:
    """Return the true number behind each published or hidden figure."""
    found = {}
    for one in counts:
        both = one.disagree + one.unsure
        found |= {
            (one.group, name): n
            for name, n in (
                ("agree", one.agree), ("disagree", one.disagree), ("unsure", one.unsure),
                ("not_agree", both), ("all", one.agree + both),
            )
        }  # fmt: skip
    found["all", "all"] = sum(n for (_, name), n in found.items() if name == "all")
    return {(line.row, line.column): found[line.row, line.column] for line in lines}


def ranges(lines: Sequence[Line], true: dict[Cell, int]) -> dict[Cell, tuple[float, float]]:
    """Return how low and how high each hidden figure could be, for whoever knows the others.

    The attacker knows every shown figure before it was rounded, and that somebody answered in each
    group that has figures.
    """
    cells = list(true)
    groups = {group for group, _ in cells} - {"all"}
    sums = [{c: 1 if c[1] != "all" else -1 for c in cells if c[0] == group} for group in groups] + [
        {c: -1 if c[0] == "all" else 1 for c in cells if c[1] == "all"}
    ]
    equal = np.array([[one.get(cell, 0) for cell in cells] for one in sums])
    hidden = {(line.row, line.column) for line in lines if line.shown == "hidden"}
    least = {cell: len(groups) if cell[0] == "all" else 1 for cell in cells if cell[1] == "all"}
    bounds = [
        (least.get(cell, 0), None) if cell in hidden else (true[cell], true[cell]) for cell in cells
    ]
    found = {}
    for at, cell in enumerate(cells):
        if cell not in hidden:
            continue
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(cells))
            aim[at] = sign
            answer = linprog(aim, A_eq=equal, b_eq=np.zeros(len(sums)), bounds=bounds)
            assert answer.status in (0, 3), answer.message
            ends.append(float("inf") if answer.status == 3 else sign * answer.fun)
        found[cell] = (ends[0], ends[1])
    return found


def narrowed(counts: Sequence[Count], lines: Sequence[Line], threshold: int) -> list[Cell]:
    """List the hidden figures of which an attacker learns what must not be known."""
    told = [line for line in lines if line.shown in ("shown", "hidden")]
    if all(line.shown == "hidden" for line in told):
        return []  # there is nothing to work with
    true = truth(counts, told)
    broken = []
    for (group, position), (low, high) in ranges(told, true).items():
        least = (position == "all") * (len(counts) if group == "all" else 1)
        covered = low <= least + 1e-6 and high >= threshold - 1e-6
        wide = high - low >= threshold - 1e-6
        if not (covered if true[group, position] < threshold else wide):
            broken.append((group, position))
    return broken


@given(COUNTS, st.sampled_from([5, 10, 20]))
@example([(4, 0, 0), (3, 1, 0), (2, 1, 1)], 10)
@example([(40, 3, 2), (30, 12, 15)], 10)
@example([(20, 0, 0), (30, 12, 13)], 5)
@settings(max_examples=60, deadline=None)
def test_promise_11_no_hidden_figure_of_a_group_can_be_narrowed(
    rows: list[tuple[int, int, int]], threshold: int
) -> None:
    counts = [Count(f"g{n}", *row) for n, row in enumerate(rows) if any(row)]
    given = holders(*counts)
    lines = figures(1, given, asked=(), groups=(), threshold=threshold).lines
    shown = [line.people for line in lines if line.shown == "shown"]
    assert all(n is not None and n >= threshold and n % 5 == 0 for n in shown)
    assert narrowed(counts, lines, threshold) == []


def test_promise_11_control_hiding_only_small_counts_is_broken() -> None:
    """The attacker must be able to win: it does where nothing covers the small ones."""
    random = np.random.default_rng(11)
    broken = 0
    for _ in range(30):
        counts = [Count(f"g{n}", *random.poisson(12, size=3).tolist()) for n in range(3)]
        every = [Line(c.group, p, 0, "") for c in counts
                 for p in ("agree", "disagree", "unsure", "all")]  # fmt: skip
        true = truth(counts, [*every, Line("all", "all", 0, "")])
        lines = [Line(g, p, None if n < 10 else n, "hidden" if n < 10 else "shown")
                 for (g, p), n in true.items()]  # fmt: skip
        broken += bool(narrowed(counts, lines, 10))
    assert broken > 15


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    return Meeting(Place(tmp_path / "inquiry", threshold=5), {"residents": 12, "carers": 11})


def test_promise_11_no_row_is_about_one_person(meeting: Meeting) -> None:
    """Answer patterns identify people: not even without a name is there a row for each."""
    place = meeting.place
    for n in range(4):
        reasons = {"residents-": f"Not so, {n}."}
        said = meeting.put(f"Statement {n}.", {"residents": "+++++-" * 2, "carers": "++-" * 3},
                           reasons=reasons)  # fmt: skip
        meeting.release("reason", meeting.reason(said, f"Not so, {n}."))
    publish(place.folder)
    rows = place.rows("select statement, stakeholder_group, position from agreement")
    assert len(rows) == len({tuple(row.values()) for row in rows})  # groups, never people
    assert {row["stakeholder_group"] for row in rows} == {
        "residents", "carers", "health_workers", "community_groups", "all",
    }  # fmt: skip
    columns = {
        table: {r["name"] for r in place.rows(f"select name from pragma_table_info('{table}')")}
        for table in ("reasons", "agreement", "statements")
    }
    assert columns["reasons"] == {"id", "statement", "position", "words"}  # of no group
    for names in columns.values():
        assert not names & {"participant", "person", "seat", "circle"}


def test_promise_11_one_answer_taken_back_is_not_the_difference_of_two_builds(
    meeting: Meeting,
) -> None:
    place = meeting.place
    said = meeting.put("A later bus.", {"residents": "++++++-" + "-----", "carers": "++++++-----"})
    publish(place.folder)
    before = place.rows("select * from agreement order by stakeholder_group, position")
    assert any(row["people"] for row in before if row["stakeholder_group"] == "residents")
    for seat in meeting.seats["residents"][:4]:
        positions.take_back(place.db, said, seat=seat, by=seat)
        publish(place.folder)
        follow_withdrawals(place.folder, db=place.db)
        after = place.rows("select * from agreement order by stakeholder_group, position")
        assert [{**row, "statement": ""} for row in after] == [
            {**row, "statement": ""} for row in before
        ]


def test_promise_11_order_tells_nothing_of_hidden_figures(meeting: Meeting) -> None:
    """Statements whose figures are hidden come last, in an order of chance."""
    place = meeting.place
    for n in range(7):
        meeting.put(f"Hidden {n}.", {"residents": "+" * n + "-" * (7 - n)})
    meeting.put("Shown.", {"residents": "++++++------", "carers": "++++++-----"})
    orders = set()
    for _ in range(3):
        publish(place.folder)
        words = [r["words"] for r in place.rows("select words from statements order by position")]
        assert words[0] == "Shown."
        orders.add(tuple(words))
        assert all(r["minimum"] is None for r in place.rows(
            "select minimum from statements where words like 'Hidden%'"))  # fmt: skip
    assert len(orders) > 1
