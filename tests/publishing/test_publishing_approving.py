"""A build waits until enough stewards have read it and said yes; what is taken back leaves it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from par_toolkit.keeping import findings as kept_findings
from par_toolkit.publishing import (
    PublishError,
    agreement,
    approve,
    follow_withdrawals,
    live_build,
    publish,
    refuse,
    rollback,
    swap,
)
from par_toolkit.publishing.build import file_of, read_rows
from par_toolkit.publishing.figures import decide
from par_toolkit.storage import (
    approving,
    audit,
    consents,
    kept_figures,
    migrations,
    people,
    published,
    withdrawals,
)
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import statements
from par_toolkit.storage.sensemaking.positions import Count
from tests.publishing.holders import holders
from tests.publishing.inquiries import Place
from tests.storage.sensemaking import tables

NAMES = ("Example Ama", "Example Ben", "Example Cem")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Make an inquiry that asks two stewards for their yes, with one story in a theme."""
    made = Place(tmp_path / "inquiry")
    made.change("approvals = 0", "approvals = 2")
    return made


@pytest.fixture
def stewards(place: Place) -> list[Person]:
    """Add three stewards who may sign in."""
    found = []
    for name in NAMES:
        link = people.add(place.db, name, "steward")
        found.append(people.set_password(place.db, link, "a long password"))
    return found


def states(place: Place) -> dict[int, str]:
    return {one.build: one.state for one in published.listing(place.db)}


def actions(place: Place) -> list[str]:
    return [row["action"] for row in audit.public_rows(place.db)]


def test_a_build_waits_for_two_stewards_and_then_goes_live(
    place: Place, stewards: list[Person]
) -> None:
    place.tell()
    made = publish(place.folder, by=stewards[0])
    assert made.waits and "waits until 2 stewards have read it" in made.sentence
    assert live_build(place.folder) is None and states(place) == {1: "waiting"}
    first = approve(place.folder, 1, by=stewards[0])
    assert (first.yes, first.needed, first.live) == (1, 2, False)
    again = approve(place.folder, 1, by=stewards[0])
    assert (again.yes, again.live) == (1, False), "two yes of one person are one"
    assert live_build(place.folder) is None
    last = approve(place.folder, 1, by=stewards[1])
    assert last.live and live_build(place.folder) == 1 and states(place) == {1: "kept"}
    assert approving.waiting(place.db) is None
    assert actions(place)[-5:] == ["make_build", *["approve_build"] * 3, "publish"]
    assert audit.verify(place.db).whole


def test_only_stewards_say_yes_and_only_to_what_waits(place: Place, stewards: list[Person]) -> None:
    publish(place.folder)
    assert place.one is not None
    with pytest.raises(PublishError, match="Stewards say yes or no"):
        approve(place.folder, 1, by=place.one)
    with pytest.raises(PublishError, match="does not wait any more"):
        approve(place.folder, 2, by=stewards[0])
    with pytest.raises(PublishError, match="Stewards say yes or no"):
        refuse(place.folder, 1, by=place.one)
    assert live_build(place.folder) is None


def test_where_one_yes_is_enough_it_is_somebody_elses(place: Place, stewards: list[Person]) -> None:
    place.change("approvals = 2", "approvals = 1")
    publish(place.folder, by=stewards[0])
    with pytest.raises(PublishError, match="You asked for build 1 yourself"):
        approve(place.folder, 1, by=stewards[0])
    assert approve(place.folder, 1, by=stewards[1]).live


def test_the_yes_of_somebody_who_is_let_in_no_more_counts_no_more(
    place: Place, stewards: list[Person]
) -> None:
    publish(place.folder)
    approve(place.folder, 1, by=stewards[0])
    people.disable(place.db, stewards[0].name)
    assert not approve(place.folder, 1, by=stewards[1]).live
    assert approve(place.folder, 1, by=stewards[2]).live


