"""What each of thousands of tests would make anew, made once: nothing that a test looks at.

Every test has an inquiry and an app of its own. What these begin as is the same each time, so a
new inquiry is copied, and what a library compiles from the same text is kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class InMemory(BytecodeCache):
    """Keeps what Jinja made of a template, which is done anew only where the template changed."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def compile_once() -> None:
    """Let every app of this process share what is made of templates and of addresses."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": InMemory()}
    made: Callable[..., Any] | None = getattr(Rule, "_compile_builder", None)
    if made is None:  # a Werkzeug that goes about it in another way: right, and slower here
        return
    kept: dict[tuple[Any, ...], Any] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, str(rule._trace), str(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = made(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = builder  # type: ignore[method-assign]


def new_inquiry(folder: Path, *, encrypted: bool = False) -> Path:
    """Make a new inquiry in `folder`, as `par init` leaves it, with a threshold of 5; once."""
    return _made(folder, encrypted)


@cache
def _made(folder: Path, encrypted: bool) -> Path:
    from par_toolkit.inquiry import create
    from par_toolkit.storage import vault
    from par_toolkit.storage.database import open_database
    from tests.encrypted import PASSPHRASE

    made = create(folder, name="Made-up inquiry", locality="Exampleton", population=48_000)
    settings = made.folder / "inquiry.toml"
    text = settings.read_text(encoding="utf-8")
    assert "threshold = 10 " in text
    settings.write_text(text.replace("threshold = 10 ", "threshold = 5 "), encoding="utf-8")
    if encrypted:
        vault.begin(made.folder, PASSPHRASE)
    open_database(made.folder, create=True).close()
    return made.folder


def copy_of(made: Path, folder: Path) -> Path:
    """Copy an inquiry that nobody has open to `folder`."""
    shutil.copytree(made, folder)
    return folder
