"""The made-up inquiry is whole, plainly an example, and shows both shown and hidden figures."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import forms
from par_toolkit.demo import content
from par_toolkit.demo.content import (
    DemoContent,
    DemoFeedback,
    DemoRedaction,
    DemoReflection,
    DemoStory,
)

LITTLE = 6  # words: a telling this short says little
LONGEST = 230  # words: a telling that still reads well on one page of the demo


@pytest.fixture(scope="module")
def demo() -> DemoContent:
    return content.load()


def words(text: str) -> int:
    return len(text.split())


def everything_told(demo: DemoContent) -> list[DemoStory | DemoReflection | DemoFeedback]:
    return [*demo.stories, *demo.reflections, *demo.feedback]


def without_comments(path: Path) -> str:
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


def counted(demo: DemoContent) -> list[DemoStory]:
    """Keep the stories whose tellers are counted: not withdrawn, and may be analysed."""
    return [story for story in demo.stories if story.consent["analyse"] and not story.withdrawn]


# ------------------------------------------------------------------------------------ the place


def test_the_place_is_plainly_made_up(demo: DemoContent) -> None:
    place = demo.place
    assert place.locality == "Wendlemouth"
    assert (place.population, place.population_year) == (48_000, 2026)
    assert place.population_source == "made up for this example"
    assert "example" in place.name
    assert place.threshold == 5


def test_the_place_speaks_english_and_french_everywhere(demo: DemoContent) -> None:
    place = demo.place
    assert place.languages == ("en", "fr")
    texts = [place.notice, place.about, place.contact, place.confidentiality]
    texts += [group.names for group in place.groups]
    texts += [cycle.names for cycle in place.cycles]
    texts += [contact.names for contact in place.help_contacts]
    texts += [contact.details for contact in place.help_contacts]
    texts += [theme.meaning for theme in demo.themes]
    for text in texts:
        assert set(text) == {"en", "fr"}
        assert all(text.values())


def test_there_are_six_groups_and_two_cycles_that_follow_each_other(demo: DemoContent) -> None:
    assert len({group.code for group in demo.place.groups}) == 6
    first, second = demo.place.cycles
    assert (first.code, second.code) == ("y2025_26", "y2026_27")
    codes = [group.code for group in demo.place.groups] + [first.code, second.code]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", code) for code in codes)  # as inquiry.toml asks
    assert first.ends + timedelta(days=1) == second.starts


# ---------------------------------------------------------------------------------- the stories


def test_there_are_enough_stories_and_a_third_are_french(demo: DemoContent) -> None:
    languages = Counter(story.language for story in demo.stories)
    assert set(languages) == {"en", "fr"}
    assert languages["en"] >= 44
    assert languages["fr"] >= 22
    assert languages["fr"] * 3 >= len(demo.stories)


def test_keys_are_unique_and_no_telling_or_title_is_repeated(demo: DemoContent) -> None:
    for rows in (demo.stories, demo.themes, demo.reflections, demo.feedback):
        keys = [row.key for row in rows]
        assert len(set(keys)) == len(keys)
        assert all(re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", key) for key in keys)
    assert len({story.telling for story in demo.stories}) == len(demo.stories)
    assert len({story.title for story in demo.stories}) == len(demo.stories)


def test_no_two_stories_share_a_sentence(demo: DemoContent) -> None:
    said = Counter(
        sentence.strip()
        for story in demo.stories
        for sentence in set(re.split(r"(?<=[.!?»])\s+", story.telling))
        if words(sentence) >= 6
    )
    assert [sentence for sentence, times in said.items() if times > 1] == []


def test_groups_cycles_kinds_and_themes_are_known(demo: DemoContent) -> None:
    groups = {group.code for group in demo.place.groups}
    cycles = {cycle.code for cycle in demo.place.cycles}
    themes = {theme.key for theme in demo.themes}
    for story in demo.stories:
        assert story.group in groups, story.key
        assert story.cycle in cycles, story.key
        assert story.kind in {"success", "challenge", "both"}, story.key
        assert story.theme is None or story.theme in themes, story.key
    for row in everything_told(demo):
        assert row.cycle in cycles, row.key
        assert row.language in demo.place.languages, row.key


def test_lengths_vary_and_stay_within_what_reads_well(demo: DemoContent) -> None:
    lengths = [words(story.telling) for story in demo.stories]
    assert max(lengths) <= LONGEST
    assert sum(length > 150 for length in lengths) >= 2
    assert sum(30 < length <= 70 for length in lengths) >= 8
    for story in demo.stories:
        assert 0 < words(story.title) <= 14, story.key
        assert words(story.changed) <= 45, story.key
        assert words(story.next) <= 45, story.key


def test_a_few_stories_say_little_in_both_languages(demo: DemoContent) -> None:
    little = [story for story in demo.stories if words(story.telling) <= LITTLE]
    assert {story.language for story in little} == {"en", "fr"}
    assert 3 <= len(little) <= 8
    assert all(story.theme is None and not story.release for story in little)


def test_joined_keeps_paragraphs_and_undoes_wrapping() -> None:
    assert content.joined("one\ntwo\n\nthree\n   four\n") == "one two\n\nthree four"
    assert content.joined("") == ""


def test_answers_leave_out_what_was_not_said(demo: DemoContent) -> None:
    by_key = {story.key: story for story in demo.stories}
    assert by_key["nothing-really"].answers == {
        "telling": "Nothing really.",
        "title": "Nothing",
        "kind": "both",
        "group": "residents",
    }
    assert {"changed", "next"} <= set(by_key["the-bench"].answers)


@pytest.mark.parametrize(
    ("name", "told"),
    [("story", "stories"), ("reflection", "reflections"), ("feedback", "feedback")],
)
def test_the_shipped_forms_take_every_answer_unchanged(
    demo: DemoContent, name: str, told: str
) -> None:
    form = forms.load(name)
    for row in getattr(demo, told):
        options = {
            "groups": [(group.code, group.names[row.language]) for group in demo.place.groups],
            "cycles": [(cycle.code, cycle.names[row.language]) for cycle in demo.place.cycles],
        }
        checked = forms.validate(form, row.answers, options=options, language=row.language)
        assert checked.errors == {}, row.key
        assert checked.answers == row.answers, row.key


# ------------------------------------------------------------------------------------ the themes


def test_themes_bring_together_groups_languages_and_both_kinds(demo: DemoContent) -> None:
    assert 7 <= len(demo.themes) <= 8
    for theme in demo.themes:
        members = [story for story in demo.stories if story.theme == theme.key]
        assert theme.name and theme.name_fr
        assert len(members) >= 5, theme.key
        assert len({story.group for story in members}) >= 2, theme.key
        assert {story.language for story in members} == {"en", "fr"}, theme.key
        assert {story.kind for story in members} >= {"success", "challenge"}, theme.key
        assert len({story.cycle for story in members}) == 2, theme.key


def test_each_theme_has_released_words_of_at_least_three_people(demo: DemoContent) -> None:
    released = Counter(story.theme for story in demo.stories if story.release)
    assert all(released[theme.key] >= 3 for theme in demo.themes), released


def test_about_four_in_five_stories_have_a_theme_and_some_still_wait(demo: DemoContent) -> None:
    themed = sum(story.theme is not None for story in demo.stories)
    assert 0.72 <= themed / len(demo.stories) <= 0.88
    waiting = [
        story
        for story in counted(demo)
        if story.theme is None and not story.stands_alone and words(story.telling) > LITTLE
    ]
    assert len(waiting) >= 3


def test_two_or_three_voices_stand_alone_outside_every_theme(demo: DemoContent) -> None:
    alone = [story for story in demo.stories if story.stands_alone]
    assert 2 <= len(alone) <= 3
    assert all(story.theme is None for story in alone)


# ------------------------------------------------------------------- figures shown and hidden


def test_promise_11_each_cycle_has_figures_on_both_sides_of_the_threshold(
    demo: DemoContent,
) -> None:
    cells = Counter((story.group, story.cycle) for story in counted(demo))
    for cycle in demo.place.cycles:
        counts = [cells[group.code, cycle.code] for group in demo.place.groups]
        assert sum(count >= demo.place.threshold for count in counts) >= 2, cycle.code
        assert sum(0 < count < demo.place.threshold for count in counts) >= 2, cycle.code


# ------------------------------------------------------------------------------------- consent


def test_promise_05_consent_names_every_use_and_holds_together(demo: DemoContent) -> None:
    for row in everything_told(demo):
        assert tuple(row.consent) == content.USES, row.key
        if row.consent["publish"]:
            assert row.consent["quote"], row.key
        if row.consent["quote"]:
            assert row.consent["analyse"], row.key


def test_promise_08_only_words_with_consent_are_released(demo: DemoContent) -> None:
    for story in demo.stories:
        if story.release:
            assert story.consent["quote"] or story.consent["publish"], story.key
            assert not story.withdrawn, story.key
        if story.theme or story.stands_alone:
            assert story.consent["analyse"], story.key


def test_consent_is_varied(demo: DemoContent) -> None:
    given = [story.consent for story in demo.stories]
    assert sum(not any(consent.values()) for consent in given) == 1
    assert sum(consent["analyse"] and not consent["quote"] for consent in given) >= 5
    assert 0.25 <= sum(consent["publish"] for consent in given) / len(given) <= 0.45
    assert sum(consent["quote"] for consent in given) > len(given) / 2


def test_some_themed_words_still_wait_for_release(demo: DemoContent) -> None:
    waiting = [s for s in demo.stories if s.theme and s.consent["quote"] and not s.release]
    assert len(waiting) >= 3


def test_promise_06_exactly_one_story_is_withdrawn(demo: DemoContent) -> None:
    (withdrawn,) = [story for story in demo.stories if story.withdrawn]
    # Its own phrase, so that a look at the findings can show that no byte of it is left.
    assert "purple umbrella" in withdrawn.telling
    others = (story.telling for story in demo.stories if story is not withdrawn)
    assert not any("umbrella" in telling for telling in others)


# ---------------------------------------------------------------------------------- redactions


def test_redacted_words_stand_once_in_their_telling(demo: DemoContent) -> None:
    redacted = [story for story in demo.stories if story.redact]
    assert len(redacted) >= 3
    assert any(story.release for story in redacted)
    for story in redacted:
        for redaction in story.redact:
            assert story.telling.count(redaction.text) == 1, story.key
            start, end = redaction.span(story.telling)
            assert story.telling[start:end] == redaction.text


def test_redaction_span_counts_code_points_and_refuses_words_not_there() -> None:
    redaction = DemoRedaction(text="Mme Exemple", label="name")
    assert redaction.span("é 𝄞 Mme Exemple") == (4, 15)
    with pytest.raises(ValueError, match="substring not found"):
        redaction.span("nobody")


def test_every_phone_number_is_from_a_range_for_made_up_stories(demo: DemoContent) -> None:
    """020 7946 0xxx and 01 99 00 xx xx are set aside for drama."""
    for path in Path(content.__file__).parent.glob("*.toml"):
        numbers = re.findall(r"(?<!\d)0\d[\d ]{7,}\d", without_comments(path))
        for number in numbers:
            assert re.fullmatch(r"020 7946 0\d{3}|01 99 00 \d\d \d\d", number), number


def test_numbers_names_and_addresses_in_tellings_are_all_marked_for_redaction(
    demo: DemoContent,
) -> None:
    told = re.compile(r"0\d[\d ]{7,}\d|\b(?:Dr|Mme|Mrs) [A-Z]\w+|\d+ (?:Imaginary Row|rue \w+)")
    for story in demo.stories:
        marked = {redaction.text for redaction in story.redact}
        assert set(told.findall(story.telling)) <= marked, story.key
        assert not told.search(" ".join((story.title, story.changed, story.next))), story.key


# --------------------------------------------------- reflections, feedback, people, every file


def test_there_are_reflections_and_feedback_in_both_languages_and_cycles(
    demo: DemoContent,
) -> None:
    for rows in (demo.reflections, demo.feedback):
        assert len(rows) >= 8
        assert {row.language for row in rows} == {"en", "fr"}
        assert len({row.cycle for row in rows}) == 2
    assert {row.heard for row in demo.feedback} == {"yes", "partly", "no"}
    assert all(row.what and row.so_what and row.now_what for row in demo.reflections)


def test_promise_05_stories_read_for_codes_may_be_analysed_and_their_codes_are_known(
    demo: DemoContent,
) -> None:
    told = {one.key: one for one in demo.stories}
    codes, people = {one.key for one in demo.codes}, {one.name for one in demo.people}
    assert len({one.story for one in demo.readings}) == len(demo.readings)
    for one in demo.readings:
        assert told[one.story].consent["analyse"] and not told[one.story].withdrawn
        assert {one.by, one.also or one.by} <= people and one.by != one.also
        assert {*one.codes, *one.no} <= codes
    assert codes == {code for one in demo.readings for code in one.codes}
    read = [told[one.story].language for one in demo.readings]
    assert read.count("en") >= 20 and read.count("fr") >= 10 and len(demo.stories) - len(read) >= 15
    assert sum(one.also is not None for one in demo.readings) >= 5


def test_enough_people_sign_in_for_two_to_release(demo: DemoContent) -> None:
    assert Counter(person.role for person in demo.people) == {
        "facilitator": 1,
        "evaluator": 1,
        "steward": 2,
        "safeguarding": 1,
    }
    assert len({person.name for person in demo.people}) == len(demo.people)
    assert all("example" in person.name.lower() for person in demo.people)
    assert len(demo.password) >= 15


def test_every_file_says_that_it_is_an_example() -> None:
    paths = sorted(Path(content.__file__).parent.glob("*.toml"))
    assert [path.stem for path in paths] == [
        "codebook",
        "contract",
        "feedback",
        "first_cycle",
        "people",
        "place",
        "reflections",
        "second_cycle",
        "stories",
        "themes",
    ]
    for path in paths:
        assert path.read_text("utf-8").startswith("# EXAMPLE. "), path.name


def test_a_misspelt_field_or_use_is_refused() -> None:
    consent = {"analyse": True, "quote": True, "publish": False}
    row: dict[str, Any] = {"key": "x", "consent": consent}
    with pytest.raises(KeyError, match="contact"):
        content._with_consent(row)
    consent |= {"contact": False, "sell": True}
    with pytest.raises(KeyError, match="sell"):
        content._with_consent(row)
