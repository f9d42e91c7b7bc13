"""Promise 6: withdrawal is real, in the findings and in every file of the inquiry's folder."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.keeping import periods
from par_toolkit.publishing import (
    PublishError,
    follow_withdrawals,
    live_build,
    publish,
    rollback,
    verify_build,
)
from par_toolkit.publishing.build import file_of
from par_toolkit.storage import accounting, consents, published, receipts, themes, withdrawals
from tests.publishing.inquiries import Place, rows_of

CODE = "1234123412341234"
CANARY = "Zirkonkatze"
UNCHANGED = ("inquiry", "cycles", "participation", "builds", "audit", "themes")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Publish seven quotes, one told with a canary, which stands in a theme's words as well."""
    place = Place(tmp_path / "inquiry")
    with place.db.writing():  # one write to disk instead of dozens
        told = [place.tell(f"The bus did not come, number {n}.") for n in range(6)]
        told.append(
            place.tell(
                f"A {CANARY} sat on the bus.\n{CANARY}bus came late.",
                receipt=CODE,
                consent=("analyse", "quote", "publish"),
                answers={"title": f"{CANARY} title"},
            )
        )
        place.theme(told, name=None, words=("bus", "came", CANARY.lower()))
    publish(place.folder)
    return place


def counts(path: Path) -> dict[str, list[dict[str, Any]]]:
    return {table: rows_of(path, f"select * from {table}") for table in UNCHANGED}


def test_promise_06_no_byte_of_the_folder_holds_the_words(place: Place) -> None:
    publish(place.folder)  # an older build holds the words, too
    assert place.bytes_with(CANARY)
    before = counts(place.live())
    quotes = {row["id"]: row["text"] for row in place.rows("select * from quotes")}

    withdrawals.withdraw(place.db, CODE)
    assert follow_withdrawals(place.folder, db=place.db)

    assert place.bytes_with(CANARY) == []
    assert place.bytes_with(CANARY.lower()) == []
    after = counts(place.live())
    assert after["inquiry"][0].pop("build") == before["inquiry"][0].pop("build") + 1
    assert after == before  # figures, trail and history stay; no approval was needed
    left = {row["id"]: row["text"] for row in place.rows("select * from quotes")}
    assert left == {public: text for public, text in quotes.items() if CANARY not in text}
    assert place.rows("select * from stories") == []
    assert [path.name for path in sorted(place.folder.glob("findings/build-*.db"))] == [
        "build-000003.db"
    ]
    assert verify_build(place.live()).sound
    assert withdrawals.pending(place.db) == 0


def test_promise_06_what_is_past_its_time_leaves_as_if_it_was_withdrawn(place: Place) -> None:
    """Said ahead for a month, then out of the findings and every byte; the figures stay."""
    story = receipts.stories_of(place.db, receipts.find(place.db, CODE) or 0)[0]
    now = datetime.now(UTC)
    old = (now - timedelta(days=6 * 366)).isoformat(timespec="seconds")
    place.db.change("update stories set told_at = :at where id = :id", {"at": old, "id": story})
    before = counts(place.live())
    for days in (0, 10, 20):
        assert not periods.keep(place.folder, at=now + timedelta(days=days)).erased["stories"]
    assert place.bytes_with(CANARY)
    assert periods.keep(place.folder, at=now + timedelta(days=31)).erased["stories"] == 1
    assert follow_withdrawals(place.folder, db=place.db)

    assert place.bytes_with(CANARY) == []
    assert place.bytes_with(CANARY.lower()) == []
    after = counts(place.live())
    assert after["inquiry"][0].pop("build") == before["inquiry"][0].pop("build") + 1
    assert after == before
    assert verify_build(place.live()).sound
    assert accounting.account(place.db).balanced


def test_promise_06_nothing_is_done_where_nothing_was_withdrawn(place: Place) -> None:
    before = place.live().read_bytes()
    assert not follow_withdrawals(place.folder)
    assert live_build(place.folder) == 1
    assert place.live().read_bytes() == before


def test_promise_06_several_stories_under_one_code(tmp_path: Path) -> None:
    """Each story of a person goes, not only the first one withdrawn."""
    place = Place(tmp_path / "inquiry")
    for n in range(3):
        place.tell(f"{CANARY} number {n}.", receipt=CODE)
    place.tell("Somebody else's words.")
    publish(place.folder)
    publish(place.folder)
    withdrawals.withdraw(place.db, CODE)
    assert follow_withdrawals(place.folder, db=place.db)
    assert place.bytes_with(CANARY) == []
    assert len(place.rows("select * from quotes")) == 1


