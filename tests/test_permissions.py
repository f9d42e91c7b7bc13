"""The table of who may do what, and its page in the docs."""

from __future__ import annotations

from pathlib import Path

import pytest

from par_toolkit.permissions import ACTIONS, DESK, ROLES, as_table, may

DOCUMENT = Path(__file__).parents[1] / "docs" / "permissions.md"

START = """# Who may do what

One table decides: `par_toolkit/permissions.py`. Every address names the action it needs, and a
test walks every address with every role. *Anyone* is a visitor with no code and no account;
*participant* holds a receipt code; *device* is a paired tablet, which can only send; *member* has a
seat in a circle, and sees of it only what the method lets them see at that moment; *guest* signs in
to look at the findings, and at nothing else. The *safeguarding* contact sees who asked for help,
and no stories; nobody else sees who asked.

Who may look at the findings is the community's choice, in `inquiry.toml`: everybody, whoever types
a shared word, or people who sign in. *See findings* is the first two, *see closed findings* the
last. It is asked once, before any page, table, file or query of theirs is answered.

Some more rules stand beside the table. Words are released only when two different people have
approved the same words. A copy of everything is handed over, and a story is withdrawn for a teller
who lost the slip, only when one person has asked for it and another has said yes; a teller with the
receipt code needs nobody. And whoever holds the folder may use the command line: keep the
laptop as you would keep a box of letters.

"""


def document() -> str:
    """Write the table as Markdown."""
    lines = [f"| action | {' | '.join(ROLES)} |", f"|---|{'---|' * len(ROLES)}"]
    for action, roles in as_table():
        cells = " | ".join("yes" if role in roles else "" for role in ROLES)
        lines.append(f"| {action.replace('_', ' ')} | {cells} |")
    return START + "\n".join(lines) + "\n"


def test_the_docs_print_the_table_as_it_is() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_every_role_named_is_a_role() -> None:
    assert {role for roles in ACTIONS.values() for role in roles} <= set(ROLES)


def test_an_unknown_action_is_an_error_not_a_yes() -> None:
    with pytest.raises(KeyError):
        may("steward", "open_everything")


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        ("read_stories", {"facilitator", "evaluator", "steward"}),
        ("release_story", {"facilitator", "steward"}),
        ("endorse_theme", {"evaluator", "steward"}),
        ("send_story", {"device"}),
        ("sit_in_circle", {"member"}),
        ("lead_circles", {"facilitator", "steward"}),
        ("write_card", {"evaluator"}),
        ("withdraw_own_story", {"participant"}),
        ("see_help", {"safeguarding"}),
        ("answer_help", {"safeguarding"}),
    ],
)
def test_the_rules_that_were_agreed(action: str, roles: set[str]) -> None:
    assert {role for role in ROLES if may(role, action)} == roles


def test_the_safeguarding_contact_reads_no_stories() -> None:
    allowed = {action for action in ACTIONS if may("safeguarding", action)}
    public = {action for action in ACTIONS if may("anyone", action)}
    own = {"see_closed_findings", "sign_out", "keep_own_account"}
    assert allowed - public == own | {"see_desk", "see_help", "answer_help"}


def test_a_guest_looks_at_the_findings_and_at_nothing_else() -> None:
    allowed = {action for action in ACTIONS if may("guest", action)}
    public = {action for action in ACTIONS if may("anyone", action)}
    assert allowed - public == {"see_closed_findings", "sign_out", "keep_own_account"}
    assert "guest" not in DESK


def test_nobody_outside_the_desk_reads_or_shapes_anything() -> None:
    for action, roles in ACTIONS.items():
        if roles <= DESK:
            assert not any(may(role, action) for role in set(ROLES) - DESK)
