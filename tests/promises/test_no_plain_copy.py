"""Encrypted means all of it: no word in any byte beside the database, whatever moment it is killed.

A real server with a folder for temporary files of its own is told stories through every door, then
killed in the middle of work. What is searched is every file of the inquiry, of that folder and of
the log, the parts of archives unpacked. Words that were planted, and a plain inquiry, are found.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from par_toolkit import sealing
from par_toolkit.storage import devices, people, vault
from par_toolkit.storage.database import open_database
from tests import locked, quick
from tests.browser.server import free_port, wait_until_healthy
from tests.locked import PASSPHRASE, field, telling_fields
from tests.voices import sent
from tests.web.test_web_api import story

CANARY = "Zanzibarquartz"
#: In a recording, which is no text.
SUNG = b"Canarysungaloud"
PASSWORD = "a long password"
CODE = "4711471147114711"


def songs() -> list[bytes]:
    """List how the words may lie in a file: as text of either width, and in base64."""
    found = [SUNG]
    for text in (CANARY, CODE, PASSWORD, PASSPHRASE):
        plain = text.encode()
        found += [plain, text.encode("utf-16-le"), text.encode("utf-16-be")]
        for shift in range(3):  # whole groups of base64, wherever the word begins
            coded = base64.b64encode(b"\0" * shift + plain)
            found.append(coded[4 if shift else 0 : -4])
    return found


def heard(*places: Path) -> list[str]:
    """List the files in which one of the words is, in the clear or in an archive."""
    return [
        str(path)
        for place in places
        for path in ([place] if place.is_file() else sorted(place.rglob("*")))
        if path.is_file() and _sings(path.read_bytes())
    ]


def _sings(data: bytes) -> bool:
    if any(song in data for song in songs()):
        return True
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(_sings(archive.read(name)) for name in archive.namelist())
    return False


class Machine:
    """A laptop with one inquiry: its own folder for temporary files, and a log of all it says."""

    def __init__(self, folder: Path, place: Path) -> None:
        self.folder, self.temporary, self.log = folder, place / "tmp", place / "log"
        self.temporary.mkdir(parents=True)
        self.log.touch()
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "TMPDIR": str(self.temporary),
            "PAR_PASSPHRASE": PASSPHRASE,
        }

    def par(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command; what it says goes into the log."""
        command = [sys.executable, "-m", "par_toolkit", "--inquiry", str(self.folder), *arguments]
        with self.log.open("ab") as output:
            return subprocess.Popen(
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @contextmanager
    def serving(self) -> Iterator[httpx.Client]:
        """Serve for the length of a block, then kill it."""
        port = free_port()
        process = self.par("serve", "--port", str(port))
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_healthy(address, process=process, log=self.log)
            with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
                yield client
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def tell_through_every_door(client: httpx.Client, machine: Machine, token: str) -> None:
    """Tell by page, by tablet in the clear and sealed, and spoken; then read it at the desk."""
    page = client.get("/tell/story").text
    long = f"{CANARY} " * 40_000
    fields = telling_fields(page, long) | {"receipt": CODE, "title": CANARY}
    assert client.post("/tell/story", data=fields).status_code == 303
    page = client.get("/tell/story").text
    upload = {"telling-file": ("story.txt", long.encode(), "text/plain")}
    client.post("/tell/story", data=telling_fields(page, CANARY), files=upload)
    spoken = story(voice=[sent(SUNG * 1000)])
    for number, told in enumerate((story(answers={"telling": CANARY}), spoken)):
        for kind in ("application/json", "application/age"):
            body = json.dumps(told).encode()
            sealed = sealing.seal(sealing.recipient(machine.folder), body)
            answer = client.put(
                f"/api/stories/0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c{number}{len(kind) % 10}",
                content=sealed if kind.endswith("age") else body,
                headers={"Authorization": f"Bearer {token}", "Content-Type": kind},
            )
            assert answer.status_code == 201, answer.text
    token = field(client.get("/mine").text, "csrf_token")
    assert CANARY in client.post("/mine", data={"csrf_token": token, "code": CODE}).text
    token = field(client.get("/desk/sign-in").text, "csrf_token")
    signed = {"csrf_token": token, "name": "Amara", "password": PASSWORD}
    assert client.post("/desk/sign-in", data=signed).status_code == 303
    assert client.get("/desk/stories", params={"search": CANARY}).status_code == 200
    assert CANARY in client.get("/desk/stories/1").text


def kill_in_the_middle(machine: Machine, *arguments: str, after: float) -> None:
    """Start a command and kill it after some seconds, where it has not ended by then."""
    process = machine.par(*arguments)
    with suppress(subprocess.TimeoutExpired):
        process.wait(after)
    process.kill()
    process.wait()


def live_through_a_bad_day(machine: Machine, stick: Path) -> None:
    """Tell, read, bring in, copy and export, each cut short by a kill."""
    with open_database(machine.folder) as db:
        token = devices.add(db, "Made-up tablet")
        people.set_password(db, people.add(db, "Amara", "steward"), PASSWORD)
    table = stick / "stories.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["telling"])
        rows.writerows([f"{CANARY} {number}"] for number in range(2_000))
    bring_in = ("import", str(table), "--form", "story", "--map", "telling=telling")
    with machine.serving() as client:
        tell_through_every_door(client, machine, token)
        bringing = machine.par(*bring_in, "--consent", "analyse,quote")
        flood = threading.Thread(target=_flood, args=(client, token), daemon=True)
        flood.start()
        with suppress(subprocess.TimeoutExpired):
            bringing.wait(4)
    flood.join(30)
    bringing.kill()
    bringing.wait()
    kill_in_the_middle(machine, "backup", after=60)
    kill_in_the_middle(machine, "backup", after=1.2)
    kill_in_the_middle(machine, "export", "--format", "all", "--out", str(stick / "a"), after=2.0)


def _flood(client: httpx.Client, token: str) -> None:
    """Send stories until nobody answers any more."""
    with suppress(httpx.HTTPError, RuntimeError):
        for number in range(10_000):
            client.put(
                f"/api/stories/7c9e6679-7425-40de-944b-{number:012x}",
                json=story(answers={"telling": f"{CANARY} " * 5_000}),
                headers={"Authorization": f"Bearer {token}"},
            )


def test_no_word_is_in_any_byte_of_an_encrypted_inquiry_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = locked.new_inquiry(tmp_path / "encrypted", monkeypatch)
    machine, stick = Machine(folder, tmp_path / "machine"), tmp_path / "stick"
    stick.mkdir()
    live_through_a_bad_day(machine, stick)
    assert list((folder / "backups").glob("*.par")), machine.log.read_text()
    assert list((folder / "media").iterdir())
    assert heard(folder, machine.temporary, machine.log) == []
    assert heard(stick)  # what was brought in lies there in the clear, and is found
    planted = machine.temporary / "crash"
    planted.write_bytes(b"\0" * 100 + CANARY.encode("utf-16-le"))
    assert heard(folder, machine.temporary, machine.log) == [str(planted)]
    vault.unlock(folder, PASSPHRASE)
    with open_database(folder) as db:
        assert db.sound()


def test_the_same_look_finds_the_words_of_a_plain_inquiry(tmp_path: Path) -> None:
    folder = quick.new_inquiry(tmp_path / "plain")
    machine = Machine(folder, tmp_path / "machine")
    with open_database(folder) as db:
        token = devices.add(db, "Made-up tablet")
        people.set_password(db, people.add(db, "Amara", "steward"), PASSWORD)
    with machine.serving() as client:
        tell_through_every_door(client, machine, token)
    found = heard(folder, machine.temporary, machine.log)
    assert any("private.db" in path for path in found)
    assert any("media" in path for path in found)
    assert str(machine.log) not in found
