"""Read what Chromium keeps in LevelDB: words there may be cut up by its logs or packed by Snappy.

Formats: github.com/google/leveldb doc/table_format.md and doc/log_format.md, and
github.com/google/snappy format_description.txt. Whatever cannot be read is left to a search of
the raw bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

MAGIC: Final = 0xDB4775248B80FB57
_FOOTER: Final = 48
_LOG_BLOCK: Final = 32_768
_LOG_HEAD: Final = 7
_SNAPPY: Final = 1
#: How Chromium marks a value that it has packed itself before LevelDB got it.
_PACKED_VALUE: Final = b"\xff\x11\x02"


class Unreadable(ValueError):
    """Bytes that are not what they should be."""


def contents(data: bytes) -> Iterator[bytes]:
    """Give all keys and values of a table or a log of LevelDB, unpacked; nothing of other files."""
    table = data[-8:] == MAGIC.to_bytes(8, "little")
    for piece in table_pieces(data) if table else [log_payload(data)]:
        yield piece
        at = piece[:64].find(_PACKED_VALUE)
        if at >= 0:
            with suppress(Unreadable):
                yield unpack(piece[at + len(_PACKED_VALUE) :])


def table_pieces(data: bytes) -> Iterator[bytes]:
    """Give each whole key and each value of a table."""
    footer = data[-_FOOTER:]
    at = _varint(footer, _varint(footer, _varint(footer, 0)[1])[1])
    for _, handle in _entries(_block(data, at[0], _varint(footer, at[1])[0])):
        start, after = _varint(handle, 0)
        for pair in _entries(_block(data, start, _varint(handle, after)[0])):
            yield from pair


def log_payload(data: bytes) -> bytes:
    """Return what a log holds, without the heads of its records that stand in between."""
    kept = bytearray()
    for start in range(0, len(data), _LOG_BLOCK):
        block = data[start : start + _LOG_BLOCK]
        at = 0
        while at + _LOG_HEAD <= len(block):
            length = int.from_bytes(block[at + 4 : at + 6], "little")
            kept += block[at + _LOG_HEAD : at + _LOG_HEAD + length]
            at += _LOG_HEAD + length
    return bytes(kept)


def unpack(packed: bytes) -> bytes:
    """Undo Snappy. Raises Unreadable."""
    length, at = _varint(packed, 0)
    if length > 64_000_000:
        raise Unreadable("too long")
    out = bytearray()
    while at < len(packed) and len(out) < length:
        tag = packed[at]
        kind, at = tag & 3, at + 1
        if kind == 0:
            count = tag >> 2
            if count >= 60:
                more = count - 59
                count, at = int.from_bytes(packed[at : at + more], "little"), at + more
            out += packed[at : at + count + 1]
            at += count + 1
            continue
        if kind == 1:
            count, back = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | packed[at]
            at += 1
        else:
            size = 2 if kind == 2 else 4
            count, back = (tag >> 2) + 1, int.from_bytes(packed[at : at + size], "little")
            at += size
        if not 0 < back <= len(out):
            raise Unreadable("a copy from nowhere")
        for _ in range(count):  # a copy may reach into what it is copying
            out.append(out[-back])
    if len(out) != length:
        raise Unreadable("cut short")
    return bytes(out)


def _block(data: bytes, start: int, size: int) -> bytes:
    block, kind = data[start : start + size], data[start + size : start + size + 1]
    return unpack(block) if kind == bytes([_SNAPPY]) else block


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the keys, put together again, and values of a block."""
    restarts = int.from_bytes(block[-4:], "little")
    end, at, key = len(block) - 4 - 4 * restarts, 0, b""
    while at < end:
        shared, at = _varint(block, at)
        own, at = _varint(block, at)
        size, at = _varint(block, at)
        key = key[:shared] + block[at : at + own]
        yield key, block[at + own : at + own + size]
        at += own + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number and where it ends."""
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise Unreadable("cut short")
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 0x80:
            return value, at
