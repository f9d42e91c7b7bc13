"""Reading: where things stand, the queue of stories, and one story with all that is known of it."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit import sealing
from par_toolkit.permissions import able
from par_toolkit.reviewing import suggest_redactions
from par_toolkit.storage import (
    accounting,
    backups,
    contacts,
    devices,
    help_requests,
    inbox,
    people,
    stories,
    themes,
    voices,
    withdrawal_requests,
    withdrawals,
)
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Story
from par_toolkit.web import asked, errors, telling
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk import times
from par_toolkit.web.desk.door import PAGE, blueprint, page_number
from par_toolkit.web.desk.hearing import heard_of
from par_toolkit.web.desk.review import review_of
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.answers import Problem
from par_toolkit.web.handling.fields import ID
from par_toolkit.web.languages import chosen

STATES: Final = ("unread", "read", "spoken", "waiting", "released")
FILTERS: Final = ("state", "form", "group", "language", "search")
OPENING: Final = 160


@blueprint.get("/")
@guarded("see_desk")
def start() -> ResponseReturnValue:
    """Show where things stand: what waits for people, and where every story is (promise 9)."""
    db = get_db()
    return render_template(
        "desk/start.html",
        counts={state: stories.count(db, state=state) for state in STATES},
        account=accounting.account(db),
        themes_to_endorse=sum(one.to_endorse > 0 for one in themes.listing(db)),
        erasures=withdrawals.pending(db),
        help_new=help_requests.new(db),
        withdrawals_asked=withdrawal_requests.waiting(db),
        inbox=inbox.waits(db),
        locked=sealing.locked(inquiry().folder),
        near_end=times.near_their_end(),
        alone=able(people.listing(db), "release_story") < people.RELEASED_BY,
        no_backup_for=backups.overdue(db),
        late=[one for one in devices.listing(db) if one.arrived < one.of],
    )


@blueprint.get("/places/<place>")
@guarded("read_stories")
def place(place: str) -> ResponseReturnValue:
    """List the stories that are in one place (promise 9)."""
    if place not in accounting.PLACES:
        return errors.page(404)
    db, page = get_db(), page_number()
    held = accounting.listing(db, place)
    return render_template(
        "desk/place.html",
        place=place,
        number=accounting.account(db).places[place],
        stories=some(db, held[(page - 1) * PAGE : page * PAGE]),
        page=page,
        pages=pages(len(held)),
        opening=opening,
    )


@blueprint.get("/stories")
@guarded("read_stories")
def queue() -> ResponseReturnValue:
    """List the stories that match what was asked for, newest first."""
    db, page = get_db(), page_number()
    wanted = _wanted()
    number = stories.count(db, **wanted)
    return render_template(
        "desk/queue.html",
        wanted=wanted,
        number=number,
        stories=stories.listing(db, **wanted, limit=PAGE, offset=(page - 1) * PAGE),
        page=page,
        pages=pages(number),
        states=STATES,
        forms=telling.offered(inquiry()),
        opening=opening,
    )


def _wanted() -> dict[str, str | None]:
    """Return the filters of this request; a state that does not exist filters nothing."""
    wanted = {name: request.args.get(name, "").strip()[:200] or None for name in FILTERS}
    if wanted["state"] not in STATES:
        wanted["state"] = None
    return wanted


@blueprint.get(f"/stories/<{ID}:story_id>")
@guarded("read_stories")
def story(story_id: int) -> ResponseReturnValue:
    """Show one story; the first to open it has redactions suggested and marks it read."""
    db = get_db()
    suggest_redactions(db, inquiry(), story_id)
    stories.mark_read(db, story_id)
    return story_page([], story_id=story_id)


def story_page(problems: list[Problem], *, story_id: int, **_more: Any) -> ResponseReturnValue:
    """Show one story as it stands, or say that it is gone."""
    db, language = get_db(), chosen()
    found = stories.get(db, story_id)
    if found is None:
        return gone()
    return render_template(
        "desk/story.html",
        problems=problems,
        story=found,
        answers=asked.answers_of(inquiry(), found, language),
        contact_noted=contacts.noted(db, story_id) is not None,
        heard=heard_of(db, inquiry(), found, language),
        siblings=asked.siblings_of(
            inquiry(), stories.siblings(db, story_id), language, voices.of_siblings(db, story_id)
        ),
        review=review_of(db, found),
        in_themes=themes.of_story(db, story_id),
        all_themes=themes.listing(db),
        shelved=next((one for one in themes.shelf(db) if one.story == story_id), None),
        unread=_next(db, story_id, "unread"),
        waiting=_next(db, story_id, "waiting"),
    )


def gone() -> ResponseReturnValue:
    """Say that a story is not here; nothing that was typed about it is shown again."""
    return errors.page(404, sentence=_("This story is not here. Its teller may have withdrawn it."))


def _next(db: PrivateDatabase, story_id: int, state: str) -> Story | None:
    found = stories.listing(db, state=state, limit=2)
    return next((one for one in found if one.id != story_id), None)


def opening(story: Story) -> str:
    """Return how a story begins: its title, or its first words, on one line."""
    texts = stories.open_texts(story.answers, story.words)
    first = texts.get("title") or next(iter(texts.values()), "")
    line = " ".join(first[: OPENING * 4].split())
    return line if len(line) <= OPENING else line[:OPENING].rsplit(" ", 1)[0] + "…"


def some(db: PrivateDatabase, ids: list[int]) -> list[Story]:
    """Return these stories, without any that was withdrawn meanwhile."""
    return [found for one in ids if (found := stories.get(db, one)) is not None]


def pages(number: int) -> int:
    """Return how many pages so many rows take."""
    return max(1, -(-number // PAGE))
