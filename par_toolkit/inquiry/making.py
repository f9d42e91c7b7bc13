"""Makes the folder of a new inquiry."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from datetime import date
from importlib import resources
from pathlib import Path

from par_toolkit.inquiry.model import FILE, LANGUAGE_CODE, Inquiry, InquiryError
from par_toolkit.inquiry.reading import load


def create(
    folder: Path | str,
    *,
    name: str,
    locality: str,
    population: int | None = None,
    languages: Sequence[str] = ("en", "fr"),
) -> Inquiry:
    """Make a new inquiry in `folder`, ready to use, and return it.

    Default help contacts, limits of confidentiality and consent words are written for the
    community to make its own. Raises InquiryError where `folder` already holds an inquiry or
    cannot be written.
    """
    folder = Path(folder)
    if (folder / FILE).exists() or (folder / "private.db").exists():
        raise InquiryError(f"{folder} already holds an inquiry. Choose another folder.")
    if not name.strip() or not locality.strip():
        raise InquiryError("An inquiry needs a name and a locality that are not empty.")
    for code in languages:
        if not LANGUAGE_CODE.match(code):
            raise InquiryError(f"'{code}' is not a language code. Write one such as en or fr.")
    template = resources.files("par_toolkit.inquiry").joinpath("template.toml").read_text("utf-8")
    year = date.today().year
    settings = {
        "@NAME@": _toml_string(name.strip()),
        "@LOCALITY@": _toml_string(locality.strip()),
        "@POPULATION@": f"population = {population}" if population else "# population = 50000",
        "@LANGUAGES@": ", ".join(_toml_string(code) for code in dict.fromkeys(languages)),
        "@YEAR@": str(year),
    }
    # in one pass, so that a name which looks like a mark stays a name
    template = re.sub("|".join(settings), lambda mark: settings[mark[0]], template)
    try:
        for place in ("", "findings", "forms", "media", "backups", "keys"):
            (folder / place).mkdir(parents=True, exist_ok=True)
        (folder / "keys").chmod(0o700)
        for key in ("receipt.key", "session.key"):
            write_secret(folder / "keys" / key, secrets.token_hex(32))
        (folder / FILE).write_text(template, encoding="utf-8")
    except OSError as error:
        raise InquiryError(
            f"{folder} cannot be written: {error.strerror}. "
            "Choose a folder that you may write to, on a disk with space left."
        ) from error
    return load(folder)


def write_secret(path: Path, text: str) -> None:
    """Write `text` to a new file that only its owner can read; an existing file is an error."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


def _toml_string(text: str) -> str:
    """Quote `text` as a TOML basic string."""
    escaped = "".join(
        f"\\u{ord(c):04X}" if ord(c) < 0x20 or c == "\x7f" else c
        for c in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'
