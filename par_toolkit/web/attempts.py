"""How often one address may try codes and passwords; telling itself is never held up."""

from __future__ import annotations

from typing import Final

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

#: A whole hall may stand behind one address, so these stop machines and no group of people.
CODES: Final = "60/minute;600/hour"
PASSWORDS: Final = "20/minute;200/hour"
#: Each try of a passphrase takes a core for a while. Whoever is shut out here by others behind the
#: same address opens the inquiry at the machine itself: it has an address of its own.
PASSPHRASES: Final = "6/minute;30/hour"


def name_and_address() -> str:
    """Count tries of a password for each name apart: one prankster shuts nobody else out."""
    return f"{get_remote_address()} {request.form.get('name', '')[:100].casefold()}"


limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="fixed-window")
