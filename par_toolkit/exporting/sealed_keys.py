"""The keys of an inquiry in an export: only where they are asked for, sealed with a passphrase.

What keeps people at the desk signed in is never among them: each installation makes its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from pyrage.passphrase import encrypt

from par_toolkit.exporting.errors import ExportError
from par_toolkit.exporting.places import Place
from par_toolkit.inquiry.making import write_secret
from par_toolkit.sealing import PRIVATE, PUBLIC, TooSlow, WrongWords, open_with_passphrase
from par_toolkit.storage import vault
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.keys import RECEIPTS
from par_toolkit.storage.vault import key_files

NAME: Final = "keys.age"
#: What receipt codes are checked with, and what opens sealed stories.
KEYS: Final = (RECEIPTS, PUBLIC, PRIVATE)


def write(place: Place, folder: Path, passphrase: str) -> None:
    """Seal the keys that are in `folder` with a passphrase, as age does it (scrypt).

    Raises ExportError where the passphrase is short.
    """
    try:
        vault.check_new(passphrase)
    except Refused as error:
        raise ExportError(str(error)) from error
    found = {
        name: key_files.read(folder, name).decode("ascii").strip()
        for name in KEYS
        if key_files.present(folder, name)
    }
    with place.new(NAME) as file:
        file.write(encrypt(json.dumps(found).encode(), passphrase))


def load(source: Path, folder: Path, passphrase: str) -> None:
    """Open the keys of an export and put them into the new `folder`.

    Raises ExportError for a wrong passphrase or keys that are damaged.
    """
    try:
        found = json.loads(open_with_passphrase(source.read_bytes(), passphrase))
        receipts = bytes.fromhex(found[RECEIPTS])
    except TooSlow as error:
        raise ExportError(str(error)) from error
    except WrongWords as error:
        raise ExportError(
            f"This passphrase does not open {source}, or the file is damaged. Nothing was loaded."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ExportError(f"{source} holds no keys of par-toolkit. Nothing was loaded.") from error
    if len(receipts) != 32:
        raise ExportError(f"{source} holds a damaged key. Nothing was loaded.")
    for name in KEYS:
        if name in found:
            (folder / "keys" / name).unlink(missing_ok=True)
            write_secret(folder / "keys" / name, found[name] + "\n")
            if name == PUBLIC:
                (folder / "keys" / name).chmod(0o644)
