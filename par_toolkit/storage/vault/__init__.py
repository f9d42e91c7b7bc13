"""Encryption at rest: what an inquiry's passphrase opens, and whether it is open just now.

A random data key of 256 bits encrypts private.db (SQLCipher). It lies in keys/vault.json, wrapped
by the passphrase, so that a new passphrase wraps it anew and nothing else changes. The secrets in
keys/ that would surrender words or codes are sealed with it too.

A program opens an inquiry with `unlock` and forgets its key with `lock`; `open_database` raises
Locked in between. A plain inquiry needs neither.
"""

from par_toolkit.storage.at_rest import encrypted
from par_toolkit.storage.vault.converting import decrypt, encrypt, left_over
from par_toolkit.storage.vault.deriving import key
from par_toolkit.storage.vault.making import begin
from par_toolkit.storage.vault.opening import database_key, lock, unlocked
from par_toolkit.storage.vault.unlocking import change_passphrase, unlock
from par_toolkit.storage.vault.wrapping import check_new

__all__ = [
    "begin",
    "change_passphrase",
    "check_new",
    "database_key",
    "decrypt",
    "encrypt",
    "encrypted",
    "key",
    "left_over",
    "lock",
    "unlock",
    "unlocked",
]
