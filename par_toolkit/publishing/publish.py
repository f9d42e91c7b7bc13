"""Publish: select, suppress, quote, build, verify, swap; and a preview of what would be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from par_toolkit.inquiry import Inquiry, load
from par_toolkit.publishing import build, claims, quote, swap, withdraw
from par_toolkit.publishing.arrange import Contents, contents
from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.figures import Figures
from par_toolkit.publishing.plan import Plan, plans
from par_toolkit.publishing.select import Selection, check, select, snapshot, still_holds
from par_toolkit.publishing.tables import fixed
from par_toolkit.publishing.verify import verify_build
from par_toolkit.publishing.verify_figures import FIGURES
from par_toolkit.storage import approving, audit, beside_shown, kept_figures, published
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.disk import sync
from par_toolkit.storage.people import Person

#: How often to begin again when people change their consent while a build is made.
ATTEMPTS: Final = 5
STEPS: Final = ("select", "suppress", "quote", "build", "verify", "swap")

#: Called with the name of the step, how many steps are done, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Published:
    """What was made; `said` counts the texts of circles and meetings.

    It is live, unless stewards must read it first: then `waits` is True.
    """

    build: int
    path: Path
    quotes: int
    stories: int
    themes: int
    said: int
    hidden_cells: int
    sentence: str
    waits: bool = False


@dataclass(frozen=True)
class Preview:
    """What would be published now, what is held back and why.

    `held` counts stories by reason: no_consent, not_released, words_changed, nothing_left.
    `themes_waiting` are proposed and not endorsed. `said` counts the texts of circles and meetings,
    and `held_of_circles` those that stay here: not_released, not_ours, appeal, not_that,
    circle_open. `refusal` says why publishing would be refused. `tables` says of each table of
    people what would be shown.
    """

    quotes: int
    stories: int
    themes: int
    themes_waiting: int
    shown_cells: int
    hidden_cells: int
    held: dict[str, int]
    said: int
    held_of_circles: dict[str, int]
    refusal: PublishError | None
    tables: list[Plan]


def publish(
    folder: Path | str, *, by: Person | None = None, progress: Progress | None = None
) -> Published:
    """Publish the findings as they are now, beside the live ones, and make them live.

    Where the inquiry asks stewards for their yes they wait for it; what waited before is deleted.
    `by` is who asked, None for the command line. Raises PublishError, InquiryError or StorageError;
    then the live findings are what they were.
    """
    folder = Path(folder)
    inquiry = load(folder)
    report = _reporter(progress)
    with open_database(folder) as db, swap.only_one(folder):
        withdraw.follow(db)
        swap.sweep(db)
        for _ in range(ATTEMPTS):
            done = _attempt(db, inquiry, by, report)
            if done is not None:
                swap.prune(db, inquiry.sharing.keep)
                withdraw.follow(db)  # what was taken back after the last look
                report("swap", 1)
                return done
    raise PublishError(
        "changing", "People are changing their consent just now. Wait a minute, then publish again."
    )


def _attempt(
    db: PrivateDatabase, inquiry: Inquiry, by: Person | None, report: Callable[..., None]
) -> Published | None:
    """Make one build and make it live; None where a consent changed while it was made."""
    today = datetime.now(UTC).date()
    number, live = swap.next_number(db), swap.live_build(db.folder)
    path = build.file_of(db.folder, number)
    fresh = build.unfinished(path)
    with snapshot(db):
        selection, figures = _select(db, inquiry, today, report)
        report("quote")
        made = contents(db, inquiry, selection, figures, number=number, live=live, today=today)
    report("build")
    try:
        build.write(fresh, made.rows, finish=claims.sealing(db, number, by=by))
        report("verify")
        _verify(fresh)
        report("swap")
        with db.writing():
            if not still_holds(db, selection):
                return None
            fresh.rename(path)
            sync(path.parent)
            before = approving.waiting(db)
            _record(db, number, path, made, by, waits=inquiry.sharing.approvals > 0)
        if before:
            swap.delete(db, before.build)
        if not inquiry.sharing.approvals:
            swap.go_live(db.folder, number)
    finally:
        fresh.unlink(missing_ok=True)
    return _published(number, path, made, approvals=inquiry.sharing.approvals)


def _select(
    db: PrivateDatabase, inquiry: Inquiry, today: date, report: Callable[..., None]
) -> tuple[Selection, list[Figures]]:
    report("select")
    check(db)
    selection = select(db, inquiry)
    report("suppress")
    return selection, fixed.all_of(fixed.decided(db, inquiry, selection, today=today))


def _verify(path: Path) -> None:
    verdict = verify_build(path)
    if not verdict.sound:
        raise PublishError(
            "unsound",
            "The new build failed its checks, so it was not published; the findings stay as they "
            f"are. {' '.join(verdict.sentences)}",
        )


def _record(
    db: PrivateDatabase,
    number: int,
    path: Path,
    made: Contents,
    by: Person | None,
    *,
    waits: bool,
) -> None:
    """Keep the record of a build that is to go live or to wait, in the place of one that waited."""
    if before := approving.waiting(db):
        published.mark_deleted(db, before.build)
    published.record(
        db,
        number,
        file=path.name,
        why="publish",
        themes=made.themes,
        uses=made.uses,
        words=made.words,
    )
    beside_shown.keep(db, made.named, made.rows["inquiry"][0]["beside_quotes"])
    if waits:
        approving.hold(db, number, maker=by, figures=made.figures)
    else:
        kept_figures.keep(db, made.figures, build=number)
    audit.record(db, "make_build" if waits else "publish", by=by, subject=f"build {number}")


def _published(number: int, path: Path, made: Contents, *, approvals: int) -> Published:
    counts = {table: len(rows) for table, rows in made.rows.items()}
    hidden = sum(row["shown"] == "hidden" for table in FIGURES for row in made.rows[table])
    return Published(
        number,
        path,
        counts["quotes"],
        counts["stories"],
        counts["themes"],
        len(made.words),
        hidden,
        f"Build {number} {_becomes(approvals)}. Quotes: {counts['quotes']:,}. Whole stories: "
        f"{counts['stories']:,}. Themes: {counts['themes']:,}. Texts of circles: "
        f"{len(made.words):,}. Hidden figures: {hidden:,}.",
        waits=approvals > 0,
    )


def _becomes(approvals: int) -> str:
    if not approvals:
        return "is live"
    stewards = "a steward has" if approvals == 1 else f"{approvals} stewards have"
    return f"waits until {stewards} read it at the desk and said yes"


def _reporter(progress: Progress | None) -> Callable[..., None]:
    def report(step: str, more: int = 0) -> None:
        if progress is not None:
            progress(step, STEPS.index(step) + more, len(STEPS))

    return report


def preview(folder: Path | str) -> Preview:
    """Say what `publish` would publish now, and what it would hold back and why."""
    folder = Path(folder)
    inquiry = load(folder)
    with open_database(folder) as db, snapshot(db):
        selection = select(db, inquiry)
        refusal: PublishError | None = None
        tables: list[Plan] = []
        try:
            check(db)
            found = fixed.decided(db, inquiry, selection, today=datetime.now(UTC).date())
            tables = plans(found)
            fixed.all_of(found)
        except PublishError as error:
            refusal = error
        waiting = db.value("select count(*) from themes where state = 'proposed'")
    quotes = list(quote.all_passages(selection.released))
    speaking = [one for one in selection.released if quote.first_passage(one) is not None]
    nothing_left = len(selection.released) - len(speaking)
    return Preview(
        quotes=len(quotes),
        stories=sum(one.allowed.may("publish") for one in speaking),
        said=len(selection.circles.texts),
        held_of_circles=selection.circles.held,
        themes=len(selection.themes),
        themes_waiting=waiting,
        shown_cells=sum(plan.shown for plan in tables),
        hidden_cells=sum(plan.hidden for plan in tables),
        tables=tables,
        held=selection.held | ({"nothing_left": nothing_left} if nothing_left else {}),
        refusal=refusal,
    )
