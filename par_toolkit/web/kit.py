"""What a browser keeps so that telling opens without a network: the kit, and its version.

The kit is one file: every page a tablet shows, in every language, with its styles, scripts, words
and icons. One file is quick over a slow line, and it is there whole or not at all. Its version is
a hash of everything in it, so that any change of a form, a consent, a contact, a page or a script
makes a new one.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import mimetypes
import threading
from collections.abc import Iterable, Iterator
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from flask import Flask, current_app

from forms.catalogue import SHIPPED
from par_toolkit.web import headers, languages, telling, word_files
from par_toolkit.web.current import inquiry

PLACE: Final = "par_kit"
STATIC: Final = Path(__file__).with_name("static")
WORKER: Final = "js/tablet/worker.js"
#: Pages that are kept, and those of each form below the first.
KEPT_PAGES: Final = ("/tell/shell", "/tell/device", "/tell/privacy")
#: Files under static/ that no telling needs.
_OTHER_ROOMS: Final = (
    *("css/desk/", "css/circles/", "css/signed_in", "css/mine"),
    *("js/desk-", "js/circles/", "js/mine", "js/tell.js", WORKER),
)
_KINDS: Final = {".css", ".js", ".png", ".svg"}
_TYPES: Final = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@dataclass(frozen=True)
class Part:
    """One answer that is kept: its address (path and query), its type and its bytes."""

    address: str
    kind: str
    body: bytes


@dataclass(frozen=True)
class Kit:
    """Everything that is kept. `bundle` is the JSON a worker fetches, `packed` the same gzipped.

    `about` is what the worker and the device page must know of it: the version, the forms with
    their names in each language, the languages, the files, and the security policy of our pages.
    """

    version: str
    about: dict[str, Any]
    parts: tuple[Part, ...]
    bundle: bytes
    packed: bytes


class Shelf:
    """Holds the newest kit of one application; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: tuple[Any, ...] = ()
        self._kit: Kit | None = None

    def newest(self, app: Flask) -> Kit:
        """Return the kit as the files are now; it is made again only where one has changed."""
        with self._lock:
            seen = tuple(_stamps())
            if self._kit is None or seen != self._seen:
                self._kit, self._seen = make(app), seen
            return self._kit


def newest() -> Kit:
    """Return the kit of the inquiry at hand."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return cast(Shelf, app.extensions[PLACE]).newest(app)


def make(app: Flask) -> Kit:
    """Draw every page and read every file, and put them together."""
    forms = telling.offered(inquiry())
    parts = (*_pages(app, [form.name for form in forms]), *_files(), *_word_files())
    about = {
        "forms": [
            {"name": form.name, "version": form.version, "titles": _titles(form)} for form in forms
        ],
        "languages": list(inquiry().languages),
        "files": [part.address for part in parts if "?" not in part.address],
        "addresses": [part.address for part in parts],
        "policy": headers.CONTENT_SECURITY,
    }
    content = {"headers": _kept_headers(), "parts": [_written(part) for part in parts]}
    version = _hash(json.dumps([about, content]).encode(), (STATIC / WORKER).read_bytes())
    about["version"] = version
    bundle = json.dumps({**content, "about": about}, ensure_ascii=False).encode()
    return Kit(version, about, parts, bundle, gzip.compress(bundle, mtime=0))


def worker_script() -> bytes:
    """Return the service worker: what it must know of its kit, then the script itself."""
    about = json.dumps(newest().about, ensure_ascii=False)
    return f"const KIT = {about};\n".encode() + (STATIC / WORKER).read_bytes()


def _titles(form: Any) -> dict[str, str]:
    return {code: form.text(form.titles, code) for code in inquiry().languages}


def _kept_headers() -> dict[str, str]:
    """Return the headers that go with every kept answer, as if the server had given it."""
    return {**headers.HEADERS, "Cache-Control": "no-store"}


def _pages(app: Flask, forms: Iterable[str]) -> Iterator[Part]:
    paths = [*KEPT_PAGES, *(f"{KEPT_PAGES[0]}/{name}" for name in forms)]
    for path in paths:
        for code in inquiry().languages:
            address = f"{path}?lang={code}"
            # In a context of its own, so that nothing of the request at hand is on the page.
            yield Part(address, "text/html; charset=utf-8", Context().run(_drawn, app, address))


def _drawn(app: Flask, address: str) -> bytes:
    """Return the page at `address` as anybody gets it who comes for the first time."""
    with app.test_request_context(address):
        languages.speak(address.rpartition("=")[2])
        return app.make_response(app.dispatch_request()).get_data()


def _files() -> Iterator[Part]:
    for path in static_files():
        name = path.relative_to(STATIC).as_posix()
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
        yield Part(f"/static/{name}", kind or "application/octet-stream", path.read_bytes())


def static_files() -> list[Path]:
    """List the files under static/ that telling needs."""
    return sorted(
        path
        for path in STATIC.rglob("*")
        if path.suffix in _KINDS
        and not path.relative_to(STATIC).as_posix().startswith(_OTHER_ROOMS)
    )


def _word_files() -> Iterator[Part]:
    for code in word_files.codes(inquiry()):
        body = json.dumps(word_files.file(code), ensure_ascii=False).encode()
        yield Part(f"/tell/words/{code}.json", "application/json", body)


def _written(part: Part) -> dict[str, str]:
    head = {"address": part.address, "type": part.kind}
    if part.kind.startswith("image/png"):
        return {**head, "base64": base64.b64encode(part.body).decode()}
    return {**head, "text": part.body.decode()}


def _stamps() -> Iterator[tuple[str, int, int]]:
    """Give name, time and size of each file that a kit is made of; templates are read once."""
    folders = (SHIPPED, inquiry().forms_folder)
    forms = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    for path in (*forms, *static_files(), STATIC / WORKER):
        try:
            found = path.stat()
        except FileNotFoundError:  # taken away in this very moment: a change as well
            yield str(path), 0, 0
        else:
            yield str(path), found.st_mtime_ns, found.st_size


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:20]


def init_app(app: Flask) -> None:
    """Give `app` a place for its kit."""
    app.extensions[PLACE] = Shelf()
