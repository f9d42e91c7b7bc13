"""Keep what was read in texts between runs, so that a run again reads only what is new.

The language and the passages of a text are kept by its hash, and what each stretch of letters came
to by itself: no file holds a text, but this one holds its words, each once and in no order. So it
needs the same care as the texts; `keep` leaves out all that was not asked for since it was opened.

What was read by other code, or with other versions of what it uses, is not taken. A file that
cannot be read counts as empty, and one that cannot be written stops nobody: it is only a cache.
"""

import hashlib
import json
import platform
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from analysis.replacing import MayKeep, always, replacing

READERS = ("chunks.py", "language.py", "passages.py", "spaces.py", "tokens.py")
"""The modules whose work is kept: with any of them changed, all is read anew."""

LIBRARIES = ("py3langid", "spacy", "spacy-lookups-data")

SUFFIX = ".readings"

_Made = TypeVar("_Made")


class Kept:
    """Results by key: those of the run before, as long as this run asks for them, and new ones."""

    def __init__(self, before: dict[str, Any]) -> None:
        self._before = before
        self.used: dict[str, Any] = {}
        self.fresh = False

    def get(self, key: str, make: Callable[[], _Made]) -> _Made:
        """Return the result for `key`; `make` makes it where it is not known."""
        try:
            return self.used[key]  # type: ignore[no-any-return]
        except KeyError:
            pass
        if key in self._before:
            found = self._before[key]
        else:
            found, self.fresh = make(), True
        self.used[key] = found
        return found  # type: ignore[no-any-return]

    def missing(self, keys: Iterable[str]) -> list[str]:
        """Return the keys, each once, of which nothing is known."""
        return [
            key for key in dict.fromkeys(keys) if key not in self.used and key not in self._before
        ]

    @property
    def changed(self) -> bool:
        """Say whether this run knows more or less than the one before."""
        return self.fresh or len(self.used) != len(self._before)


class ReadingCache:
    """What was read, in a file; each value is a text, None, yes or no, or lists of texts and
    numbers."""

    PARTS = ("languages", "passages", "words", "lemmas")

    def __init__(self, path: Path, *, may_keep: MayKeep = always) -> None:
        self._path = path
        self._may_keep = may_keep
        self._made_with = made_with()
        before = self._read()
        self.languages = Kept(before.get("languages", {}))
        self.passages = Kept(before.get("passages", {}))
        self.words = Kept(before.get("words", {}))
        self.lemmas = Kept(before.get("lemmas", {}))

    def keep(self) -> None:
        """Write what was asked for since this cache was opened, and nothing else."""
        parts = {name: getattr(self, name) for name in self.PARTS}
        if not any(part.changed for part in parts.values()):
            return
        held = {"made with": self._made_with, **{name: one.used for name, one in parts.items()}}
        with suppress(OSError), self._may_keep() as may, ExitStack() as stack:
            if not may:
                return
            file = stack.enter_context(replacing(self._path))
            # plain ASCII: half characters (lone surrogates) are escaped and come back as they were
            file.write(json.dumps(held, separators=(",", ":")).encode())

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            held = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(held, dict) or held.pop("made with", None) != self._made_with:
            return {}
        return held if all(isinstance(part, dict) for part in held.values()) else {}


def beside(path: Path) -> Path:
    """Return where what was read is kept, beside the vectors in `path`."""
    return path.with_suffix(SUFFIX)


def key(*parts: str) -> str:
    """Return a hash of some texts, the border between them included."""
    digest = hashlib.sha256()
    for part in parts:
        coded = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(coded))
        digest.update(coded)
    return digest.hexdigest()


@cache
def made_with() -> str:
    """Name the code that reads and all that it uses."""
    digest = hashlib.sha256()
    for name in READERS:
        digest.update((files("analysis") / name).read_bytes())
    versions = [f"{name} {version(name)}" for name in LIBRARIES]
    return ", ".join(["format 1", platform.python_version(), *versions, digest.hexdigest()])
