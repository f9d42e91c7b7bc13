"""Make the demo: a real inquiry folder, filled through the same doors that people use."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import forms
from par_toolkit import inquiry as inquiries
from par_toolkit import publishing
from par_toolkit.demo import beginning, coding, content, making_sense, reading, settings, shaping
from par_toolkit.demo.content import DemoContent, DemoFeedback, DemoReflection, DemoStory
from par_toolkit.demo.making import Making
from par_toolkit.inquiry import Inquiry, InquiryError
from par_toolkit.inquiry.model import FILE
from par_toolkit.reviewing import suggest_redactions
from par_toolkit.storage import keys, people, redactions, releases, stories, withdrawals
from par_toolkit.storage.database import open_database
from par_toolkit.storage.people import Person
from par_toolkit.theming import propose
from par_toolkit.wording import remember_wording

Told = DemoStory | DemoReflection | DemoFeedback

#: Called with what is being done, how many steps are done, and how many there are.
Progress = Callable[[str, int, int], None]
STEPS: Final = (
    "Agreeing",
    "Telling",
    "Theming",
    "Reviewing",
    "Making sense",
    "Publishing",
    "Coding",
)
SEED: Final = 0


def make(folder: Path, *, progress: Progress | None = None) -> Inquiry:
    """Make the demo in `folder` and return it; one that is there already is used as it is.

    The folder appears only when the demo is whole. Raises InquiryError where `folder` holds
    anything else.
    """
    if (folder / FILE).exists():
        here = inquiries.load(folder)
        if not here.example:
            raise InquiryError(f"{folder} holds a real inquiry. Choose another folder: --folder F")
        return here
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InquiryError(f"{folder} is not empty. Choose another folder: --folder F")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".par-demo-", dir=folder.parent) as place:
        made = Path(place) / "demo"
        _fill(made, content.load(), progress or (lambda *_: None))
        if folder.exists():
            folder.rmdir()
        made.replace(folder)
    return inquiries.load(folder)


def receipt_of(folder: Path, key: str) -> str:
    """Return the receipt code of an example telling: always the same, and only in this folder."""
    return f"{int(keys.mark(folder, 'demo receipt', key), 16) % 10**16:016d}"


def story_to_try(told: DemoContent) -> DemoStory:
    """Choose the story whose receipt code visitors try: one that has come all the way."""
    return next(one for one in told.stories if one.release and one.theme and not one.withdrawn)


def _fill(folder: Path, told: DemoContent, progress: Progress) -> None:
    today = datetime.now(UTC)
    here = _settle(folder, told, today.date())
    with open_database(folder, create=True) as db:
        making = Making(db, here, told, today)
        remember_wording(db, here)
        for number, (step, work) in enumerate(
            zip(
                STEPS,
                (_agree, _tell, _theme, _review, _make_sense, _publish, _code),
                strict=True,
            )
        ):
            progress(step, number, len(STEPS))
            work(making)
        progress(STEPS[-1], len(STEPS), len(STEPS))


def _settle(folder: Path, told: DemoContent, today: date) -> Inquiry:
    """Make the folder with the settings of the made-up place."""
    place = settings.moved_to(told.place, today)
    begun = inquiries.create(
        folder, name=place.name, locality=place.locality, languages=place.languages
    )
    text = settings.inquiry_toml(place, begun.consent)
    (folder / FILE).write_text(text, encoding="utf-8")
    return inquiries.load(folder)


def _agree(making: Making) -> None:
    """Bring in the people of the desk, and what they agree with the community before all begins."""
    for one in making.content.people:
        code = people.add(making.db, one.name, one.role)
        making.people[one.name] = people.set_password(making.db, code, making.content.password)
    with making.db.writing():
        beginning.begin(making, reading.load_contract())


def _tell(making: Making) -> None:
    """Bring in everything that is told."""
    with making.db.writing():
        _keep(making, "story", making.content.stories)
        _keep(making, "reflection", making.content.reflections)
        _keep(making, "feedback", making.content.feedback)


def _keep(making: Making, form_name: str, told: tuple[Told, ...]) -> None:
    form = forms.load(form_name)
    for cycle in making.inquiry.cycles:
        of_cycle = [one for one in told if one.cycle == cycle.code]
        ends = min(cycle.ends, making.today.date())
        for place, one in enumerate(of_cycle):
            day = cycle.starts + (ends - cycle.starts) * (2 * place + 1) / (2 * len(of_cycle))
            at = datetime.combine(day, time(9 + place % 11, 7 * place % 60), UTC)
            kept = stories.keep(
                making.db,
                stories.Told(
                    uuid=str(uuid5(NAMESPACE_URL, f"par-toolkit demo {form_name} {one.key}")),
                    form=form.name,
                    form_version=form.version,
                    language=one.language,
                    answers=_checked(making, form, one),
                    words=form.words,
                    consent=one.consent,
                    wording=making.inquiry.consent.wording,
                    source="demo",
                    themed=form.themed,
                    receipt=receipt_of(making.db.folder, one.key),
                    cycle=cycle.code,
                    contact=one.contact if isinstance(one, DemoStory) else None,
                    told_at=min(at, making.today).isoformat(timespec="seconds"),
                ),
            )
            assert kept.story_id is not None
            making.ids[one.key] = kept.story_id


def _checked(making: Making, form: forms.Form, one: Told) -> dict[str, object]:
    """Check a telling as any other door does."""
    options = making.inquiry.options(one.language)
    checked = forms.validate(form, one.answers, options=options, language=one.language)
    if checked.errors:
        raise InquiryError(f"The example '{one.key}' is not right: {checked.errors}")
    return checked.answers


def _theme(making: Making) -> None:
    """Let the machine propose, then let people make of it what they settled on."""
    told = making.content
    propose(making.db, making.inquiry, count=len(told.themes), seed=SEED)
    wanted = {
        theme.key: {making.ids[one.key] for one in told.stories if one.theme == theme.key}
        for theme in told.themes
    }
    shaping.shape(
        making.db,
        told.themes,
        wanted,
        [making.ids[one.key] for one in told.stories if one.stands_alone],
        by=making.somebody("facilitator"),
        endorser=making.somebody("evaluator"),
    )


def _review(making: Making) -> None:
    """Read, redact and release what the made-up readers release; the rest waits on the desk."""
    told = making.content
    reader, second = making.somebody("facilitator"), making.somebody("steward")
    ways: tuple[Told, ...] = (*told.reflections, *told.feedback)
    others = [one for one in ways if one.consent["quote"]]
    released: list[Told] = [one for one in told.stories if one.release]
    for one in (*released, *others):
        story = making.ids[one.key]
        stories.mark_read(making.db, story)
        suggest_redactions(making.db, making.inquiry, story)
        _redact(making, one, reader)
        for person in (reader, second):
            releases.approve(making.db, story, by=person)


def _redact(making: Making, one: Told, reader: Person) -> None:
    """Decide on what the machine suggests, and hide what the made-up readers hide."""
    story = making.ids[one.key]
    spans = {}
    if isinstance(one, DemoStory):
        spans = {redaction.span(one.telling): redaction.label for redaction in one.redact}
    for suggested in redactions.for_story(making.db, story):
        meant = suggested.question == "telling" and (suggested.start, suggested.end) in spans
        redactions.decide(making.db, suggested.id, accept=meant, by=reader)
    for (start, end), label in spans.items():
        redactions.add(
            making.db, story, question="telling", start=start, end=end, label=label, by=reader
        )


def _make_sense(making: Making) -> None:
    """Hold the meetings of two cycles; the second goes on."""
    with making.db.writing():  # one write to disk instead of hundreds
        making_sense.hold(making, reading.load(), receipt_of)


def _publish(making: Making) -> None:
    """Publish, and then show that a teller can take a story back."""
    folder = making.db.folder
    publishing.publish(folder, by=making.somebody("steward"))
    for one in making.content.stories:
        if one.withdrawn:
            withdrawals.withdraw(making.db, receipt_of(folder, one.key))
    publishing.follow_withdrawals(folder, db=making.db)


def _code(making: Making) -> None:
    """Write the codebook and read some stories with it; the rest waits for visitors."""
    told = making.content
    codes = coding.write_codebook(making.db, told.codes, by=making.somebody("facilitator"))
    coding.read(making.db, told.readings, codes, making.ids, making.people)