def test_a_new_build_takes_the_place_of_the_one_that_waited(
    place: Place, stewards: list[Person]
) -> None:
    publish(place.folder)
    approve(place.folder, 1, by=stewards[0])
    publish(place.folder)
    assert states(place) == {1: "deleted", 2: "waiting"}
    assert not file_of(place.folder, 1).exists()
    assert not approve(place.folder, 2, by=stewards[1]).live, "a yes is to one build only"


def test_a_build_that_is_refused_is_deleted_and_what_is_live_stays(
    place: Place, stewards: list[Person]
) -> None:
    publish(place.folder)
    for steward in stewards[:2]:
        approve(place.folder, 1, by=steward)
    publish(place.folder)
    refuse(place.folder, 2, by=stewards[2])
    assert live_build(place.folder) == 1 and not file_of(place.folder, 2).exists()
    assert states(place) == {1: "kept", 2: "deleted"}
    assert actions(place)[-1] == "refuse_build"


def test_what_waits_is_no_build_to_roll_back_to_and_is_not_pruned(
    place: Place, stewards: list[Person]
) -> None:
    place.change("approvals = 2", "approvals = 0")
    for _ in range(6):
        publish(place.folder)
    place.change("approvals = 0", "approvals = 2")
    publish(place.folder)
    with pytest.raises(PublishError, match="no build 7"):
        rollback(place.folder, 7)
    assert rollback(place.folder) == 5
    with place.db.writing():
        swap.prune(place.db, keep=5)
    assert states(place)[7] == "waiting" and file_of(place.folder, 7).exists()


def test_promise_06_a_withdrawal_is_taken_out_of_what_waits_and_of_what_is_live(
    place: Place, stewards: list[Person]
) -> None:
    gone, stays = (
        place.tell(words, consent=("analyse", "quote", "publish"))
        for words in ("Zanzibarquartz was here.", "The nurse sat with me.")
    )
    place.theme([gone, stays])
    publish(place.folder)
    for steward in stewards[:2]:
        approve(place.folder, 1, by=steward)
    place.tell("Told meanwhile.")
    publish(place.folder)
    approve(place.folder, 2, by=stewards[0])
    withdrawals.withdraw_story(place.db, gone, by=None, reason="asked_in_person")
    assert follow_withdrawals(place.folder)
    live, waits = live_build(place.folder), approving.waiting(place.db)
    assert live is not None and live > 2, "what readers see changed at once, without a yes"
    assert waits is not None and waits.build > 2 and waits.yes == (stewards[0].name,)
    assert waits.build != live
    for number in (live, waits.build):
        texts = [row["text"] for row in read_rows(file_of(place.folder, number), "quotes")]
        assert "The nurse sat with me." in texts and "Zanzibarquartz was here." not in texts
    place.db.close()
    assert place.bytes_with("Zanzibarquartz") == []
    with pytest.raises(PublishError, match="Build 2 does not wait any more"):
        approve(place.folder, 2, by=stewards[1])
    assert approve(place.folder, waits.build, by=stewards[1]).live
    assert live_build(place.folder) == waits.build


def test_a_withdrawal_before_anything_is_live_reaches_what_waits(
    place: Place, stewards: list[Person]
) -> None:
    gone = place.tell("Zanzibarquartz was here.")
    publish(place.folder)
    withdrawals.withdraw_story(place.db, gone, by=None, reason="asked_in_person")
    assert not follow_withdrawals(place.folder), "readers saw nothing, so nothing changed for them"
    assert live_build(place.folder) is None
    waits = approving.waiting(place.db)
    assert waits and read_rows(file_of(place.folder, waits.build), "quotes") == []
    place.db.close()
    assert place.bytes_with("Zanzibarquartz") == []


