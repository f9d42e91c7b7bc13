"""A tablet for tests: real Chromium, our own files, and a server that answers as it is told."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyrage
from playwright.sync_api import Page, Request, Route

from par_toolkit.web.headers import HEADERS

ROOT = Path(__file__).parents[3] / "par_toolkit" / "web"
#: Browsers count every name under localhost as secure, and no request leaves this machine.
ORIGIN = "http://tablet.localhost"
TOKEN = "abcdefghijkmnpqrstuvwxyz"
CODE = "1234567812345678"
UUID = "0a1b2c3d-0000-4000-8000-00000000000a"
CANARY = "the heron stood in the yard"
STORY: dict[str, Any] = {
    "form": "story",
    "form_version": 1,
    "language": "en",
    "receipt": CODE,
    "answers": {"telling": CANARY, "title": "Été 🐦"},
    "consent": {"analyse": True, "quote": False, "wording": 1},
}
LOAD = "const load = (name) => import(`/static/js/tablet/${name}.js`);"

Answer = dict[str, Any]


class Server:
    """Answers a tablet: `answers` are used up one by one, the last is given again and again.

    An answer is a status, or {"status": …, "json": …, "body": …, "headers": …, "abort": True}.
    """

    def __init__(self) -> None:
        self.identity = pyrage.x25519.Identity.generate()
        self.recipient = str(self.identity.to_public())
        self.answers: list[Answer | int] = [201]
        self.device: Answer = {
            "status": 200,
            "json": {
                "device": 3,
                "name": "Tablet 3",
                "until": None,
                "arrived": 0,
                "of": 0,
                "missing": [],
                "recipient": self.recipient,
                "inquiry": "Low Marsh",
                "wording": 1,
            },
        }
        self.healthy = True
        self.puts: list[Request] = []
        self.asked = 0

    def handle(self, route: Route) -> None:
        """Answer one request of the page."""
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            kind, _ = mimetypes.guess_type(path)
            body = (ROOT / path.lstrip("/")).read_bytes()
            route.fulfill(body=body, content_type=kind, headers=HEADERS | {"Content-Type": kind})
        elif path.startswith("/api/stories/"):
            self.puts.append(route.request)
            self.give(route, self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
        elif path == "/api/device":
            self.asked += 1
            self.give(route, self.device)
        elif path == "/api/health":
            self.give(route, {"status": 200, "json": {"ok": True}} if self.healthy else OFFLINE)
        else:
            route.fulfill(body="<title>tablet</title>", content_type="text/html", headers=HEADERS)

    def give(self, route: Route, answer: Answer | int) -> None:
        """Send one answer; a bare status comes with what our server says with it."""
        if isinstance(answer, int):
            answer = {"status": answer, "json": ours(answer, uuid_of(route.request))}
        if answer.get("abort"):
            route.abort("connectionfailed")
            return
        headers = dict(answer.get("headers", {}))
        if "json" in answer:
            headers.setdefault("Content-Type", "application/json")
        body = json.dumps(answer["json"]) if "json" in answer else answer.get("body", "")
        route.fulfill(status=answer["status"], body=body, headers=headers)

    def sent_numbers(self) -> list[int]:
        """List the numbers that stories were sent with, in the order in which they came."""
        return [int(request.headers["par-device-seq"]) for request in self.puts]

    def arrived(self) -> list[dict[str, Any]]:
        """Open everything that was sent, in the order in which it came."""
        return [self.opened(request.post_data_buffer or b"") for request in self.puts]

    def opened(self, sealed: bytes) -> dict[str, Any]:
        """Open one sealed story as the real server does it: with age, then as JSON."""
        told = json.loads(pyrage.decrypt(sealed, [self.identity]))
        assert isinstance(told, dict)
        return told


OFFLINE: Answer = {"abort": True}
WORDS = {
    200: "same",
    201: "stored",
    202: "sibling",
    401: "pair_again",
    410: "withdrawn",
    413: "too_big",
    415: "wrong_type",
    422: "refused",
    429: "slow_down",
    500: "error",
    507: "disk_full",
}


def uuid_of(request: Request) -> str:
    """Return the uuid in the address of a story that was sent."""
    return request.url.rpartition("/")[2]


def ours(status: int, uuid: str) -> dict[str, Any]:
    """Return what our server says with a status."""
    stored = status in (200, 201, 202)
    word = WORDS.get(status, "error")
    return {"status": word, "message": f"Says {word}.", "stored": stored, "uuid": uuid.upper()}


class Tablet:
    """One tab of a tablet's browser; `server` is what it talks to."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server
        page.goto(f"{ORIGIN}/")

    def run(self, body: str, given: Any = None) -> Any:
        """Run `body` in the page, where `load("queue")` gives a module and `given` is passed."""
        return self.page.evaluate(f"async (given) => {{ {LOAD} {body} }}", given)

    def failure(self, body: str, given: Any = None) -> str:
        """Return the name of the error that `body` ends with; '' where it ends well."""
        tried = f"try {{ {body} }} catch (error) {{ return error.name; }} return '';"
        return str(self.run(tried, given))

    def pair(self) -> dict[str, Any]:
        """Pair with the server and return the facts."""
        facts: dict[str, Any] = self.run("return (await load('pairing')).pair(given)", TOKEN)
        return facts

    def finish(
        self, story: dict[str, Any] | None = None, uuid: str | None = None
    ) -> dict[str, Any]:
        """Finish a story without a draft, as {uuid, seq}."""
        done: dict[str, Any] = self.run(
            """
            const { newUuid } = await load('codes');
            const uuid = given.uuid ?? newUuid();
            return (await load('queue')).finish(null, given.story, { uuid });
            """,
            {"story": story or {"answers": {"telling": "We met."}}, "uuid": uuid},
        )
        return done

    def finish_a_draft(self) -> str:
        """Begin, save and finish STORY as a draft; return '' or the name of the error."""
        return self.failure(
            """
            const draft = await (await load('drafts')).begin(given.code, { uuid: given.uuid });
            window.draft = draft;
            await draft.save({ telling: given.story.answers.telling });
            await draft.addChunk(new Uint8Array(1000).fill(120));
            await (await load('queue')).finish(draft, given.story, { uuid: given.uuid });
            """,
            {"code": CODE, "story": STORY, "uuid": UUID},
        )

    def sealed(self, uuid: str) -> bytes:
        """Return the sealed bytes that wait under a uuid."""
        read = "return Array.from(await (await load('queue')).sealedBytes(given))"
        return bytes(self.run(read, uuid))

    def stop_clock(self) -> None:
        """Open the page anew with a clock that only moves when it is told to."""
        self.page.clock.install(time="2026-11-22T08:00:00Z")
        self.page.reload()
        self.page.clock.pause_at("2026-11-22T09:00:00Z")

    def settle(self) -> None:
        """Give the page real time for what it has begun; its own clock stands still."""
        for _ in range(3):
            self.page.wait_for_timeout(100)

    def wait_until_sent(self, count: int) -> None:
        """Return once the server was sent `count` stories in all; fail after 5 seconds."""
        for _ in range(50):
            if len(self.server.puts) >= count and not self.entries():
                break
            self.page.wait_for_timeout(100)
        assert len(self.server.puts) == count

    def send(self) -> dict[str, Any]:
        """Send now, as by the button."""
        done: dict[str, Any] = self.run("return (await load('sender')).sendNow()")
        return done

    def entries(self) -> list[dict[str, Any]]:
        """List what waits."""
        found: list[dict[str, Any]] = self.run("return (await load('queue')).entries()")
        return found

    def summary(self) -> dict[str, Any]:
        """Return what the device page shows."""
        found: dict[str, Any] = self.run("return (await load('queue')).summary()")
        return found

    def stored(self) -> str:
        """Dump all that pages can keep in this browser, bytes as Latin-1 letters."""
        return str(self.run(DUMP))

    def another(self) -> Tablet:
        """Open another tab of the same browser."""
        return Tablet(self.page.context.new_page(), self.server)

    def expect_refusals(self) -> None:
        """Forget what Chromium logs about answers of 4xx and 5xx and lost connections."""
        problems: list[str] = self.page.problems  # type: ignore[attr-defined]
        problems[:] = [line for line in problems if "Failed to load resource" not in line]


DUMP = """
    const parts = [document.cookie, location.href, JSON.stringify({...localStorage}),
      JSON.stringify({...sessionStorage}), JSON.stringify(history.state),
      (await caches.keys()).join(" ")];
    const show = (_name, value) => {
      const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
      return bytes instanceof Uint8Array ? Array.from(bytes, (b) => String.fromCharCode(b)).join("")
        : value instanceof CryptoKey ? "A KEY " + value.extractable : value;
    };
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((done) => {
        indexedDB.open(name).onsuccess = (event) => done(event.target.result);
      });
      for (const store of db.objectStoreNames) {
        const request = db.transaction(store).objectStore(store).getAll();
        const all = await new Promise((done) => {
          request.onsuccess = () => done(request.result);
        });
        parts.push(store + " " + JSON.stringify(all, show));
      }
      db.close();
    }
    return parts.join("\\n");
"""

Open = Callable[..., Page]


def tablet_of(new_page: Open, server: Server, **options: Any) -> Tablet:
    """Open a browser of its own that reaches nothing but `server`."""
    page = new_page(**options)
    page.context.route("**/*", server.handle)
    return Tablet(page, server)
