"""Look over whether somebody is there for whoever needs help."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from par_toolkit.finding import Finding
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import help_requests
from par_toolkit.storage.database import PrivateDatabase

#: How long somebody who asked for help waits before this says so.
LONG: Final = timedelta(days=2)


def safeguarding(db: PrivateDatabase, _here: Inquiry) -> Iterator[Finding]:
    """Check that a safeguarding contact signs in, and that nobody waits for them for long."""
    name = "safeguarding"
    since = help_requests.waiting_since(db)
    if since and datetime.now(UTC) - datetime.fromisoformat(since) > LONG:
        sentence = f"Somebody who asked for help has waited since {since[:10]}. Tell your contact."
        yield Finding(name, "mend", sentence)
    elif not help_requests.offered(db):
        yield Finding(
            name,
            "note",
            "Nobody signs in as safeguarding contact, so whoever needs help sees numbers to call "
            "and nothing else: par people add NAME --role safeguarding",
        )
    else:
        yield Finding(name, "ok", "Somebody is there for whoever asks for help.")
