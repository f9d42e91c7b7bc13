"""The search of a profile is known to work: what a careless page leaves behind must be found.

Otherwise "nothing was found" would say nothing (promises 3 and 4).
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser

from tests.browser.tablet import leveldb
from tests.browser.tablet.profiles import browser_in, kill, new_canary, search

PLACES = ("field", "address", "title", "local", "database", "long", "cache", "page")
CANARIES = {place: new_canary(place) for place in PLACES}

#: What a page does that was made without a thought for the next person.
KEEP = """async canaries => {
    document.title = canaries.title;
    localStorage.setItem("draft", "It was " + canaries.local + " that day.");
    const db = await new Promise((resolve, reject) => {
        const asked = indexedDB.open("careless", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("drafts");
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
    });
    const put = (key, value) => new Promise((resolve, reject) => {
        const writing = db.transaction("drafts", "readwrite");
        writing.objectStore("drafts").put(value, key);
        writing.oncomplete = resolve;
        writing.onerror = () => reject(writing.error);
    });
    await put("short", {telling: "It was " + canaries.database + " there."});
    const filling = Array.from({length: 20000}, (_, n) => "the bus came late " + n).join(" ");
    await put("long", {telling: filling + canaries.long + filling});
    for (let n = 0; n < 50; n++) await put("other " + n, {telling: filling.slice(0, 2000)});
    db.close();
    const cache = await caches.open("careless");
    await cache.put("/kept", new Response("It was " + canaries.cache + " again."));
}"""


class Careless(http.server.BaseHTTPRequestHandler):
    """Shows a form that browsers may complete, and a result page that repeats what was posted."""

    def do_GET(self) -> None:
        """Show the form."""
        self._show('<form method="post" action="/told"><input name="telling"><button>Send')

    def do_POST(self) -> None:
        """Repeat what was told, in a page that may be kept."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._show(f"<p>You said: {parse_qs(body)['telling'][0]}, {CANARIES['page']}")

    def _show(self, body: str) -> None:
        page = f"<!doctype html><html lang=en><title>Careless</title>{body}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *values: object) -> None:
        """Write nothing."""


@contextmanager
def careless_site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Careless) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("ending", ["closed", "killed"])
def test_promise_03_the_search_finds_what_a_careless_page_leaves(
    chromium: Browser, profile: Path, ending: str
) -> None:
    with careless_site() as site:
        with browser_in(chromium, profile) as context:
            page = context.pages[0]
            page.goto(f"{site}/?told={CANARIES['address']}")
            page.evaluate(KEEP, CANARIES)
            page.fill("input", CANARIES["field"])
            page.click("button")
            page.wait_for_load_state()
            page.wait_for_timeout(3_000 if ending == "killed" else 0)  # browsers write with delay
            if ending == "killed":
                kill(profile)
        # opened again, LevelDB moves what is in its log into packed tables
        with browser_in(chromium, profile) as context:
            context.pages[0].goto(site)
            context.pages[0].evaluate("() => indexedDB.databases()")
    found = search(profile, *CANARIES.values())
    where = {place: found[word] for place, word in CANARIES.items()}
    # What a page's storage was told a moment before the browser is killed may not be there yet.
    must = {*PLACES} - ({"local", "title"} if ending == "killed" else set())
    assert must <= {place for place, files in where.items() if files}, where
    assert any("IndexedDB" in name for name in where["database"]), where
    assert any("CacheStorage" in name for name in where["cache"]), where


def test_a_word_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"nothing of it")
    assert search(tmp_path, new_canary("x")) == {new_canary("x"): []}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_word_is_found_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    word = new_canary(encoding)
    (tmp_path / "file").write_bytes(b"\x01\x02" + f"before {word} after".encode(encoding))
    assert search(tmp_path, word)[word] == ["file"]


@pytest.mark.parametrize("lead", range(3))
def test_a_word_in_base64_is_found_wherever_it_begins(tmp_path: Path, lead: int) -> None:
    import base64

    word = new_canary(lead)
    (tmp_path / "file").write_bytes(base64.b64encode(b"x" * lead + word.encode() + b" after"))
    assert search(tmp_path, word)[word] == ["file"]


def test_a_word_cut_up_by_a_log_is_found(tmp_path: Path) -> None:
    """LevelDB cuts what it logs where a block of 32 KB ends, and puts a head in between."""
    word = new_canary("log").encode()
    first = b"x" * (32_768 - 7 - 10) + word[:10]
    head = b"\0\0\0\0" + len(first).to_bytes(2, "little") + b"\x02"
    rest = b"\0\0\0\0" + len(word[10:]).to_bytes(2, "little") + b"\x04"
    (tmp_path / "log").write_bytes(head + first + rest + word[10:])
    assert word not in (tmp_path / "log").read_bytes()
    assert search(tmp_path, word.decode())[word.decode()] == ["log"]


def test_a_word_packed_by_snappy_is_found(tmp_path: Path) -> None:
    """A word whose second half is a copy of what came before stands nowhere in the packed bytes."""
    word = new_canary("snappy").encode()
    value = word[13:] + b" " + word
    plain = bytes([0, 1, len(value)]) + b"k" + value + END
    kept = plain[: 4 + 14 + 13]
    copy = bytes([(13 - 1) << 2 | 2]) + (14 + 13).to_bytes(2, "little")
    packed = bytes([len(plain)]) + literal(kept) + copy + literal(END)
    assert leveldb.unpack(packed) == plain
    (tmp_path / "000005.ldb").write_bytes(table(packed))
    assert word not in table(packed)
    assert search(tmp_path, word.decode())[word.decode()] == ["000005.ldb"]


#: The end of a block: one restart, at its beginning.
END = (0).to_bytes(4, "little") + (1).to_bytes(4, "little")


def table(packed: bytes) -> bytes:
    """Return a table of LevelDB with one packed block."""
    handle = bytes([0, len(packed)])
    index = bytes([0, 1, len(handle)]) + b"k" + handle + END
    footer = bytes([0, 0, len(packed) + 5, len(index)])
    body = packed + b"\x01" + b"crc." + index + b"\x00" + b"crc."
    return body + footer.ljust(40, b"\0") + leveldb.MAGIC.to_bytes(8, "little")


def literal(data: bytes) -> bytes:
    """Return `data` as Snappy writes up to 60 bytes that stood nowhere before."""
    return bytes([(len(data) - 1) << 2]) + data
