"""The table, as a member of a circle sees it: their own first, then what the circle says.

Promise 13 is kept here and in storage: each list asks `seen_by`, which is empty before somebody has
saved their own. No page, and no answer to a script, holds the group's words before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import (
    alternatives,
    answers,
    cards,
    changes,
    circles,
    joint,
    own,
    remarks,
    seats,
)
from par_toolkit.storage.sensemaking.alternatives import Alternative
from par_toolkit.storage.sensemaking.answers import Answer
from par_toolkit.storage.sensemaking.cards import Card
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.joint import Construction
from par_toolkit.storage.sensemaking.own import Own
from par_toolkit.storage.sensemaking.remarks import Remark
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web.circles.door import MEMBER_ROOMS, Room, blueprint, my_seat, said
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.answers import Problem, done, fingerprint
from par_toolkit.web.handling.fields import all_chosen, chosen, whole_number

MEMBER_ROOMS.append(Room("circles.table", lambda: _("The table"), "sit_in_circle"))


@dataclass(frozen=True)
class Table:
    """What one member may see of their circle now, which is nothing of it before `own`.

    `open` says whether anything can still be added.
    """

    circle: Circle
    own: Own | None
    end: Own | None
    current: Sequence[Construction]
    before: Sequence[Construction]
    every: Sequence[Construction]
    remarks: dict[int, list[Remark]]
    answers: dict[int, list[Answer]]
    alternatives: Sequence[Alternative]
    cards: Sequence[Card]
    open: bool
    seen: str

    def mine(self, construction: int, seat: Seat) -> Answer | None:
        """Return what this member has answered to a version."""
        given = self.answers.get(construction, ())
        return next((one for one in given if one.seat == seat.id), None)


def look(db: PrivateDatabase, seat: Seat) -> Table:
    """Gather what a member may see."""
    circle, every = circles.get(db, seat.circle), joint.seen_by(db, seat)
    assert circle is not None
    return Table(
        circle=circle,
        own=own.latest(db, seat.id),
        end=own.latest(db, seat.id, "end"),
        current=joint.current(every),
        before=[one for one in reversed(every) if not one.current],
        every=every,
        remarks=remarks.seen_by(db, seat),
        answers=answers.seen_by(db, seat),
        alternatives=alternatives.seen_by(db, seat),
        cards=cards.seen_by(db, seat),
        open=circles.is_open(db, circle),
        seen=stamp(db, seat),
    )


def stamp(db: PrivateDatabase, seat: Seat) -> str:
    """Return what changes with the page of a member, and is cheap to ask for.

    Before their own is saved it says only whether the circle is open.
    """
    held, row = own.latest(db, seat.id), changes.of_circle(db, seat.circle)
    assert row is not None
    return fingerprint(held.id, row) if held else fingerprint(row["closed_at"])


@blueprint.get("/table")
@guarded("sit_in_circle")
def table() -> ResponseReturnValue:
    """Show the table: one's own to write first, and what the circle says once that is saved."""
    return table_page([])


def table_page(problems: list[Problem], **_more: Any) -> str:
    """Show the table as it stands for this member.

    A version that was refused keeps what it was written from: it must not seem to follow another
    that came meanwhile.
    """
    seen = look(get_db(), my_seat())
    follows = [one.id for one in seen.current]
    if request.path == url_for("circles.write_version"):
        follows = all_chosen("follows")
    return render_template("circles/table.html", problems=problems, table=seen, follows=follows)


@blueprint.get("/table/now")
@guarded("sit_in_circle")
def table_now() -> ResponseReturnValue:
    """Tell a script whether the table looks otherwise than it `seen` it: no words, only that."""
    return news(stamp(get_db(), my_seat()))


def news(present: str) -> ResponseReturnValue:
    """Answer a script with the stamp of a page; nothing where it has that one."""
    if request.args.get("seen") == present:
        return "", HTTPStatus.NO_CONTENT
    return jsonify(seen=present)


