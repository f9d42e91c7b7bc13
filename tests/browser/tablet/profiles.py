"""A tablet's browser with its profile on disk, and a search of every byte of it for words."""

from __future__ import annotations

import base64
import gzip
import os
import random
import signal
import string
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext

from tests.browser.chromium import FLAGS, candidates
from tests.browser.tablet import leveldb

#: A tablet of ten inches, held across, and touched.
TABLET: Final[dict[str, Any]] = {
    "viewport": {"width": 1024, "height": 768},
    "has_touch": True,
    "locale": "en-GB",
    "reduced_motion": "reduce",
}


@contextmanager
def browser_in(
    chromium: Browser, profile: Path, *more: str, **options: Any
) -> Iterator[BrowserContext]:
    """Open the browser whose profile is in `profile`, and close it as a person would.

    Its temporary files go into the profile too, so that they are searched as well.
    """
    scratch = profile / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    context = chromium.browser_type.launch_persistent_context(
        profile,
        executable_path=candidates()[0],
        args=[*FLAGS, *more],
        env={**os.environ, "TMPDIR": str(scratch)},
        **(TABLET | options),
    )
    try:
        yield context
    finally:
        with suppress(Exception):  # a test may have killed it
            context.close()
        wait_until_closed(profile)


def kill(profile: Path) -> None:
    """End every process of the browser in `profile` at once, as a flat battery does."""
    for process in processes(profile):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    wait_until_closed(profile)


def wait_until_closed(profile: Path, seconds: float = 20) -> None:
    """Return once no process writes to the profile any more."""
    until = time.monotonic() + seconds
    while processes(profile):
        assert time.monotonic() < until, "the browser did not end"
        time.sleep(0.05)
    for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
        with suppress(FileNotFoundError):
            (profile / name).unlink()


def processes(profile: Path) -> list[int]:
    """List the processes of the browser with this profile: those that name it when started."""
    mark = f"--user-data-dir={profile}".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (place / "cmdline").read_bytes().split(b"\0"):
                found.append(int(place.name))
    return found


def new_canary(seed: object) -> str:
    """Make a word that stands nowhere else and that no packer can shorten."""
    rng = random.Random(f"canary {seed}")
    letters = string.ascii_letters + string.digits
    return "Kn" + "".join(rng.choice(letters) for _ in range(22)) + "qZ"


def forms_of(word: str) -> list[bytes]:
    """Return a word in all the forms in which a browser may keep it."""
    plain = [word.encode("utf-8"), word.encode("utf-16-le"), word.encode("utf-16-be")]
    found = [*plain, quote(word).encode(), word[::-1].encode(), word.encode().hex().encode()]
    for form in plain[:2]:
        for lead in range(3):  # where in a longer text it begins changes how base64 writes it
            text = base64.b64encode(b"\0" * lead + form)
            found.append(text[4 if lead else 0 : -4])
    return list(dict.fromkeys(found))


def search(profile: Path, *words: str) -> dict[str, list[str]]:
    """Say in which files of the profile each word stands, in any form, packed or not."""
    found: dict[str, list[str]] = {word: [] for word in words}
    wanted = {word: forms_of(word) for word in words}
    for path in sorted(profile.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        data = path.read_bytes()
        name = str(path.relative_to(profile))
        for word, forms in wanted.items():
            if any(form in piece for piece in _pieces(data) for form in forms):
                found[word].append(name)
    return found


def read(profile: Path) -> int:
    """Return how many bytes a search looks through."""
    return sum(path.stat().st_size for path in profile.rglob("*") if path.is_file())


def _pieces(data: bytes) -> Iterator[bytes]:
    """Give the bytes of a file as they are, and unpacked in each way that a browser packs."""
    yield data
    with suppress(leveldb.Unreadable, IndexError):
        yield from leveldb.contents(data)
    at = data.find(b"\x1f\x8b\x08")
    if at >= 0:
        with suppress(zlib.error, EOFError, OSError):
            yield gzip.decompress(data[at:])
        with suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(data[at:])
