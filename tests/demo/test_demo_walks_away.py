"""Two whole cycles of an inquiry walk away (promise 17)."""

from __future__ import annotations

from pathlib import Path

from par_toolkit import exporting, publishing
from par_toolkit.demo import fill
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import audit, receipts
from par_toolkit.storage.database import PrivateDatabase, open_database
from tests.exporting.comparing import content, without_loading

#: Of these the demo has no rows; tests/exporting keeps some, but for the last three.
EMPTY = {
    *("siblings", "inbox", "voices", "export_requests", "coding_undos", "device_numbers"),
    *("devices", "says_something", "takedowns", "code_examples"),
}


def test_promise_17_every_row_of_two_cycles_is_equal_elsewhere(
    demo: Inquiry, tmp_path: Path, made: PrivateDatabase
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(demo.folder, out, passphrase="seven made up words for a key")
    before = content(demo.folder)
    assert {name for name, rows in before.items() if not rows} <= EMPTY
    loaded = exporting.load(out, new, passphrase="seven made up words for a key")
    assert without_loading(content(new)) == before
    live = publishing.live_build(demo.folder)
    assert loaded.build == live is not None
    with open_database(new) as db:
        assert audit.verify(db).whole
        code = fill.receipt_of(demo.folder, "bus")
        assert receipts.find(db, code) == receipts.find(made, code)
    name = f"findings/build-{live:06d}.db"
    assert publishing.verify_build(new / name).whole
    assert (new / name).read_bytes() == (demo.folder / name).read_bytes()


def test_promise_17_it_can_publish_again_without_the_keys(demo: Inquiry, tmp_path: Path) -> None:
    exporting.write_folder(demo.folder, tmp_path / "out", format="json")
    exporting.load(tmp_path / "out", tmp_path / "new")
    published = publishing.publish(tmp_path / "new")
    assert publishing.verify_build(published.path).whole
