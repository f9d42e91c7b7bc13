"""What commands share: options, answers as text or JSON, questions, and progress bars."""

from __future__ import annotations

import contextlib
import functools
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from par_toolkit.commands import passphrases

Function = TypeVar("Function", bound=Callable[..., Any])

#: Hands a command the folder given with --inquiry as it is, also where nobody may read it.
pass_closed_folder = click.make_pass_decorator(Path)


def pass_folder(function: Function) -> Function:
    """Hand a command the folder given with --inquiry, its passphrase asked for where it has one."""

    @pass_closed_folder
    @functools.wraps(function)
    def opened(folder: Path, *given: Any, **options: Any) -> Any:
        passphrases.open_inquiry(folder)
        _bring_in(folder)
        return function(folder, *given, **options)

    return cast(Function, opened)


def _bring_in(folder: Path) -> None:
    """Bring in what came while the inquiry was locked, so that every command finds it there.

    What cannot be brought in just now waits where it is, and is on disk.
    """
    from par_toolkit.storage import letterbox  # not before it is needed: see `passphrases`
    from par_toolkit.storage.database import open_database
    from par_toolkit.storage.errors import StorageError

    if letterbox.calls(folder):
        with contextlib.suppress(StorageError), open_database(folder) as db:
            letterbox.bring_in(db)


def json_option(function: Function) -> Function:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")(
        function
    )


def yes_option(function: Function) -> Function:
    """Add --yes."""
    return click.option("--yes", is_flag=True, help="Do not ask first, for scripts.")(function)


def example(*lines: str) -> str:
    """Write the example at the end of a command's help."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def answer(as_json: bool, value: Any, sentences: Iterable[str]) -> None:
    """Print `value` as JSON, or else `sentences`, one a line."""
    if as_json:
        text = json.dumps(value, ensure_ascii=False, indent=2)
        click.echo(text.encode("utf-8", "replace").decode())  # a file may hold half a character
    else:
        for sentence in sentences:
            click.echo(plain(sentence))


def ask(question: str, *, yes: bool) -> None:
    """Ask before something is replaced or erased; anything but yes ends the command."""
    if yes:
        return
    try:
        agreed = click.confirm(plain(question), err=True)
    except click.Abort:  # nobody is there, or Ctrl+C
        say("")
        sentence = "Nobody said yes, so nothing was changed. In a script, add --yes."
        raise click.ClickException(sentence) from None
    if not agreed:
        raise click.ClickException("Nothing was changed.")


def say(sentence: str) -> None:
    """Tell a person something beside the answer, on stderr."""
    click.echo(plain(sentence), err=True)


def plain(text: str) -> str:
    """Return `text` without characters that could change the terminal it is shown on."""
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)


def counted(number: int, one: str, many: str) -> str:
    """Write a number with its word: '1 story', '10,302 stories'."""
    return f"{number:,} {one if number == 1 else many}"


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Line up rows under the names of their columns; cells that are None stay empty."""
    if not rows:
        return []
    names = list(rows[0])
    cells = [names] + [["" if row[n] is None else str(row[n]) for n in names] for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


class Bars:
    """Progress on stderr: one bar for each stage; call it with (stage, done, total).

    `named` turns a stage into words for people.
    """

    def __init__(self, named: Callable[[str], str] = str) -> None:
        self._named = named
        self._stage: str | None = None
        self._done = 0
        self._bar: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        if stage != self._stage:
            self.close()
            label = self._named(stage).ljust(32)
            self._bar = click.progressbar(length=max(1, total), label=label, file=sys.stderr)
            self._bar.__enter__()
            self._stage, self._done = stage, 0
        self._bar.length = max(1, total)
        self._bar.update(max(0, done - self._done))
        self._done = max(done, self._done)

    def close(self) -> None:
        """End the bar at hand."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
        self._bar, self._stage = None, None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
