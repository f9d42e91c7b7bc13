"""Read which build is the live one, and check that its file is a whole findings build."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from datasette_plugins import builds

#: A bare file name: no folder can be named in it, so nothing outside `findings/` is ever served.
BUILD_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.db")

#: What tells one state of a file from another, cheaply.
State = tuple[int, int, int]


class BuildProblem(Exception):
    """The live build cannot be served; the message is a sentence for the log."""


@dataclass(frozen=True)
class Target:
    """What the pointer points at: a build's file and the states of both files when it was read."""

    path: Path
    states: tuple[State | None, State | None]


def state(path: Path, *, follow: bool = True) -> State | None:
    """Return what tells this state of a file from another, or None where there is no file."""
    try:
        found = path.stat() if follow else path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def read(findings: Path) -> Target | None:
    """Read `findings/current`: a text file with a bare file name, or a symlink to one beside it.

    None means that nothing was published yet. Raises BuildProblem where it names no build.
    """
    pointer = findings / "current"
    seen = state(pointer, follow=False)
    if seen is None:
        return None
    try:
        name = os.readlink(pointer) if pointer.is_symlink() else pointer.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise BuildProblem("findings/current cannot be read.") from problem
    if not BUILD_NAME.fullmatch(name):
        raise BuildProblem(
            "findings/current must hold the bare name of a build, as build-000001.db."
        )
    return Target(findings / name, (seen, state(findings / name)))


def check(path: Path) -> None:
    """Raise BuildProblem unless `path` is an undamaged SQLite file with the tables of a build."""
    if not path.is_file() or path.is_symlink():
        raise BuildProblem(f"{path.name} is not there.")
    if not builds.whole(path):
        raise BuildProblem(f"{path.name} is damaged or is no findings build.")
