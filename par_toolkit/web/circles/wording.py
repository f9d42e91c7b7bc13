"""Words for the exchange between groups and for negotiation: positions, outcomes, lacks."""

from __future__ import annotations

from flask_babel import gettext as _

from par_toolkit.storage.sensemaking.sending import Lack
from par_toolkit.web.current import inquiry
from par_toolkit.web.handling import sentences


def position(code: str) -> str:
    """Say a position on a statement."""
    return {"agree": _("Agree"), "disagree": _("Disagree"), "unsure": _("Unsure")}[code]


def leaning(code: str) -> str:
    """Say how a group leans, without any number of people."""
    return {
        "not_asked": _("was not asked"),
        "nobody_answered": _("was asked, and nobody has answered"),
        "few": _("fewer than %(fewest)s people answered: read their words", fewest=fewest()),
        "most": _("most of those who answered agree"),
        "divided": _("some agree and some do not"),
        "hardly": _("most of those who answered do not agree"),
    }[code]


def fewest() -> int:
    """Return how few people no figure is told of."""
    return inquiry().threshold


def headline(least: tuple[str, ...], told: int, small: int) -> str:
    """Say first what is true of a statement, however few figures may be told."""
    if least and small:
        return _(
            "Of the groups that are large enough to tell, least agreement: %(groups)s. Smaller "
            "groups speak in words alone.",
            groups=groups(least),
        )
    if least:
        return _("Least agreement: %(groups)s.", groups=groups(least))
    if told and not small:
        return _("In each group that answered, most agree.")
    if told:
        return _(
            "In each larger group that answered, most agree. Smaller groups speak in words alone."
        )
    if small:
        return _(
            "So few people answered in each group that no figure is shown. What they say counts: "
            "read it below."
        )
    return _("Nobody has answered.")


def groups(codes: tuple[str, ...] | list[str]) -> str:
    """List groups by name."""
    return ", ".join(sentences.group(code) for code in codes)


def outcome(code: str) -> str:
    """Name how the negotiation of an item ended."""
    return {
        "full": _("Agreed in full"),
        "partial": _("Agreed in part"),
        "none": _("Not agreed: the views stay side by side"),
    }[code]


def agenda_state(code: str) -> str:
    """Say how far an agenda is."""
    return {
        "written": _("being written"),
        "sent": _("sent to all groups"),
        "held": _("being negotiated"),
        "over": _("over"),
    }[code]


def lacking(lack: Lack, title: str) -> str:
    """Say what an agenda lacks; `title` is how the item begins that it is about."""
    group = sentences.group(lack.group) if lack.group else ""
    return {
        "items": _("Put at least one item on it."),
        "first_choice": _(
            "%(group)s put “%(item)s” first, so it must be on it.", group=group, item=title
        ),
        "order": _("Put its items in the order of those affected, or say why in another."),
        "settled": _("“%(item)s” is settled by now. Take it off.", item=title),
        "information": _(
            "A question on “%(item)s” waits for its answer, or for every affected group to go on "
            "without.",
            item=title,
        ),
        "view": _("%(group)s has no view on “%(item)s” yet.", group=group, item=title),
        "confirmation": _(
            "The people of %(group)s have not confirmed their view on “%(item)s” yet.",
            group=group,
            item=title,
        ),
    }[lack.what]


def ranked_method() -> str:
    """Say how the order of an agenda is found from what people rank."""
    return _(
        "Each person puts the unresolved items in order. Within a group an item gets points by its "
        "place; the mean of all groups makes the order, each group counting alike. What most "
        "people of a group put first stays on the agenda."
    )


def refusals() -> dict[str, str]:
    """Say in this request's language why something was refused here, by its reason."""
    return {
        "action_or_reason": _("Plan an action, or say why none follows: one of the two."),
        "answered_already": _("This is answered already. Load the page again."),
        "appeal_closed": _("This appeal is answered or was taken back."),
        "appealed_already": _("Your appeal on this waits for its answer."),
        "asked_already": _("Choose a group that was not asked yet."),
        "at_the_end": _("It stands there already."),
        "entry_changed": _(
            "Somebody has changed this since you opened the page. Read it, then save yours again."
        ),
        "first_choice": _("A group put this first, so it stays on the agenda."),
        "has_views": _("A group has written its view of this already, so it stays."),
        "no_agenda": _("There is no such agenda. Load the page again."),
        "no_answer_words": _("Write the answer, or why there is none."),
        "no_appeal": _("There is no such appeal. Load the page again."),
        "no_appeal_answer": _("Write the answer, so that they can understand it."),
        "no_appeal_words": _("Say what was not fair, or what was not heard."),
        "no_finder": _("Say who finds it out."),
        "no_meaning": _("Say what the word means."),
        "no_missing": _("Say what is wrong or missing, so that it is heard."),
        "no_outcome": _("Choose how it ended."),
        "no_outcome_words": _("Say in words what was agreed, or what stays apart."),
        "no_position": _("Choose one of the three answers first."),
        "no_question": _("Write what is to be found out."),
        "no_session": _("This is said in the session. It has not begun, or it is over."),
        "no_statement": _("There is no such statement. Load the page again."),
        "no_statement_words": _("Write the statement first."),
        "no_task": _("There is no such question. Load the page again."),
        "no_title": _("Give the agenda a title."),
        "no_turn_words": _("Write the position of this group first."),
        "no_view": _("There is no such view. Load the page again."),
        "no_view_words": _("Write how the group sees it."),
        "no_why": _("Say why the order is another than the one that people ranked."),
        "no_word": _("Write the word."),
        "nobody_affected": _("Choose the groups that this affects."),
        "nobody_asked": _("Choose at least one group to ask."),
        "nobody_ranked": _(
            "Nobody has put items in order yet. Ask the groups, or move an item and say why."
        ),
        "not_affected": _("This does not affect that group."),
        "not_asked": _("This statement was not put to your group."),
        "not_on_agenda": _("This is not on the agenda. Load the page again."),
        "not_ready": _("This agenda cannot be sent yet. See below what it still waits for."),
        "not_sent": _("A session is held on an agenda that was sent to all groups, once."),
        "not_unresolved": _("This is settled, or of another cycle. Load the page again."),
        "on_agenda": _("This is on the agenda already."),
        "other_group": _("You can say this for your own group only."),
        "outcome_changed": _(
            "Somebody has said meanwhile how it ended. Read it, then save yours if it is not so."
        ),
        "own_decision": _(
            "You decided on this, so somebody else answers. Ask another person at the desk."
        ),
        "position_missing": _("Not every group that this affects has said its position yet."),
        "put_already": _("This statement is put already, in the same words."),
        "said_by_group": _("Tick the group that said this as well: it is affected."),
        "same_place": _("Give each place to one of them only."),
        "sent": _("This agenda was sent to all groups. It stays as they have read it."),
        "settled": _("This is settled or gone. Open it again first."),
        "statement_closed": _("This statement is closed: all groups have seen what was said."),
        "turn_of_others": _("It is the turn of a group that has spoken less often."),
        "turn_taken": _("Somebody took a turn meanwhile. Read it, then go on."),
        "undecided_items": _("Say of every item how it ended. ‘Not agreed’ is one way."),
        "view_changed": _(
            "Somebody has written this view anew since you opened the page. Read it, then save "
            "yours again: both are kept."
        ),
        "waits_for_information": _(
            "A question about this waits for its answer. Answer it, or let every affected group "
            "say that it goes on without."
        ),
    }
