"""Promise 6 for what circles said: what is taken back leaves the build, with what hangs on it."""

from __future__ import annotations

import pytest

from par_toolkit.publishing import (
    follow_withdrawals,
    live_build,
    publish,
    rollback,
    verify_build,
)
from par_toolkit.publishing.errors import PublishError
from par_toolkit.storage import consents
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.sensemaking import (
    circles,
    items,
    own,
    owned_items,
    passages,
    positions,
    word_releases,
)
from par_toolkit.storage.withdrawals import pending, withdraw_story
from tests.publishing.meetings import Meeting, words

CANARY = "Zirkonkatze"


def test_promise_06_a_reason_taken_back_leaves_the_live_build_and_every_byte(
    meeting: Meeting,
) -> None:
    place = meeting.place
    reasons = {"residents-": f"{CANARY} sleeps.", "carers-": "Who pays?"}
    said = meeting.put("A later bus.", {"residents": "+++-", "carers": "-++"}, reasons=reasons)
    for reason in (f"{CANARY} sleeps.", "Who pays?"):
        meeting.release("reason", meeting.reason(said, reason))
    publish(place.folder)
    publish(place.folder)
    assert words(place, "reasons") == ["Who pays?", f"{CANARY} sleeps."]
    before = place.rows("select * from agreement")
    seat = meeting.seats["residents"][3]
    positions.take_back(place.db, said, seat=seat, by=seat)
    assert follow_withdrawals(place.folder, db=place.db)
    assert words(place, "reasons") == ["Who pays?"]
    assert place.rows("select * from agreement") == before  # the counts wait
    assert place.bytes_with(CANARY) == []
    assert pending(place.db) == 0
    assert verify_build(place.live()).sound
    assert not follow_withdrawals(place.folder, db=place.db)


def test_promise_06_ones_own_words_taken_back_leave_with_their_name(meeting: Meeting) -> None:
    place = meeting.place
    meeting.write("residents", "We wait.", "++")
    meeting.stand_alone("residents", f"{CANARY} way")
    meeting.close()
    publish(place.folder)
    assert len(words(place, "constructions")) == 2
    seat = meeting.seats["residents"][-1]
    circle = circles.get(place.db, seat.circle)
    assert circle is not None and circle.closed_at
    own.take_back(place.db, seat, by=seat)
    assert follow_withdrawals(place.folder, db=place.db)
    assert words(place, "constructions") == ["We wait."]
    assert place.bytes_with(CANARY) == []
    assert own.latest(place.db, seat.id) is None


def test_promise_06_an_item_taken_back_leaves_with_what_hangs_on_it(meeting: Meeting) -> None:
    """The action and the statement that came of it are other people's words, and stay."""
    place, seat = meeting.place, meeting.seats["residents"][0]
    made = items.add(
        place.db, kind="concern", words=f"{CANARY} again.", group="residents", cycle="cycle_1",
        source="circle", circle=seat.circle, by=seat,
    )  # fmt: skip
    meeting.release("item", made)
    meeting.put("On that.", {"residents": "+"}, item=made)
    publish(place.folder)
    assert words(place, "items") == [f"{CANARY} again."]
    owned_items.take_back(place.db, made, seat=seat, by=seat)
    assert follow_withdrawals(place.folder, db=place.db)
    assert words(place, "items") == []
    assert words(place, "statements") == ["On that."]
    assert place.bytes_with(CANARY) == []
    assert pending(place.db) == 0
    assert verify_build(place.live()).sound


def test_promise_06_a_story_withdrawn_takes_what_was_written_from_it(meeting: Meeting) -> None:
    """Two people read what was made of it once more before it is shown again."""
    place = meeting.place
    story = place.tell("The bus stopped.")
    made = items.add(
        place.db, kind="concern", words=f"{CANARY} stopped.", group="residents", cycle="cycle_1",
        source="stories", by=meeting.mara,
    )  # fmt: skip
    passages.add(place.db, made, Passage(story, "telling", 0, 16), by=meeting.mara)
    meeting.release("item", made)
    said = meeting.put("On that.", {"residents": "+"}, item=made)
    publish(place.folder)
    withdraw_story(place.db, story)
    assert follow_withdrawals(place.folder, db=place.db)
    assert words(place, "items") == [] and words(place, "statements") == []
    assert CANARY.encode() not in place.live().read_bytes()
    publish(place.folder)
    assert words(place, "items") == []
    meeting.release("statement", said)
    publish(place.folder)
    assert place.rows("select words, item from statements") == [{"words": "On that.", "item": None}]
    meeting.release("item", made)
    publish(place.folder)
    assert len(words(place, "items")) == 1


