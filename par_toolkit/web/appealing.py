"""Appeals of tellers: against how something was decided that was made of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import appeals, outcomes, word_releases
from par_toolkit.storage.sensemaking.appeals import Appeal
from par_toolkit.web import journeys
from par_toolkit.web.journeys import Journey


@dataclass(frozen=True)
class Decided:
    """An item that was made of a teller's words: how it ended, and their own appeals against it.

    `ended` is '' where it was not negotiated yet, `outcome` where its words are not released, and
    `words` where their own are not used in it any more: what they appealed against stays theirs.
    """

    item: int
    words: str
    ended: str
    outcome: str
    appeals: Sequence[Appeal]

    @property
    def waits(self) -> bool:
        """Say whether an appeal of theirs has no answer yet."""
        return any(one.open for one in self.appeals)


def of_journeys(
    db: PrivateDatabase, receipt: int | None, shown: Sequence[Journey]
) -> dict[int, list[Decided]]:
    """Return, by story, the items that its teller may appeal against; each item stands once."""
    if receipt is None or not shown:
        return {}
    mine = appeals.of_receipt(db, receipt)
    there: set[int] = set()
    found: dict[int, list[Decided]] = {}
    for one in shown:
        for used in one.uses:
            item = used.use.reference
            if used.use.kind != "construction" or item in there:
                continue
            there.add(item)
            own = [appeal for appeal in mine if appeal.item == item]
            decided = Decided(item, used.words, *_ended(db, item), own)
            found.setdefault(one.id, []).append(decided)
    for item in dict.fromkeys(appeal.item for appeal in mine if appeal.item not in there):
        own = [appeal for appeal in mine if appeal.item == item]
        found.setdefault(shown[0].id, []).append(Decided(item, "", "", "", own))
    return found


def _ended(db: PrivateDatabase, item: int) -> tuple[str, str]:
    """Say how an item ended, with its words where two people have released them."""
    ended = outcomes.of_item(db, item)
    if not ended:
        return "", ""
    released = word_releases.released(db, "outcome", ended[-1].id)
    return ended_as(ended[-1].outcome), released[0] if released else ""


def ended_as(outcome: str) -> str:
    """Say to a teller how the negotiation of something ended."""
    return {
        "full": _("The groups agreed on it."),
        "partial": _("The groups agreed on a part of it."),
        "none": _("The groups did not agree on it. What each holds stays side by side."),
    }[outcome]


def appeal(
    db: PrivateDatabase, receipt: int | None, item: int, words: str, shown: Sequence[Journey]
) -> None:
    """Keep the appeal of a teller. Raises Refused where nothing of theirs is in the item."""
    may = {
        one.item
        for listed in of_journeys(db, receipt, shown).values()
        for one in listed
        if one.words
    }
    if item not in may:
        raise Refused("no_use", "Your words are not used in this way any more.")
    appeals.add(db, item, words, receipt=receipt)


def refusal(refused: Refused) -> str:
    """Say to a teller why their appeal was not kept."""
    return {
        "no_appeal_words": _("Say what was not fair, or what was not heard."),
        "appealed_already": _("Your appeal on this waits for its answer."),
        "not_yours": _("You can take back your own appeal, until it is answered."),
        "no_appeal": _("You can take back your own appeal, until it is answered."),
    }.get(refused.reason) or journeys.refusal(refused)


def place_of(item: int) -> str:
    """Return the id of the field for an appeal against an item."""
    return f"appeal-{item}"
