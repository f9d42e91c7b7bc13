"""How commands come to a passphrase: from a file, or asked for on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from par_toolkit.keeping import sealed

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
