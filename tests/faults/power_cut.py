"""What a disk may hold after the power went: rebuilt from what a program wrote, and synced.

Killing a program loses nothing that it had handed to the system, so it cannot show that something
was never brought to the disk. Here a program runs with `noted_writes.c` in front of the system's
calls, which notes each of them in order. A cut of the power is then played at any moment: what was
synced is there, and of what came after that any part may be, as a drive writes in any order and
tears what is longer than one of its sectors. Names of files and their removal are taken to be on
disk at once, as a file system with a journal orders them.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import struct
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

SOURCE: Final = Path(__file__).with_name("noted_writes.c")
#: What a drive writes as a whole, or not at all, in bytes.
SECTOR: Final = 512
HEAD: Final = struct.Struct("=QQQQ")
#: How a program says that a story is kept: our writer on its output, the server in an answer.
SAID: Final = re.compile(
    rb'^stored ([0-9a-f-]{36})$|"uuid": ?"([0-9a-f-]{36})"(?=.*"stored": ?true)'
    rb'|"stored": ?true(?=.*"uuid": ?"([0-9a-f-]{36})")',
    re.MULTILINE,
)


@dataclass(frozen=True)
class Note:
    """One call: `what` is W (written), T (cut to `offset`), S (synced) or A (told to others)."""

    what: str
    path: str
    offset: int
    data: bytes


def recorder(place: Path) -> Path:
    """Compile what notes the calls into `place`; skip the test where nothing compiles it."""
    return compiled(SOURCE, place)


def compiled(source: Path, place: Path) -> Path:
    """Compile what stands in front of the system's calls; skip the test where that cannot be."""
    compiler = shutil.which("cc")
    if compiler is None or not Path("/proc/self/fd").is_dir():
        pytest.skip("Needs Linux and a C compiler.")
    library = place / source.with_suffix(".so").name
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl", "-lpthread"]
    subprocess.run([str(word) for word in command], check=True)
    return library


def environment(library: Path, folder: Path, log: Path) -> dict[str, str]:
    """Return the environment of a program whose files in `folder` are noted in `log`."""
    noting = {"NOTED_FOLDER": f"{folder.resolve()}/", "NOTED_LOG": str(log)}
    return {**os.environ, **noting, "LD_PRELOAD": str(library)}


def read_notes(log: Path) -> list[Note]:
    """Read what was noted; what a kill cut off at the end is left out."""
    held, notes, place = log.read_bytes(), [], 0
    while place + HEAD.size <= len(held):
        what, name, offset, length = HEAD.unpack_from(held, place)
        after = length if chr(what) in "WA" else 0
        start = place + HEAD.size
        if start + name + after > len(held):
            break
        path = held[start : start + name].decode()
        notes.append(Note(chr(what), path, offset, held[start + name : start + name + after]))
        place = start + name + after
    return notes


def acknowledged(note: Note) -> set[str]:
    """Return the uuids that a note tells others to be kept."""
    if note.what != "A":
        return set()
    return {uuid.decode() for found in SAID.findall(note.data) for uuid in found if uuid}


@dataclass
class Disk:
    """The files of a folder as they came to the disk, and what is on its way there."""

    on_disk: dict[str, bytearray] = field(default_factory=dict)
    on_the_way: dict[str, list[Note]] = field(default_factory=dict)

    def take(self, note: Note) -> None:
        """Follow one call."""
        if note.what in "WT":
            self.on_the_way.setdefault(note.path, []).append(note)
        elif note.what == "S" and note.path in self.on_the_way:
            held = self.on_disk.setdefault(note.path, bytearray())
            for one in self.on_the_way.pop(note.path):
                _apply(held, one)

    def after_a_cut(self, rng: random.Random | None) -> Mapping[str, bytes]:
        """Return the files as a cut now may leave them: nothing on its way, or parts drawn."""
        files = {path: bytearray(held) for path, held in self.on_disk.items()}
        for path, notes in self.on_the_way.items():
            held = files.setdefault(path, bytearray())
            for note in notes if rng else []:
                for part in _sectors(note):
                    if rng and rng.random() < 0.5:
                        _apply(held, part)
        return {path: bytes(held) for path, held in files.items()}


def _sectors(note: Note) -> Iterator[Note]:
    """Give what one call wrote, sector by sector."""
    if note.what == "T":
        yield note
    place = 0
    while place < len(note.data):
        end = min(len(note.data), place + SECTOR - (note.offset + place) % SECTOR)
        yield Note("W", note.path, note.offset + place, note.data[place:end])
        place = end


def _apply(held: bytearray, note: Note) -> None:
    size = note.offset if note.what == "T" else note.offset + len(note.data)
    held.extend(bytes(max(0, size - len(held))))
    if note.what == "T":
        del held[size:]
    else:
        held[note.offset : size] = note.data


def cuts(
    start: Mapping[str, bytes], notes: list[Note], *, most: int, seed: int = 0
) -> Iterator[tuple[set[str], Mapping[str, bytes]]]:
    """Play up to `most` cuts of the power; give what had been told by then, and the files left.

    `start` has the files as they were when the program began. Half of the cuts come right after a
    story was acknowledged, the last of them at the end; each is played with nothing that was on its
    way, and with parts of it.
    """
    rng = random.Random(seed)
    told = [number for number, note in enumerate(notes) if acknowledged(note)]
    some = {*rng.sample(told, min(most // 2, len(told))), *told[-1:]}
    some |= set(rng.sample(range(len(notes)), min(most // 2, len(notes))))
    known: set[str] = set()
    disk = Disk({path: bytearray(held) for path, held in start.items()})
    for number, note in enumerate(notes):
        disk.take(note)
        known |= acknowledged(note)
        if number in some:
            for drawn in (None, rng):
                yield set(known), disk.after_a_cut(drawn)


def files_in(folder: Path) -> dict[str, bytes]:
    """Read every file in a folder, by its whole path."""
    return {str(path): path.read_bytes() for path in folder.resolve().rglob("*") if path.is_file()}
