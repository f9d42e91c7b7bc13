"""Reading for codes: one story at a time, one touch to say yes, no or another, and undo.

People and community co-researchers do it together, on a laptop or a tablet. Each touch is a form
that is posted and leads back to the page; a script only saves the page's being loaded again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import codings, examples, readings
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.errors import Refused
from par_toolkit.web.database import get_db
from par_toolkit.web.desk import coded, palette
from par_toolkit.web.desk.door import PAGE, blueprint, page_number
from par_toolkit.web.desk.reading import gone, opening, pages, some
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.handling.fields import ID, whole_number

#: Readings below which nobody can say how good the suggestions are (`analysis.suggestions`).
FEWEST: Final = 20
LARGEST_SEED: Final = 1_000_000


@blueprint.get("/coding")
@guarded("code_stories")
def coding() -> ResponseReturnValue:
    """Show how far the reading has come, every story in the order of the round, and the choices."""
    return coding_page([])


def coding_page(problems: list[Problem]) -> Any:
    """Show one page of the round."""
    db, page = get_db(), page_number()
    machine = coded.machine_of(current_app)
    state, far = machine.state(db), coded.progress(db, machine)
    shown = far.ordered[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "desk/coding.html",
        problems=problems,
        state=state,
        far=far,
        stories=some(db, shown),
        first=(page - 1) * PAGE + 1,
        page=page,
        pages=pages(len(far.ordered)),
        opening=opening,
    )


@blueprint.post("/coding")
@guarded("code_stories")
@shown_again_by(coding_page, field="sort")
def start_round() -> ResponseReturnValue:
    """Begin a round in another order, for everybody; what was read stays read."""
    typed = request.form.get("seed", "").strip()
    seed = whole_number(typed) if typed else secrets.randbelow(LARGEST_SEED)
    if seed is None or seed > LARGEST_SEED:
        raise Refused("bad_seed", _("The seed is a whole number, such as 0."))
    readings.start_round(get_db(), sort=request.form.get("sort", ""), seed=seed, by=me())
    return done(_("A new round has begun, for everybody."), "desk.coding")


@blueprint.get("/coding/next")
@guarded("code_stories")
def code_next() -> ResponseReturnValue:
    """Lead on to the next story of the round that nobody has read to the end."""
    far = coded.progress(get_db(), coded.machine_of(current_app))
    story = far.after(whole_number(request.args.get("after")))
    if story is None:
        return done(_("Every story has been read."), "desk.coding")
    # past the bar over the page, for whoever reads fifty with a keyboard or on a telephone
    return redirect(url_for("desk.code_story", story_id=story, _anchor="story"), 303)


@blueprint.get(f"/coding/<{ID}:story_id>")
@guarded("code_stories")
def code_story(story_id: int) -> ResponseReturnValue:
    """Show a story, passage by passage, with its codes and, where they help, suggestions."""
    if "hints" in request.args:
        session["hints"] = request.args["hints"] == "yes"
    return code_page([], story_id=story_id)


def code_page(problems: list[Problem], *, story_id: int) -> ResponseReturnValue:
    """Show the screen for one story as it stands."""
    db, machine = get_db(), coded.machine_of(current_app)
    state, quality = machine.state(db, story=story_id), machine.quality(db)
    shown = session.get("hints", coded.advice(quality) == "worth")
    hints = machine.hints(db, story_id) if shown else []
    found = coded.screen(db, story_id, by=me(), hints=hints)
    if found is None or not found.rows:
        return gone()
    asked = whole_number(request.args.get("why")) if shown else None
    return render_template(
        "desk/code_story.html",
        problems=problems,
        screen=found,
        far=coded.progress(db, machine),
        state=state,
        quality=quality,
        advice=coded.advice(quality),
        fewest=FEWEST,
        hints_shown=shown,
        at=_at(found),
        moving=_touched_code(story_id, request.args.get("move", "")),
        why=asked,
        why_words=_why(found, asked) if asked else (),
        groups=palette.groups,
        seen_at_once=palette.SEEN_AT_ONCE,
    )


def _at(found: coded.Screen) -> str:
    """Return the passage that is chosen: the one at hand, else the first."""
    chosen = request.form.get("passage", "").rpartition("-")[0] or request.args.get("at", "")
    return chosen if chosen in {row.at for row in found.rows} else found.rows[0].at


def _why(found: coded.Screen, code: int) -> tuple[str, ...]:
    """Return the words that drew the story to a code, but none that are hidden in it."""
    words = coded.machine_of(current_app).why(get_db(), found.story, code)
    shown = " ".join(row.reads for row in found.rows).casefold()
    return tuple(word for word in words if word.casefold() in shown)


def _touched_code(story_id: int, text: str) -> tuple[Passage, int] | None:
    """Read 'QUESTION-START-END-CODE', as the buttons carry it."""
    parts = text.split("-")  # which no question has in its name
    if len(parts) != 4:
        return None
    start, end, code = (whole_number(part) for part in parts[1:])
    if start is None or end is None or code is None:
        return None
    return Passage(story_id, parts[0], start, end), code


@blueprint.post(f"/coding/<{ID}:story_id>")
@guarded("code_stories")
@shown_again_by(code_page)
def say(story_id: int) -> ResponseReturnValue:
    """Do what one touch says, and show the story again with what the machine learnt from it."""
    kind, _separator, about = request.form.get("do", "").partition(" ")
    act, at = ACTS.get(kind), request.form.get("passage", "").rpartition("-")[0] or None
    if kind == "stay":  # Enter was pressed where no button is
        return redirect(url_for("desk.code_story", story_id=story_id, at=at), 303)
    if act is None:
        raise Refused("nothing_chosen", _("Choose one from the list first."))
    sentence = act(story_id, about)
    if kind == "done":
        return done(sentence, "desk.code_next", after=story_id)
    return done(sentence, "desk.code_story", story_id=story_id, at=at)


def _touched(story_id: int, about: str) -> tuple[Passage, int]:
    """Return the passage and code that a button is about."""
    found = _touched_code(story_id, about)
    if found is None:
        raise Refused("no_passage", "Choose a passage of this story first.")
    return found


def _accept(story_id: int, about: str) -> str:
    passage, code = _touched(story_id, about)
    codings.say(get_db(), passage, code, yes=True, by=me(), source="suggestion")
    return _("Yes, saved.")


def _reject(story_id: int, about: str) -> str:
    passage, code = _touched(story_id, about)
    codings.say(get_db(), passage, code, yes=False, by=me(), source="suggestion")
    return _("No, saved.")


def _add(story_id: int, about: str) -> str:
    passage, code = _touched(story_id, f"{request.form.get('passage', '')}-{about}")
    codings.say(get_db(), passage, code, yes=True, by=me())
    return _("The code is on the passage.")


def _agree(story_id: int, about: str) -> str:
    passage, code = _touched(story_id, about)
    codings.say(get_db(), passage, code, yes=True, by=me())
    return _("Your yes is saved beside theirs.")


def _off(story_id: int, about: str) -> str:
    passage, code = _touched(story_id, about)
    codings.say(get_db(), passage, code, yes=False, by=me())
    return _("The code is off the passage.")


def _move(story_id: int, about: str) -> str:
    passage, code = _touched(story_id, request.form.get("moving", ""))
    into = whole_number(about)
    if into is None:
        raise Refused("no_code", "This code is not used any more. Choose another.")
    codings.move(get_db(), passage, code, into=into, by=me())
    return _("Moved to the other code.")


def _example(story_id: int, about: str) -> str:
    passage, code = _touched(story_id, about)
    examples.add(get_db(), code, passage, by=me())
    return _("It is an example of this code now.")


def _undo(story_id: int, about: str) -> str:
    codings.undo(get_db(), story_id, by=me(), act=whole_number(about))
    return _("Undone.")


def _finish(story_id: int, _about: str) -> str:
    readings.finish(get_db(), story_id, by=me())
    return _("Story %(id)s is read.", id=story_id)


def _reopen(story_id: int, _about: str) -> str:
    readings.open_again(get_db(), story_id, by=me())
    return _("The story is open again.")


ACTS: Final[dict[str, Callable[[int, str], str]]] = {
    "accept": _accept,
    "reject": _reject,
    "add": _add,
    "agree": _agree,
    "off": _off,
    "move": _move,
    "example": _example,
    "undo": _undo,
    "done": _finish,
    "reopen": _reopen,
}
