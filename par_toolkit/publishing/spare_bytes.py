"""Look at the bytes of a build that no row uses: in a file that never held anything they are zeros.

A page of SQLite has room between what leads to its cells and the cells themselves, and a cell that
goes may leave its bytes behind. Nobody sees them through SQL. `pragma integrity_check` proves that
what a page says of its free blocks and odd bytes is so; where it says that it has none, its cells
need not be read one by one. The format of the file is described
at https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

#: The kinds of pages: of an index or of a table, leading on or with cells at the end.
INDEX_INNER, TABLE_INNER, INDEX_LEAF, TABLE_LEAF = 2, 5, 10, 13
INNER: Final = (INDEX_INNER, TABLE_INNER)
#: The bytes of the head of a file in which something stands; a program may write into the others.
HEAD: Final = ((0, 48), (52, 60), (64, 68), (92, 100))


class Cell(NamedTuple):
    """Where a cell ends in its page, the page that it leads to, and what of it stands elsewhere."""

    end: int
    child: int | None
    overflow: int | None
    outside: int


def number(data: bytes, at: int, size: int) -> int:
    """Return the number in `size` bytes, the largest first."""
    return int.from_bytes(data[at : at + size], "big")


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of up to nine bytes, seven bits in each, and where it ends."""
    value = 0
    for n in range(8):
        value = value << 7 | data[at + n] & 0x7F
        if data[at + n] < 0x80:
            return value, at + n + 1
    return value << 8 | data[at + 8], at + 9


class File:
    """The bytes of a build that `conn` reads too."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        size = number(data, 16, 2)
        self.size = 65536 if size == 1 else size
        self.usable = self.size - data[20]
        #: No cell that goes on elsewhere has fewer bytes than this in its own page.
        self.least = (self.usable - 12) * 32 // 255 - 23

    def page(self, which: int) -> bytes:
        """Return a page; they count from 1."""
        return self.data[(which - 1) * self.size : which * self.size]

    def used(self, root: int) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Yield each page of a tree with the ranges of its bytes that are used."""
        waiting = [root]
        while waiting:
            which = waiting.pop()
            page, start = self.page(which), 100 if which == 1 else 0
            kind, cells = page[start], number(page, start + 3, 2)
            head = start + (12 if kind in INNER else 8)
            used = [*(HEAD if start else ()), (start, head + 2 * cells)]
            if kind not in INNER and not number(page, start + 1, 2) and not page[start + 7]:
                # no free block and no odd bytes: its cells lie side by side up to the end
                used.append((number(page, start + 5, 2) or 65536, self.usable))
                for cell in self._large(page, kind, head, cells):
                    if cell.overflow:
                        yield from self._overflow(cell.overflow, cell.outside)
                yield which, used
                continue
            used += self._free(page, number(page, start + 1, 2))
            if kind in INNER:
                waiting.append(number(page, start + 8, 4))
            for n in range(cells):
                at = number(page, head + 2 * n, 2)
                cell = self._cell(page, kind, at)
                used.append((at, cell.end))
                if cell.child:
                    waiting.append(cell.child)
                if cell.overflow:
                    yield from self._overflow(cell.overflow, cell.outside)
            yield which, used

    def _large(self, page: bytes, kind: int, head: int, cells: int) -> Iterator[Cell]:
        """Yield the cells, of a page in which they lie side by side, that may go on elsewhere."""
        starts = sorted(struct.unpack_from(f">{cells}H", page, head))
        for at, after in pairwise([*starts, self.usable]):
            if after - at >= self.least:
                yield self._cell(page, kind, at)

    def _free(self, page: bytes, at: int) -> Iterator[tuple[int, int]]:
        """Yield where free blocks say how long they are and where the next one is."""
        while at:
            yield at, at + 4
            at = number(page, at, 2)

    def _cell(self, page: bytes, kind: int, at: int) -> Cell:
        start, child = at, None
        if kind in INNER:
            child, at = number(page, at, 4), at + 4
        if kind == TABLE_INNER:
            return Cell(varint(page, at)[1], child, None, 0)
        payload, at = varint(page, at)
        if kind == TABLE_LEAF:
            at = varint(page, at)[1]
        inside = self._inside(payload, kind)
        end = at + inside
        if inside == payload:
            return Cell(max(end, start + 4), child, None, 0)  # no cell is smaller than four bytes
        return Cell(end + 4, child, number(page, end, 4), payload - inside)

    def _inside(self, payload: int, kind: int) -> int:
        """Return how many bytes of what a cell holds stand in its own page."""
        most = self.usable - 35 if kind == TABLE_LEAF else (self.usable - 12) * 64 // 255 - 23
        if payload <= most:
            return payload
        inside = self.least + (payload - self.least) % (self.usable - 4)
        return inside if inside <= most else self.least

    def _overflow(self, which: int, left: int) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        while which:
            here = min(left, self.usable - 4)
            yield which, [(0, 4 + here)]
            which, left = number(self.page(which), 0, 4), left - here


def found(data: bytes, conn: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """Yield where bytes stand that nothing uses and that are no zeros: from and to, in the file.

    `conn` reads the same file, which must be whole: see `pragma integrity_check`.
    """
    file = File(data)
    roots = conn.execute("select rootpage from sqlite_master where rootpage > 0").fetchall()
    for root in [1, *(row[0] for row in roots)]:
        for which, used in file.used(root):
            page, at = file.page(which), 0
            for start, end in [*sorted(used), (file.size, file.size)]:
                if page[at:start].strip(b"\0"):
                    yield (which - 1) * file.size + at, (which - 1) * file.size + start
                at = max(at, end)


def clean(path: Path) -> None:
    """Write zeros where nothing in a finished build stands."""
    data = path.read_bytes()
    with closing(sqlite3.connect(path)) as conn:
        places = list(found(data, conn))
    with path.open("r+b") as file:
        for start, end in places:
            file.seek(start)
            file.write(bytes(end - start))
