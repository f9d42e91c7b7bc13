"""What became of a story, in sentences for the person who told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing.swap import live_build
from par_toolkit.storage import contacts, journey, redactions, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.journey import Step
from par_toolkit.storage.sensemaking import actions, checks
from par_toolkit.storage.sensemaking.word_uses import Use
from par_toolkit.web import asked


@dataclass(frozen=True)
class Answer:
    """One answer as its teller finds it again, and how it `reads` where places are hidden."""

    question: str
    words: str
    reads: str


@dataclass(frozen=True)
class Done:
    """What a story led to: what was decided, what became of it, in a sentence, and since when."""

    what: str
    state: str
    words: str
    day: str


@dataclass(frozen=True)
class Used:
    """One use of a teller's words, with what they said of it last; `place` is its part of the page.

    `changed`: it reads otherwise since.
    """

    use: Use
    place: str
    title: str
    words: str
    meaning: str
    made_from: tuple[str, ...]
    check: checks.Check | None
    said: str
    day: str
    reply_day: str
    changed: bool


@dataclass(frozen=True)
class Journey:
    """One story under a receipt, ready for the page; `led_to` is 'you said, we did'.

    `contact_noted` is the day on which its teller said how to reach them; '' where they did not.
    """

    id: int
    title: str
    steps: list[tuple[str, str]]
    answers: list[Answer]
    consent: dict[str, bool]
    contact_noted: str
    led_to: list[Done]
    uses: list[Used]


def of_story(db: PrivateDatabase, inquiry: Inquiry, story_id: int, language: str) -> Journey | None:
    """Return the journey of one story in `language`; None where it is gone."""
    story = stories.get(db, story_id)
    if story is None:
        return None
    reads = redactions.reviewed_texts(db, story_id)
    build = live_build(inquiry.folder)
    steps = journey.steps(db, story_id, live_build=build)
    return Journey(
        id=story.id,
        title=_title(inquiry, story, language),
        steps=[(sentence(step), day(step.at)) for step in steps],
        answers=[
            Answer(one.asked, one.text, reads.get(one.question, one.text))
            for one in asked.answers_of(inquiry, story, language)
        ],
        consent=story.consent,
        contact_noted=day(contacts.noted(db, story_id)),
        led_to=[
            Done(one.what, action_state(one.state), one.words, day(one.since))
            for one in actions.of_story(db, story_id)
        ],
        uses=[_used(one) for one in checks.uses(db, story_id, live_build=build)],
    )


def _used(shown: checks.Shown) -> Used:
    said = shown.check
    return Used(
        use=shown.use,
        place=place_of(shown.use),
        title={
            "theme": _("The theme that people put it under"),
            "quote": _("The words that stand for it"),
            "construction": _("What people made of it, with what others said"),
        }[shown.use.kind],
        words=shown.words,
        meaning=shown.meaning,
        made_from=shown.made_from,
        check=said,
        said=check_answer(said.answer) if said else "",
        day=day(said.at) if said else "",
        reply_day=day(said.replied_at) if said else "",
        changed=shown.changed,
    )


def place_of(use: Use, refused: Refused | None = None) -> str:
    """Return the id of the answers about a use; of the words where those were `refused`."""
    wordy = refused is not None and refused.reason in ("say_what_to_change", "too_long")
    return f"use-{use.story}-{use.kind}-{use.reference}{'-words' if wordy else ''}"


def check_answer(code: str) -> str:
    """Say what a teller says of a use of their words."""
    return {
        "thats_it": _("That’s it"),
        "change_it": _("Change it"),
        "not_that": _("Not that"),
    }[code]


def refusal(refused: Refused) -> str:
    """Say to a teller why what they said was not kept."""
    return {
        "no_check_answer": _("Choose one of the answers first."),
        "say_what_to_change": _("Say in your words what to change."),
        "no_use": _("Your words are not used in this way any more."),
        "too_long": _("That is too long. Use fewer words."),
    }.get(refused.reason, str(refused))


def _title(inquiry: Inquiry, story: stories.Story, language: str) -> str:
    """Return the title that the teller gave, else what the form is called."""
    own = story.answers.get("title")
    if isinstance(own, str):
        return own
    form = asked.form_of(inquiry, story.form, story.form_version)
    return form.text(form.titles, language) if form else story.form


def sentence(step: Step) -> str:
    """Tell one step in plain words."""
    if step.what == "redacted":
        return ngettext(
            "One place was hidden that could show who somebody is.",
            "%(num)d places were hidden that could show who somebody is.",
            int(step.detail or 1),
        )
    known = {
        "told": _("It arrived and is kept."),
        "spoken": _("Your voice was recorded. It is being typed up by people of this inquiry."),
        "typed_up": _("What you said was typed up by people of this inquiry."),
        "read": _("Somebody from this inquiry has read it."),
        "released": _("Two people agreed that its words may be shared, as far as you allow it."),
        "proposed": _(
            "It was sorted by machine beside other stories. People have not decided yet."
        ),
        "themed": _("People put it under the theme “%(theme)s”.", theme=step.detail),
        "stands_alone": _("It says something that no other story says. It is kept as it stands."),
        "says_little": _("It has few words, so it is counted but not sorted into a theme."),
        "quoted": _("Some of its sentences stand in the findings now, without your name."),
        "published": _("The whole of it stands in the findings now, without your name."),
    }
    return known.get(step.what, step.what)


def action_state(code: str) -> str:
    """Say to whoever told what became of an action."""
    return {
        "open": _("This will be done."),
        "done": _("This was done."),
        "changed": _("This will be done in another way."),
        "dropped": _("This will not be done."),
    }[code]


def day(at: str | None) -> str:
    """Write the day of a time for people; '' where none is kept."""
    return format_date(datetime.fromisoformat(at), "long") if at else ""
