"""Look over what people are told of the keeping of their words, and whether it is kept to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from par_toolkit.finding import Finding
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import clock_seen, retention
from par_toolkit.storage.database import PrivateDatabase

#: kind -> what people call it.
NAMES: Final = {
    "stories": "Stories",
    "contact": "Ways to reach tellers",
    "help": "Calls for help that are done with",
    "devices": "Tablets whose pairing has ended",
}


def notice(here: Inquiry) -> Finding:
    """Check that the privacy notice names somebody who is responsible."""
    name = "privacy notice"
    if not any(here.privacy.who.values()):
        return Finding(
            name,
            "note",
            "/privacy names nobody who is responsible. Say who in inquiry.toml, [privacy]; "
            "docs/privacy.md says what else to think of.",
        )
    missing = [code for code in here.languages if not here.privacy.who.get(code)]
    if missing:
        return Finding(name, "note", f"Who is responsible is not said in {', '.join(missing)}.")
    return Finding(name, "ok", "It stands at /privacy, and says who is responsible.")


def times(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    """Say what is past its time, and what soon will be."""
    name, at = "time to keep", datetime.now(UTC)
    unsure = clock_seen.doubt(db, at)
    if unsure:
        yield Finding(name, "mend", unsure.sentence)
        return
    due = [one for one in retention.due(db, here.retention, at) if one.begins]
    for one in due:
        overdue = one.past and one.begins == at.date()
        end = " They are overdue: start par serve, or run par retention --erase." if overdue else ""
        yield Finding(name, "mend" if overdue else "note", sentence(one) + end)
    if not due:
        kept = here.retention.stories
        said = f"Stories are kept {f'for {kept}' if kept else 'always'}, and nothing is overdue."
        yield Finding(name, "ok", said)


def sentence(one: retention.Due) -> str:
    """Say how long one kind is kept and what will be erased."""
    said = f"{NAMES[one.kind]} are kept {f'for {one.period}' if one.period else 'always'}. "
    if one.begins is None:
        return said + f"There are {one.kept:,}, none of them near its end."
    parts = [f"{one.past:,} are past that"] if one.past else []
    parts += [f"{one.soon:,} will be within a month"] if one.soon else []
    gone = f"From {one.begins} on they are erased, once a day, while par serve runs."
    return f"{said}Of {one.kept:,}, {' and '.join(parts)}. {gone}"
