"""Words for evidence of quality and for releases: no number of people under the threshold."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from par_toolkit.storage.sensemaking.evidence import Group
from par_toolkit.storage.sensemaking.heard_from_others import Heard
from par_toolkit.web.current import inquiry

#: Of those who answered: from two thirds on 'most', below one third 'hardly' any.
_MOST = 2 / 3
_HARDLY = 1 / 3


def people(number: int) -> str:
    """Count people in words; a few are only said to be few, and that nobody is there is said."""
    if not number:
        return _("nobody")
    fewest = inquiry().threshold
    if number < fewest:
        return _("fewer than %(number)s", number=fewest)
    return ngettext("%(num)d person", "%(num)d people", number)


def is_small(number: int) -> bool:
    """Say whether so few people are told apart by what they say."""
    return number < inquiry().threshold


def able(group: Group) -> str:
    """Say in one sentence whether people of a group were able to act."""
    if not group.answered:
        return _("Nobody has said yet whether they were able to act.")
    if is_small(group.answered):
        return _("Few have answered, so only their words are told.")
    share = group.able.get("yes", 0) / group.answered
    if share >= _MOST:
        return _("Most who answered were able to act.")
    if share < _HARDLY:
        return _("Hardly any who answered were able to act.")
    return _("Some who answered were able to act, and some were not, or only partly.")


def able_answer(code: str) -> str:
    """Say an answer to whether somebody was able to act."""
    return {"yes": _("Yes"), "partly": _("Partly"), "no": _("No")}[code]


def verdict(heard: Heard) -> str:
    """Say what a group answers to what was said of it."""
    return {
        "waits": _("Nobody of that group has answered yet."),
        "accepted": _("Those of that group who answered find themselves in it."),
        "divided": _("Some of that group find themselves in it, and some do not."),
        "not_accepted": _("Those of that group who answered do not find themselves in it."),
    }[heard.verdict]


def kind(code: str) -> str:
    """Name a kind of words that can be released."""
    return {
        "item": _("Claims, concerns, issues"),
        "view": _("Views of groups"),
        "outcome": _("Outcomes of negotiation"),
        "action": _("Actions"),
        "information": _("What was found out"),
        "statement": _("Statements"),
        "reason": _("Reasons given to statements"),
        "construction": _("What circles say together"),
        "alternative": _("What stands by itself beside it"),
        "heard": _("What groups say of one another"),
        "reflection": _("The reflection at the close"),
        "expectation": _("What evaluators had expected"),
    }[code]


def parts(code: str) -> tuple[str, ...]:
    """Name the parts of a kind of words that has several."""
    return {
        "outcome": (_("How it ended"), _("Why no action follows")),
        "action": (_("What"), _("Who"), _("What became of it")),
        "information": (_("Question"), _("Answer")),
        "alternative": (_("Name"), _("Words")),
        "reflection": (_("Reflection"), _("What comes next")),
    }.get(code, ("",))


def refusals() -> dict[str, str]:
    """Say in this request's language why something was refused, by its reason."""
    return {
        "answered_check": _("This has its answer already, or the teller has spoken since."),
        "no_check": _("This is not here any more. Its teller may have withdrawn."),
        "no_reply_words": _("Write what you tell the teller."),
        "no_such_group": _("Choose a group from the list."),
        "own_group": _("Choose another group than your own."),
        "say_what_is_not_so": _("Say in your words what is not so."),
        "words_changed": _("These words have changed since. Read them once more."),
    }
