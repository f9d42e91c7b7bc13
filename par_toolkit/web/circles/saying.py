"""Words for what is said in a circle: kinds of item, how they stand, answers, and who wrote."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from par_toolkit.storage.sensemaking.answers import Answer
from par_toolkit.storage.sensemaking.items import Item
from par_toolkit.storage.sensemaking.joint import Construction
from par_toolkit.storage.sensemaking.rounds import Round
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web.current import inquiry
from par_toolkit.web.handling import sentences


def item_kind(code: str) -> str:
    """Name one item of a kind."""
    return {"claim": _("Claim"), "concern": _("Concern"), "issue": _("Issue")}[code]


def item_kinds(code: str) -> str:
    """Name the items of a kind."""
    return {"claim": _("Claims"), "concern": _("Concerns"), "issue": _("Issues")}[code]


def about_kind(code: str) -> str:
    """Say what to write for a kind; what an issue is, the inquiry decides."""
    issue = {
        "question": _("What needs an answer? Write it as a question: ‘How can we …?’"),
        "disagreement": _("On what do reasonable people here see things differently?"),
    }[inquiry().issue_is]
    return {
        "claim": _("What is good? What works, and should stay?"),
        "concern": _("What is not good? What worries you?"),
        "issue": issue,
    }[code]


def item_state(code: str) -> str:
    """Say how an item stands."""
    return {
        "open": _("open"),
        "resolved": _("resolved"),
        "unresolved": _("unresolved"),
        "information_wanted": _("information wanted"),
        "reopened": _("opened again"),
        "repeat": _("said already"),
        "taken_back": _("taken back"),
    }[code]


def item_words(item: Item) -> str:
    """Return what an item says, or that it says no more."""
    return item.words or _("Whoever said this has taken it back.")


def item_source(code: str) -> str:
    """Say where an item comes from."""
    return {
        "stories": _("from stories"),
        "theme": _("from a theme"),
        "circle": _("said in the circle"),
        "meeting": _("said in a meeting"),
        "paper": _("written on paper"),
    }[code]


def answer(code: str) -> str:
    """Say an answer to 'is this ours?'"""
    return {
        "assent": _("Yes, this is ours"),
        "reservation": _("Yes, but something is missing or not quite so"),
        "dissent": _("No, this is not mine"),
    }[code]


def answered(every: Sequence[Answer]) -> str:
    """Say in one sentence, without any count, what a table has answered."""
    if not every:
        return _("Nobody has said yet whether this is ours.")
    if all(one.answer == "assent" for one in every):
        return _("Everybody who has answered says: this is ours.")
    if any(one.answer == "dissent" for one in every):
        return _("It is not everybody’s. This is what people say:")
    return _("People say it is ours, and what is missing in it:")


def at_seat(seat: Seat) -> str:
    """Name a seat, with how its person wants to be called."""
    named = _("Seat %(number)s", number=seat.number)
    return f"{named}, {seat.called}" if seat.called else named


def written_by(version: Construction, seat: Seat | None = None) -> str:
    """Say who wrote a version; `seat` is who reads it."""
    if version.number is None:
        return _("written by the %(role)s", role=sentences.role(version.role or ""))
    if seat and version.number == seat.number:
        return _("written by you")
    return _("written at seat %(number)s", number=version.number)


def follows(version: Construction, every: Sequence[Construction]) -> str:
    """Say from which versions a version was written; '' for a first one."""
    numbers = [str(one.version) for one in every if one.id in version.follows]
    return _("from version %(numbers)s", numbers=_(" and ").join(numbers)) if numbers else ""


def step(present: Round | None) -> str:
    """Say where the collecting of items stands."""
    if present is None:
        return _("Nothing has been collected yet.")
    kinds = item_kinds(present.kind)
    return {
        "write": _("%(kinds)s: each person writes alone.", kinds=kinds),
        "share": _("%(kinds)s: one from each in turn.", kinds=kinds),
        "done": _("Claims, concerns and issues have been collected."),
    }[present.stage]


def next_step(following: Round) -> str:
    """Say what the button does that leads on."""
    kinds = item_kinds(following.kind)
    return {
        "write": _("%(kinds)s: have everybody write alone", kinds=kinds),
        "share": _("%(kinds)s: begin to share", kinds=kinds),
        "done": _("End the collecting"),
    }[following.stage]


def left_over(number: int) -> str:
    """Count what somebody still has to share."""
    return ngettext("%(num)d left to share", "%(num)d left to share", number)


def refusals() -> dict[str, str]:
    """Say in this request's language why something in a circle was refused, by its reason."""
    return {
        "bad_state": _("It cannot go from how it stands now to that."),
        "bad_moment": _("This page is not as it should be. Load it again."),
        "circle_closed": _("This circle is closed. Ask the person who leads it."),
        "empty": _("Write something first. Nothing was saved."),
        "keyed_in": _("This sheet is keyed in already. Tick the box below if it is another one."),
        "long_name": _("Use a shorter name."),
        "moved_on": _("Somebody has gone on meanwhile. This is where it stands."),
        "named_already": _("These words stand beside the group’s already."),
        "no_answer": _("Choose one of the three answers first."),
        "no_consent": _("The teller has not agreed to this use of the story."),
        "no_evaluator": _("Only an evaluator has a card. Take a seat to speak."),
        "no_group": _("Choose the group and the cycle."),
        "no_kind": _("Choose whether it is a claim, a concern or an issue."),
        "no_name": _("Give it a name, so that people can speak of it."),
        "no_passage": _("These words are not in that story. Copy them exactly as they stand."),
        "no_repeat": _("Choose another item of the same group and kind."),
        "no_round": _("Nothing is being collected now. Wait for who leads the circle."),
        "no_seat": _("There is no such seat in this circle."),
        "no_sharing": _("Nothing is being shared now. Wait for who leads the circle."),
        "no_theme": _("This theme is not here any more. Choose another."),
        "no_topic": _("Write what the circle is about."),
        "no_version": _("This version is not here. Load the page again."),
        "not_to_quote": _(
            "Some of these words are copied from a story that its teller lets nobody quote. Say "
            "it in other words."
        ),
        "not_over": _("This has not been shared to its end yet. Go on with it."),
        "nothing_written": _("Type in what stands on the sheet first."),
        "not_heard": _("This person has not written their own yet. Hear them first."),
        "not_your_turn": _("It is the turn of somebody else. Listen to them first."),
        "not_yours": _("Only the person who said this can change it."),
        "nothing_there": _("This is not here any more. Load the page again."),
        "own_first": _("Write first how you see it yourself. Then you see the others."),
        "rounds_over": _("Everything has been collected in this circle."),
        "say_why": _("Say in your words what is not yours, so that it is not lost."),
        "too_long": _("That is too long. Use fewer words."),
        "turns_left": _("Somebody still has something to share. Go round until none is left."),
        "unchanged": _("These are the same words as before. Change some first."),
        "why_state": _("Say in a sentence why it stands so now."),
    }
