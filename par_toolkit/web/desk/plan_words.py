"""Plain words for what a build would show of each table of people, and why not more."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from par_toolkit.publishing.plan import Plan
from par_toolkit.web.current import inquiry
from par_toolkit.web.handling import sentences
from par_toolkit.web.languages import chosen


@dataclass(frozen=True)
class Kind:
    """The tables of one name, in the order in which they were decided about.

    `said` is what holds for each of them, sentence by sentence.
    """

    words: str
    plans: tuple[Plan, ...]
    said: tuple[str, ...]
    shown: int
    hidden: int


def kinds(plans: list[Plan]) -> list[Kind]:
    """Put the tables of one name together."""
    found: dict[str, list[Plan]] = {}
    for plan in plans:
        found.setdefault(plan.name, []).append(plan)
    return [
        Kind(
            _kind(name),
            tuple(held),
            tuple(one for one in why(held[0]) if all(one in why(plan) for plan in held)),
            sum(plan.shown for plan in held),
            sum(plan.hidden for plan in held),
        )
        for name, held in found.items()
    ]


def _kind(name: str) -> str:
    return {
        "participation": _("Who took part, by group and cycle"),
        "theme_people": _("Who spoke of each theme, by group"),
        "member_checks": _("What tellers say of each theme"),
        "agreement": _("Who agrees with each statement, by group"),
        "action_people": _("Whose words led to actions, by group"),
    }[name]


def about(plan: Plan) -> str:
    """Say what one table is about."""
    if plan.name == "action_people":
        return {
            "open": _("actions that are open"),
            "done": _("actions that are done"),
            "changed": _("actions that were changed"),
            "dropped": _("actions that were dropped"),
        }[plan.part]
    return plan.title or _("everybody")


def why(plan: Plan) -> list[str]:
    """Say sentence by sentence what is joined, hidden or waits in one table, and why."""
    if plan.refusal is not None:
        return [sentences.refusal(plan.refusal)]
    said = [_joined(code) for code in plan.joined]
    if plan.state == "waits":
        said.append(
            _(
                "Fewer than %(least)d people came or went since, so the figures of before are "
                "shown again.",
                least=plan.threshold,
            )
        )
    if plan.state == "covered":
        said.append(
            _("The least number of people rose, so more of the figures of before is hidden.")
        )
    if plan.hidden:
        said.append(
            _(
                "What is hidden is about fewer than %(least)d people, or would give such a figure "
                "away.",
                least=plan.threshold,
            )
        )
    if plan.topics and plan.threshold > inquiry().threshold:
        names = ", ".join(map(_topic, plan.topics))
        said.append(
            _(
                "%(least)d people at least, as it is about: %(topics)s.",
                least=plan.threshold,
                topics=names,
            )
        )
    return said


def _joined(about: str) -> str:
    return {
        "position": _("Disagree and unsure are counted together."),
        "time": _("All cycles are counted together."),
        "place": _("Small groups of a place are counted in wider ones."),
        "age": _("Small groups of an age are counted in wider ones."),
        "identity": _("Small groups of race or Indigenous identity are counted in wider ones."),
    }[about]


def _topic(code: str) -> str:
    here = inquiry()
    names = next((topic.names for topic in here.topics if topic.code == code), {})
    return here.text(names, chosen()) or code


def numbers(shown: int, hidden: int) -> str:
    """Say how many figures are shown and how many are hidden."""
    told = ngettext("%(num)d figure is shown", "%(num)d figures are shown", shown)
    kept = ngettext("%(num)d is hidden", "%(num)d are hidden", hidden)
    return f"{told}, {kept}."
