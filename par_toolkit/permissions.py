"""Who may do what: one table of role and action, for the docs and for every route."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from par_toolkit.storage import people

#: Everybody who can stand in front of the software; the people of `storage.people` sign in.
ROLES: Final = ("anyone", "participant", "device", "member", *people.ROLES)

READERS: Final = frozenset({"facilitator", "evaluator", "steward"})
#: Guests sign in to look at the findings, and never come to the desk.
DESK: Final = frozenset(people.ROLES) - {"guest"}
SIGNED_IN: Final = frozenset(people.ROLES)
EVERYONE: Final = frozenset(ROLES)

#: action -> the roles that may do it.
ACTIONS: Final[dict[str, frozenset[str]]] = {
    "see_welcome": EVERYONE,
    "see_findings": EVERYONE,  # where a shared word is set it is asked for first
    "see_closed_findings": SIGNED_IN,  # those that are for named people, or without the word
    "tell": EVERYONE,  # where a join code is set it is asked for as well
    "ask_for_help": EVERYONE,  # without any code: somebody may be in danger
    "see_own_story": frozenset({"participant"}),
    "change_own_consent": frozenset({"participant"}),
    "withdraw_own_story": frozenset({"participant"}),
    "check_own_use": frozenset({"participant"}),  # what was made of one's words, and what one says
    "send_story": frozenset({"device"}),
    "see_own_device": frozenset({"device"}),  # which of its numbers arrived; never a story
    "sign_in": EVERYONE,
    "open_inquiry": EVERYONE,  # with its passphrase: while it is locked nobody can sign in
    "see_desk": DESK,
    "sign_out": SIGNED_IN,
    "see_help": frozenset({"safeguarding"}),  # who asked for help; no reader of stories sees it
    "answer_help": frozenset({"safeguarding"}),
    "keep_own_account": SIGNED_IN,  # their password, second factor, and where they are signed in
    "read_stories": READERS,
    "review_story": READERS,
    "key_in_paper": READERS,
    "hear_voice": READERS,
    "type_up_voice": READERS,
    "release_story": frozenset({"facilitator", "steward"}),
    "withdraw_for_teller": frozenset({"facilitator", "steward"}),  # two of them; see its page
    "read_contact": frozenset({"facilitator", "steward"}),  # each time with a reason, on record
    "erase_contact": frozenset({"facilitator", "steward"}),  # for a teller who asks for it
    "see_contact_readings": frozenset({"steward"}),  # who was told how to reach whom, and why
    "see_themes": READERS,
    "propose_themes": READERS,
    "shape_themes": READERS,
    "endorse_theme": frozenset({"evaluator", "steward"}),
    "see_codebook": READERS,
    "shape_codebook": READERS,
    "code_stories": READERS,  # with community co-researchers beside them, under their own name
    "see_publishing": READERS,
    "mark_topics": READERS,  # which themes and statements are about something sensitive
    "agree_joining": frozenset({"steward"}),  # counting a small group of identity in a wider one
    "publish": frozenset({"facilitator", "steward"}),
    "approve_build": frozenset({"steward"}),  # so many as the inquiry asks for, before it goes live
    "roll_back": frozenset({"facilitator", "steward"}),
    "see_people": frozenset({"facilitator", "steward"}),
    "manage_people": frozenset({"facilitator", "steward"}),
    "see_devices": frozenset({"facilitator", "steward"}),
    "manage_devices": frozenset({"facilitator", "steward"}),
    "export_everything": frozenset({"facilitator", "steward"}),  # two of them; see its page
    "see_audit": frozenset({"steward", "evaluator"}),
    "see_contract": EVERYONE,  # what was agreed with people is theirs to read
    "write_contract": READERS,
    "see_cycle": READERS,  # names of stakeholders and what waits for whom stay at the desk
    "lead_cycle": frozenset({"facilitator", "steward"}),
    "keep_stakeholders": READERS,
    "seal_expectations": READERS,  # whoever reads stories has expected something
    "keep_actions": READERS,
    "see_circles": READERS,  # with what each seat wrote; never with what is still kept alone
    "lead_circles": frozenset({"facilitator", "steward"}),  # an evaluator has a card instead
    "write_card": frozenset({"evaluator"}),
    "see_items": READERS,
    "add_items": READERS,
    "settle_items": frozenset({"facilitator", "steward"}),
    "see_exchange": READERS,  # exact figures by group, which nobody else is shown
    "lead_exchange": frozenset({"facilitator", "steward"}),
    "appeal_as_teller": frozenset({"participant"}),  # on what was made of their own words
    "answer_appeal": READERS,  # somebody other than who decided, so the circle of them is wide
    "see_member_checks": READERS,  # what tellers say of what was made of their words
    "answer_teller": READERS,
    "see_quality": READERS,
    "see_releases": READERS,
    "release_words": frozenset({"facilitator", "steward"}),  # as stories; two different people
    "make_report": READERS,  # it holds only what two people have released
    "join_circle": EVERYONE,  # with the code of a table
    "sit_in_circle": frozenset({"member"}),
}


def may(role: str, action: str) -> bool:
    """Say whether `role` may do `action`; an unknown action raises KeyError."""
    return role in ACTIONS[action]


def as_table() -> list[tuple[str, list[str]]]:
    """List each action with the roles that may do it, in the order of `ROLES`."""
    return [(action, [r for r in ROLES if r in roles]) for action, roles in ACTIONS.items()]


def able(listed: Iterable[people.Person], action: str) -> int:
    """Count the people who may do `action`, those left out whose access has ended."""
    return sum(may(one.role, action) and not one.disabled for one in listed)
