"""Keep vectors between runs, by the hash of their text and of nothing else.

A vector tells a little of its text, so whoever keeps a cache must see to its end: `keep` leaves out
every text that was not asked for since it was opened. A file that cannot be read, or is another
model's, counts as empty, and one that cannot be written stops nobody: it is only a cache.
"""

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.engines import Engine, Here, parts_of
from analysis.replacing import MayKeep, always, replacing
from analysis.vectors import Encoder, Vectors, knows

CHECKPOINT = 2_000
"""Texts read between two writes, so that a run that is killed goes on from there."""


class VectorCache:
    """The vectors of one encoder, in a file or (without `path`) in memory only.

    Nothing is written where `may_keep` says no, as when a text was taken back meanwhile.
    """

    def __init__(
        self,
        encoder: Encoder,
        path: Path | None = None,
        *,
        engine: Engine | None = None,
        may_keep: MayKeep = always,
    ) -> None:
        self._encoder = encoder
        self._engine = engine or Here()
        self._path = path
        self._may_keep = may_keep
        self._rows: dict[bytes, NDArray[np.float16]] = {}
        self._used: set[bytes] = set()
        self._new = 0
        self._fresh = False
        if path is not None:
            self._read(path)

    def knows(self, language: str) -> bool:
        """Say whether the vectors of this language mean anything."""
        return knows(self._encoder, language)

    def vectors(
        self, texts: Sequence[str], *, tell: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Return a row for each text; those not known yet are read by the model.

        `tell` is called with how many texts are done and how many there are.
        """
        rows = np.zeros((len(texts), self._encoder.dimensions), dtype=np.float32)
        self.fill(rows, range(len(texts)), texts, tell=tell)
        return rows

    def fill(
        self,
        rows: Vectors,
        places: Sequence[int],
        texts: Sequence[str],
        *,
        tell: Callable[[int, int], None] | None = None,
    ) -> None:
        """Put the vector of each text into the row of its place, as `vectors` would return it."""
        keys = [_key(text) for text in texts]
        missing = {
            key: text for key, text in zip(keys, texts, strict=True) if key not in self._rows
        }
        self._used.update(keys)
        try:
            self._learn(missing, known=len(texts) - len(missing), tell=tell)
        except BaseException:
            self._write()  # whoever stops a run, or is stopped, goes on from here
            raise
        for place, key in zip(places, keys, strict=True):
            rows[place] = self._rows[key]

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._encoder.dimensions

    def _learn(
        self, missing: dict[bytes, str], *, known: int, tell: Callable[[int, int], None] | None
    ) -> None:
        """Have the model read what is missing, in parts."""
        whole, keys = known + len(missing), list(missing)
        parts = parts_of(list(missing.values()))
        for found in self._engine.map(partial(_encoded, self._encoder), parts):
            for row in found:
                self._rows[keys[self._new]] = row
                self._new += 1
            if tell is not None:
                tell(known + self._new, whole)
            if self._new % CHECKPOINT == 0:
                self._write()
        self._fresh = self._fresh or self._new > 0
        self._new = 0

    def passing(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text and keep none of them."""
        return self._encoder.encode(list(texts))

    def keep(self) -> None:
        """Write what was asked for since this cache was opened, and nothing else."""
        if self._fresh or len(self._used) != len(self._rows):
            self._rows = {key: self._rows[key] for key in sorted(self._used)}
            self._write()

    def _read(self, path: Path) -> None:
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                keys, rows = held["keys"], held["rows"]
                same = str(held["name"]) == self._encoder.name
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return
        fits = rows.shape == (len(keys), self._encoder.dimensions) and keys.shape[1:] == (32,)
        if same and fits and rows.dtype == np.float16 and keys.dtype == np.uint8:
            self._rows = {key.tobytes(): row for key, row in zip(keys, rows, strict=True)}

    def _write(self) -> None:
        """Replace the file in one step, readable by its owner alone."""
        if self._path is None:
            return
        keys = sorted(self._rows)
        with suppress(OSError), self._may_keep() as may, ExitStack() as stack:
            if not may:
                return
            file = stack.enter_context(replacing(self._path))
            np.savez(
                file,
                name=np.array(self._encoder.name),
                keys=np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), 32),
                rows=np.array([self._rows[key] for key in keys], dtype=np.float16).reshape(
                    len(keys), self._encoder.dimensions
                ),
            )


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _encoded(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float16]:
    """Read some texts, here or in another process, where the model is loaded once."""
    return encoder.encode(texts).astype(np.float16)