@pytest.mark.parametrize(
    ("use", "table"), [("quote", "quotes"), ("publish", "stories"), ("analyse", "quote_themes")]
)
def test_promise_06_a_narrowed_consent_works_the_same(place: Place, use: str, table: str) -> None:
    story = receipts.stories_of(place.db, receipts.find(place.db, CODE) or 0)[0]
    sizes = {
        name: len(place.rows(f"select * from {name}"))
        for name in ("quotes", "stories", "quote_themes")
    }
    consents.change(place.db, story, {use: False}, wording=1, source="mine")
    assert follow_withdrawals(place.folder, db=place.db)
    for name, size in sizes.items():
        gone = name == table or (name == "quote_themes" and table == "quotes")
        assert len(place.rows(f"select * from {name}")) == size - gone
    assert live_build(place.folder) == 2
    assert not file_of(place.folder, 1).exists()


def test_promise_06_a_consent_taken_back_and_given_again(place: Place) -> None:
    story = receipts.stories_of(place.db, receipts.find(place.db, CODE) or 0)[0]
    consents.change(place.db, story, {"quote": False}, wording=1, source="mine")
    consents.change(place.db, story, {"quote": True}, wording=1, source="mine")
    follow_withdrawals(place.folder, db=place.db)
    assert withdrawals.pending(place.db) == 0
    assert not follow_withdrawals(place.folder, db=place.db)


