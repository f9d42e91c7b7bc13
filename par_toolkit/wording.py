"""The words that tellers are asked with: kept for ever before anybody is asked with them."""

from __future__ import annotations

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import consents
from par_toolkit.storage.database import PrivateDatabase


def remember_wording(db: PrivateDatabase, inquiry: Inquiry) -> None:
    """Keep the inquiry's consent words. Raises Refused where they changed under a number in use."""
    asked = inquiry.consent
    texts = {"intro": dict(asked.intro), "uses": {u: dict(t) for u, t in asked.uses.items()}}
    consents.remember_wording(db, asked.wording, texts)
