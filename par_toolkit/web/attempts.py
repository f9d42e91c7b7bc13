"""How often one address may try codes and passwords; telling itself is never held up."""

from __future__ import annotations

from typing import Final

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

#: A whole hall may stand behind one address, so these stop machines and no group of people.
CODES: Final = "60/minute;600/hour"
PASSWORDS: Final = "20/minute;200/hour"
#: Each try of a password costs time and memory, right or wrong. How many wrong ones there may be
#: for one name is another matter: `limits.Tries`.
FLOOD: Final = "120/minute"
#: Each try of a passphrase takes a core for a while. Whoever is shut out here by others behind the
#: same address opens the inquiry at the machine itself: it has an address of its own.
PASSPHRASES: Final = "6/minute;30/hour"


limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="fixed-window")
