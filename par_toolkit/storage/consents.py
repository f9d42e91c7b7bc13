"""Consents: one append-only record for each use; what holds now is the last (promise 5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from par_toolkit.inquiry import USES
from par_toolkit.storage import audit, contacts, takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import copied


def today(db: PrivateDatabase, story_id: int) -> dict[str, bool]:
    """Return what the teller allows now, for each use; all False for a story that is gone."""
    rows = db.rows("select use, granted from consent_now where story = :id", {"id": story_id})
    granted = {row["use"] for row in rows if row["granted"]}
    return {use: use in granted for use in USES}


def check_analyse(db: PrivateDatabase, story_id: int) -> None:
    """Raise Refused for a story that is gone, or that its teller does not let be analysed today."""
    if not db.value("select 1 from stories where id = :id", {"id": story_id}):
        raise Refused("gone", "This story is not here any more.")
    if not today(db, story_id)["analyse"]:
        raise Refused("no_consent", "The teller has not agreed that this story is analysed.")


def may_be_shared(consent: Mapping[str, bool]) -> bool:
    """Say whether any of a story's words may be shown to others, should people release them."""
    return consent["quote"] or consent["publish"]


def change(
    db: PrivateDatabase,
    story_id: int,
    wishes: Mapping[str, bool],
    *,
    wording: int,
    source: str,
    role: str = "participant",
) -> list[str]:
    """Record what the teller now allows and return the uses that changed.

    A use taken back is queued to leave the live findings, as after a withdrawal (promise 6). With
    the consent to be reached goes what says how.
    Raises Refused for an unknown use or a story that is gone.
    """
    if set(wishes) - set(USES):
        raise Refused("unknown_use", f"Consent is given for {', '.join(USES)}.")
    with db.writing():
        if not db.value("select 1 from stories where id = :id", {"id": story_id}):
            raise Refused("gone", "This story is not here any more.")
        before = today(db, story_id)
        changed = [use for use in USES if use in wishes and wishes[use] != before[use]]
        for use in changed:
            db.add(
                """
                insert into consents (story, use, granted, wording, source, at)
                values (:story, :use, :granted, :wording, :source, :now)
                """,
                {
                    "story": story_id,
                    "use": use,
                    "granted": int(wishes[use]),
                    "wording": wording,
                    "source": source,
                    "now": now(),
                },
            )
        narrowed = [use for use in changed if not wishes[use]]
        if {"analyse", "quote"} & set(narrowed):
            copied.forget(db, story_id)
        takedowns.queue_narrowed(db, story_id, narrowed)
        if "contact" in narrowed and contacts.drop(db, story_id):
            takedowns.ask_erasure(db)
        if changed:
            story = f"story {story_id}"
            audit.record(db, "change_consent", role=role, subject=story, of_one=True)
        return changed


def history(db: PrivateDatabase, story_id: int) -> list[dict[str, Any]]:
    """List every consent a teller gave or took back, oldest first."""
    return db.rows(
        """
        select use, granted, wording, source, at from consents
        where story = :id order by id
        """,
        {"id": story_id},
    )


def remember_wording(db: PrivateDatabase, wording: int, texts: Mapping[str, Any]) -> None:
    """Keep the words tellers are asked with, for ever.

    Raises Refused where other words were already used under the same number.
    """
    new = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    old = db.value(
        "select texts from consent_wordings where wording = :wording", {"wording": wording}
    )
    if old is None:
        db.add(
            "insert into consent_wordings values (:wording, :texts, :now)",
            {"wording": wording, "texts": new, "now": now()},
        )
    elif old != new:
        used = db.value(
            "select 1 from consents where wording = :wording limit 1", {"wording": wording}
        )
        if used:
            raise Refused(
                "wording_changed",
                f"The consent words in inquiry.toml changed, but people already said yes to "
                f"wording {wording}. Under [consent], set wording = {wording + 1}, or put the old "
                "words back.",
            )
        db.change(
            "update consent_wordings set texts = :texts where wording = :wording",
            {"wording": wording, "texts": new},
        )


def known_wordings(db: PrivateDatabase) -> set[int]:
    """Return the numbers of every wording that was ever asked."""
    return {row["wording"] for row in db.rows("select wording from consent_wordings")}
