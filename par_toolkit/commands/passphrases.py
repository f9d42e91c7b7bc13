"""How commands come to a passphrase: from a file, from PAR_PASSPHRASE, or asked for.

There are two kinds: that of the inquiry, with which it is encrypted, and that of keys in an export.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])
_LONGEST = 10_000
#: Where `par --passphrase-file FILE` is remembered, and the variable that may hold a passphrase.
GIVEN: Final = "par_toolkit.passphrase_file"
VARIABLE: Final = "PAR_PASSPHRASE"


def open_inquiry(folder: Path) -> None:
    """Open the inquiry in `folder` where it is encrypted, asking for its passphrase once.

    Raises a StorageError for a wrong passphrase, and ClickException where none can be had.
    """
    from par_toolkit.storage import vault  # not before it is needed: `par --help` is there at once

    if not vault.unlocked(folder):
        vault.unlock(folder, inquiry_passphrase())


def inquiry_passphrase() -> str:
    """Return the passphrase of an encrypted inquiry."""
    given = _given()
    return _asked("The passphrase of the inquiry") if given is None else given


def backup_passphrase() -> str:
    """Return the passphrase of an encrypted backup, where it is another than that of today."""
    given = _given()
    return _asked("The passphrase of the backup") if given is None else given


def new_inquiry_passphrase(file: Path | None = None) -> str:
    """Return a passphrase to encrypt an inquiry with, asked for twice where nothing holds it."""
    given = None if file else _given()
    return another_passphrase(file) if given is None else given


def another_passphrase(file: Path | None) -> str:
    """Return a passphrase that is to open the inquiry from now on."""
    return _first_line(file) if file else _asked("A passphrase for the inquiry", twice=True)


def _asked(question: str, *, twice: bool = False) -> str:
    """Ask on the terminal; where nobody is there, say how else a passphrase is given."""
    hidden = sys.stdin.isatty()  # what comes down a pipe is shown nowhere
    try:
        said: str = click.prompt(question, hide_input=hidden, confirmation_prompt=twice, err=True)
    except click.Abort:
        raise click.ClickException(
            "No passphrase was given, so nothing was changed. In a script, give it with: "
            f"par --passphrase-file FILE … or in the variable {VARIABLE}"
        ) from None
    return said


def _given() -> str | None:
    """Return the passphrase that stands in a file or in the environment."""
    file: Path | None = click.get_current_context().find_root().meta.get(GIVEN)
    return _first_line(file) if file else os.environ.get(VARIABLE)


def passphrase_option(function: Function) -> Function:
    """Add --passphrase-file."""
    return click.option(
        "--passphrase-file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Read the passphrase of the keys from the first line of FILE, for scripts.",
    )(function)


def key_passphrase_option(function: Function) -> Function:
    """Add --key-passphrase-file."""
    return click.option(
        "--key-passphrase-file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Read the passphrase of a keeper's key from the first line of FILE, for scripts.",
    )(function)


def key_options(function: Function) -> Function:
    """Add --identity and --key-passphrase-file: a keeper's key that opens what is sealed."""
    identity = click.option(
        "--identity",
        metavar="KEYFILE",
        type=click.Path(path_type=Path),
        help="The key file of a keeper, where FILE is sealed.",
    )
    return identity(key_passphrase_option(function))


def keepers_key(identity: Path | None, passphrase_file: Path | None) -> str | None:
    """Return the private key in a keeper's file, with its passphrase asked for where it has one."""
    if identity is None:
        if passphrase_file:
            raise click.UsageError("--key-passphrase-file goes with --identity KEYFILE.")
        return None

    from par_toolkit.keeping import sealed  # not before it is needed, as above

    def ask() -> str:
        if passphrase_file:
            return _first_line(passphrase_file)
        said: str = click.prompt(f"The passphrase of {identity}", hide_input=True, err=True)
        return said

    return sealed.read_key_file(identity, ask)


def new_passphrase(file: Path | None, *, of: str = "the keys") -> str:
    """Return a passphrase to seal with, asked for twice where no file holds it."""
    if file:
        return _first_line(file)
    said: str = click.prompt(
        f"A passphrase for {of}", hide_input=True, confirmation_prompt=True, err=True
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