def test_promise_06_before_the_first_build(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    place.tell(f"{CANARY} sat here.", receipt=CODE)
    withdrawals.withdraw(place.db, CODE)
    assert not follow_withdrawals(place.folder, db=place.db)
    assert place.bytes_with(CANARY) == []
    assert withdrawals.pending(place.db) == 0


def test_promise_06_words_that_only_a_theme_shows_leave_every_kept_build(tmp_path: Path) -> None:
    """A story that was never quoted can still have lent a theme its word."""
    place = Place(tmp_path / "inquiry")
    told = [place.tell(f"{CANARY} sat here, {n}.", consent=("analyse",)) for n in range(2)]
    place.tell("A quote, so that there is a build.")
    theme = place.theme(told, name=None, words=(CANARY.lower(), "sat"))
    publish(place.folder)
    publish(place.folder)
    assert place.rows("select name from themes") == [{"name": f"{CANARY.lower()} · sat"}]
    for story in told:
        withdrawals.withdraw_story(place.db, story)
        follow_withdrawals(place.folder, db=place.db)
    assert place.bytes_with(CANARY.lower()) == []
    assert themes.get(place.db, theme)
    assert not file_of(place.folder, 1).exists()


def test_promise_06_a_word_that_is_cut_from_what_others_told_does_not_stay(tmp_path: Path) -> None:
    """Two people said it where it could be read. It goes with the second of them."""
    place = Place(tmp_path / "inquiry")
    told = [place.tell(f"{CANARY} sat here, {n}.") for n in range(3)]
    place.redact(told[2], CANARY)
    place.theme(told, name=None, words=(CANARY.lower(), "sat"))
    publish(place.folder)
    assert place.rows("select name from themes") == [{"name": f"{CANARY.lower()} · sat"}]
    for story in told[:2]:
        withdrawals.withdraw_story(place.db, story)
        follow_withdrawals(place.folder, db=place.db)
    assert place.rows("select name, words from themes") == [{"name": "sat", "words": '["sat"]'}]


STEPS = {
    "before the copy": ("taking_out", "copy"),
    "before the check of the copy": ("withdraw", "verify_build"),
    "before the record": ("storage.published", "record"),
    "before the swap": ("swap", "go_live"),
    "before old builds go": ("withdraw", "_delete_builds"),
    "between a file and its record": ("storage.published", "mark_deleted"),
    "before the list is emptied": ("storage.takedowns", "done"),
    "before the bytes go": ("storage.withdrawals", "finish_erasure"),
}


class Killed(BaseException):
    """Stands for a power cut: nothing catches it."""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_promise_06_killed_at_any_step_it_is_finished_by_the_next_call(
    place: Place, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    publish(place.folder)
    where, name = STEPS[step]
    room = where if where.startswith("storage") else f"publishing.{where}"
    module = importlib.import_module(f"par_toolkit.{room}")
    real: Callable[..., Any] = getattr(module, name)

    def killed(*args: Any, **options: Any) -> Any:
        if after:
            real(*args, **options)
        raise Killed

    withdrawals.withdraw(place.db, CODE)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, killed)
        with pytest.raises(Killed):
            follow_withdrawals(place.folder, db=place.db)
    follow_withdrawals(place.folder, db=place.db)
    assert place.bytes_with(CANARY) == []
    assert place.bytes_with(CANARY.lower()) == []
    assert len(place.rows("select * from quotes")) == 6
    assert verify_build(place.live()).sound
    assert withdrawals.pending(place.db) == 0
    assert not follow_withdrawals(place.folder, db=place.db)


def test_promise_06_a_withdrawal_while_a_build_is_made_does_not_slip_in(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("par_toolkit.publishing.publish")
    real = module.verify_build
    calls = []

    def verify_and_be_overtaken(path: Path) -> Any:
        if not calls:
            assert CANARY.encode() in path.read_bytes()
            withdrawals.withdraw(place.db, CODE)
        calls.append(path)
        return real(path)

    monkeypatch.setattr(module, "verify_build", verify_and_be_overtaken)
    publish(place.folder)
    assert len(calls) == 2  # it began again
    assert place.bytes_with(CANARY) == []
    assert withdrawals.pending(place.db) == 0


def test_promise_06_a_withdrawal_just_before_the_swap_is_followed_at_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("par_toolkit.publishing.swap")
    real = module.go_live
    calls = []

    def overtaken(folder: Path, number: int) -> None:
        if not calls:
            withdrawals.withdraw(place.db, CODE)
        calls.append(number)
        real(folder, number)

    monkeypatch.setattr(module, "go_live", overtaken)
    publish(place.folder)
    assert calls == [2, 3]
    assert place.bytes_with(CANARY) == []


def test_promise_06_people_who_never_stop_changing_do_not_hang_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("par_toolkit.publishing.publish")
    monkeypatch.setattr(module, "still_holds", lambda db, selection: False)
    with pytest.raises(PublishError, match="changing their consent"):
        publish(place.folder)
    assert live_build(place.folder) == 1


def test_promise_06_after_a_rollback_the_live_build_is_reduced_too(place: Place) -> None:
    publish(place.folder)
    publish(place.folder)
    assert rollback(place.folder, 1) == 1
    withdrawals.withdraw(place.db, CODE)
    assert follow_withdrawals(place.folder, db=place.db)
    assert live_build(place.folder) == 4
    assert place.bytes_with(CANARY) == []


def test_promise_06_no_setting_and_no_command_brings_back_what_a_withdrawal_deleted(
    place: Place,
) -> None:
    settings = place.folder / "inquiry.toml"
    settings.write_text(settings.read_text("utf-8").replace("keep = 5", "keep = 50"), "utf-8")
    for _ in range(6):
        publish(place.folder)
    assert len(list(place.folder.glob("findings/build-*.db"))) == 7
    withdrawals.withdraw(place.db, CODE)
    assert follow_withdrawals(place.folder, db=place.db)
    assert live_build(place.folder) == 8
    for build in (*range(1, 8), None):
        with pytest.raises(PublishError, match="There is no"):
            rollback(place.folder, build)
    assert live_build(place.folder) == 8 and place.bytes_with(CANARY) == []


def test_promise_06_a_damaged_live_build_goes_offline_with_its_words(place: Place) -> None:
    path = place.live()
    path.write_bytes(path.read_bytes()[:8192])
    withdrawals.withdraw(place.db, CODE)
    assert follow_withdrawals(place.folder, db=place.db)
    assert live_build(place.folder) is None
    assert place.bytes_with(CANARY) == []
    assert publish(place.folder).quotes == 6


def test_promise_06_what_a_killed_publish_left_behind_goes_with_the_words(place: Place) -> None:
    findings = place.folder / "findings"
    left = place.live().read_bytes()
    for name in (".build-000009.db.unfinished", "build-000009.db", ".build-000009.db-journal"):
        (findings / name).write_bytes(left)
    withdrawals.withdraw(place.db, CODE)
    follow_withdrawals(place.folder, db=place.db)
    assert place.bytes_with(CANARY) == []


def test_promise_06_erasure_waits_for_a_reader_and_is_finished_later(place: Place) -> None:
    with closing(sqlite3.connect(place.folder / "private.db")) as reader:
        reader.execute("begin")
        reader.execute("select * from stories").fetchone()
        withdrawals.withdraw(place.db, CODE)
        follow_withdrawals(place.folder, db=place.db)
        assert [path for path in place.bytes_with(CANARY) if path.startswith("findings")] == []
        assert withdrawals.pending(place.db) > 0
    follow_withdrawals(place.folder, db=place.db)
    assert withdrawals.pending(place.db) == 0
    assert place.bytes_with(CANARY) == []


def test_promise_06_the_record_of_the_new_build_names_who_is_left(place: Place) -> None:
    withdrawals.withdraw(place.db, CODE)
    follow_withdrawals(place.folder, db=place.db)
    uses = {use.public_id for use in published.uses(place.db, 2)}
    assert uses == {row["id"] for row in place.rows("select id from quotes")}
    record = published.get(place.db, 2)
    assert record is not None and record.why == "withdrawal"
    assert [(one.build, one.state) for one in published.listing(place.db)] == [
        (2, "kept"),
        (1, "deleted"),
    ]
