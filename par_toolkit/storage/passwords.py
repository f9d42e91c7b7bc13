"""What a password has to be: long, and neither common nor easy to guess for whoever knows us.

The rules are those of OWASP ASVS 5.0 (6.2): a length, no rule on which letters, nothing cut off,
and none of those that are tried first.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from par_toolkit.storage.errors import Refused

LENGTH: Final = 10
MOST: Final = 1_000
#: Where digests of the most used passwords stand, one a line; lines with # say where from.
COMMON: Final = Path(__file__).with_name("common_passwords.txt")
#: Hex digits of a digest that the list keeps.
DIGITS: Final = 12
#: What a keyboard or an alphabet has in a row.
ROWS: Final = (
    *("abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop"),
)


def digest(password: str) -> str:
    """Return what the list of common passwords keeps of one, in whatever case it is written."""
    return hashlib.sha256(password.casefold().encode("utf-8", "replace")).hexdigest()[:DIGITS]


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text("ascii").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def check(password: str, *, known: Iterable[str] = ()) -> None:
    """Raise Refused where a password is too short, too long, common, or made of what is `known`.

    `known` are words that anybody would try here: the person's name, and that of the inquiry.
    """
    if len(password) < LENGTH:
        raise Refused(
            "short_password",
            f"Choose a password of at least {LENGTH} characters. Three or four words are good.",
        )
    if len(password) > MOST:
        raise Refused("long_password", f"Choose a password of at most {MOST:,} characters.")
    if digest(password) in _common() or _simple(password) or _only(password, known):
        raise Refused(
            "common_password",
            "Many people use this password, or it is easy to guess. "
            "Choose three or four words that do not belong together.",
        )


def _simple(password: str) -> bool:
    """Say whether a password is one piece again and again, or runs along a row of keys."""
    folded = password.casefold()
    if folded in (folded + folded)[1:-1]:
        return True
    rows = [row * 3 for row in ROWS]
    return any(folded in row or folded[::-1] in row for row in rows)


def _only(password: str, known: Iterable[str]) -> bool:
    """Say whether a password has fewer than four letters beside words that anybody here knows."""
    left = _letters(password)
    for words in known:
        for piece in (words, *words.split()):
            if len(bare := _letters(piece)) > 2:
                left = left.replace(bare, "")
    return len([char for char in left if char.isalpha()]) < 4 and left != _letters(password)


def _letters(text: str) -> str:
    """Return letters and digits without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if char.isalnum())
