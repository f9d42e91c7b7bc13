"""The published trail of who did what, gathered into kinds of work that readers know by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from .words import Words, _

#: Each kind of work with the actions that belong to it, in the order in which an inquiry does them.
KINDS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    (
        _("Agreeing with the community, and going from phase to phase"),
        frozenset(
            {"write_contract", "name_stakeholder", "remove_stakeholder", "move_cycle"}
            | {"close_cycle", "carry_over"}
        ),
    ),
    (
        _("Writing down beforehand what evaluators expect"),
        frozenset({"seal_expectations", "open_expectations", "read_before_seals", "write_card"}),
    ),
    (
        _("Reading stories with care before words are shown"),
        frozenset(
            {"type_up_voice", "correct_typing", "redact", "approve_release", "take_back_release"}
            | {"approve_release_by_command_line", "read_tone", "says_something"}
        ),
    ),
    (
        _("Finding themes and standing behind them"),
        frozenset(
            {"propose_themes", "rename_theme", "endorse_theme", "endorse_theme_by_command_line"}
            | {"reject_theme", "merge_themes", "split_theme", "add_to_theme", "remove_from_theme"}
            | {"shelve_story"}
        ),
    ),
    (
        _("Reading for codes"),
        frozenset(
            {"add_code", "change_code", "merge_codes", "retire_code", "bring_back_code"}
            | {"add_example", "remove_example", "export_codebook", "code_passage", "undo_coding"}
            | {"start_round", "read_for_codes", "read_again"}
        ),
    ),
    (
        _("Meeting in circles"),
        frozenset(
            {"open_circle", "close_circle", "join_circle", "leave_circle", "come_back_to_circle"}
            | {"go_on_without", "renew_seat_code", "call_seat", "write_own_construction"}
            | {"take_back_own_construction", "write_joint_construction", "answer_construction"}
            | {"remark", "take_back_remark", "name_alternative", "note_hearing", "move_round"}
            | {"write_alone", "put_aside", "add_item", "take_back_item", "add_passage"}
            | {"item_resolved", "item_unresolved", "item_information_wanted", "item_reopened"}
            | {"item_repeat", "take_back_answer"}
        ),
    ),
    (
        _("Asking groups whether they agree, and negotiating"),
        frozenset(
            {"put_statement", "ask_group", "close_statement", "answer_statement", "rank_items"}
            | {"take_back_position", "want_information", "change_information"}
            | {"answer_information", "go_on_without_information", "wait_for_information"}
            | {"begin_agenda", "add_to_agenda", "change_agenda", "take_off_agenda", "order_agenda"}
            | {"explain_word", "write_view", "confirm_view", "send_agenda", "begin_session"}
            | {"take_turn", "outcome_full", "outcome_partial", "outcome_none", "end_session"}
            | {"appeal", "take_back_appeal", "answer_appeal", "uphold_appeal"}
            | {"say_what_others_hold", "take_back_what_others_hold", "take_back_answer_to_others"}
            | {"answer_what_others_say", "say_able_to_act", "take_back_able_to_act"}
        ),
    ),
    (
        _("Deciding actions and saying what became of them"),
        frozenset({"add_action", "change_action"}),
    ),
    (
        _("Asking tellers whether we got it right, and following their wishes"),
        frozenset(
            {"member_check", "reply_to_teller", "change_consent", "withdraw"}
            | {"withdraw_for_teller", "apply_withdrawals", "ask_to_withdraw_for_teller"}
            | {"leave_story_after_all", "read_contact", "change_contact", "forget_contact"}
            | {"help_new", "help_seen", "help_done"}
        ),
    ),
    (
        _("Saying yes to words of circles, and publishing"),
        frozenset(
            {"approve_words", "take_back_words", "publish", "make_build", "approve_build"}
            | {"mark_topics", "agree_joining", "refuse_joining", "seal_build"}
            | {"refuse_build", "roll_back", "make_report"}
        ),
    ),
    (
        _("Looking after people, tablets, keys and backups"),
        frozenset(
            {"sign_in", "set_password", "add_person", "disable_person", "pair_device"}
            | {"revoke_device", "lock", "unlock", "restore_backup", "sign_out_elsewhere"}
            | {"trust_clock", "erase_old_stories", "erase_old_contact", "erase_old_devices"}
            | {"export_everything", "ask_for_export", "agree_to_export", "refuse_export"}
            | {"hand_over_export", "load_export", "make_backup", "add_keeper", "remove_keeper"}
            | {"encrypt", "decrypt", "change_passphrase", "export_contacts", "erase_old_help"}
            | {"begin_second_step", "end_second_step", "reset_second_step", "use_recovery_code"}
            | {"use_second_step_reset"}
        ),
    ),
)
OTHER: Final = _("Other work")
_KIND_OF: Final = {action: kind for kind, actions in KINDS for action in actions}


@dataclass(frozen=True)
class Work:
    """One kind of work: how many steps of it were written down, and in which roles."""

    name: str
    steps: int
    roles: str


def gathered(rows: Iterable[dict[str, Any]], words: Words) -> list[Work]:
    """Gather rows (`role`, `action`, `steps`) by kind of work; what has no name comes last."""
    steps: dict[str, int] = {}
    roles: dict[str, dict[str, None]] = {}
    for row in rows:
        kind = _KIND_OF.get(row["action"], OTHER)
        steps[kind] = steps.get(kind, 0) + row["steps"]
        roles.setdefault(kind, {})[words.role(row["role"])] = None
    order = [*(kind for kind, _actions in KINDS), OTHER]
    return [
        Work(words(kind), steps[kind], words.listed(roles[kind])) for kind in order if kind in steps
    ]
