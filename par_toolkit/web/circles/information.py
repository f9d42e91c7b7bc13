"""Information: what must be found out before an item is negotiated, by whom and by when."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.sensemaking import information as finding
from par_toolkit.storage.sensemaking import items, own
from par_toolkit.web import errors
from par_toolkit.web.circles import clock
from par_toolkit.web.circles.door import MEMBER_ROOMS, Room, blueprint, my_seat, said
from par_toolkit.web.circles.exchange import group_codes
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, chosen, words

MEMBER_ROOMS.append(Room("circles.my_information", lambda: _("Information"), "sit_in_circle"))
FIELDS = {
    "nothing_chosen": "item",
    "settled": "item",
    "no_question": "question",
    "no_finder": "owner",
    "bad_date": "due",
    "no_answer_words": "answer",
    "no_group": "group",
}


@blueprint.get("/information")
@guarded("see_exchange")
def information() -> ResponseReturnValue:
    """List what is to be found out in a cycle."""
    return information_page([])


def information_page(problems: list[Problem]) -> Any:
    """List the questions of the cycle at hand, and offer the form for another."""
    db, cycle = get_db(), clock.at_hand()
    return render_template(
        "circles/information.html",
        problems=problems,
        cycle=cycle,
        cycles=clock.cycles(),
        tasks=finding.of_cycle(db, cycle),
        items={one.id: one for one in items.of_cycle(db, cycle)},
        unresolved=items.of_cycle(db, cycle, states=items.UNSETTLED),
        today=clock.today(),
    )


@blueprint.post("/information")
@guarded("see_exchange", post="lead_exchange")
@shown_again_by(information_page, fields=FIELDS)
def want_information() -> ResponseReturnValue:
    """Ask somebody to find something out about an item."""
    task = finding.add(
        get_db(),
        chosen("item"),
        question=said("question"),
        owner=words("owner"),
        due=request.form.get("due", ""),
        by=me(),
    )
    return done(_("The question waits for its answer."), "circles.task", task_id=task.id)


@blueprint.get(f"/information/<{ID}:task_id>")
@guarded("see_exchange")
def task(task_id: int) -> ResponseReturnValue:
    """Show one question."""
    return task_page([], task_id=task_id)


def task_page(problems: list[Problem], *, task_id: int) -> Any:
    """Show one question, its answer or the forms for it, and who goes on without."""
    db = get_db()
    found = finding.get(db, task_id)
    if found is None:
        return errors.page(404)
    return render_template(
        "circles/task.html",
        problems=problems,
        task=found,
        item=items.get(db, found.item),
        waiting=[one for one in group_codes() if one not in found.goes_on],
        today=clock.today(),
    )


@blueprint.post(f"/information/<{ID}:task_id>/answer")
@guarded("lead_exchange")
@shown_again_by(task_page, fields=FIELDS)
def answer_task(task_id: int) -> ResponseReturnValue:
    """Keep the answer to a question."""
    finding.answer(get_db(), task_id, said("answer"), by=me())
    return done(_("The answer is kept."), "circles.task", task_id=task_id)


@blueprint.post(f"/information/<{ID}:task_id>/change")
@guarded("lead_exchange")
@shown_again_by(task_page, fields=FIELDS)
def change_task(task_id: int) -> ResponseReturnValue:
    """Give a question to somebody else, or until another day."""
    finding.change(
        get_db(), task_id, owner=words("owner"), due=request.form.get("due", ""), by=me()
    )
    return done(_("Saved."), "circles.task", task_id=task_id)


@blueprint.post(f"/information/<{ID}:task_id>/go-on")
@guarded("lead_exchange")
@shown_again_by(task_page, fields=FIELDS)
def group_goes_on(task_id: int) -> ResponseReturnValue:
    """Note that a group goes on without the answer, or no longer does."""
    group = request.form.get("group", "")
    finding.go_on(
        get_db(),
        task_id,
        group if group in group_codes() else "",
        without=request.form.get("without") == "yes",
        by=me(),
    )
    return done(_("Saved."), "circles.task", task_id=task_id)


@blueprint.get("/table/information")
@guarded("sit_in_circle")
def my_information() -> ResponseReturnValue:
    """Show a member what is being found out, and the answers."""
    return my_information_page([])


def my_information_page(problems: list[Problem], **_more: Any) -> Any:
    """Show the questions of this member's cycle; each may say whether their group goes on."""
    db, seat = get_db(), my_seat()
    return render_template(
        "circles/my_information.html",
        problems=problems,
        tasks=finding.of_cycle(db, seat.cycle),
        items={one.id: one for one in items.of_cycle(db, seat.cycle)},
        spoken=own.latest(db, seat.id) is not None,
        today=clock.today(),
    )


@blueprint.post(f"/table/information/<{ID}:task_id>")
@guarded("sit_in_circle")
@shown_again_by(my_information_page)
def my_group_goes_on(task_id: int) -> ResponseReturnValue:
    """Note that this member's group goes on without an answer, or no longer does."""
    seat = my_seat()
    without = request.form.get("without") == "yes"
    own.first(get_db(), seat)
    finding.go_on(get_db(), task_id, seat.group, without=without, by=seat)
    return done(_("Saved."), "circles.my_information")
