"""The desk's words for what storage keeps as codes: refusals, places, states, roles, acts."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from par_toolkit.storage.errors import Refused
from par_toolkit.web.current import inquiry
from par_toolkit.web.languages import chosen, own_name


def refusal(refused: Refused) -> str:
    """Say in this request's language why something was refused, and what to do."""
    known = {
        "gone": _(
            "What you worked on is not here any more: it was withdrawn, or somebody changed it "
            "meanwhile. Nothing else was changed."
        ),
        "not_there": _("This story is not in that theme any more. Somebody moved it meanwhile."),
        "no_consent": _("The teller has not agreed to this use of the story."),
        "undecided": _("Decide on each suggested redaction first: hide it, or leave it as it is."),
        "bad_span": _("Select some of the teller’s words first."),
        "bad_label": _("Say in a few words what is hidden, such as: name."),
        "bad_name": _("Give a name: not empty, on one line, and not too long."),
        "bad_role": _("Choose one of the roles in the list."),
        "name_taken": _(
            "Somebody with this name is here already, in another role. Choose another name."
        ),
        "same_theme": _("Choose another theme to merge into."),
        "no_code": _("This code is not used any more. Choose another."),
        "same_code": _("Choose another code."),
        "code_taken": _("There is a code with this name already. Choose another name."),
        "circle": _("A code cannot be under itself. Choose another place."),
        "too_many_codes": _("The codebook is full. Merge or retire some codes first."),
        "long_text": _("Use fewer characters in each field."),
        "no_passage": _("Choose a passage of this story first."),
        "code_gone": _("Somebody took this code off meanwhile. Look once more."),
        "changed_since": _(
            "Somebody else has decided on this passage since. Talk, then change it there."
        ),
        "nothing_to_undo": _("There is nothing left to undo here."),
        "bad_split": _("Choose some of the theme’s stories, but not all of them."),
        "short_password": _(
            "Choose a password of at least 10 characters. Three or four words are good."
        ),
        "long_password": _("Choose a password of at most 1,000 characters."),
        "link_ended": _("This link was used before or has ended. Ask for a new one."),
        "unknown_person": _("There is nobody with this name here."),
        "unknown_device": _("There is no such tablet, or its pairing was ended before."),
        "unbalanced": _(
            "The stories do not add up to those that came in, so one may be lost. Nothing was "
            "published. Tell the person who runs this inquiry."
        ),
        "trail": _(
            "The trail is not whole. Nothing was published. Tell the person who runs this inquiry."
        ),
        "exposed": _(
            "A figure that must stay hidden could be worked out. Nothing was published. Join small "
            "groups or cycles in inquiry.toml, then publish again."
        ),
        "disk": _(
            "The findings could not be written to the disk, so they stay as they were. Look "
            "whether the disk is full."
        ),
        "changing": _(
            "People are changing their consent just now. Wait a minute, then publish again."
        ),
        "unsound": _("The build failed its checks. The findings stay as they were."),
        "busy": _("Findings are being published already. Wait a minute and try again."),
        "no_build": _("That build is not kept any more. Choose another."),
        "spoken": _("Type up what was said first. Then the words can be read and released."),
        "bad_code": _("A receipt code has 16 digits. Look at the slip and try again."),
    }
    return known.get(refused.reason) or str(refused)


def role(code: str) -> str:
    """Name a role; whoever else acted keeps the name the trail gives them."""
    return {
        "facilitator": _("facilitator"),
        "evaluator": _("evaluator"),
        "steward": _("steward"),
        "safeguarding": _("safeguarding"),
        "participant": _("participant"),
        "command line": _("command line"),
        "device": _("tablet"),
    }.get(code, code)


def use(code: str) -> str:
    """Say in a few words what a teller may agree to."""
    return {
        "analyse": _("Look at it for themes"),
        "quote": _("Publish short quotes"),
        "publish": _("Publish the whole story"),
        "contact": _("Get in touch with the teller"),
    }[code]


def state(code: str) -> str:
    """Name how far the reading of a story has come."""
    return {
        "unread": _("Not read yet"),
        "read": _("Read"),
        "spoken": _("Spoken, waits to be typed up"),
        "waiting": _("Waits for a second yes"),
        "released": _("Released"),
    }[code]


def theme_state(code: str) -> str:
    """Name what people have decided on a theme."""
    return {
        "proposed": _("Proposed"),
        "endorsed": _("Endorsed"),
        "rejected": _("Rejected"),
        "merged": _("Merged"),
        "replaced": _("Replaced by a later run"),
    }[code]


def place(code: str) -> str:
    """Name a place where a story can be (promise 9)."""
    return {
        "no_consent": _("Without consent to look for themes"),
        "in_a_theme": _("In at least one theme"),
        "stands_alone": _("Standing alone"),
        "says_little": _("Saying little"),
        "waiting": _("Waiting to be themed"),
        "spoken": _("Spoken, waiting to be typed up"),
        "sealed": _("Sealed and not opened yet"),
        "withdrawn": _("Withdrawn"),
    }[code]


