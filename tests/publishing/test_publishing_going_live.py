"""Which build is live: earlier ones, damaged ones, two at once, and what stands in the way."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.inquiry import InquiryError
from par_toolkit.publishing import (
    PublishError,
    live_build,
    preview,
    publish,
    rollback,
    verify_build,
)
from par_toolkit.publishing.build import file_of
from par_toolkit.storage import audit, published, releases
from tests.publishing.inquiries import Place, rows_of


def test_five_builds_are_kept_and_rolling_back_goes_through_them(place: Place) -> None:
    place.tell()
    for _ in range(7):
        publish(place.folder)
    assert [one.build for one in published.listing(place.db) if one.state == "kept"] == [
        7, 6, 5, 4, 3,
    ]  # fmt: skip
    assert len(list(place.folder.glob("findings/build-*.db"))) == 5
    assert rollback(place.folder) == 6
    assert rollback(place.folder) == 5
    assert rollback(place.folder, 7, by=place.two) == live_build(place.folder) == 7
    with pytest.raises(PublishError, match=r"no build 2.*7, 6, 5, 4, 3"):
        rollback(place.folder, 2)
    assert rollback(place.folder, 3) == 3
    with pytest.raises(PublishError, match="no earlier build"):
        rollback(place.folder)
    assert publish(place.folder).build == 8  # no number twice, and the live one is not pruned
    assert [one["action"] for one in audit.public_rows(place.db)].count("roll_back") == 4


@pytest.mark.parametrize("keep", [1, 2])
def test_a_community_says_how_many_builds_are_kept(place: Place, keep: int) -> None:
    settings = place.folder / "inquiry.toml"
    settings.write_text(
        re.sub(r"keep = \d+", f"keep = {keep}", settings.read_text("utf-8")), "utf-8"
    )
    for _ in range(4):
        publish(place.folder)
    kept = sorted(path.name for path in place.folder.glob("findings/build-*.db"))
    assert kept == [f"build-{number:06d}.db" for number in range(5 - keep, 5)]


def test_no_rolling_back_to_a_damaged_build(place: Place) -> None:
    publish(place.folder)
    publish(place.folder)
    file_of(place.folder, 1).write_bytes(b"noise")
    with pytest.raises(PublishError, match="not an SQLite database"):
        rollback(place.folder)
    assert live_build(place.folder) == 2


def test_no_rolling_back_to_words_that_were_redacted_since(place: Place) -> None:
    whole = place.tell("It was Example Ann.", consent=("publish",))
    story = place.tell("It was Example Ben.")
    publish(place.folder)
    publish(place.folder)
    assert rollback(place.folder) == 1
    place.redact(story, "Example Ben")
    publish(place.folder)
    with pytest.raises(PublishError, match="redacted or taken back since"):
        rollback(place.folder)
    publish(place.folder)
    assert rollback(place.folder) == 3
    place.redact(whole, "Example Ann")
    publish(place.folder)
    with pytest.raises(PublishError, match="redacted or taken back since"):
        rollback(place.folder)
    releases.take_back(place.db, story, by=place.two)
    publish(place.folder)
    with pytest.raises(PublishError, match="redacted or taken back since"):
        rollback(place.folder)


@pytest.mark.parametrize(
    "pointer", ["", "../private.db", "build-000007.db", "/etc/passwd", "build-1.db", "\x00"]
)
def test_a_pointer_that_names_no_build_here(place: Place, pointer: str) -> None:
    publish(place.folder)
    (place.folder / "findings" / "current").write_text(pointer)
    assert live_build(place.folder) is None
    assert publish(place.folder).build == 2
    assert live_build(place.folder) == 2


def test_the_pointer_may_be_a_link(place: Place) -> None:
    publish(place.folder)
    pointer = place.folder / "findings" / "current"
    pointer.unlink()
    pointer.symlink_to("build-000001.db")
    assert live_build(place.folder) == 1
    publish(place.folder)
    assert live_build(place.folder) == 2


def test_a_number_on_disk_is_never_used_again(place: Place) -> None:
    """As after a restore of a database that is older than the findings."""
    publish(place.folder)
    shutil.copy(file_of(place.folder, 1), file_of(place.folder, 41))
    (place.folder / "findings" / "current").write_text("build-000041.db")
    assert publish(place.folder).build == 42


def test_a_damaged_live_build_does_not_stand_in_the_way(place: Place) -> None:
    place.tell()
    publish(place.folder)
    place.live().write_bytes(place.live().read_bytes()[:5000])
    assert publish(place.folder).quotes == 1
    assert verify_build(place.live()).sound


def test_two_at_once_make_two_builds_one_after_the_other(place: Place) -> None:
    place.tell()
    done: list[Any] = []

    def run() -> None:
        done.append(publish(place.folder))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.build for one in done) == [1, 2, 3]
    assert live_build(place.folder) == 3
    assert all(verify_build(one.path).sound for one in done)


def test_a_busy_inquiry_is_a_sentence(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from par_toolkit.publishing import swap

    monkeypatch.setattr(swap, "WAIT_SECONDS", 0.1)
    with swap.only_one(place.folder), pytest.raises(PublishError, match="already") as caught:
        publish(place.folder)
    assert caught.value.reason == "busy"


def test_a_folder_that_is_no_inquiry(tmp_path: Path) -> None:
    for act in (publish, preview):
        with pytest.raises(InquiryError, match="is not an inquiry"):
            act(tmp_path / "nowhere")
    assert live_build(tmp_path / "nowhere") is None


def test_findings_that_cannot_be_written_are_a_sentence(place: Place) -> None:
    publish(place.folder)
    shutil.rmtree(place.folder / "findings")
    (place.folder / "findings").write_text("not a folder")
    with pytest.raises(PublishError, match="cannot be written"):
        publish(place.folder)


def test_a_full_disk_leaves_the_live_build(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(place.folder)

    def full(path: Path) -> None:
        raise OSError(28, os.strerror(28))

    from par_toolkit.publishing import build

    monkeypatch.setattr(build, "sync", full)
    with pytest.raises(PublishError, match="No space left"):
        publish(place.folder)
    assert live_build(place.folder) == 1
    assert [path.name for path in place.folder.glob("findings/*.db*")] == ["build-000001.db"]


def test_readers_of_the_old_build_are_not_disturbed(place: Place) -> None:
    place.tell("Old words.")
    old = publish(place.folder).path
    with closing(sqlite3.connect(f"file:{old}?immutable=1", uri=True)) as reader:
        place.tell("New words.")
        publish(place.folder)
        assert reader.execute("select text from quotes").fetchall() == [("Old words.",)]
    assert len(rows_of(old, "select * from quotes")) == 1
