"""The desk's words for the trail: what each row records, and what it is about."""

from __future__ import annotations

from flask_babel import gettext as _


def act(code: str) -> str:
    """Say in words what one row of the trail records."""
    return {
        "sign_in": _("signed in"),
        "set_password": _("set a password"),
        "add_person": _("added a person or gave a new link"),
        "disable_person": _("ended a person’s access"),
        "pair_device": _("paired a tablet"),
        "revoke_device": _("ended a tablet’s pairing"),
        "change_consent": _("changed a consent"),
        "withdraw": _("withdrew"),
        "withdraw_for_teller": _("withdrew for a teller"),
        "lock": _("took the opening key out of the folder"),
        "unlock": _("put the opening key back"),
        "apply_withdrawals": _("applied withdrawals after a restore"),
        "restore_backup": _("restored a backup"),
        "type_up_voice": _("typed up what was said"),
        "correct_typing": _("corrected what was typed up"),
        "redact": _("decided what to hide"),
        "approve_release": _("said yes to a release"),
        "approve_release_by_command_line": _("said yes to a release, by command line"),
        "take_back_release": _("took a release back"),
        "propose_themes": _("ran a proposal of themes"),
        "rename_theme": _("named a theme"),
        "endorse_theme": _("endorsed a theme"),
        "endorse_theme_by_command_line": _("endorsed a theme, by command line"),
        "reject_theme": _("rejected a theme"),
        "merge_themes": _("merged themes"),
        "split_theme": _("split a theme"),
        "add_to_theme": _("put a story under a theme"),
        "remove_from_theme": _("took a story out of a theme"),
        "says_something": _("said that a story says something, against the rules"),
        "read_tone": _("read the tone of a story"),
        "shelve_story": _("put a story on the ‘stands alone’ shelf"),
        "add_code": _("added a code"),
        "change_code": _("changed a code"),
        "merge_codes": _("merged codes"),
        "retire_code": _("retired a code"),
        "bring_back_code": _("brought a code back"),
        "add_example": _("chose an example of a code"),
        "remove_example": _("took an example of a code away"),
        "export_codebook": _("exported the codebook"),
        "code_passage": _("said yes or no to a code on a passage"),
        "undo_coding": _("undid what was said of a code"),
        "start_round": _("started a round of reading for codes"),
        "read_for_codes": _("read a story to the end for codes"),
        "read_again": _("opened a story again to read it for codes"),
        "publish": _("published"),
        "roll_back": _("went back to an earlier build"),
    }.get(code, code.replace("_", " "))


def subject(text: str | None) -> str:
    """Say what a row of the trail is about; never any words of a story."""
    what, _separator, number = (text or "").partition(" ")
    known = {
        "story": _("story %(id)s", id=number),
        "theme": _("theme %(id)s", id=number),
        "person": _("person %(id)s", id=number),
        "device": _("tablet %(id)s", id=number),
        "run": _("run %(id)s", id=number),
        "code": _("code %(id)s", id=number),
        "round": _("round %(id)s", id=number),
        "build": _("build %(id)s", id=number),
        "lost_slip": _("they lost the slip with the code"),
        "asked_in_person": _("they asked in person"),
        "asked_by_phone_or_letter": _("they asked by phone or in writing"),
    }
    return known.get(what, text or "")
