"""Sealed stories: what waits on a tablet is sealed to the inquiry, and only its key opens it.

The format is age (https://age-encryption.org/v1) with X25519 keys. `keys/sealing.pub` holds the
public half, which every tablet is given; `keys/sealing.key` the private half, which an encrypted
inquiry keeps inside what its passphrase opens. Where only the private half is away, the inquiry is
*locked*: it takes sealed stories and opens them later.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Final

from pyrage import DecryptError, IdentityError, RecipientError, decrypt, encrypt, passphrase
from pyrage.x25519 import Identity, Recipient

from par_toolkit.storage import disk
from par_toolkit.storage.errors import StorageError
from par_toolkit.storage.vault import key_files

PUBLIC: Final = "sealing.pub"
PRIVATE: Final = "sealing.key"
#: What is sealed is a whole number of blocks long, so that its length tells next to nothing.
BLOCK: Final = 4096
#: How every age file begins; the text writing of age files ("armor") is not taken.
BEGINNING: Final = b"age-encryption.org/v1\n"
#: A header's end: its mark, and a proof of 32 bytes in base64.
_HEADER_END: Final = re.compile(rb"\n--- [A-Za-z0-9+/]{43}\n")
_FOR_A_KEY: Final = b"\n-> X25519 "
_LONGEST_HEADER: Final = 65_536
_NONCE, _PIECE, _PROOF = 16, 65_536, 16
#: age's own reading of a key file is a key on a line of its own; other lines are remarks.
_KEY_LINE = re.compile(r"^\s*(AGE-SECRET-KEY-1[0-9A-Z]+)\s*$", re.MULTILINE | re.IGNORECASE)
_LONGEST_KEY_FILE: Final = 10_000


class SealingError(Exception):
    """Something sealed that cannot be opened; the message says what to do."""


class Locked(SealingError):
    """The opening key is not in the folder."""


class NotForUs(SealingError):
    """It was sealed to another key than this inquiry's."""


class Damaged(SealingError):
    """It is no age file, or not a whole one."""


class WrongWords(SealingError):
    """The passphrase is another, or what it seals was changed: age tells no difference."""


class TooSlow(SealingError):
    """This machine would take far longer to try a passphrase than the one that sealed it."""


class BadKey(SealingError):
    """A key is missing or damaged. That is no fault of what is sealed: it waits."""


def make_keys(folder: Path) -> None:
    """Make the two keys where an inquiry has neither; a missing public half is worked out again.

    Where only the private half is away nothing is made: somebody took it away on purpose. Two
    programs may do this at once. Raises OSError, BadKey or, where the inquiry is not open,
    Locked of storage.
    """
    keys = folder / "keys"
    if (keys / PUBLIC).exists():
        return
    if not key_files.present(folder, PRIVATE):
        key_files.write_new(folder, PRIVATE, _line(str(Identity.generate())))
    public = str(_identity(_own_key(folder)).to_public())
    disk.write_new(keys / PUBLIC, _line(public), mode=0o644)


def locked(folder: Path) -> bool:
    """Say whether the private half of the keys is away."""
    return not key_files.present(folder, PRIVATE) and (folder / "keys" / PUBLIC).exists()


def recipient(folder: Path) -> str:
    """Return the public key that stories for the inquiry in `folder` are sealed to: 'age1…'.

    Raises BadKey where it is missing or is none.
    """
    path = folder / "keys" / PUBLIC
    try:
        return str(Recipient.from_str(path.read_text("ascii").strip()))
    except (OSError, ValueError, RecipientError) as error:
        raise BadKey(f"The key {path} is missing or damaged. Put it back from a backup.") from error


def seal(recipient: str, data: bytes) -> bytes:
    """Seal the JSON text `data`, padded with spaces to whole blocks, as an age file."""
    return encrypt(pad(data), [Recipient.from_str(recipient)])


def open_with_passphrase(data: bytes, secret: str) -> bytes:
    """Open an age file that a passphrase seals (scrypt, as age has it).

    age measures what this machine can do just now, and tries no passphrase that would take it more
    than sixteen times as long as one second of the machine that sealed it: then the passphrase may
    well be right. Raises WrongWords or TooSlow.
    """
    try:
        return passphrase.decrypt(data, secret)
    except DecryptError as error:
        if "excessive work" in str(error).lower():
            raise TooSlow(
                "This machine is too busy, or too slow, to try the passphrase. Close other "
                "programs and try again, or use a quicker machine. Nothing was changed."
            ) from error
        raise WrongWords("This passphrase does not open it, or it is damaged.") from error


