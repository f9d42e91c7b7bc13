"""Look for words in every byte of some folders, as somebody with the stolen disk would."""

from __future__ import annotations

import base64
import contextlib
import io
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote


def find(places: Iterable[Path], words: Iterable[str]) -> list[str]:
    """Return 'word in file' for each of `words` that is found in a file, or in a file's name.

    Looks for each also as a browser or a program may have written it, and inside of archives.
    """
    wanted = {word: list(_ways_to_write(word)) for word in words}
    found = []
    for place in places:
        for path in [place, *place.rglob("*")] if place.is_dir() else [place]:
            held = [str(path).encode(), *(_contents(path.read_bytes()) if path.is_file() else ())]
            found += [
                f"{word} in {path.relative_to(place.parent)}"
                for word, ways in wanted.items()
                if any(way in one for way in ways for one in held)
            ]
    return found


def copy(folder: Path, target: Path) -> Path:
    """Copy a folder as it lies there, while others write in it."""

    def as_it_is(source: str, copied: str) -> None:
        with contextlib.suppress(FileNotFoundError):  # it went while we looked
            shutil.copyfile(source, copied)

    shutil.copytree(folder, target, copy_function=as_it_is)
    return target


def _ways_to_write(word: str) -> Iterator[bytes]:
    plain = word.encode()
    yield plain
    yield word.encode("utf-16-le")
    yield quote(word, safe="").encode()
    yield plain.hex().encode()
    for before in range(3):  # base64 of what begins anywhere; its ends depend on what is beside it
        coded = base64.b64encode(b"\0" * before + plain)
        yield coded[(0, 2, 3)[before] : len(coded) - 4]


def _contents(held: bytes) -> Iterator[bytes]:
    """Give what a file holds, and what is in it where it is an archive."""
    yield held
    if zipfile.is_zipfile(io.BytesIO(held)):
        with zipfile.ZipFile(io.BytesIO(held)) as archive:
            for name in archive.namelist():
                yield from _contents(archive.read(name))
