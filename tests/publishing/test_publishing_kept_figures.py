"""Who was counted is kept, whoever goes leaves it at once, and what was shown holds what comes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from par_toolkit.keeping import back_up, restore
from par_toolkit.publishing import follow_withdrawals, publish
from par_toolkit.publishing.figures import ALL, Kept, Table, decide
from par_toolkit.storage import consents, kept_figures, migrations, receipts, withdrawals
from par_toolkit.storage.database import open_database
from par_toolkit.storage.sensemaking import positions
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "inquiry", threshold=5)
    yield place
    place.db.close()


def residents(place: Place, number: int) -> None:
    for _ in range(number):
        place.tell(release=False)


def figures(place: Place) -> dict[str, int | None]:
    rows = place.rows("select stakeholder_group, people from participation where cycle = 'all'")
    return {row["stakeholder_group"]: row["people"] for row in rows}


def kept(place: Place, name: str = "participation", part: str = "") -> Kept:
    return kept_figures.last(place.db, name)[name, part]


def people(name: str, *persons: str) -> Kept:
    cells = {("residents", ALL): frozenset(persons)}
    return decide(Table(name, 5, cells, ("residents", "carers"))).kept


def test_what_is_kept_comes_back_whole(place: Place) -> None:
    first = people("participation", *(f"story {place.tell(receipt=None)}" for _ in range(7)))
    kept_figures.keep(place.db, [first], build=3)
    assert kept(place) == replace(first, since=3)
    second = replace(people("participation", *first.people), since=None)
    kept_figures.keep(place.db, [second], build=4)
    assert kept(place).since == 4  # in the place of the first
    kept_figures.keep(place.db, [kept(place)], build=5)
    assert kept(place).since == 4  # shown again, and shown first in 4


def test_promise_11_a_build_waits_for_more_people_and_then_shows_them(place: Place) -> None:
    residents(place, 12)
    publish(place.folder)
    before = figures(place)
    assert (before["residents"], before[ALL]) == (None, 10)  # it covers the others, who are none
    residents(place, 4)
    publish(place.folder)
    assert figures(place) == before
    assert place.rows("select since from figures where name = 'participation'") == [{"since": 1}]
    residents(place, 1)
    publish(place.folder)
    assert figures(place)[ALL] == 15
    assert place.rows("select since from figures where name = 'participation'") == [{"since": 3}]


def test_promise_11_after_a_withdrawal_words_go_at_once_and_counts_wait(place: Place) -> None:
    residents(place, 12)
    codes = [receipts.new_code() for _ in range(5)]
    for number, code in enumerate(codes):
        place.tell(f"Words number {number}.", receipt=code)
    publish(place.folder)
    assert figures(place)[ALL] == 15  # 17
    for code in codes[:4]:
        withdrawals.withdraw(place.db, code)
    follow_withdrawals(place.folder, db=place.db)
    publish(place.folder)
    assert figures(place)[ALL] == 15
    assert [row["text"] for row in place.rows("select text from quotes")] == ["Words number 4."]
    withdrawals.withdraw(place.db, codes[4])
    publish(place.folder)
    assert figures(place)[ALL] == 10  # five went


def test_promise_11_a_higher_threshold_hides_at_once_what_is_under_it(place: Place) -> None:
    residents(place, 17)
    publish(place.folder)
    assert figures(place)[ALL] == 15
    residents(place, 1)
    place.change("threshold = 5 ", "threshold = 20 ")
    publish(place.folder)
    assert set(figures(place).values()) == {None}


def test_promise_06_who_withdrew_is_in_no_set_and_in_no_byte(place: Place) -> None:
    """Of somebody who was counted only their number is left, and that they went."""
    place.db.change("update sqlite_sequence set seq = 770077000 where name = 'stories'")
    place.tell(receipt=None)
    place.db.change("update sqlite_sequence set seq = 770077000 where name = 'stories'")
    gone = place.tell(receipt=None, release=False)
    assert gone > 770_077_000
    residents(place, 6)
    publish(place.folder)
    name = f"story {gone}"
    assert name in kept(place).people

    def files() -> list[Path]:
        return [
            path for path in place.folder.rglob("*")
            if path.is_file() and name.encode() in path.read_bytes()
        ]  # fmt: skip

    assert files()
    withdrawals.withdraw_story(place.db, gone)
    assert name not in kept(place).people
    assert list(kept(place).gone.values()) == [1]
    follow_withdrawals(place.folder, db=place.db)
    assert withdrawals.finish_erasure(place.db).done
    assert files() == []


def test_promise_06_one_of_two_stories_leaves_what_it_was_counted_for(place: Place) -> None:
    code = receipts.new_code()
    first, second = place.tell(receipt=code), place.tell(receipt=code)
    person = f"receipt {receipts.find(place.db, code)}"
    for name in ("participation", "theme_people"):
        kept_figures.keep(place.db, [people(name, person)], build=1)
    withdrawals.withdraw_story(place.db, first)
    assert person in kept(place).people  # they did take part
    assert kept(place, "theme_people").people == {}
    withdrawals.withdraw_story(place.db, second)
    assert kept(place).people == {}
    assert list(kept(place).gone.values()) == list(kept(place, "theme_people").gone.values()) == [1]


def test_promise_06_a_consent_to_analyse_that_is_taken_back_leaves_too(place: Place) -> None:
    story = place.tell(receipt=None)
    for name in ("participation", "theme_people"):
        kept_figures.keep(place.db, [people(name, f"story {story}")], build=1)
    consents.change(place.db, story, {"analyse": False}, wording=1, source="mine")
    assert kept(place, "theme_people").people == {}
    assert list(kept(place, "theme_people").gone.values()) == [1]
    assert len(kept(place).people) == 1


def test_promise_06_who_withdrew_while_a_build_was_made_is_not_kept(place: Place) -> None:
    story = place.tell(receipt=None)
    counted = people("theme_people", f"story {story}", "story 999", "seat 4")
    kept_figures.keep(place.db, [counted], build=1)
    assert set(kept(place, "theme_people").people) == {f"story {story}"}
    assert list(kept(place, "theme_people").gone.values()) == [2]


def test_promise_06_an_answer_taken_back_leaves_the_set_of_its_statement(place: Place) -> None:
    meeting = Meeting(place, {"residents": 12})
    one, two = (meeting.put(f"Number {n}.", {"residents": "++++++------"}) for n in (1, 2))
    publish(place.folder)
    seat = meeting.seats["residents"][0]
    assert f"seat {seat.id}" in kept(place, "agreement", str(one)).people
    positions.take_back(place.db, one, seat=seat, by=seat)
    assert f"seat {seat.id}" not in kept(place, "agreement", str(one)).people
    assert kept(place, "agreement", str(one)).gone == {frozenset({("residents", "agree")}): 1}
    assert f"seat {seat.id}" in kept(place, "agreement", str(two)).people


def test_promise_11_a_restore_does_not_forget_what_was_shown_since(place: Place) -> None:
    """A build after it would differ by a few from one that people have read."""
    residents(place, 12)
    backup = back_up(place.folder).path
    lost = [place.tell(release=False, receipt=None) for _ in range(5)]
    publish(place.folder)
    shown = kept(place)
    assert figures(place)[ALL] == 15
    restore(backup, place.folder)
    with open_database(place.folder) as db:
        after = kept_figures.last(db)["participation", ""]
    assert (after.lines, after.past, after.since) == (shown.lines, shown.past, 1)
    assert len(after.people) == 12 and sum(after.gone.values()) == len(lost)
    # somebody new gets the number of one who was lost, and is not taken for them
    assert place.tell(release=False, receipt=None) == lost[0]
    publish(place.folder)
    assert figures(place)[ALL] == 15


def test_what_was_shown_of_statements_comes_through_the_change_of_tables(tmp_path: Path) -> None:
    """Figures of statements were kept as counts; who still answers is who was counted."""
    step = next(path for path in migrations.STEPS if path.name.startswith("016"))
    with closing(sqlite3.connect(tmp_path / "old.db")) as conn:
        for path in migrations.STEPS[: migrations.STEPS.index(step)]:
            for statement in migrations._statements(path.read_text("utf-8")):
                conn.execute(statement)
        conn.execute(
            "insert into people (id, name, role, session, added_at) "
            "values (1, 'Mara', 'steward', 's', 'at')"
        )
        conn.execute(
            "insert into circles (id, group_code, cycle, topic, table_code, opened_by, opened_at) "
            "values (1, 'carers', 'c', 't', 'x', 1, 'at')"
        )
        conn.execute(
            "insert into statements (id, cycle, words, person, at) values (4, 'c', 'w', 1, 'at')"
        )
        given = ["agree"] * 12 + ["disagree"] * 4 + ["unsure"] * 8
        for seat, position in enumerate(given, start=1):
            conn.execute(
                "insert into seats (id, circle, number, mark, joined_at) values (?, 1, ?, ?, 'at')",
                (seat, seat, str(seat)),
            )
            conn.execute(
                "insert into positions (statement, seat, position, reason, at) "
                "values (4, ?, ?, '', 'at')",
                (seat, position),
            )
        conn.execute(
            "insert into positions (statement, seat, position, reason, at) "
            "values (4, 1, 'taken_back', '', 'at')"
        )
        lines = [["carers", "agree", 10, "shown"], ["carers", "not_agree", 10, "shown"],
                 ["carers", "all", 25, "shown"], ["all", "all", 25, "shown"],
                 ["residents", "all", None, "not_asked"]]  # fmt: skip
        conn.execute(
            "insert into shown_figures values (4, 5, ?, ?)",
            (json.dumps([["carers", 12, 4, 8], ["drivers", 0, 0, 0]]), json.dumps(lines)),
        )
        for statement in migrations._statements(step.read_text("utf-8")):
            conn.execute(statement)
        (row,) = conn.execute("select name, part, threshold, joined, past, lines from kept_figures")
        people = conn.execute("select person, cells from kept_people order by rowid").fetchall()
        gone = conn.execute("select cells, number from kept_gone").fetchall()
    assert row[:4] == ("agreement", "4", 5, '["position"]')
    assert json.loads(row[5]) == lines[:4]
    (past,) = json.loads(row[4])
    assert sorted(past["counts"]) == [
        ["all", "agree", 12], ["all", "all", 24], ["all", "not_agree", 12],
        ["carers", "agree", 12], ["carers", "all", 24], ["carers", "not_agree", 12],
    ]  # fmt: skip
    assert sorted(past["least"]) == [["all", "all", 1], ["carers", "all", 1]]
    assert sorted(past["hidden"]) == sorted(past["unsaid"]) == [
        ["all", "agree"], ["all", "not_agree"]
    ]  # fmt: skip
    assert ("seat 2", '[["carers","agree"]]') in people and len(people) == 23
    assert ("seat 13", '[["carers","not_agree"]]') in people
    assert gone == [('[["carers","agree"]]', 1)]