def reason(code: str) -> str:
    """Say why a story is in no theme; what a person wrote stays as it is."""
    return {
        "few_alike": _("Too few stories are like it"),
        "too_few_alike": _("Too few stories are like it"),
        "unlike_others": _("It is unlike the other stories"),
        "no_shared_words": _("No other story uses its words"),
        "empty": _("It has no words"),
        "not_heard": _("Nothing could be made out in the recording"),
        "no_words": _("It has no words"),
        "numbers_only": _("It has numbers only"),
        "one_word": _("It has one word that says little"),
        "nothing_to_add": _("It says that there is nothing to add"),
        "no_answer": _("It says that there is no answer"),
        "do_not_know": _("It says “do not know”"),
    }.get(code, code)


def limit(code: str) -> str:
    """Say what the machine could not do in a run, so that people read its proposals rightly."""
    name, _separator, about = code.partition(":")
    known = {
        "words_only": _(
            "The machine goes by words alone. Stories that say the same in other words may be "
            "apart."
        ),
        "negation_not_seen": _(
            "It hardly sees “not”: “kind” and “not kind” look alike to it. Read the stories."
        ),
        "no_model": _("The model that reads sentences is not installed."),
        "language_guessed": _("It guessed the language of some stories."),
        "languages_themed_apart": _(
            "Each language is themed by itself. Merge themes that say the same in two languages."
        ),
    }
    if name == "no_vectors":
        return _(
            "It goes by words alone in %(language)s: its model does not know that language.",
            language=own_name(about),
        )
    if name == "no_lemmas":
        return _("It does not know the word forms of %(language)s.", language=own_name(about))
    return known.get(name, code.replace("_", " "))


def step(code: str) -> str:
    """Name what a run is doing."""
    return {
        "language": _("Looking at languages"),
        "little": _("Setting apart what says little"),
        "words": _("Reading words"),
        "vectors": _("Reading sentences"),
        "space": _("Placing stories by their words"),
        "grouping": _("Grouping them"),
        "passages": _("Finding typical passages"),
    }.get(code, _("Starting"))


def source(code: str) -> str:
    """Say how a story came."""
    return {
        "web": _("told on the page"),
        "tablet": _("told on a tablet"),
        "paper": _("keyed in from paper"),
        "import": _("imported"),
        "demo": _("made up for the example"),
    }.get(code, code)


def suggested_by(code: str) -> str:
    """Say who found what could be hidden."""
    return {
        "rule": _("by a rule"),
        "names": _("perhaps a name"),
        "person": _("by a person"),
    }.get(code, code)


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
        "write_contract": _("wrote a version of the contract"),
        "name_stakeholder": _("wrote a line in the register of stakeholders"),
        "remove_stakeholder": _("took a line out of the register of stakeholders"),
        "seal_expectations": _("sealed what they expect"),
        "open_expectations": _("opened what was sealed"),
        "read_before_seals": _("read the first story before every evaluator had sealed"),
        "open_circle": _("opened a circle"),
        "close_circle": _("closed a circle"),
        "join_circle": _("took a seat in a circle"),
        "leave_circle": _("left a circle"),
        "come_back_to_circle": _("came back to a circle"),
        "go_on_without": _("went on without somebody who went away"),
        "renew_seat_code": _("gave out a new code of a seat"),
        "write_own_construction": _("wrote how they see it themselves"),
        "take_back_own_construction": _("took back how they see it themselves"),
        "write_joint_construction": _("wrote a version of what a circle says"),
        "remark": _("made a remark in a circle"),
        "take_back_remark": _("took back a remark in a circle"),
        "answer_construction": _("answered whether a version is theirs"),
        "name_alternative": _("let their own words stand beside the circle’s"),
        "note_hearing": _("noted whether somebody brought something new"),
        "write_card": _("wrote an evaluator’s card"),
        "move_round": _("went on in the collecting of claims, concerns and issues"),
        "write_alone": _("wrote a claim, concern or issue alone"),
        "put_aside": _("put aside what they wrote alone"),
        "add_item": _("wrote down a claim, concern or issue"),
        "add_passage": _("named words of a story as a source"),
        "item_resolved": _("called an item resolved"),
        "item_unresolved": _("called an item unresolved"),
        "item_information_wanted": _("asked for information on an item"),
        "item_reopened": _("opened an item again"),
        "item_repeat": _("put an item aside as said already"),
        "move_cycle": _("began a cycle or moved it to another phase"),
        "close_cycle": _("closed a cycle"),
        "carry_over": _("handed what was open on to the next cycle"),
        "add_action": _("kept an action"),
        "change_action": _("said what became of an action"),
        "put_statement": _("put a statement to groups"),
        "ask_group": _("put a statement to one more group"),
        "close_statement": _("closed a statement and showed it to all groups"),
        "answer_statement": _("answered a statement"),
        "take_back_position": _("took back an answer to a statement"),
        "rank_items": _("put what is unresolved in order"),
        "want_information": _("asked for something to be found out"),
        "change_information": _("gave a question to somebody else, or until another day"),
        "answer_information": _("answered a question"),
        "go_on_without_information": _("went on without an answer, for a group"),
        "wait_for_information": _("waits for an answer after all, for a group"),
        "begin_agenda": _("began an agenda"),
        "add_to_agenda": _("put an item on an agenda"),
        "change_agenda": _("changed an item of an agenda"),
        "take_off_agenda": _("took an item off an agenda"),
        "order_agenda": _("put an agenda in order"),
        "explain_word": _("explained a word"),
        "write_view": _("wrote how a group sees an item"),
        "confirm_view": _("said whether a view states what their group holds"),
        "send_agenda": _("sent an agenda to all groups"),
        "begin_session": _("began a session"),
        "take_turn": _("noted what a group said in its turn"),
        "outcome_full": _("wrote that groups agreed in full"),
        "outcome_partial": _("wrote that groups agreed in part"),
        "outcome_none": _("wrote that groups did not agree"),
        "end_session": _("ended a session"),
        "appeal": _("appealed"),
        "take_back_appeal": _("took an appeal back"),
        "answer_appeal": _("answered an appeal"),
        "uphold_appeal": _("upheld an appeal"),
        "member_check": _("said whether we got their words right"),
        "reply_to_teller": _("answered a teller"),
        "approve_words": _("said yes to words that were said together"),
        "take_back_words": _("took back the release of words"),
        "say_what_others_hold": _("said what another group holds"),
        "take_back_what_others_hold": _("took back what they said of another group"),
        "answer_what_others_say": _("said whether their group is in what others say of it"),
        "say_able_to_act": _("said whether they were able to act"),
        "take_back_able_to_act": _("took back whether they were able to act"),
        "make_report": _("wrote the case report"),
        "publish": _("published"),
        "roll_back": _("went back to an earlier build"),
    }.get(code, code.replace("_", " "))


