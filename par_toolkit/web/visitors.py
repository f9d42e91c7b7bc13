"""Who may look at the findings: whoever comes, whoever knows the shared word, or named people."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote

from par_toolkit.inquiry import Sharing
from par_toolkit.permissions import may
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.guards import signed_in
from par_toolkit.web.typed_words import plain

FINDINGS: Final = "/findings/"
#: The build that waits for stewards to say yes, as readers would see it.
PREVIEW: Final = "/preview/"
#: Where one comes in, by who may look.
WAYS_IN: Final = {"word": "/look", "people": "/desk/sign-in"}
#: The session's mark that the word was typed.
MARK: Final = "looking"
_INSIDE: Final = re.compile(r"/(findings/|library($|[/.?]))[!-\[\]-~]*", re.ASCII)
_LONGEST: Final = 4_000


def word_mark(word: str, key: bytes) -> str:
    """Return what a session holds once the word was typed: nobody reads the word from it.

    It is keyed with the inquiry's own `key`, and a new word makes another.
    """
    return hmac.new(key, b"findings\0" + plain(word).encode(), hashlib.sha256).hexdigest()


def knows_word(session: Mapping[str, Any], sharing: Sharing, key: bytes) -> bool:
    """Say whether the word that holds today was typed in a session."""
    if sharing.open_to != "word":
        return False
    held = str(session.get(MARK, ""))
    return hmac.compare_digest(held.encode(), word_mark(sharing.word, key).encode())


def may_look(
    session: Mapping[str, Any], sharing: Sharing, key: bytes, db: Callable[[], PrivateDatabase]
) -> bool:
    """Say whether whoever holds a session may look; people who sign in need no word."""
    if sharing.everybody or knows_word(session, sharing, key):
        return True
    person = signed_in(session, db)
    return person is not None and may(person.role, "see_closed_findings")


def may_preview(session: Mapping[str, Any], db: Callable[[], PrivateDatabase]) -> bool:
    """Say whether whoever holds a session may read the build that waits."""
    person = signed_in(session, db)
    return person is not None and may(person.role, "see_publishing")


def inside(address: str | None) -> bool:
    """Say whether an address, as it came, is one of the findings and of nothing else."""
    if not address or len(address) > _LONGEST or not _INSIDE.fullmatch(address):
        return False
    return ".." not in unquote(address.partition("?")[0])
