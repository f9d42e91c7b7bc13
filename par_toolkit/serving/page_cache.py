"""An exact cache of the pages of one build: a build never changes, so neither do its pages."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

Header = tuple[bytes, bytes]
Key = tuple[bytes, ...]

#: Bytes of pages kept for one build, and of the largest page worth keeping.
CAPACITY: Final = 64_000_000
LARGEST_PAGE: Final = 1_000_000
_OVERHEAD: Final = 1_000


@dataclass(frozen=True)
class CachedPage:
    """A whole answer with status 200, and the tag by which browsers ask if it still holds.

    `small` is its compressed form, None where that is no gain.
    """

    headers: tuple[Header, ...]
    body: bytes
    etag: bytes
    small: bytes | None = None

    @property
    def small_etag(self) -> bytes:
        """The tag of the compressed form, which is other bytes."""
        return self.etag[:-1] + b'-gzip"'

    @property
    def size(self) -> int:
        """Bytes this page takes, roughly."""
        return (
            len(self.body)
            + len(self.small or b"")
            + sum(len(name) + len(value) for name, value in self.headers)
            + _OVERHEAD
        )


class PageCache:
    """Keeps the pages used last, up to `capacity` bytes; it is dropped together with its build."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self.size = 0
        self._pages: OrderedDict[Key, CachedPage] = OrderedDict()

    def get(self, key: Key) -> CachedPage | None:
        """Return the page kept under `key`, which then counts as used last."""
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def put(self, key: Key, page: CachedPage) -> None:
        """Keep `page`, letting go of those that were not used for longest."""
        replaced = self._pages.pop(key, None)
        self.size += page.size - (replaced.size if replaced else 0)
        self._pages[key] = page
        while self.size > self.capacity and self._pages:
            _, gone = self._pages.popitem(last=False)
            self.size -= gone.size

    def __len__(self) -> int:
        return len(self._pages)


def make_etag(build: str, body: bytes) -> bytes:
    """Make the tag of a page: the same words in another build are another page."""
    return b'"' + hashlib.sha256(build.encode() + b"\0" + body).hexdigest()[:32].encode() + b'"'


def still_holds(if_none_match: bytes, etag: bytes) -> bool:
    """Say whether a browser that sent `If-None-Match` holds the page with `etag` already."""
    held = [tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")]
    return etag in held or b"*" in held
