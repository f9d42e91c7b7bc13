"""Promise 12 for circles: order, time and ids tell nothing of who said what, and when."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from par_toolkit.publishing import publish
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting

ITEMS = 24
TABLES = ("items", "constructions", "statements", "reasons", "actions")


def test_promise_12_ids_and_order_are_new_in_each_build(tmp_path: Path) -> None:
    meeting = Meeting(Place(tmp_path / "inquiry"), {"residents": 6})
    place = meeting.place
    with place.db.writing():
        for n in range(ITEMS):
            meeting.item(f"{n:02}")
    orders, ids = [], []
    for _ in range(2):
        publish(place.folder)
        by_row = place.rows("select id, words, position from items order by rowid")
        orders += [[row["words"] for row in by_row]]
        orders += [[row["words"] for row in sorted(by_row, key=lambda row: row["position"])]]
        orders += [[row["words"] for row in sorted(by_row, key=lambda row: row["id"])]]
        ids.append({row["id"] for row in by_row})
    assert not ids[0] & ids[1]
    assert {re.fullmatch(r"[0-9a-f]{16}", one) is not None for one in ids[0]} == {True}
    for order in orders:
        rises = sum(int(a) < int(b) for a, b in itertools.pairwise(order))
        assert 4 <= rises <= 19  # 11.5 ± 1.4 by chance; 23 would be the order of saying


def test_promise_12_no_date_of_a_circle_is_finer_than_the_quarter(tmp_path: Path) -> None:
    meeting = Meeting(Place(tmp_path / "inquiry"), {"residents": 6, "carers": 6})
    place = meeting.place
    late = meeting.item("The bus is late.", release=False)
    meeting.negotiate(late, {"residents": "Later.", "carers": "Too."}, "full", action="Ask.")
    meeting.put("Agreed.", {"residents": "+-", "carers": "+"}, reasons={"residents-": "No."},
                release=False)  # fmt: skip
    meeting.release_all()
    meeting.end_cycle(None)
    publish(place.folder)
    seen = 0
    for table in ("contracts", "cycles", *TABLES, "agreement"):
        for row in place.rows(f"select * from {table}"):
            for cell in row.values():
                seen += 1
                assert not re.search(r"\d{4}-\d{2}|\d{2}:\d{2}", str(cell)), (table, row)
    assert seen > 60
    assert place.rows("select due from actions") == [{"due": "2026-Q2"}]
