"""Two whole cycles of an inquiry walk away (promise 17)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from par_toolkit import exporting, inquiry, publishing
from par_toolkit.demo import fill
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import audit, receipts, releases
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.sensemaking import word_releases
from tests.exporting.comparing import content, without_loading

#: Of these the demo has no rows; of the first, tests/exporting keeps some.
EMPTY = {
    *("siblings", "inbox", "voices", "devices", "device_numbers"),
    *(
        "coding_undos",
        "contact_readings",
        "export_requests",
        "first_readings",
        "rounds",
        "says_something",
    ),
    *("takedowns", "tone_readings", "waivers", "withdrawal_requests"),
    *("backups", "clock_seen", "keepers", "said_ahead"),
    *("build_approvals", "joinings", "topic_marks", "waiting_builds"),
    *("backups", "clock_seen", "keepers", "said_ahead"),
}


@pytest.fixture
def here(demo: Inquiry, tmp_path: Path) -> Path:
    """Copy the demo, which nobody changes: an export is recorded."""
    return Path(shutil.copytree(demo.folder, tmp_path / "demo"))


def test_promise_17_every_row_of_two_cycles_is_equal_elsewhere(
    here: Path, tmp_path: Path, made: PrivateDatabase
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(here, out, passphrase="seven made up words for a key")
    before = content(here)
    assert {name for name, rows in before.items() if not rows} <= EMPTY
    loaded = exporting.load(out, new, passphrase="seven made up words for a key")
    assert without_loading(content(new)) == before
    live = publishing.live_build(here)
    assert loaded.build == live is not None
    with open_database(new) as db:
        assert audit.verify(db).whole
        code = fill.receipt_of(here, "bus")
        assert receipts.find(db, code) == receipts.find(made, code)
    name = f"findings/build-{live:06d}.db"
    assert publishing.verify_build(new / name).sound
    assert (new / name).read_bytes() == (here / name).read_bytes()


def test_promise_17_it_publishes_the_same_without_the_keys(here: Path, tmp_path: Path) -> None:
    """A yes to words holds in the new place; one to other words still releases nothing."""
    exporting.write_folder(here, tmp_path / "out", format="json")
    exporting.load(tmp_path / "out", tmp_path / "new")
    cycle = inquiry.load(here).cycles[0].code
    with open_database(here) as old, open_database(tmp_path / "new") as new:
        before, after = (
            [one.approved_by for one in word_releases.of_cycle(db, cycle)] for db in (old, new)
        )
        assert after == before and any(before)
        story = new.value("select story from approvals")
        assert releases.state(new, story) == releases.state(old, story)
    there, same = publishing.publish(here), publishing.publish(tmp_path / "new")
    assert publishing.verify_build(same.path).sound
    for what in ("quotes", "stories", "themes", "said", "hidden_cells"):
        assert getattr(same, what) == getattr(there, what) > 0, what


def test_promise_08_a_yes_to_other_words_releases_nothing_elsewhere(
    here: Path, tmp_path: Path
) -> None:
    with open_database(here) as db:
        story = db.value("select story from approvals")
        db.change("update approvals set reviewed = 'other' where story = :id", {"id": story})
        db.change("update word_releases set digest = 'other'")
    exporting.write_folder(here, tmp_path / "out", format="json")
    exporting.load(tmp_path / "out", tmp_path / "new")
    cycle = inquiry.load(here).cycles[0].code
    with open_database(tmp_path / "new") as db:
        assert word_releases.of_cycle(db, cycle)
        assert not releases.state(db, story).released
        assert not any(one.approved_by for one in word_releases.of_cycle(db, cycle))
