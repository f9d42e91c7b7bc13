"""Words for what the pages of a cycle show: phases, promises, stakes, states, and what waits."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from par_toolkit.storage.sensemaking.carrying import Carried
from par_toolkit.storage.sensemaking.phases import Phase
from par_toolkit.web.handling import sentences
from par_toolkit.web.handling.times import day


def phase(code: str) -> str:
    """Name a phase of a cycle."""
    return {
        "plan": _("Plan"),
        "act": _("Act"),
        "observe": _("Observe"),
        "reflect": _("Reflect"),
        "closed": _("Closed"),
    }[code]


def about_phase(code: str) -> str:
    """Say in a sentence what a phase is for."""
    return {
        "plan": _("Agree on what to ask, whom to hear and how."),
        "act": _("Hear people: take stories, hold circles, do what was decided."),
        "observe": _("See what was said and done, theme by theme and action by action."),
        "reflect": _("Make sense of it together, negotiate, and decide what comes next."),
        "closed": _("What was found stays as it was found."),
    }[code]


def promise(code: str) -> str:
    """Name what people are promised of the decisions."""
    return {
        "inform": _("Inform: you will be told what is decided."),
        "consult": _("Consult: you will be asked, and told what your answer changed."),
        "involve": _("Involve: what worries you will be in the choices that are made."),
        "collaborate": _("Collaborate: we look for the choice together."),
        "empower": _("Empower: you decide, and it will be done."),
    }[code]


def stake(code: str) -> str:
    """Name a stake."""
    return {
        "acts": _("Those who act"),
        "benefits": _("Those who benefit"),
        "bears": _("Those who bear the cost"),
    }[code]


def about_stake(code: str) -> str:
    """Say in a sentence who has a stake."""
    return {
        "acts": _("They run, pay for, or work in what is looked at."),
        "benefits": _("They gain from it, or should."),
        "bears": _("They are harmed, left out, or pay a price for it."),
    }[code]


def action_state(code: str) -> str:
    """Say what became of an action."""
    return {
        "open": _("to be done"),
        "done": _("done"),
        "changed": _("changed"),
        "dropped": _("dropped"),
    }[code]


def waits(what: str, number: int) -> str:
    """Say what waits in a cycle, and how much of it."""
    return {
        "contract": _("The contract is not written yet."),
        "stakes": ngettext(
            "%(num)d stake has nobody named, and no reason why.",
            "%(num)d stakes have nobody named, and no reason why.",
            number,
        ),
        "seals": ngettext(
            "%(num)d evaluator has not sealed what they expect. Once a story is read it is too "
            "late.",
            "%(num)d evaluators have not sealed what they expect. Once a story is read it is too "
            "late.",
            number,
        ),
        "unread": ngettext(
            "%(num)d story is not read yet.", "%(num)d stories are not read yet.", number
        ),
        "second_yes": ngettext(
            "%(num)d story waits for a second yes.",
            "%(num)d stories wait for a second yes.",
            number,
        ),
        "themes": ngettext(
            "%(num)d proposed theme waits for a decision.",
            "%(num)d proposed themes wait for a decision.",
            number,
        ),
        "circles": ngettext("%(num)d circle is open.", "%(num)d circles are open.", number),
        "statements": ngettext(
            "%(num)d statement is put to groups.", "%(num)d statements are put to groups.", number
        ),
        "information": ngettext(
            "%(num)d question waits for information.",
            "%(num)d questions wait for information.",
            number,
        ),
        "agendas_to_send": ngettext(
            "%(num)d agenda is being written.", "%(num)d agendas are being written.", number
        ),
        "views": ngettext(
            "%(num)d view is not confirmed by its group, and holds up an agenda.",
            "%(num)d views are not confirmed by their groups, and hold up an agenda.",
            number,
        ),
        "words": ngettext(
            "%(num)d text of circles and meetings is not released.",
            "%(num)d texts of circles and meetings are not released.",
            number,
        ),
        "agendas_to_hold": ngettext(
            "%(num)d agenda was sent; its meeting is still to come.",
            "%(num)d agendas were sent; their meetings are still to come.",
            number,
        ),
        "member_checks": ngettext(
            "%(num)d teller said that we got something wrong, and has no answer.",
            "%(num)d tellers said that we got something wrong, and have no answer.",
            number,
        ),
        "appeals": ngettext(
            "%(num)d appeal waits for its answer.", "%(num)d appeals wait for their answer.", number
        ),
        "overdue": ngettext(
            "%(num)d action should have been done by now.",
            "%(num)d actions should have been done by now.",
            number,
        ),
    }[what]


def waits_for(what: str, names: tuple[str, ...]) -> str:
    """Say for whom something waits: by name where names are known, else by role."""
    if what in ("circles", "statements", "views"):
        names = tuple(sentences.group(name) for name in names)
    if names:
        return ", ".join(names)
    leads = _("facilitators and stewards")
    reads = _("everybody who reads stories")
    return {
        "contract": reads,
        "stakes": reads,
        "unread": reads,
        "second_yes": leads,
        "themes": _("evaluators and stewards"),
        "agendas_to_hold": _("the groups it was sent to"),
        "appeals": _("somebody other than who decided"),
    }.get(what, leads)


def carried(what: Carried) -> str:
    """List items and actions by number, as they went from one cycle to the next."""
    parts = []
    if what.items:
        parts.append(_("items no. %(numbers)s", numbers=_numbers(what.items)))
    if what.actions:
        parts.append(_("actions no. %(numbers)s", numbers=_numbers(what.actions)))
    return "; ".join(parts) or _("nothing")


def _numbers(ids: tuple[int, ...]) -> str:
    return ", ".join(str(one) for one in ids)


def since(stands: Phase, days: int) -> str:
    """Say in which phase a cycle is, since when, and for how many days."""
    named, at = phase(stands.phase), day(stands.at)
    if not days:
        return _("In “%(phase)s” since today.", phase=named)
    return ngettext(
        "In “%(phase)s” since %(day)s, for %(num)d day.",
        "In “%(phase)s” since %(day)s, for %(num)d days.",
        days,
        phase=named,
        day=at,
    )
