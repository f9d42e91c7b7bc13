"""A tablet in a few lines: it follows the protocol of the browser's sender, over any bad line.

It keeps each story until an answer names that story and says that it is on disk. The careless
tablets at the end each break one rule; the checks of these tests must catch every one of them.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

#: Words of several scripts, of one to four bytes a letter, as the door keeps them.
WORDS: Final = (
    "bus clinic waited nobody said why été garçon œuvre naïve straße Ångström नमस्ते сегодня "
    'वर्षा اليوم عيادة 病院 バス 😀 👩🏽‍⚕️ quote" back\\slash <b>not bold</b> &amp; 100% a/b'
).split(" ")
BLOCK: Final = 4_096


@dataclass(frozen=True)
class Story:
    """A story that waits: its uuid, its number on the tablet, and all that the teller said."""

    uuid: str
    seq: int
    told: Mapping[str, Any]

    def plain(self) -> bytes:
        """Return the story as JSON in UTF-8."""
        return json.dumps(self.told, ensure_ascii=False).encode()

    def sealed(self, recipient: str) -> bytes:
        """Return the story sealed to the inquiry, padded so that its length tells little."""
        import pyrage

        text = self.plain()
        padded = text + b" " * (-len(text) % BLOCK)
        return bytes(pyrage.encrypt(padded, [pyrage.x25519.Recipient.from_str(recipient)]))


def make_told(rng: random.Random, seq: int) -> dict[str, Any]:
    """Make up what one person tells: a few letters or some thousands, any wishes."""
    count = rng.choice((1, 5, 40, 40, 400, 3_000))
    telling = " ".join(rng.choice(WORDS) for _ in range(count))
    return {
        "form": "story",
        "form_version": 1,
        "language": rng.choice(("en", "fr")),
        "device_seq": seq,
        "receipt": "".join(rng.choice("0123456789") for _ in range(16)),
        "answers": {"telling": telling, "kind": rng.choice(("success", "challenge", "both"))},
        "consent": {use: rng.random() < 0.5 for use in ("analyse", "quote", "publish", "contact")}
        | {"wording": 1},
    }


@dataclass
class Tablet:
    """A paired tablet with its queue. With a `recipient` all that it sends is sealed.

    `acknowledged` holds what an answer said is on disk, `shredded` what was withdrawn, and
    `quarantined` what was refused with a reason: each was in the queue before, and only once.
    """

    token: str
    rng: random.Random
    recipient: str | None = None
    queue: dict[str, Story] = field(default_factory=dict)
    #: What waits as it will be sent: sealed once, so that a repeat is the same bytes.
    bodies: dict[str, bytes] = field(default_factory=dict)
    acknowledged: dict[str, Story] = field(default_factory=dict)
    shredded: set[str] = field(default_factory=set)
    quarantined: dict[str, str] = field(default_factory=dict)
    told: dict[str, Story] = field(default_factory=dict)

    def tell(self) -> Story:
        """Finish one telling: it gets its number and waits, sealed where it must be."""
        seq = len(self.told) + 1
        story = Story(self.new_uuid(), seq, make_told(self.rng, seq))
        body = story.sealed(self.recipient) if self.recipient else story.plain()
        self.told[story.uuid] = self.queue[story.uuid] = story
        self.bodies[story.uuid] = body
        return story

    def new_uuid(self) -> str:
        """Draw a uuid from the seed."""
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    async def send_round(self, client: httpx.AsyncClient) -> None:
        """Try everything that waits once, in any order, whatever becomes of each."""
        waiting = list(self.queue.values())
        self.rng.shuffle(waiting)
        for story in waiting:
            if story.uuid in self.queue:
                await self.send(client, story)

    async def send(self, client: httpx.AsyncClient, story: Story) -> None:
        """Send one story; what did not come through waits for the next round."""
        try:
            answer = await client.put(
                f"/api/stories/{story.uuid}",
                content=self.bodies[story.uuid],
                headers=self.headers(story),
            )
        except httpx.HTTPError:
            return
        self.take(story, answer.status_code, said(answer))

    def headers(self, story: Story) -> dict[str, str]:
        """Return what is said beside a story: who sends it, and the numbers given so far."""
        numbers = [story.seq for story in self.told.values()]
        return {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/age" if self.recipient else "application/json",
            "Par-Device-Numbers": f"{min(numbers)}-{max(numbers)}",
            "Par-Device-Seq": str(story.seq),
        }

    def take(self, story: Story, status: int, answer: Mapping[str, Any]) -> None:
        """Act on an answer: only one that names this story says anything about it."""
        if answer.get("uuid") != story.uuid:
            if status in (413, 415, 422) and answer.get("status") in ("refused", "wrong_type"):
                self._forget(story)
                self.quarantined[story.uuid] = str(answer.get("message"))
            return
        if status in (200, 201, 202) and answer.get("stored") is True:
            self._forget(story)
            self.acknowledged[story.uuid] = story
        elif status == 410 and answer.get("status") == "withdrawn":
            self._forget(story)
            self.shredded.add(story.uuid)

    def _forget(self, story: Story) -> None:
        del self.queue[story.uuid]
        del self.bodies[story.uuid]


def said(answer: httpx.Response) -> dict[str, Any]:
    """Return the JSON object of an answer; empty where it is none, as a hotel's page is."""
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class DeletesWhenSent(Tablet):
    """Careless: what has left the tablet is gone from it."""

    async def send(self, client: httpx.AsyncClient, story: Story) -> None:
        """Send, and forget whatever the answer is."""
        await super().send(client, story)
        if story.uuid in self.queue:
            self._forget(story)


class BelievesAnyAnswer(Tablet):
    """Careless: any 200 will do, be it a hotel's sign-in page or the answer for another story."""

    def take(self, story: Story, status: int, answer: Mapping[str, Any]) -> None:
        """Forget the story after any 2xx."""
        if 200 <= status < 300:
            self._forget(story)
            self.acknowledged[story.uuid] = story


class NewUuidEachTry(Tablet):
    """Careless: each try is a new story to the server."""

    async def send(self, client: httpx.AsyncClient, story: Story) -> None:
        """Send under a uuid made for this try."""
        again = Story(self.new_uuid(), story.seq, story.told)
        self._forget(story)
        self.queue[again.uuid] = again
        self.bodies[again.uuid] = again.sealed(self.recipient) if self.recipient else again.plain()
        await super().send(client, again)


class SealsEachTry(Tablet):
    """Not careless where the seal is opened at once; it must still be one story on the server."""

    async def send(self, client: httpx.AsyncClient, story: Story) -> None:
        """Seal again, which gives other bytes, and send."""
        assert self.recipient
        self.bodies[story.uuid] = story.sealed(self.recipient)
        await super().send(client, story)
