"""Look over what is published: is it sound, who may look, and what waits for a yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from par_toolkit import publishing
from par_toolkit.finding import Finding
from par_toolkit.inquiry import Inquiry
from par_toolkit.permissions import ACTIONS
from par_toolkit.publishing.build import file_of
from par_toolkit.storage import approving, people
from par_toolkit.storage.database import PrivateDatabase


def live(here: Inquiry) -> Finding:
    """Check the build that readers see."""
    number = publishing.live_build(here.folder)
    if number is None:
        return Finding("findings", "note", "Nothing is published yet.")
    verdict = publishing.verify_build(file_of(here.folder, number))
    return Finding("findings", "ok" if verdict.sound else "mend", " ".join(verdict.sentences))


def readers(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    """Say what the choice of who may look at the findings means."""
    name, open_to = "who may look", here.sharing.open_to
    if open_to == "everybody":
        asked = (
            "search engines too"
            if here.sharing.search_engines
            else "search engines are asked not to"
        )
        yield Finding(name, "ok", f"Everybody may look at the findings, {asked}.")
    elif open_to == "word":
        sentence = "Whoever types the shared word looks at the findings, and can pass it on."
        yield Finding(name, "ok", f"{sentence} People who sign in need no word.")
    else:
        looking = _able(db, "see_closed_findings")
        yield Finding(
            name,
            "ok" if looking else "note",
            f"{looking} people may sign in and look at the findings. Add more with: par "
            "people add NAME --role guest",
        )


def approvals(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    """Say what waits for the yes of stewards, and whether there are enough of them."""
    name, needed, waits = "approval", here.sharing.approvals, approving.waiting(db)
    able = _able(db, "approve_build")
    if needed > able:
        yield Finding(
            name,
            "mend",
            f"New findings need the yes of {needed} stewards, and {able} can sign in: nothing can "
            "go live. Add some with: par people add NAME --role steward",
        )
    if waits:
        yield Finding(name, "note", sentence(waits, needed))
    elif needed <= able:
        asked = f"{needed} of {able} stewards say yes before new findings are shown. Nothing waits."
        yield Finding(name, "ok", asked if needed else "New findings are shown at once.")


#: What stands beside a quote -> what that means.
BESIDE_QUOTES: Final = {
    "kind": "Beside a quote stands whether it went well or was hard, where at least {k} people "
    "share that.",
    "group": "Beside a quote stands the group of its teller, where at least {k} people share it "
    "and their number is shown. Groups of identity stand beside none.",
    "nothing": "Nothing about its teller stands beside a quote.",
}


def beside_quotes(_db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    """Say what stands beside quotes."""
    said = BESIDE_QUOTES[here.sharing.beside_quotes].format(k=here.threshold)
    yield Finding("quotes", "ok", said)


def sentence(waits: approving.Waiting, needed: int) -> str:
    """Say which build waits, and how many stewards have said yes to it."""
    return (
        f"Build {waits.build} waits: {len(waits.yes)} of {max(1, needed)} stewards have said yes. "
        "They read it at the desk, under Publish."
    )


def _able(db: PrivateDatabase, action: str) -> int:
    return sum(
        one.role in ACTIONS[action] and one.has_password and not one.disabled
        for one in people.listing(db)
    )
