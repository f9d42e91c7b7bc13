"""How commands come to a passphrase: from a file, or asked for on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])
_LONGEST = 10_000


def passphrase_option(function: Function) -> Function:
    """Add --passphrase-file."""
    return click.option(
        "--passphrase-file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Read the passphrase of the keys from the first line of FILE, for scripts.",
    )(function)


def new_passphrase(file: Path | None) -> str:
    """Return a passphrase to seal with, asked for twice where no file holds it."""
    if file:
        return _first_line(file)
    said: str = click.prompt(
        "A passphrase for the keys", hide_input=True, confirmation_prompt=True, err=True
    )
    return said


def known_passphrase(file: Path | None) -> str:
    """Return a passphrase that something was sealed with."""
    if file:
        return _first_line(file)
    said: str = click.prompt("The passphrase of the keys", hide_input=True, err=True)
    return said


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8-sig") as opened:
            return opened.readline(_LONGEST).rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} holds no words in UTF-8.") from error