FIELDS = {
    "empty": "own",
    "own_first": "own",
    "no_answer": "answer-assent",
    "say_why": "answer-words",
    "no_name": "alternative",
    "long_name": "alternative",
    "named_already": "alternative",
    "unchanged": "version",
}


@blueprint.post("/table/own")
@guarded("sit_in_circle")
@shown_again_by(table_page, fields=FIELDS)
def save_own() -> ResponseReturnValue:
    """Keep how this person sees it: at the end, once they were sent what the circle says.

    The page they wrote it on may be from before that.
    """
    db, seat = get_db(), my_seat()
    moment = "end" if joint.seen_by(db, seat) else "start"
    own.save(db, seat, said("own"), moment=moment, by=seat)
    return done(_("Your words are saved."), "circles.table")


@blueprint.post("/table/own/back")
@guarded("sit_in_circle")
@shown_again_by(table_page)
def take_back_own() -> ResponseReturnValue:
    """Erase what this person wrote as their own."""
    seat = my_seat()
    own.take_back(get_db(), seat, moment=request.form.get("moment", "start"), by=seat)
    return done(_("Your words are erased."), "circles.table")


@blueprint.post("/table/called")
@guarded("sit_in_circle")
@shown_again_by(table_page, fields={"long_name": "called"})
def call_me() -> ResponseReturnValue:
    """Have this person called otherwise at the table, or erase how they were called."""
    seats.call(get_db(), my_seat(), said("called"))
    return done(_("Saved."), "circles.table")


@blueprint.post("/table/version")
@guarded("sit_in_circle")
@shown_again_by(table_page, fields=FIELDS | {"empty": "version"})
def write_version() -> ResponseReturnValue:
    """Add a version of what the circle says; those before it stay."""
    seat = my_seat()
    made = joint.write(
        get_db(), seat.circle, said("version"), follows=all_chosen("follows"), by=seat
    )
    return done(_("Version %(number)s is saved.", number=made.version), "circles.table")


@blueprint.post("/table/remark")
@guarded("sit_in_circle")
@shown_again_by(table_page, fields=FIELDS | {"empty": "remark"})
def remark() -> ResponseReturnValue:
    """Keep what this person says to a version."""
    seat = my_seat()
    remarks.add(get_db(), chosen("construction"), said("remark"), seat=seat, by=seat)
    return done(_("Your remark is saved."), "circles.table")


@blueprint.post("/table/remark/back")
@guarded("sit_in_circle")
@shown_again_by(table_page)
def take_back_remark() -> ResponseReturnValue:
    """Erase a remark of this person."""
    seat = my_seat()
    remarks.take_back(get_db(), chosen("remark"), seat=seat, by=seat)
    return done(_("Your remark is erased."), "circles.table")


@blueprint.post("/table/answer")
@guarded("sit_in_circle")
@shown_again_by(table_page, fields=FIELDS)
def answer() -> ResponseReturnValue:
    """Keep what this person answers to 'is this ours?'"""
    seat = my_seat()
    number = whole_number(request.form.get("construction"))
    if number is None:
        raise Refused("no_version", "This version is not of this circle. Load the page again.")
    answers.give(
        get_db(),
        number,
        request.form.get("answer", ""),
        said("answer_words"),
        seat=seat,
        by=seat,
    )
    return done(_("Your answer is saved."), "circles.table")


@blueprint.post("/table/answer/back")
@guarded("sit_in_circle")
@shown_again_by(table_page)
def take_back_answer() -> ResponseReturnValue:
    """Erase what this person answered to a version."""
    seat = my_seat()
    answers.take_back(get_db(), chosen("construction"), seat=seat, by=seat)
    return done(_("Your answer is taken back, and your words are erased."), "circles.table")


@blueprint.post("/table/alternative")
@guarded("sit_in_circle")
@shown_again_by(table_page, fields=FIELDS)
def name_alternative() -> ResponseReturnValue:
    """Have this person's own stand beside the group's in every later version."""
    seat = my_seat()
    alternatives.name(get_db(), said("alternative"), seat=seat, by=seat)
    return done(
        _("Your own words stand beside the group’s now, in every later version."), "circles.table"
    )
