"""Typing up: what was spoken becomes words, the teller's own words stay, and people read anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from par_toolkit.storage import (
    accounting,
    audit,
    codebook,
    codings,
    examples,
    journey,
    people,
    readings,
    redactions,
    releases,
    runs,
    shaping,
    stories,
    themes,
    typed,
    voices,
)
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from tests.voices import spoken

Tell = Callable[..., stories.Kept]


@pytest.fixture
def by(db: PrivateDatabase) -> Person:
    return people.set_password(db, people.add(db, "Made-up Mara", "facilitator"), "a long password")


@pytest.fixture
def other(db: PrivateDatabase) -> Person:
    return people.set_password(db, people.add(db, "Made-up Ben", "steward"), "a long password")


@pytest.fixture
def speak(tell: Tell) -> Callable[..., int]:
    """Hand out `speak("what was written", voice=…)`: a story told aloud, beside any writing."""

    def told(wrote: str = "", *, voice: Sequence[voices.Spoken] = ()) -> int:
        story = tell(wrote, voice=voice or (spoken(),)).story_id
        assert story is not None
        return story

    return told


def words(db: PrivateDatabase, story: int) -> str | None:
    found = stories.get(db, story)
    assert found is not None
    return found.answers.get("telling")


def type_up(db: PrivateDatabase, story: int, said: str, by: Person) -> None:
    typed.type_up(db, story, question="telling", words=said, by=by)


def test_what_was_said_is_an_answer_once_it_is_typed_up(
    db: PrivateDatabase, speak: Callable[..., int], by: Person
) -> None:
    story = speak()
    assert words(db, story) is None and stories.get(db, story).spoken  # type: ignore[union-attr]
    type_up(db, story, "The bus was late.", by)
    assert words(db, story) == "The bus was late."
    assert not stories.get(db, story).spoken  # type: ignore[union-attr]
    assert [row[2] for row in runs.texts(db)] == ["The bus was late."]
    account = accounting.account(db)
    assert account.balanced and (account.places["spoken"], account.places["waiting"]) == (0, 1)
    last = audit.listing(db, limit=1)[0]
    assert (last["action"], last["subject"]) == ("type_up_voice", f"story {story}")
    assert "bus" not in str(audit.listing(db))


def test_what_the_teller_wrote_is_never_overwritten(
    db: PrivateDatabase, speak: Callable[..., int], by: Person
) -> None:
    own = "I wrote this. 🚌"
    story = speak(own)
    hidden = redactions.add(db, story, question="telling", start=2, end=7, label="act", by=by)
    type_up(db, story, "And I said that.", by)
    assert words(db, story) == f"{own}\n\nAnd I said that."
    type_up(db, story, "And I said this.", by)
    assert words(db, story) == f"{own}\n\nAnd I said this."
    assert [one.id for one in redactions.for_story(db, story)] == [hidden]
    type_up(db, story, "", by)
    assert words(db, story) == own


def test_a_correction_drops_what_stood_on_the_words_and_every_yes(
    db: PrivateDatabase, speak: Callable[..., int], by: Person, other: Person
) -> None:
    story = speak()
    type_up(db, story, "Exemplar Bob drove.", by)
    redactions.add(db, story, question="telling", start=0, end=12, label="name", by=by)
    for person in (by, other):
        releases.approve(db, story, by=person)
    assert releases.state(db, story).released
    type_up(db, story, "Exemplar Rob drove.", other)
    assert redactions.for_story(db, story) == []
    assert releases.state(db, story) == releases.ReleaseState((), False)
    assert redactions.reviewed_texts(db, story) == {"telling": "Exemplar Rob drove."}
    assert audit.listing(db, limit=1)[0]["action"] == "correct_typing"


def test_the_same_words_again_change_nothing(
    db: PrivateDatabase, speak: Callable[..., int], by: Person, other: Person
) -> None:
    story = speak()
    type_up(db, story, "The same.", by)
    releases.approve(db, story, by=other)
    type_up(db, story, "The same.", by)
    assert releases.state(db, story).approved_by == (other.name,)


def test_promise_10_nothing_spoken_is_released_before_it_is_typed_up(
    db: PrivateDatabase, speak: Callable[..., int], by: Person
) -> None:
    story = speak("Some written words beside.")
    with pytest.raises(Refused, match="typed up"):
        releases.approve(db, story, by=by)
    type_up(db, story, "And said.", by)
    assert releases.approve(db, story, by=by).approved_by == (by.name,)


def test_every_part_of_a_question_is_typed_up_together_and_others_still_wait(
    db: PrivateDatabase, speak: Callable[..., int], by: Person
) -> None:
    parts = (spoken(b"1"), spoken(b"2"), spoken(b"3", question="next"))
    story = speak("Written.", voice=parts)
    type_up(db, story, "One and two.", by)
    assert [one.typed_up_at is None for one in voices.of_story(db, story)] == [False, False, True]
    assert stories.get(db, story).spoken  # type: ignore[union-attr]
    assert [step.what for step in journey.steps(db, story)][:2] == ["told", "spoken"]
    typed.type_up(db, story, question="next", words="More buses.", by=by)
    assert [step.what for step in journey.steps(db, story)][:2] == ["told", "typed_up"]


def test_nothing_can_be_made_out(
    db: PrivateDatabase, speak: Callable[..., int], by: Person
) -> None:
    """It says little, with the reason, and is not lost; words found later take it off the shelf."""
    story = speak()
    type_up(db, story, "", by)
    assert [(one.kind, one.reason) for one in themes.shelf(db)] == [
        ("says_little", typed.NOT_HEARD)
    ]
    account = accounting.account(db)
    assert account.balanced and account.places["says_little"] == 1
    type_up(db, story, "It was the bus.", by)
    assert themes.shelf(db) == []
    assert accounting.account(db).places["waiting"] == 1


def test_a_theme_keeps_no_word_and_no_place_of_what_was_corrected(
    db: PrivateDatabase, speak: Callable[..., int], by: Person
) -> None:
    story = speak()
    said = "The quinceblossom bus came late again and again."
    type_up(db, story, said, by)
    texts = [runs.Text(story, "telling", said, "en", "0")]
    theme = runs.ProposedTheme(
        ["quinceblossom"], [runs.ProposedMember(story, 1.0, "telling", 4, 17)]
    )
    runs.record(db, runs.RunRecord(0, {}, {}, "0", [], 0.0, texts, [theme], []))
    (proposed,) = themes.listing(db)
    shaping.endorse(db, proposed.id, by=by)
    type_up(db, story, "The bus.", by)
    (member,) = themes.members(db, proposed.id)
    assert (member.question, member.start, member.end) == ("telling", 0, len("The bus."))
    assert themes.listing(db)[0].words == ()


@pytest.mark.parametrize("question", ["title", "nothing of the kind", ""])
def test_only_what_was_spoken_is_typed_up(
    db: PrivateDatabase, speak: Callable[..., int], by: Person, question: str
) -> None:
    story = speak("Written.")
    with pytest.raises(Refused, match="not here"):
        typed.type_up(db, story, question=question, words="Made up.", by=by)
    with pytest.raises(Refused, match="not here"):
        typed.type_up(db, story + 1, question="telling", words="Made up.", by=by)


def test_codes_on_typed_words_go_when_these_are_corrected(
    db: PrivateDatabase, speak: Callable[..., int], by: Person
) -> None:
    """They were said of other words; those on what the teller wrote stay."""
    story = speak("I wrote this.")
    type_up(db, story, "The bus was never late.", by)
    code = codebook.add(db, codebook.Words("Late"), by=by).id
    wrote = codings.Passage(story, "telling", 0, 13)
    said = codings.Passage(story, "telling", 15, 38)
    for passage in (wrote, said):
        codings.say(db, passage, code, yes=True, by=by)
        examples.add(db, code, passage, by=by)
    undone = codings.say(db, said, code, yes=False, by=by)
    codings.undo(db, story, by=by, act=undone)
    readings.finish(db, story, by=by)
    type_up(db, story, "No.", by)
    assert [one.passage for one in codings.of_story(db, story)] == [wrote]
    assert [one.words for one in examples.listing(db)] == ["I wrote this."]
    assert story not in readings.listing(db)
    codings.say(db, codings.Passage(story, "telling", 15, 18), code, yes=True, by=by)
    assert len(codings.of_story(db, story)) == 2, "nothing new is undone from the start"


def test_a_run_does_not_place_words_that_were_corrected_meanwhile(
    db: PrivateDatabase, speak: Callable[..., int], by: Person
) -> None:
    story = speak()
    type_up(db, story, "The bus to Zirkonia was late.", by)
    ((_, question, text, _),) = runs.texts(db)
    read = runs.Text(story, question, text, "en", "00")
    assert runs.gone_since(db, [read]) == set()
    type_up(db, story, "The bus.", by)
    assert runs.gone_since(db, [read]) == {story}
    member = runs.ProposedMember(story, 0.9, question, 11, 19)
    theme = runs.ProposedTheme(["bus", "zirkonia"], [member])
    runs.record(db, runs.RunRecord(0, {}, {}, "", [], 0.0, [read], [theme], []))
    assert themes.of_story(db, story) == [] and themes.listing(db) == []
    assert accounting.account(db).places["waiting"] == 1
