"""Look over what people are told of the keeping of their words, whether it is kept to, and whether
one misfortune could end it: a lost machine, or one person alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from par_toolkit.finding import Finding
from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import naming, sealed
from par_toolkit.permissions import able
from par_toolkit.storage import backups as made_backups
from par_toolkit.storage import clock_seen, keepers, people, retention, vault
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


def enough_people(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    """Say early where one person is alone: nothing leaves an inquiry without two."""
    name, number = "people", able(people.listing(db), "release_story")
    if number < people.RELEASED_BY:
        yield Finding(
            name,
            "note",
            f"{number} may release words, and two are needed: stories can be told and read, but "
            "none of their words can be shown. Add another person: par people add NAME "
            "--role facilitator",
        )
    else:
        yield Finding(name, "ok", f"{number} may release words.")


def overdue(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    """Remind whoever has made no backup for too long."""
    late = made_backups.overdue(db)
    if late is not None:
        ever = "since the last backup" if made_backups.newest(db) else "without any backup"
        yield Finding(
            "backups",
            "note",
            f"{late} days have gone {ever}. If this machine is lost, so is what was told. Make a "
            "backup elsewhere: par backup --to FOLDER",
        )


def backups(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    """Say when the last backup was made, and who could open one."""
    late, last = list(overdue(db, here)), made_backups.newest(db)
    yield from late
    if last and not late:
        sentence = f"The newest is {last.days} days old. Try it out now and then: par drill"
        yield Finding("backups", "ok", sentence)
    elif not last and not late:
        sentence = "None was made yet. Make one elsewhere: par backup --to FOLDER"
        yield Finding("backups", "note", sentence)
    yield from _keys_of_backups(db, here)


def _keys_of_backups(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    name, number = "keepers", len(keepers.listing(db))
    if not number:
        open_to = (
            "the passphrase of its day is all that keeps its stories closed"
            if vault.encrypted(here.folder)
            else "whoever finds one has what is in it"
        )
        yield Finding(
            name,
            "note",
            f"Backups are not sealed: {open_to}. Name two people who keep a key elsewhere: "
            "par keepers add NAME --role steward --out FILE",
        )
        return
    if number < keepers.ENOUGH:
        sentence = "One person keeps a key of the backups. Name a second, so that one may be lost."
        yield Finding(name, "note", f"{sentence} par keepers add NAME --role evaluator --out FILE")
    else:
        yield Finding(name, "ok", f"Backups are sealed, and the key of any of {number} opens them.")
    made = naming.listing(here.backups, here.folder)
    if not_sealed := sum(not sealed.is_sealed(path) for _, path in made):
        yield Finding(
            name,
            "note",
            f"{not_sealed:,} backups in {here.backups} are from before and not sealed. Make a new "
            "one, then delete them.",
        )


#: What whoever starts the server is told, where it is not in order.
SAID_AT_START: Final = (times, enough_people, overdue)
