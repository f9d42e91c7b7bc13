"""The protocol of the tablets against a model of it: whatever comes in whatever order, nothing is
lost, doubled, kept after it was withdrawn, or counted wrong.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from par_toolkit import sealing
from par_toolkit.inquiry import create
from par_toolkit.storage import accounting, devices, inbox, stories, withdrawals
from par_toolkit.storage.database import open_database
from par_toolkit.web import intake
from par_toolkit.web.app import create_app
from tests.sealed import SealingTablet
from tests.web.test_web_api import said, story

STORIES = st.integers(1, 4)
WORDS = st.sampled_from(["The well is open.", "The well is shut.", "There is no well."])


def uuid_of(number: int) -> str:
    return str(UUID(int=number))


def code_of(number: int) -> str:
    """Stories 1 and 2 are one person's."""
    return f"{max(2, number):016d}"


class Protocol(RuleBasedStateMachine):
    """Tablets that send, tellers who withdraw, and an inquiry that is locked and opened."""

    @initialize()
    def begin(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="par-protocol-"))
        self.inquiry = create(self.place / "inquiry", name="Made-up inquiry", locality="Nowhere")
        self.db = open_database(self.inquiry.folder, create=True)
        self.client = create_app(self.inquiry.folder).test_client()
        self.key = self.place / "stick"
        self.locked = False
        self.kept: dict[int, str] = {}
        self.siblings: dict[int, set[str]] = {}
        self.came_in = 0
        self.withdrawn: set[int] = set()  # stories that were here
        self.codes: set[str] = set()  # what was withdrawn by its code, here or not
        self.waiting: list[tuple[int, str, bytes]] = []
        self.sent: dict[tuple[int, str], bytes] = {}
        self.given: list[int] = []  # the story numbers of the tablet, in the order it gave them
        self.done: set[int] = set()  # the tablet's numbers that the server is done with
        self.unsent: set[int] = set()  # the numbers that the tablet still has
        self.paired = False
        self.pair()

    def teardown(self) -> None:
        if hasattr(self, "place"):
            self.db.close()
            shutil.rmtree(self.place)

    @precondition(lambda self: not self.paired)
    @rule()
    def pair(self) -> None:
        """Pair the tablet (again); its first number is the first that still waits on it."""
        token = devices.add(self.db, "Made-up tablet")
        self.tablet = SealingTablet(self.client, token, self.inquiry.folder)
        self.first = min(self.unsent, default=len(self.given) + 1)
        self.paired, self.heard_of = True, False

    @precondition(lambda self: self.paired)
    @rule()
    def revoke(self) -> None:
        devices.revoke(self.db, devices.by_token(self.db, self.tablet.token).id)
        self.paired = False

    @rule(number=STORIES, words=WORDS, sealed=st.booleans(), heard=st.booleans())
    def send(self, number: int, words: str, sealed: bool, heard: bool) -> None:
        """Send a story; with `heard` False the answer is lost on the way."""
        if number not in self.given:
            self.given.append(number)
            self.unsent.add(len(self.given))
        seq = self.given.index(number) + 1
        told = story(device_seq=seq, receipt=code_of(number), answers={"telling": words})
        named = {
            "Par-Device-Numbers": f"{self.first}-{len(self.given)}",
            "Par-Device-Seq": f"{seq}",
        }
        if sealed:
            body = self.sent.setdefault((number, words), self.tablet.seal(told))
            answer = self.tablet.put(
                body, uuid=uuid_of(number), content_type="application/age", headers=named
            )
        else:
            body = b""
            answer = self.tablet.put(told, uuid=uuid_of(number).upper(), headers=named)
        expected = self.expected(number, words, body)
        assert answer.status_code == expected, said(answer)
        assert said(answer)["stored"] is (expected in (200, 201, 202))
        if expected != 401:
            self.heard_of = True
            self.done.add(seq)
            if heard:
                self.unsent.discard(seq)

    def expected(self, number: int, words: str, sealed: bytes) -> int:
        """Say what the server must answer, and do in the model what it must do."""
        if not self.paired:
            return 401
        if sealed and self.locked:
            return self.into_inbox(number, words, sealed)
        return self.keep(number, words)

    def keep(self, number: int, words: str) -> int:
        if number in self.withdrawn or code_of(number) in self.codes:
            return 410
        if number not in self.kept:
            self.kept[number] = words
            self.came_in += 1
            return 201
        if self.kept[number] == words:
            return 200
        self.siblings.setdefault(number, set()).add(words)
        return 202

    def into_inbox(self, number: int, words: str, sealed: bytes) -> int:
        if number in self.withdrawn:
            return 410
        if (number, words, sealed) in self.waiting:
            return 200
        self.waiting.append((number, words, sealed))
        return 202 if any(one == number for one, _, _ in self.waiting[:-1]) else 201

    @rule(number=STORIES)
    def withdraw(self, number: int) -> None:
        """Withdraw by the code on the slip, whether or not anything has arrived."""
        withdrawals.withdraw(self.db, code_of(number))
        self.codes.add(code_of(number))
        for one in [one for one in self.kept if code_of(one) == code_of(number)]:
            self.forget(one)

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def withdraw_at_the_desk(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.kept)))
        (found,) = [one for one in stories.listing(self.db) if one.uuid == uuid_of(number)]
        withdrawals.withdraw_story(self.db, found.id)
        self.forget(number)

    def forget(self, number: int) -> None:
        del self.kept[number]
        self.siblings.pop(number, None)
        self.withdrawn.add(number)
        self.waiting = [one for one in self.waiting if one[0] != number]

    @precondition(lambda self: not self.locked)
    @rule()
    def lock(self) -> None:
        self.key.unlink(missing_ok=True)
        sealing.put_away(self.inquiry.folder, self.key)
        self.locked = True

    @precondition(lambda self: self.locked)
    @rule(keep=st.booleans())
    def unlock(self, keep: bool) -> None:
        """Open the inbox with the key, which stays or goes again."""
        key = sealing.read_key(self.key)
        if keep:
            sealing.put_back(self.inquiry.folder, key)
            self.locked = False
        opened = intake.open_inbox(self.db, self.inquiry, key=key)
        names = {201: "stored", 200: "same", 202: "sibling", 410: "withdrawn"}
        expected = [names[self.keep(number, words)] for number, words, _ in self.waiting]
        assert sorted(opened.outcomes.elements()) == sorted(expected)
        self.waiting = []

    @invariant()
    def what_is_here_is_what_must_be(self) -> None:
        if not hasattr(self, "kept"):
            return
        here = {one.uuid: one for one in stories.listing(self.db)}
        assert {uuid: one.answers["telling"] for uuid, one in here.items()} == {
            uuid_of(number): words for number, words in self.kept.items()
        }
        for number in self.kept:
            beside = stories.siblings(self.db, here[uuid_of(number)].id)
            assert {one["answers"]["telling"] for one in beside} == self.siblings.get(number, set())
        assert inbox.waits(self.db).stories == len(self.waiting)

    @invariant()
    def every_story_is_accounted_for(self) -> None:
        if not hasattr(self, "kept"):
            return
        account = accounting.account(self.db)
        assert account.balanced
        assert account.came_in == self.came_in + len(self.waiting)

    @invariant()
    def the_report_is_right(self) -> None:
        if not hasattr(self, "tablet") or not self.paired or not self.heard_of:
            return
        header = {"Authorization": f"Bearer {self.tablet.token}"}
        report: dict[str, Any] = said(self.client.get("/api/device", headers=header))
        numbers = range(self.first, len(self.given) + 1)
        known = range(self.first, report["missing"][-1] + 1) if report["missing"] else numbers
        assert report["missing"] == [n for n in known if n not in self.done]
        assert report["arrived"] + len(report["missing"]) == report["of"]
        assert report["arrived"] == len([n for n in numbers if n in self.done])


class TestProtocol(Protocol.TestCase):  # type: ignore[name-defined, misc]
    """Try a few ways through the protocol."""

    settings = settings(max_examples=12, stateful_step_count=30, deadline=None)