def check_answer(code: str) -> str:
    """Say what a teller answered when they were shown a use of their words."""
    return {
        "thats_it": _("“That’s it”"),
        "change_it": _("“Change it”"),
        "not_that": _("“Not that”"),
    }[code]


def check_kind(code: str) -> str:
    """Say of which use of their words a teller spoke."""
    return {
        "theme": _("of the theme"),
        "quote": _("of their quote"),
        "construction": _("of a claim, concern or issue"),
    }[code]


def group(code: str | None) -> str:
    """Name a stakeholder group; one that inquiry.toml does not list keeps its code."""
    found = next((one for one in inquiry().groups if one.code == code), None)
    return inquiry().text(found.names, chosen()) if found else code or _("not said")


def cycle(code: str) -> str:
    """Name a cycle; one that inquiry.toml does not list keeps its code."""
    found = next((one for one in inquiry().cycles if one.code == code), None)
    return inquiry().text(found.names, chosen()) if found else code


def compared_by(code: str) -> str:
    """Name what stories can be compared by."""
    return {
        "group": _("Stakeholder group"),
        "cycle": _("Cycle"),
        "kind": _("Success or challenge"),
        "language": _("Language"),
        "place": _("Place"),
    }[code]


def kind(code: str | None) -> str:
    """Name the kind of story, as its teller says."""
    return {
        "success": _("success"),
        "challenge": _("challenge"),
        "both": _("success and challenge"),
    }.get(code or "", code or "")


def language(code: str) -> str:
    """Name a language in that language."""
    return own_name(code)


def stories(number: int) -> str:
    """Count stories in words."""
    return ngettext("%(num)d story", "%(num)d stories", number)


def length(seconds: int) -> str:
    """Write how long a recording is."""
    return _("%(minutes)d min %(seconds)d s", minutes=seconds // 60, seconds=seconds % 60)


def places(number: int) -> str:
    """Count places in a text in words."""
    return ngettext("%(num)d place", "%(num)d places", number)


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
        "statement": _("statement %(id)s", id=number),
        "agenda": _("agenda %(id)s", id=number),
        "build": _("build %(id)s", id=number),
        "contract": _("version %(id)s", id=number),
        "stake": _("line %(id)s", id=number),
        "seal": _("seal %(id)s", id=number),
        "cycle": _("cycle %(id)s", id=number),
        "circle": _("circle %(id)s", id=number),
        "item": _("item %(id)s", id=number),
        "action": _("action %(id)s", id=number),
        "lost_slip": _("they lost the slip with the code"),
        "asked_in_person": _("they asked in person"),
        "asked_by_phone_or_letter": _("they asked by phone or in writing"),
    }
    return known.get(what, text or "")