def test_a_narrowed_consent_leaves_what_waits(place: Place, stewards: list[Person]) -> None:
    story = place.tell("The nurse sat with me.")
    publish(place.folder)
    consents.change(place.db, story, {"quote": False}, wording=1, source="web")
    follow_withdrawals(place.folder)
    waits = approving.waiting(place.db)
    assert waits and read_rows(file_of(place.folder, waits.build), "quotes") == []


def test_a_damaged_build_that_waits_is_deleted(place: Place, stewards: list[Person]) -> None:
    gone = place.tell("The nurse sat with me.")
    publish(place.folder)
    file_of(place.folder, 1).write_bytes(b"noise")
    with pytest.raises(PublishError):
        approve(place.folder, 1, by=stewards[0])
    withdrawals.withdraw_story(place.db, gone, by=None, reason="asked_in_person")
    follow_withdrawals(place.folder)
    assert approving.waiting(place.db) is None and not file_of(place.folder, 1).exists()
    assert withdrawals.pending(place.db) == 0


def test_words_redacted_since_do_not_go_live(place: Place, stewards: list[Person]) -> None:
    story = place.tell("Example Ann sat with me.")
    place.theme([story])
    publish(place.folder)
    approve(place.folder, 1, by=stewards[0])
    place.redact(story, "Example Ann")
    with pytest.raises(PublishError, match="redacted or taken back since"):
        approve(place.folder, 1, by=stewards[1])
    assert live_build(place.folder) is None
    waits = approving.waiting(place.db)
    assert waits and waits.yes == (stewards[0].name,)


def test_promise_11_figures_count_as_shown_only_once_they_are(
    place: Place, stewards: list[Person]
) -> None:
    """Held to figures that nobody saw, a build could differ by one person from what was shown."""
    tables.begin_cycle(place.db)
    put = statements.put(
        place.db, "cycle_1", "A later bus.", groups=["residents"], by=stewards[0]
    ).id
    given = holders(Count("residents", 14, 6, 5))
    figures = decide(agreement.table(put, given, threshold=5)).kept
    publish(place.folder)
    with place.db.writing():
        place.db.change("delete from waiting_builds")
        approving.hold(place.db, 1, maker=None, figures=[figures])
    assert kept_figures.last(place.db, "agreement") == {}
    for steward in stewards[:2]:
        approve(place.folder, 1, by=steward)
    (kept,) = kept_figures.last(place.db, "agreement").values()
    assert (kept.lines, kept.past, kept.since) == (figures.lines, figures.past, 1)


def test_a_community_that_asks_nobody_any_more_publishes_at_once(
    place: Place, stewards: list[Person]
) -> None:
    publish(place.folder)
    place.change("approvals = 2", "approvals = 0")
    assert publish(place.folder).waits is False
    assert live_build(place.folder) == 2 and states(place) == {1: "deleted", 2: "kept"}


def test_after_a_restore_what_waited_is_made_anew(place: Place, stewards: list[Person]) -> None:
    place.tell()
    publish(place.folder)
    assert kept_findings.match(place.db, place.folder) == []
    assert approving.waiting(place.db) is None


def test_people_and_what_they_did_come_through_the_change_of_roles(tmp_path: Path) -> None:
    """The step that lets guests in makes the column of roles anew."""
    with closing(sqlite3.connect(tmp_path / "old.db")) as conn:
        conn.execute("pragma foreign_keys=on")
        for path in migrations.STEPS[:14]:
            conn.executescript(path.read_text("utf-8"))
        conn.execute(
            "insert into people (name, role, session, added_at) values ('Ama', 'steward', 's', 't')"
        )
        step = migrations.STEPS[14]
        assert step.name.startswith("015")
        for statement in migrations._statements(step.read_text("utf-8")):
            conn.execute(statement)
        assert conn.execute("select name, role from people").fetchall() == [("Ama", "steward")]
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute("update people set role = 'owner'")
        conn.execute("update people set role = 'guest'")
        assert conn.execute("pragma foreign_key_check").fetchall() == []