def test_promise_06_a_yes_taken_back(meeting: Meeting) -> None:
    place = meeting.place
    late = meeting.item("The bus is late.", release=False)
    meeting.negotiate(late, {"residents": "Later.", "carers": "Too."}, "full", action="Ask.")
    meeting.release_all()
    publish(place.folder)
    outcome = place.db.value("select max(id) from outcomes")
    word_releases.take_back(place.db, "outcome", outcome, by=meeting.mara)
    assert follow_withdrawals(place.folder, db=place.db)
    (item,) = place.rows("select words, outcome, outcome_words from items")
    assert item == {"words": "The bus is late.", "outcome": "full", "outcome_words": ""}
    assert live_build(place.folder) == 2


@pytest.mark.parametrize(
    ("back", "gone"),
    [
        ("item", ("items", "constructions")),  # and its outcome, in its row
        ("statement", ("statements", "reasons", "agreement")),
        # what was written from a story is read once more when its teller takes it back
        (
            "story",
            tuple("items constructions quotes statements agreement reasons actions".split()),
        ),
    ],
)
def test_promise_06_what_hangs_on_words_taken_back_leaves_with_them(
    meeting: Meeting, back: str, gone: tuple[str, ...]
) -> None:
    """A view without its item, or a reason without its statement, would be no sound build."""
    place, story = meeting.place, meeting.place.tell("The bus stopped.")
    late = meeting.item("The bus is late.", release=False)
    passages.add(place.db, late, Passage(story, "telling", 0, 16), by=meeting.mara)
    meeting.negotiate(late, {"residents": "Later.", "carers": "Too."}, "full", action="Ask.")
    said = meeting.put("S.", {"residents": "+-"}, reasons={"residents-": "No."}, item=late)
    meeting.release_all()
    publish(place.folder)
    tables = ("items", "constructions", "statements", "agreement", "reasons", "actions", "quotes")
    assert all(place.rows(f"select * from {table}") for table in tables)
    if back == "story":
        consents.change(
            place.db, story, {"quote": False}, wording=1, source="web", role="participant"
        )
    else:
        reference = {"item": late, "statement": said}[back]
        word_releases.take_back(place.db, back, reference, by=meeting.mara)
    assert follow_withdrawals(place.folder, db=place.db)
    assert verify_build(place.live()).sound
    for table in tables:
        assert bool(place.rows(f"select * from {table}")) == (table not in gone), table


def test_promise_06_news_of_an_action_take_nothing_out(meeting: Meeting) -> None:
    """Words that go on are no words taken back: the old ones stay until the next build."""
    place = meeting.place
    late = meeting.item("The bus is late.", release=False)
    meeting.negotiate(late, {"residents": "Later.", "carers": "Too."}, "full", action="Ask.")
    said = meeting.put("S.", {"residents": "+-"}, reasons={"residents-": "No."}, release=False)
    meeting.release_all()
    publish(place.folder)
    meeting.done(late, "Done, and not released.")
    seat = meeting.seats["residents"][1]
    positions.take_back(place.db, said, seat=seat, by=seat)
    assert follow_withdrawals(place.folder, db=place.db)
    assert place.rows("select what, state from actions") == [{"what": "Ask.", "state": "open"}]
    assert words(place, "reasons") == []


def test_promise_06_a_build_with_words_taken_back_does_not_come_again(meeting: Meeting) -> None:
    place = meeting.place
    first = meeting.item("First.")
    publish(place.folder)
    place.db.change("delete from word_releases where reference = :id", {"id": first})
    place.db.change("update builds set state = 'kept'")  # as if nobody had noticed
    meeting.item("Second.")
    publish(place.folder)
    with pytest.raises(PublishError, match="taken back"):
        rollback(place.folder, 1)
