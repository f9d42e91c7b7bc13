"""How a page of the circles says no: in the reader's language, at the control it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import g
from flask_babel import gettext as _

from forms.text import says_something
from par_toolkit.storage.errors import Refused
from par_toolkit.web.circles import evidenced, saying, unsaved, wording
from par_toolkit.web.handling import answers
from par_toolkit.web.handling.answers import Problem, View
from par_toolkit.web.handling.fields import NOTE_LENGTH, words


def shown_again_by(
    page: Callable[..., Any], *, fields: Mapping[str, str] | None = None
) -> Callable[[View], View]:
    """Have `page(problems, **view_args)` answer what is refused, with everything that was typed.

    `fields` maps the reason of a refusal to the id of the control that it is about.
    """

    def shown(problems: list[Problem], **arguments: Any) -> Any:
        field = (fields or {}).get(g.pop("refused", ""))
        return page([(field, sentence) for _none, sentence in problems], **arguments)

    def name(view: View) -> View:
        @wraps(view)
        def translated(**arguments: Any) -> Any:
            try:
                return view(**arguments)
            except Refused as refused:
                g.refused = refused.reason
                raise Refused("in_circles", sentence(refused)) from refused

        careful: Any = answers.shown_again_by(unsaved.kept_in_sight(shown))(translated)
        again = careful.par_again
        careful.par_again = lambda said, **arguments: (
            unsaved.elsewhere() if unsaved.at_another_seat() else again(said, **arguments)
        )
        return careful  # type: ignore[no-any-return]

    return name


def written(name: str, *, most: int = NOTE_LENGTH) -> str:
    """Return what was written in a field; '' where nothing of it can be read.

    Raises Refused where it is longer than `most` characters.
    """
    text = words(name, most=most)
    return text if says_something(text) else ""


def sentence(refused: Refused) -> str:
    """Say in this request's language why something was refused; else as storage says it."""
    known = {
        "action_changed": _(
            "Somebody has said something of this action since. Read it, then save yours again."
        ),
        "bad_date": _("Give a day with year, month and day, such as 2026-11-30."),
        "contract_changed": _(
            "Somebody has added a version since you opened this page. Read it, then save yours "
            "again: both are kept."
        ),
        "cycle_begun": _("This cycle has begun already."),
        "cycle_closed": _("This cycle is closed. Work in the one that follows it."),
        "cycle_not_begun": _("This cycle has not begun. Begin it first."),
        "gone": _("This is not here any more. Load the page again."),
        "name_or_reason": _("Name who is meant, or say why nobody is named: one of them."),
        "next_closed": _("Choose a cycle that is not closed, and not this one."),
        "no_confidentiality": _("Say what stays between those who take part."),
        "no_contract": _(
            "Write the contract first: a cycle begins only when people know what is promised."
        ),
        "no_item": _("This item is not here. Choose another."),
        "no_next": _("Write the next plan, or why the inquiry stops here."),
        "no_owner": _("Say who does it."),
        "no_phase": _("Choose another phase."),
        "no_promise": _("Choose what people are promised."),
        "no_promised": _("Say in your own words what is promised."),
        "no_purpose": _("Say what the inquiry is for."),
        "no_reflection": _("Write the reflection: what was learnt in this cycle."),
        "no_sentence": _("Say in a sentence what happened."),
        "no_stake": _("Choose a stake from the list."),
        "no_stakeholders": _("Say who has a stake in it."),
        "no_state": _("Choose what became of it."),
        "no_what": _("Say what will be done."),
        "no_words": _("Write what you expect to hear first."),
        "nothing_new": _("This is what the contract says already."),
        "read_before": _(
            "Stories of this cycle could be read already, so it is too late to seal what you "
            "expect."
        ),
        "reflect_first": _("A cycle closes from ‘reflect’. Come to that phase first."),
        "sealed_before": _("You have sealed what you expect. It opens at the close."),
        "session_open": _(
            "A session is not over: say of each of its items how it ended, then end it."
        ),
        "somebody_named": _("Somebody is named there already. Take that away first."),
        "why_move": _("Say why the cycle goes there: it is not the next phase."),
    }
    known |= saying.refusals() | wording.refusals() | evidenced.refusals()
    return known.get(refused.reason) or str(refused)
