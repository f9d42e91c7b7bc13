"""A full disk, a killed program, and a tablet that comes late."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from par_toolkit import exporting
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices
from par_toolkit.storage.database import open_database
from par_toolkit.web.app import create_app
from tests.exporting.conftest import GONE, GONE_UUID, PASSPHRASE
from tests.sealed import sealed
from tests.web.test_web_api import story

resource = pytest.importorskip("resource")


def par(folder: Path, *words: object, **options: object) -> subprocess.Popen[str]:
    """Start `par` as a program of its own."""
    command = [sys.executable, "-m", "par_toolkit", "--inquiry", folder, *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([str(word) for word in command], **pipes, **options)  # type: ignore[call-overload]


def test_a_full_disk_is_said_and_nothing_is_left(full: Inquiry, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    program = par(full.folder, "export", "--out", out, preexec_fn=little_room)
    _, said = program.communicate(timeout=120)
    assert program.returncode == 1
    assert "cannot be written" in said and "Traceback" not in said
    assert not out.exists() and not list(tmp_path.glob(".out*"))


def test_killed_it_is_begun_again_and_nothing_half_done_looks_whole(
    full: Inquiry, tmp_path: Path
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    program = par(full.folder, "export", "--out", out)
    unfinished = tmp_path / ".out.par-export-unfinished"
    while not (unfinished / "csv").exists() and program.poll() is None:
        time.sleep(0.005)
    os.kill(program.pid, signal.SIGKILL)
    program.communicate(timeout=60)
    assert not out.exists()
    exporting.write_folder(full.folder, out, format="json")
    assert not unfinished.exists()
    loading = par(new, "init", "--from", out)
    while not list(new.glob(".loading-*/private.db")) and loading.poll() is None:
        time.sleep(0.005)
    os.kill(loading.pid, signal.SIGKILL)
    loading.communicate(timeout=60)
    assert not (new / "inquiry.toml").exists()
    exporting.load(out, new)
    assert (new / "inquiry.toml").exists() and not list(new.glob(".loading-*"))


@pytest.mark.parametrize("way", ["plain", "sealed"])
def test_promise_06_a_tablet_that_comes_late_is_told_that_it_was_withdrawn(
    full: Inquiry, tmp_path: Path, way: str
) -> None:
    exporting.write_folder(full.folder, tmp_path / "out", format="json", passphrase=PASSPHRASE)
    exporting.load(tmp_path / "out", tmp_path / "new", passphrase=PASSPHRASE)
    with open_database(tmp_path / "new") as db:
        token = devices.add(db, "Paired anew")
    told = story(receipt=GONE)
    client = create_app(tmp_path / "new").test_client()
    for uuid in (GONE_UUID, str(UUID(int=7, version=4))):  # known by its number, or by its code
        given = {"json": told} if way == "plain" else {"data": sealed(full.folder, told)}
        more = {} if way == "plain" else {"content_type": "application/age"}
        response = client.put(
            f"/api/stories/{uuid}", headers={"Authorization": f"Bearer {token}"}, **given, **more
        )
        assert response.status_code == 410