def pad(data: bytes) -> bytes:
    """Add spaces to JSON text until it is a whole number of blocks long, and at least one."""
    return data.ljust(-(-max(1, len(data)) // BLOCK) * BLOCK, b" ")


def open_sealed(folder: Path, sealed: bytes, *, key: str | None = None) -> bytes:
    """Open an age file that was sealed to this inquiry, and return it without its padding.

    `key` is the text of the private key; the one in the folder when left out. Raises Locked,
    NotForUs, Damaged or BadKey.
    """
    check_outside(sealed)
    if key is None and locked(folder):
        raise Locked(
            "This inquiry is locked: its opening key is not in the folder. Bring the key and run: "
            "par unlock --key FILE"
        )
    identity = _identity(key if key is not None else _own_key(folder))
    try:
        return decrypt(sealed, [identity]).rstrip(b" \0")
    except DecryptError as error:
        if "no matching keys" in str(error).lower():
            raise NotForUs(
                "This was sealed for another inquiry, or with keys that this one no longer has."
            ) from error
        raise Damaged("This sealed story is damaged or not whole.") from error


def check_outside(sealed: bytes) -> None:
    """Check all of an age file that shows without a key: its header, and what its length may be.

    A locked inquiry acknowledges what it cannot read, so it looks at least at this. The parts are
    those of https://age-encryption.org/v1: after the header 16 random bytes, then pieces of 64 KiB
    with 16 bytes each to prove them. Raises Damaged.
    """
    header = _HEADER_END.search(sealed[:_LONGEST_HEADER])
    begins = sealed.startswith(BEGINNING)
    if not begins or header is None or _FOR_A_KEY not in sealed[: header.start()]:
        raise Damaged("This is not a sealed story: it does not begin as an age file for keys does.")
    payload = len(sealed) - header.end() - _NONCE
    if payload <= _PROOF or 0 < payload % (_PIECE + _PROOF) <= _PROOF:
        raise Damaged("This sealed story is damaged or not whole.")


def read_key(path: Path) -> str:
    """Read a private key from a file; remarks as age's own programs write them are passed over.

    Raises BadKey where there is none in it.
    """
    try:
        with path.open("rb") as file:
            return key_in(file.read(_LONGEST_KEY_FILE), path)
    except OSError as error:
        raise BadKey(f"The key {path} cannot be read: {error.strerror}.") from error


def _own_key(folder: Path) -> str:
    """Read the private key of the inquiry in `folder`.

    Raises BadKey where it is missing or damaged, and Locked of storage where the inquiry's
    passphrase was not given.
    """
    path = folder / "keys" / PRIVATE
    if not key_files.present(folder, PRIVATE):
        raise BadKey(f"The key {path} is missing.")
    return key_in(key_files.read(folder, PRIVATE), path)


def key_in(data: bytes, path: Path) -> str:
    """Return the private key in the bytes of a key file; raise BadKey where there is none.

    `path` is where they come from, to be named.
    """
    found = _KEY_LINE.search(data.decode("utf-8-sig", "replace"))
    if found is None:
        raise BadKey(
            f"{path} holds no opening key. It is one line that begins with AGE-SECRET-KEY-1."
        )
    return found[1].upper()


def check_key(folder: Path, key: str) -> None:
    """Raise NotForUs where the private key `key` is not the other half of this inquiry's."""
    if str(_identity(key).to_public()) != recipient(folder):
        raise NotForUs("This key belongs to another inquiry. Look for the one of this inquiry.")


def check_own_key(folder: Path) -> None:
    """Raise NotForUs or BadKey where the private key in `folder` does not open what is sealed."""
    check_key(folder, _own_key(folder))


def put_away(folder: Path, to: Path) -> None:
    """Move the private key out of the folder into the new file `to`.

    It is written, flushed to its disk and read back before it is removed here. Raises Locked where
    it is away already, and OSError or BadKey where it could not be written whole.
    """
    if locked(folder):
        raise Locked("This inquiry is locked already: its opening key is not in the folder.")
    check_own_key(folder)
    key = _own_key(folder)
    disk.write_new(to, _line(key))
    if read_key(to) != key:
        raise BadKey(f"{to} does not hold what was written to it. The key was not removed.")
    key_files.remove(folder, PRIVATE)


def put_back(folder: Path, key: str) -> bool:
    """Put the private key `key` into the folder where it is away or damaged; say whether it was.

    Raises NotForUs where it is another's.
    """
    check_key(folder, key)
    if _private_half(folder, of=folder):
        return False
    key_files.write(folder, PRIVATE, _line(key))
    return True


def carry_over(folder: Path, to: Path) -> None:
    """Give another state of the inquiry, which will take the place of that in `folder`, its keys.

    What waits on tablets is sealed to the key that is here now, and opens with no other. Keys that
    `to` has stay only where there is none here, or the private half of the same is away.
    """
    keys = to / "keys"
    with contextlib.suppress(BadKey):
        ours = recipient(folder)
        (keys / PUBLIC).unlink(missing_ok=True)
        disk.write_new(keys / PUBLIC, _line(ours), mode=0o644)
    fitting = [key for place in (to, folder) if (key := _private_half(place, of=to))]
    key_files.remove(to, PRIVATE)
    if fitting:
        key_files.write(to, PRIVATE, _line(fitting[0]))


def _private_half(folder: Path, *, of: Path) -> str | None:
    """Return the private key in `folder` where it belongs to the public one in `of`."""
    try:
        key = _own_key(folder)
        check_key(of, key)
    except (BadKey, NotForUs, StorageError):
        return None
    return key


def _identity(key: str) -> Identity:
    try:
        return Identity.from_str(key)
    except IdentityError as error:
        raise BadKey("The opening key is damaged. Take the one from a backup.") from error


def _line(text: str) -> bytes:
    """Return what a file of a key holds: one line."""
    return f"{text}\n".encode("ascii")
