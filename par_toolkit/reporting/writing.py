"""Write a case report: from the record of a cycle to the bytes of a file."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing.select import snapshot
from par_toolkit.reporting import arranging, page
from par_toolkit.reporting.gathering import gather
from par_toolkit.reporting.model import Report
from par_toolkit.reporting.wording import WORDS
from par_toolkit.storage import audit, kept_figures
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import phases

Kind = Literal["html", "docx"]
KINDS: Final[tuple[Kind, ...]] = ("html", "docx")
LANGUAGES: Final = tuple(WORDS)


def cycle_of(db: PrivateDatabase, inquiry: Inquiry, cycle: str | None = None) -> str:
    """Return the cycle to report on: the one asked for, else the one that runs, else the last.

    Raises Refused for a cycle that has not begun, and where none has.
    """
    begun = [one.code for one in inquiry.cycles if phases.now(db, one.code)]
    running = phases.running(db)
    if cycle is None:
        found = next(iter(running), None) or next(reversed(begun), None)
    else:
        found = cycle if phases.now(db, cycle) else None
    if found is None:
        raise Refused("cycle_not_begun", "This cycle has not begun, so there is nothing to report.")
    return found


def _keep(db: PrivateDatabase, report: Report) -> None:
    """Remember which figures went out: the next build must not differ by a few people's answers."""
    with db.writing():
        shown = [one.shown for one in report.statements if one.shown]
        kept_figures.keep(db, [one.kept for one in shown if one.kept], build=None)


def write(
    db: PrivateDatabase,
    inquiry: Inquiry,
    *,
    kind: Kind,
    cycle: str | None = None,
    group: str | None = None,
    language: str = "en",
    by: Person | None = None,
    today: date | None = None,
) -> bytes:
    """Return the case report of a cycle as a file, the whole of it or in short for one `group`.

    `by` is who asked, None for the command line. Raises Refused for a cycle that has not begun and
    a group that there is not, and ReportRefused where what is unresolved would be left out.
    """
    today = today or date.today()
    if group is not None and group not in {one.code for one in inquiry.groups}:
        raise Refused("no_such_group", f"'{group}' is not a group of inquiry.toml.")
    with snapshot(db):  # as of one moment, whatever is taken back meanwhile
        report = gather(db, inquiry, cycle_of(db, inquiry, cycle), today=today)
    _keep(db, report)
    made = arranging.document(report, language=language, group=group)
    if kind == "html":
        content = page.html(made).encode()
    else:
        from par_toolkit.reporting.word_file import docx_bytes  # slow to read in, seldom needed

        content = docx_bytes(made, today=today)
    audit.record(db, "make_report", by=by)
    return content
