"""Pages made small for a slow line: compressed once, and sent so to whoever can read it.

Nothing in a page of the findings is a secret of one reader, so its length tells nobody anything.
"""

from __future__ import annotations

import gzip
import re
from typing import Final

#: Kinds of answers that are text; others are as small as they get.
_TEXT: Final = (b"text/", b"application/json", b"application/atom+xml", b"image/svg+xml")
#: What is smaller than this fits into one packet in any case.
_SMALL: Final = 1_000
_LEVEL: Final = 6
_NOT_WANTED: Final = re.compile(rb"\s*q\s*=\s*0(\.0*)?\s*")
#: The answer depends on what the reader's program can take; machines on the way must know.
VARY: Final = (b"vary", b"accept-encoding")
ENCODING: Final = (b"content-encoding", b"gzip")


def compressed(body: bytes, content_type: bytes) -> bytes | None:
    """Return the gzip form of a text, None where that is no gain."""
    if len(body) < _SMALL or not content_type.lower().startswith(_TEXT):
        return None
    small = gzip.compress(body, compresslevel=_LEVEL, mtime=0)
    return small if len(small) < len(body) else None


def takes_gzip(accept_encoding: bytes) -> bool:
    """Say whether a reader that sent this `Accept-Encoding` takes gzip (RFC 9110, 12.5.3)."""
    wishes = {}
    for wish in accept_encoding.lower().split(b","):
        name, _, quality = wish.partition(b";")
        wishes[name.strip()] = not _NOT_WANTED.fullmatch(quality)
    return wishes.get(b"gzip", wishes.get(b"*", False))
