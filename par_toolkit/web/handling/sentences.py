"""The words for what storage keeps as codes: refusals, places, states, roles and others."""

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
        "no_contact": _("Nobody has told us how to reach them."),
        "no_reason_words": _("Say in a few words why you need to reach them."),
        "undecided": _("Decide on each suggested redaction first: hide it, or leave it as it is."),
        "bad_span": _("Select some of the teller’s words first."),
        "bad_label": _("Say in a few words what is hidden, such as: name."),
        "bad_name": _("Give a name: not empty, on one line, and not too long."),
        "bad_role": _("Choose one of the roles in the list."),
        "name_taken": _(
            "Somebody with this name is here already, in another role. Choose another name."
        ),
        "same_theme": _("Choose another theme to merge into."),
        "no_topic": _("Choose from the topics on this page."),
        "nothing_to_mark": _("It is not there any more. Load the page again."),
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
        "common_password": _(
            "Many people use this password, or it is easy to guess. Choose three or four words "
            "that do not belong together."
        ),
        "wrong_old_password": _("The password that you have now is not right."),
        "wrong_code": _(
            "This code is not right, or it was used before. Wait for the next one and try again. "
            "Look too whether the clocks of both devices are right."
        ),
        "second_there": _("You have a second step already. End it first."),
        "no_second": _("There is no second step here. Look once more."),
        "yourself": _("Another person has to do this for you."),
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
        "own_build": _(
            "You asked for this build yourself, and one yes is enough here. Ask another steward to "
            "read it."
        ),
        "taken_back_since": _(
            "This build shows words that were redacted or taken back since. Say no to it, and have "
            "a new one made."
        ),
        "too_few_since": _(
            "This build shows numbers, or what stands beside quotes, that too few people share by "
            "what is asked today. Say no to it, and have a new one made."
        ),
        "not_waiting": _(
            "That build does not wait any more: another took its place, or it went live. Look at "
            "what waits now."
        ),
        "no_build": _("That build is not kept any more. Choose another."),
        "spoken": _("Type up what was said first. Then the words can be read and released."),
        "asked_already": _("Somebody has asked for a copy already. Look once more."),
        "no_withdrawal_reason": _("Say how the teller asked for it."),
        "withdrawal_asked": _("Somebody has asked for this withdrawal already. Look once more."),
        "same_person": _("Another person has to say yes to what you asked for."),
        "not_agreed": _("A second person has to say yes first, and whoever asked takes the copy."),
        "request_ended": _("This request has ended. If it is still needed, ask once more."),
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
        "guest": _("guest"),
        "participant": _("participant"),
        "command line": _("command line"),
        "program": _("the program itself"),
        "device": _("tablet"),
    }.get(code, code)


def kept_kind(code: str) -> str:
    """Name what is erased for its age."""
    return {
        "stories": _("Stories and other answers"),
        "contact": _("How to reach tellers"),
        "help": _("Calls for help that are done with"),
        "devices": _("Tablets that are not used here any more"),
    }[code]


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


def help_state(code: str) -> str:
    """Name how far a request for help has come."""
    return {"new": _("New"), "seen": _("Seen"), "done": _("Done")}[code]


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
            "Some languages are themed by themselves. Merge themes that say the same in two "
            "languages."
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
