"""What circles said, from the record to the build: what is published, what stays, what leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from par_toolkit.publishing import (
    follow_withdrawals,
    preview,
    publish,
    verify_build,
)
from par_toolkit.publishing.arrange_circles import shared_groups
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.sensemaking import (
    appeals,
    checks,
    items,
    passages,
    phases,
    seats,
    word_releases,
)
from par_toolkit.storage.sensemaking.word_uses import Use
from tests.publishing.inquiries import Place
from tests.publishing.meetings import TWO, Meeting, words

# ----------------------------------------------------------------------------- what is published


def test_nothing_was_said_and_no_cycle_began(place: Place) -> None:
    done = publish(place.folder)
    assert done.said == 0
    for table in ("contracts", "items", "constructions", "statements", "reasons", "actions"):
        assert place.rows(f"select * from {table}") == []
    assert place.rows("select phase, contract from cycles")[0] == {"phase": None, "contract": None}


def test_a_cycle_with_its_contract_its_phase_and_its_close(meeting: Meeting) -> None:
    place = meeting.place
    publish(place.folder)
    (cycle, *_) = place.rows("select * from cycles order by position")
    assert (cycle["phase"], cycle["contract"], cycle["next"]) == ("plan", 1, None)
    assert place.rows("select promise, purpose from contracts") == [
        {"promise": "involve", "purpose": "To see how people here come to the clinic."}
    ]
    meeting.end_cycle(None)
    publish(place.folder)
    (cycle, *_) = place.rows("select * from cycles order by position")
    assert (cycle["phase"], cycle["next"], cycle["reflection"]) == ("closed", "stop", "")
    closing = phases.now(place.db, "cycle_1")
    assert closing is not None
    meeting.release("reflection", closing.id)
    publish(place.folder)
    (cycle, *_) = place.rows("select * from cycles order by position")
    assert cycle["reflection"] == "We listened more than we acted."
    assert cycle["next_words"] == "Act sooner."


def test_words_leave_only_with_the_yes_of_two_people(meeting: Meeting) -> None:
    place = meeting.place
    meeting.item("Released.")
    waiting = meeting.item("One yes.", release=False)
    seen = word_releases.get(place.db, "item", waiting)
    assert seen is not None
    word_releases.approve(place.db, "item", waiting, seen=seen.digest, by=meeting.mara)
    word_releases.approve(place.db, "item", waiting, seen=seen.digest, by=meeting.mara)
    assert publish(place.folder).said == 1
    assert words(place, "items") == ["Released."]
    assert preview(place.folder).held_of_circles == {"not_released": 1}


def test_an_item_with_its_outcome_its_views_and_its_action(meeting: Meeting) -> None:
    place = meeting.place
    late = meeting.item("The bus is late.", release=False)
    pays = meeting.item("Who pays?", release=False)
    meeting.negotiate(late, {"residents": "Later.", "carers": "Later, too."}, "full",
                      action="Ask for a bus.")  # fmt: skip
    meeting.negotiate(pays, {"residents": "The council.", "carers": "All."}, "none")
    meeting.done(late, "The bus goes at ten.")
    meeting.release_all()
    publish(place.folder)
    found = {row["words"]: row for row in place.rows("select * from items")}
    settled, disputed = found["The bus is late."], found["Who pays?"]
    assert (settled["state"], settled["outcome"]) == ("resolved", "full")
    assert (disputed["state"], disputed["outcome"]) == ("unresolved", "none")
    assert disputed["outcome_words"] == "So it ended: none."
    assert disputed["no_action"] == "Nothing for now."
    side_by_side = place.rows(
        "select item, stakeholder_group as g, words from constructions where kind = 'view'"
    )
    assert {(r["item"], r["g"], r["words"]) for r in side_by_side} == {
        (settled["id"], "residents", "Later."),
        (settled["id"], "carers", "Later, too."),
        (disputed["id"], "residents", "The council."),
        (disputed["id"], "carers", "All."),
    }
    (action,) = place.rows("select * from actions")
    assert (action["what"], action["owner"], action["due"], action["state"], action["said"]) == (
        "Ask for a bus.", "Made-up council", "2026-Q2", "done", "The bus goes at ten.",
    )  # fmt: skip
    assert action["item"] == settled["id"]
    assert verify_build(place.live()).sound


def test_a_construction_only_when_its_circle_says_it_is_ours_and_is_over(meeting: Meeting) -> None:
    place = meeting.place
    meeting.write("residents", "We wait.", "++-")
    meeting.write("carers", "They drive.", "+--")
    publish(place.folder)
    assert words(place, "constructions") == []  # whoever comes late says their own first
    assert preview(place.folder).held_of_circles == {"circle_open": 2}
    meeting.close()
    publish(place.folder)
    assert place.rows("select kind, group_en, words, unshown from constructions") == [
        {"kind": "circle", "group_en": "Residents", "words": "We wait.", "unshown": 0}
    ]
    assert preview(place.folder).held_of_circles == {"not_ours": 1}


def test_what_stands_alone_is_beside_the_groups_or_it_is_said_that_it_is_there(
    tmp_path: Path,
) -> None:
    meeting = Meeting(Place(tmp_path / "inquiry"), {"residents": 6, "carers": 5})
    place = meeting.place
    meeting.write("residents", "We wait.", "++")
    meeting.write("carers", "We drive.", "++")
    meeting.stand_alone("residents", "Walking")
    meeting.stand_alone("carers", "Night", release=False)
    meeting.close()
    publish(place.folder)
    found = {row["words"]: row for row in place.rows("select * from constructions")}
    walking = found["I, residents 5, see it so."]
    assert (walking["kind"], walking["name"]) == ("alternative", "Walking")
    assert walking["beside"] == found["We wait."]["id"]
    assert (found["We wait."]["unshown"], found["We drive."]["unshown"]) == (0, 1)
    assert len(found) == 3


def test_small_groups_are_not_named_beside_one_persons_words(tmp_path: Path) -> None:
    """Under ten people of a group its name would point at whoever said it."""
    meeting = Meeting(Place(tmp_path / "inquiry", threshold=10), TWO)
    meeting.write("residents", "We wait.", "++")
    meeting.stand_alone("residents", "Walking")
    meeting.item("The bus is late.")
    meeting.close()
    publish(meeting.place.folder)
    rows = meeting.place.rows("select kind, group_en, beside from constructions order by kind")
    assert rows == [
        {"kind": "alternative", "group_en": None, "beside": None},
        {"kind": "circle", "group_en": "Residents", "beside": None},
    ]
    assert meeting.place.rows("select group_en from items") == [{"group_en": None}]


def test_an_empty_seat_makes_no_group_large_enough_to_be_named(tmp_path: Path) -> None:
    """Who lost their code and sat down anew is one person; who only tried the code is nobody."""
    meeting = Meeting(Place(tmp_path / "inquiry", threshold=5), {"residents": 4, "carers": 6})
    meeting.item("The bus is late.")
    for _again in range(3):
        seats.join(meeting.db, meeting.circles["residents"].id)
    publish(meeting.place.folder)
    assert meeting.place.rows("select group_en from items") == [{"group_en": None}]


@pytest.mark.parametrize(
    ("people", "named"),
    [
        ({"a": 9, "b": 6}, {"a", "b"}),
        ({"a": 9, "b": 6, "c": 2}, {"a"}),  # what has no name would be of c alone
        ({"a": 9, "b": 2, "c": 3}, {"a"}),
        ({"a": 9, "b": 2}, set()),
        ({"a": 4}, set()),
        ({}, set()),
    ],
)
def test_who_has_no_name_cannot_be_told_by_that(people: dict[str, int], named: set[str]) -> None:
    assert set(shared_groups(people, fewest=5)) == named


# ----------------------------------------------------------------------------- what holds it back


def test_an_open_appeal_holds_all_of_its_item(meeting: Meeting) -> None:
    """The item, its views, statement, reasons and action leave at once; the answer lets them in."""
    place = meeting.place
    late = meeting.item("The bus is late.", release=False)
    meeting.item("Another.")
    meeting.negotiate(late, {"residents": "Later.", "carers": "Too late."}, "full",
                      action="Ask for a bus.")  # fmt: skip
    meeting.put("A later bus.", {"residents": "+++"}, reasons={"residents+": "Why not."},
                item=late, release=False)  # fmt: skip
    meeting.release_all()
    publish(place.folder)
    assert len(words(place, "items")) == 2
    before = {table: words(place, table) for table in ("constructions", "statements", "reasons")}
    assert all(before.values()) and words(place, "actions", "what")
    seat = meeting.seats["carers"][0]
    appeal = appeals.add(place.db, late, "You left us out.", by=seat)
    assert follow_withdrawals(place.folder, db=place.db)
    assert words(place, "items") == ["Another."]
    for table in (*before, "agreement"):
        assert place.rows(f"select * from {table}") == []
    assert words(place, "actions", "what") == []
    assert verify_build(place.live()).sound
    publish(place.folder)
    assert words(place, "items") == ["Another."]
    assert preview(place.folder).held_of_circles["appeal"] == 7
    appeals.answer(place.db, appeal.id, "We looked again.", upheld=False, by=place.two)
    publish(place.folder)
    assert {table: words(place, table) for table in before} == before


def test_a_tellers_not_that_holds_what_was_made_of_their_words(meeting: Meeting) -> None:
    place = meeting.place
    story = place.tell("The bus stopped.")
    made = items.add(
        place.db, kind="concern", words="The bus stopped.", group="residents", cycle="cycle_1",
        source="stories", by=meeting.mara,
    )  # fmt: skip
    passages.add(place.db, made, Passage(story, "telling", 0, 16), by=meeting.mara)
    meeting.release("item", made)
    publish(place.folder)
    assert words(place, "items") == ["The bus stopped."]
    check = checks.say(place.db, Use(story, "construction", made), "not_that", "I said less.")
    assert follow_withdrawals(place.folder, db=place.db)
    assert words(place, "items") == []
    assert words(place, "quotes", "text") == ["The bus stopped."]  # of that they said nothing
    publish(place.folder)
    assert words(place, "items") == []
    checks.reply(place.db, check.id, "We have made it less.", by=meeting.mara)
    publish(place.folder)
    assert words(place, "items") == ["The bus stopped."]


@pytest.mark.parametrize(
    ("kind", "quotes", "links"), [("theme", 1, 0), ("quote", 0, 0), ("", 1, 1)]
)
def test_a_tellers_not_that_holds_a_theme_or_a_quote(
    place: Place, kind: str, quotes: int, links: int
) -> None:
    story = place.tell("The bus stopped running.")
    theme = place.theme([story])
    publish(place.folder)
    assert len(place.rows("select * from quote_themes")) == 1
    if kind:
        checks.say(place.db, Use(story, kind, theme), "not_that")
        assert follow_withdrawals(place.folder, db=place.db)
    for _ in range(2):
        assert len(place.rows("select * from quotes")) == quotes
        assert len(place.rows("select * from quote_themes")) == links
        publish(place.folder)  # the next build says the same
    assert verify_build(place.live()).sound


# ------------------------------------------------------------------------------------- what is new


def test_what_is_new_is_counted_by_our_own_ids(meeting: Meeting) -> None:
    place = meeting.place
    late = meeting.item("The bus is late.", release=False)
    meeting.negotiate(late, {"residents": "Later.", "carers": "Too."}, "full", action="Ask.")
    meeting.put("S.", {"residents": "+"}, release=False)
    meeting.release_all()
    publish(place.folder)
    publish(place.folder)
    meeting.done(late, "Done.")
    meeting.release_all()
    publish(place.folder)
    rows = place.rows(
        """
        select items_new, constructions_new, statements_new, actions_new, note_en, note_fr
        from builds order by build
        """
    )
    assert [list(row.values())[:4] for row in rows] == [[1, 2, 1, 1], [0] * 4, [0, 0, 0, 1]]
    assert rows[1]["note_en"] == "Nothing new."
    assert rows[2]["note_en"] == "1 action with news."
    assert rows[2]["note_fr"] == "1 action avec du nouveau."


def test_a_word_said_while_a_build_is_made_is_looked_at_again(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An appeal between selecting and going live holds its item in that very build."""
    from par_toolkit.publishing import build

    place, late = meeting.place, meeting.item("The bus is late.")
    real: Any = build.write

    def slow(*arguments: Any, **named: Any) -> None:
        if not appeals.holding(place.db):
            appeals.add(place.db, late, "Wait.", by=meeting.seats["carers"][0])
        real(*arguments, **named)

    monkeypatch.setattr(build, "write", slow)
    publish(place.folder)
    assert words(place, "items") == []
