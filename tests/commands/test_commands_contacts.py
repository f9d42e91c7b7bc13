"""How to reach tellers leaves the inquiry only for a reason, and comes back encrypted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click.testing
import pytest

from par_toolkit import exporting
from par_toolkit.cli import main
from par_toolkit.storage import contacts, stories
from par_toolkit.storage.database import PrivateDatabase, open_database

Par = Callable[..., click.testing.Result]
CANARY = "Canary, 3 Example Lane"
UUID = "0b0e9a52-0d6c-4f39-9f0b-3f5f7a2a0c11"


@pytest.fixture
def told(tell: Callable[..., stories.Kept]) -> None:
    """Tell of somebody who may be reached, in two ways, and of somebody who may not."""
    sent = {"uuid": UUID, "receipt": "1111222233334444", "consent": {"contact": True}}
    tell(contact=CANARY, **sent)
    tell(contact=f"{CANARY}, upstairs", **sent)
    tell(contact="Never kept")


def holding(folder: Path) -> set[str]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {path.name for path in found if CANARY.encode() in path.read_bytes()}


@pytest.mark.usefixtures("told")
def test_without_a_reason_they_stay_here(par: Par, tmp_path: Path) -> None:
    par("export", "--out", tmp_path / "out")
    assert holding(tmp_path / "out") == set()
    assert not list((tmp_path / "out").rglob("*contacts*"))
    readme = (tmp_path / "out/README.md").read_text("utf-8")
    assert "How to reach tellers is not here" in readme
    refused = par("export", "--out", tmp_path / "two", "--contacts", "because", code=2)
    assert "moving" in refused.stderr and not (tmp_path / "two").exists()


@pytest.mark.usefixtures("told")
def test_promise_17_with_a_reason_they_come_along_and_are_encrypted_anew(
    par: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    said = par("export", "--out", out, "--contacts", "moving")
    assert "in the clear" in said.output
    assert holding(out) == {"contacts.json"}
    assert "in the clear" in (out / "README.md").read_text("utf-8")
    assert "en clair" in (out / "LISEZMOI.md").read_text("utf-8")
    row = db.row("select action, subject from audit_inside order by seq desc limit 1")
    assert row == {"action": "export_contacts", "subject": "moving"}
    loading = click.testing.CliRunner().invoke(
        main, ["--inquiry", str(new), "init", "--from", str(out)]
    )
    assert loading.exit_code == 0, loading.output
    assert holding(new) == set()
    with open_database(new) as loaded:
        assert list(contacts.every(loaded)) == list(contacts.every(db))
        assert len(list(contacts.every(loaded))) == 2


@pytest.mark.usefixtures("told")
def test_contacts_that_fit_no_story_are_refused_whole(
    par: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    before = db.rows("select * from contacts")
    good = {"story": 1, "sibling": None, "words": "Ask", "noted_at": "2026-01-01"}
    for change in (
        *({"story": one} for one in (99, "1", True, None, 2**70)),
        *({"sibling": 99}, {"words": None}, {"noted_at": 3}),
    ):
        path = tmp_path / "contacts.json"
        path.write_text(json.dumps([good, good | change]), "utf-8")
        with pytest.raises(exporting.ExportError, match="fit"):
            exporting.contacts.load(path, db)
        assert db.rows("select * from contacts") == before
    par("export", "--out", tmp_path / "out", "--contacts", "reaching", "--format", "json")
    (tmp_path / "out/contacts.json").write_text("[]", "utf-8")
    loading = ["--inquiry", str(tmp_path / "new"), "init", "--from", str(tmp_path / "out")]
    refused = click.testing.CliRunner().invoke(main, loading)
    assert refused.exit_code == 1 and "changed since it was written" in refused.stderr


@pytest.mark.usefixtures("told")
def test_par_check_counts_what_does_not_open(par: Par, db: PrivateDatabase) -> None:
    assert "contact details" not in par("check").output
    db.change("update contacts set cell = zeroblob(50) where sibling is null")
    assert "1 contact details do not open" in par("check", code=1).output
