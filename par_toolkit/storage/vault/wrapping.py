"""The data key in keys/vault.json, wrapped by a passphrase: how it is written, read and opened.

The passphrase is stretched with scrypt (RFC 7914) to a key of 32 bytes, which seals the data key
with AES-256-GCM; everything else in the file is authenticated with it. A digest over the whole file
tells a damaged file from a wrong passphrase.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from par_toolkit.storage import disk
from par_toolkit.storage.at_rest import WRAPPED
from par_toolkit.storage.errors import KeyDamaged, KeyMissing, Refused, WrongPassphrase

FORMAT: Final = 1
KEY_BYTES: Final = 32
#: log2 of scrypt's N, with r=8 and p=1: 128 MiB and about 0.4 s a guess on one core of 2020.
COST: Final = 17
#: What a file may ask for; more would be no inquiry's, and fill the memory.
COSTS: Final = range(10, 21)
#: Characters of a new passphrase, at the least.
SHORTEST: Final = 12
_SUM: Final = "sum"


@dataclass(frozen=True)
class Wrapped:
    """What keys/vault.json holds; `id` names the data key and tells nothing of it."""

    id: str
    cost: int
    salt: str
    nonce: str
    key: str
    format: int = FORMAT


def path_in(folder: Path) -> Path:
    """Return where the wrapped key of the inquiry in `folder` lies."""
    return folder / "keys" / WRAPPED


def new_key() -> bytes:
    """Make a data key of 256 bits from the system's source of randomness."""
    return secrets.token_bytes(KEY_BYTES)


def derive(key: bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, by HKDF-SHA256 (RFC 5869) from a random key."""
    info = f"par-toolkit vault 1\0{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def id_of(key: bytes) -> str:
    """Return the name of a data key: 32 hex digits that tell nothing of it."""
    return derive(key, "id")[:16].hex()


def check_new(passphrase: str) -> None:
    """Raise Refused where a new passphrase is too short to be of any use."""
    if len(passphrase.strip()) < SHORTEST:
        raise Refused(
            "short",
            f"Choose a passphrase of at least {SHORTEST} characters. Five or six words are good.",
        )


def wrap(key: bytes, passphrase: str, *, cost: int | None = None) -> Wrapped:
    """Wrap a data key with a passphrase."""
    cost, salt, nonce = cost or COST, secrets.token_bytes(16), secrets.token_bytes(12)
    facts = Wrapped(id_of(key), cost, salt.hex(), nonce.hex(), key="")
    sealed = AESGCM(_stretched(passphrase, salt, cost)).encrypt(nonce, key, _facts(facts))
    return Wrapped(facts.id, cost, facts.salt, facts.nonce, sealed.hex())


def unwrap(wrapped: Wrapped, passphrase: str) -> bytes:
    """Return the data key.

    Raises WrongPassphrase. What was read with `read` is not damaged, so it can be nothing else.
    """
    try:
        stretched = _stretched(passphrase, bytes.fromhex(wrapped.salt), wrapped.cost)
        nonce, sealed = bytes.fromhex(wrapped.nonce), bytes.fromhex(wrapped.key)
        return AESGCM(stretched).decrypt(nonce, sealed, _facts(wrapped))
    except InvalidTag as error:
        raise WrongPassphrase(
            "This passphrase does not open the inquiry. Look at capitals, spaces and the "
            "keyboard's language, and try again. Nothing was changed."
        ) from error


def read(folder: Path) -> Wrapped:
    """Read the wrapped key of the inquiry in `folder`.

    Raises KeyMissing where there is none, KeyDamaged where any byte of it was changed.
    """
    path = path_in(folder)
    try:
        text = path.read_bytes()
    except OSError as error:
        raise KeyMissing(
            f"private.db is encrypted, and {path}, which its passphrase opens, is missing or "
            "cannot be read. Put it back from a backup: without it nobody can read anything. If "
            "this inquiry never had a passphrase, private.db is damaged: par restore FILE"
        ) from error
    try:
        found: dict[str, Any] = json.loads(text)
        said = found.pop(_SUM)
        wrapped = Wrapped(**found)
        whole = said == _sum(wrapped) and text == _written(wrapped)
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole or wrapped.format != FORMAT or wrapped.cost not in COSTS:
        raise KeyDamaged(
            f"{path} was changed or damaged, so no passphrase opens it. Put it back from a backup. "
            "Nothing was changed."
        )
    return wrapped


def write(folder: Path, wrapped: Wrapped) -> None:
    """Write the wrapped key; it appears whole or not at all. Raises OSError."""
    disk.write_whole(path_in(folder), _written(wrapped))


def _stretched(passphrase: str, salt: bytes, cost: int) -> bytes:
    """Stretch a passphrase to 32 bytes; the same letters count the same from any keyboard."""
    words = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=KEY_BYTES, n=2**cost, r=8, p=1).derive(words)


def _facts(wrapped: Wrapped) -> bytes:
    """Return what is authenticated beside the key: everything in the file but the key."""
    return json.dumps(asdict(wrapped) | {"key": ""}, sort_keys=True).encode()


def _sum(wrapped: Wrapped) -> str:
    return hashlib.sha256(json.dumps(asdict(wrapped), sort_keys=True).encode()).hexdigest()


def _written(wrapped: Wrapped) -> bytes:
    return json.dumps(asdict(wrapped) | {_SUM: _sum(wrapped)}, sort_keys=True, indent=1).encode()
