"""The laptop is stolen, or dies: what is learned from it, and how soon a village goes on.

One encrypted inquiry with two keepers is served, told to, signed in to and backed up, all by its
own doors. Then somebody takes what they find; and on another day, on an empty machine, a keeper's
key and the passphrase bring it back.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from click.testing import CliRunner

from par_toolkit.cli import main
from par_toolkit.storage import stories
from par_toolkit.storage.database import open_database
from tests.browser.server import wait_until_healthy
from tests.faults import searching
from tests.faults.runs import new_client
from tests.faults.server import Served
from tests.faults.tablet import Story, Tablet
from tests.promises.test_promise_01_server_killed import under_load

WORDS = ("Heliotropium", "Quinceblossom", "Zanzibarquartz", "Tamariskgrove")
PASSPHRASE = "seven boats left before the rain"
PASSWORD = "nobody else knows this one"
NAME = "Example Wilhelmina"
KEY_PASSPHRASE = "a stick in the drawer at home"
#: A receipt code as it is typed, and as it is shown.
CODES = ("4711471147110815", "4711 4711 4711 0815")
GONE = "1111222233334444"
#: How often a long telling says its word: half a megabyte.
LONG = 40_000


@dataclass
class Village:
    """An encrypted inquiry in `folder`, and what its people keep elsewhere, in `away`."""

    folder: Path
    away: Path

    @property
    def key(self) -> Path:
        return self.away / "steward.age"

    def par(self, *words: object) -> Any:
        """Run `par` with --json and return what it says."""
        given = ["--inquiry", self.folder, *words, "--json"]
        ran = CliRunner().invoke(main, [str(word) for word in given], prog_name="par")
        assert ran.exit_code == 0, ran.output
        return json.loads(ran.stdout)

    def pair(self) -> tuple[str, str]:
        """Pair a tablet; return its token and whom it seals to."""
        paired = self.par("devices", "add", "Made-up tablet")
        return paired["token"], paired["recipient"]


@pytest.fixture
def village(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Village:
    """Make the inquiry with one keeper; its passphrase stands in the environment."""
    one = Village(tmp_path / "laptop" / "inquiry", tmp_path / "away")
    one.away.mkdir()
    one.folder.parent.mkdir()
    (one.away / "passphrase").write_text(KEY_PASSPHRASE, "utf-8")
    monkeypatch.setenv("PAR_PASSPHRASE", PASSPHRASE)
    one.par("init", "--passphrase", "--name", "Made-up inquiry", "--locality", "Nowhere")
    typed = ("--key-passphrase-file", one.away / "passphrase")
    one.par("keepers", "add", "Ex", "--role", "steward", "--out", one.key, *typed)
    return one


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Serve an inquiry by a program that begins from nothing, with temporary files of its own.

    It is killed at the end.
    """
    server = Served(folder)
    environment = {**os.environ, "TMPDIR": str(folder.parent / "tmp")}
    (folder.parent / "tmp").mkdir(exist_ok=True)
    with server.log.open("ab") as log:
        command = [sys.executable, "-m", "par_toolkit", "--inquiry", str(folder), "serve"]
        process = subprocess.Popen(
            [*command, "--port", str(server.port)],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        wait_until_healthy(server.address, process=process, log=server.log)
        yield server
    finally:
        process.kill()
        process.wait()


@dataclass
class Teller(Tablet):
    """A paired tablet at which certain words are told."""

    words: str = WORDS[0]

    def tell(self) -> Story:
        """Finish one telling of those words."""
        told = super().tell()
        answers = {**told.told["answers"], "telling": f"{self.words} was told here."}
        story = replace(told, told={**told.told, "answers": answers})
        self.told[story.uuid] = self.queue[story.uuid] = story
        self.bodies[story.uuid] = story.sealed(self.recipient) if self.recipient else story.plain()
        return story

    def send_all(self, address: str) -> None:
        """Send what waits, once."""

        async def send() -> None:
            async with new_client(address) as client:
                await self.send_round(client)

        asyncio.run(send())


def browser(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, trust_env=False, timeout=60)


def post(client: httpx.Client, page: str, act: str, fields: dict[str, Any], **more: Any) -> Any:
    """Open a page, and post to one of its forms with what its hidden fields hold."""
    html = client.get(page).text
    form = re.search(rf'<form[^>]*action="{re.escape(act)}[?"].*?</form>', html, re.DOTALL)
    assert form, f"{page} offers no form for {act}"
    known = {}
    for one in re.findall(r'<input[^>]*type="hidden"[^>]*>', form[0]):
        name, value = (re.search(rf'{what}="([^"]*)"', one) for what in ("name", "value"))
        if name:
            known[name[1]] = value[1] if value else ""
    headers = {"Origin": str(client.base_url).rstrip("/")}
    answer = client.post(act, data=known | fields, headers=headers, **more)
    assert answer.status_code in (200, 303), answer.text
    return answer


def sign_in(village: Village, desk: httpx.Client) -> None:
    """Add somebody, who sets a password and signs in."""
    link = village.par("people", "add", NAME, "--role", "facilitator")["link"]
    with browser(str(desk.base_url)) as once:
        chosen = {"token": link.partition("#")[2], "password": PASSWORD, "again": PASSWORD}
        post(once, "/desk/welcome", "/desk/welcome", chosen)
    post(desk, "/desk/sign-in", "/desk/sign-in", {"name": NAME, "password": PASSWORD})


def test_a_laptop_stolen_in_the_middle_of_a_meeting_tells_nothing(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = [*WORDS, PASSPHRASE, PASSWORD, NAME, KEY_PASSPHRASE, "AGE-SECRET-KEY", *CODES]
    taken = []

    def take() -> None:
        taken.append(searching.copy(village.folder.parent, tmp_path / f"taken {len(taken)}"))

    tablets = []
    for words, sealed in ((WORDS[0], False), (WORDS[1], True)):
        token, recipient = village.pair()
        tablets.append(Teller(token, random.Random(words), recipient if sealed else None))
        tablets[-1].words = words
        secrets.append(token)
    with serving(village.folder) as server:
        with browser(server.address) as teller, under_load(list(tablets), server.address):
            told = {"receipt": CODES[0], "uuid": str(uuid4())}
            wants = {"consent-contact": "yes", "contact-how": f"{WORDS[3]} Street 7"}
            long = told | wants | {"telling": f"{WORDS[2]} " * LONG}
            files = {"nothing": ("", b"")}  # as the page sends it, in parts
            post(teller, "/tell/story", "/tell/story", long, files=files)
            take()
            post(teller, "/mine", "/mine", {"code": CODES[0]})
            with browser(server.address) as desk:
                sign_in(village, desk)
                assert any(word in desk.get("/desk/stories").text for word in WORDS)
            take()
            village.par("backup", "--to", village.folder.parent / "last week")
            take()
        take()
    take()
    for one in taken:
        assert not searching.find([one], secrets)
    # whoever has it cannot open it, with the toolkit or without
    monkeypatch.setenv("PAR_PASSPHRASE", "seven boats left before the storm")
    thief = [sys.executable, "-m", "par_toolkit", "--inquiry", str(taken[0] / "inquiry"), "verify"]
    tried = subprocess.run(thief, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert tried.returncode and "passphrase" in (tried.stdout + tried.stderr).lower()
    # and this search can fail: it finds what lies open
    (taken[0] / "left.txt").write_text(f"… {WORDS[1]} …", "utf-16-le")
    assert searching.find(taken, secrets) == [f"{WORDS[1]} in {taken[0].name}/left.txt"]
    assert not searching.find([village.away], [PASSPHRASE]), "nor does a keeper's stick"


def test_a_village_whose_laptop_died_on_tuesday_tells_stories_on_wednesday(
    village: Village, tmp_path: Path
) -> None:
    """A stick with sealed backups, a keeper's key, the passphrase, and an empty machine."""
    stick = tmp_path / "stick"
    token, recipient = village.pair()
    tablet = Teller(token, random.Random(1), recipient)
    with serving(village.folder) as server, browser(server.address) as teller:
        for code in (CODES[0], GONE):
            told = {"receipt": code, "uuid": str(uuid4()), "telling": f"{WORDS[2]} {code}"}
            post(teller, "/tell/story", "/tell/story", told)
        tablet.tell()
        tablet.send_all(server.address)
        assert len(tablet.acknowledged) == 1
        monday = village.par("backup", "--to", stick)["file"]
        post_withdrawal(teller, GONE)
        tuesday = Path(village.par("backup", "--to", stick)["file"])
        waits = tablet.tell()  # the laptop dies before the tablet can send it
    shutil.rmtree(village.folder.parent)
    tuesday.write_bytes(b"the stick has a fault here" + tuesday.read_bytes()[26:])

    new = Village(tmp_path / "borrowed" / "inquiry", village.away)
    new.folder.parent.mkdir()
    opens = ("--identity", new.key, "--key-passphrase-file", new.away / "passphrase")
    with pytest.raises(AssertionError, match="damaged"):
        new.par("restore", tuesday, *opens)
    restored = new.par("restore", monday, *opens)
    assert (restored["withdrawn"], restored["erased"]) == (1, True), "the stick has the ledger"
    with serving(new.folder) as server:
        tablet.send_all(server.address)
        assert waits.uuid in tablet.acknowledged, "paired before, and not again"
        with browser(server.address) as teller:
            assert WORDS[2] in post(teller, "/mine", "/mine", {"code": CODES[0]}).text
            told = {"receipt": "0815081508150815", "uuid": str(uuid4()), "telling": "Told today."}
            post(teller, "/tell/story", "/tell/story", told)
    assert new.par("verify")["sound"]
    with open_database(new.folder) as db:
        telling = {story.answers["telling"] for story in stories.listing(db)}
    intake_done = {f"{WORDS[2]} {CODES[0]}", "Told today."}
    assert telling >= intake_done and not any(GONE in one for one in telling)


def post_withdrawal(teller: httpx.Client, code: str) -> None:
    """Withdraw all that was told under a code."""
    shown = post(teller, "/mine", "/mine", {"code": code}).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
    story = re.search(r'name="story"[^>]*value="([^"]+)"', shown)
    assert token
    fields = {"csrf_token": token[1], "code": code, "confirmed": "yes"}
    fields |= {"story": story[1]} if story else {}
    headers = {"Origin": str(teller.base_url).rstrip("/")}
    answer = teller.post("/mine/withdraw", data=fields, headers=headers)
    assert answer.status_code == 200 and code not in answer.text
