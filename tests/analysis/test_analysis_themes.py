"""Themes: each text in one place, the same bytes again, words that several people used."""

import json
import math
import re
from collections import Counter
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import grouping, themes
from analysis.reading import read
from analysis.space import VectorSpace, WordSpace, unit
from analysis.typical import as_written, typical_words

BUS = [
    "The bus to the clinic was late and the driver would not wait",
    "My bus was cancelled so I missed the clinic",
    "Buses never come on time to the health centre",
]
NURSE = [
    "The nurse listened to me and explained everything",
    "A kind nurse listened to my worries",
    "Nurses who listen make all the difference",
]
INTERPRETER = [
    "No interpreter was there for my mother",
    "The interpreter did not speak our dialect",
    "We need an interpreter at the pharmacy",
]
FRENCH = [
    "L'infirmière m'a écoutée avec patience",
    "Une infirmière gentille m'a écouté",
    "L'infirmière écoute les familles",
]
STORIES = [*BUS, *NURSE, *INTERPRETER, "My cat likes volcanoes", "Nothing.", "n/a"]


def places(proposal: themes.Proposal) -> list[int]:
    members = list({m.index for theme in proposal.themes for m in theme.members})
    return sorted(
        members + [one.index for one in proposal.alone] + [one.index for one in proposal.little]
    )


@pytest.mark.parametrize(
    ("encoder", "reason"), [("installed", "unlike_others"), (None, "no_shared_words")]
)
def test_stories_about_the_same_thing_come_together(
    encoder: Literal["installed"] | None, reason: str
) -> None:
    proposal = themes.propose(STORIES, languages=["en"] * len(STORIES), count=3, encoder=encoder)
    groups = [{member.index for member in theme.members} for theme in proposal.themes]
    assert sorted(map(sorted, groups)) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert [(one.index, one.reason) for one in proposal.alone] == [(9, reason)]
    assert [(one.index, one.reason) for one in proposal.little] == [
        (10, "nothing_to_add"),
        (11, "no_answer"),
    ]


def test_promise_09_every_text_is_in_exactly_one_place() -> None:
    for texts in (STORIES, STORIES + FRENCH, [], ["Hello there my friends"], ["😀"] * 4):
        assert places(themes.propose(texts)) == list(range(len(texts)))


@settings(max_examples=40)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(STORIES + FRENCH),
            st.text(max_size=60, alphabet=st.characters(exclude_categories=["Cs"])),
        ),
        max_size=25,
    )
)
def test_any_texts_give_a_whole_record_with_exact_spans(texts: list[str]) -> None:
    proposal = themes.propose(texts, languages=["en"] * len(texts))
    assert places(proposal) == list(range(len(texts)))
    assert proposal.as_json() == themes.propose(texts, languages=["en"] * len(texts)).as_json()
    for theme in proposal.themes:
        assert theme.words and len(theme.members) >= 3 and theme.typical
        for member in theme.members:
            passage = texts[member.index][member.start : member.end]
            assert passage and passage == passage.strip()
            assert 0 <= member.score <= 1


def test_ties_are_settled_the_same_way_each_time() -> None:
    strange = ["qx zv", "uw", "My cat likes volcanoes", "Une infirmière gentille m'a écouté"]
    kind = ["A kind nurse listened to my worries", "We need an interpreter at the pharmacy"]
    texts = [strange[0], "n/a", "uw", "", strange[2], kind[0], strange[0], kind[1]]
    texts += ["uw", strange[3], strange[2], "uw", "jk bn"]
    made = {themes.propose(texts, languages=["en"] * len(texts)).as_json() for _ in range(20)}
    assert len(made) == 1


def test_a_seed_changes_the_record_but_not_the_themes() -> None:
    texts = STORIES * 12
    first = themes.propose(texts, seed=1, count=3)
    assert first.as_json() == themes.propose(texts, seed=1, count=3).as_json()
    other = themes.propose(texts, seed=2, count=3)
    assert (other.themes, other.alone) == (first.themes, first.alone)
    assert (other.seed, first.seed) == (2, 1)


def test_timings_are_no_part_of_the_record() -> None:
    proposal = themes.propose(STORIES)
    assert proposal == themes.propose(STORIES)
    assert proposal.timings and "timings" not in json.loads(proposal.as_json())


def test_a_word_shown_was_written_by_several_people() -> None:
    texts = [*STORIES * 10, *(f"The bus was late said Zorbulon{letter}" for letter in "abc")]
    for theme in themes.propose(texts).themes:
        for word in theme.words:
            used = [
                member
                for member in theme.members
                if re.search(rf"(?i)\b{re.escape(word)}\b", texts[member.index])
            ]
            assert len(used) >= 3, word


def test_without_vectors_languages_are_themed_apart_and_the_record_says_so() -> None:
    spoken = ["en"] * 3 + ["fr-CA"] * 3
    proposal = themes.propose(BUS + FRENCH, languages=spoken, encoder=None)
    assert {theme.language for theme in proposal.themes} == {"en", "fr"}
    assert {"languages_themed_apart", "words_only", "no_model"} <= set(proposal.limits)
    assert "infirmière" in next(t for t in proposal.themes if t.language == "fr").words
    assert "languages_themed_apart" not in themes.propose(BUS, languages=["en"] * 3).limits


def test_english_and_french_are_themed_in_one_space() -> None:
    french_bus = [
        "Le bus pour la clinique était en retard",
        "Mon bus a été annulé et j'ai raté la clinique",
        "Les bus n'arrivent jamais à l'heure",
    ]
    texts = [*BUS, *NURSE, *FRENCH, *french_bus]
    spoken = ["en"] * 6 + ["fr"] * 6
    proposal = themes.propose(texts, languages=spoken, count=2)
    groups = sorted(sorted(member.index for member in t.members) for t in proposal.themes)
    assert groups == [[0, 1, 2, 9, 10, 11], [3, 4, 5, 6, 7, 8]]
    assert all(theme.languages == ("en", "fr") for theme in proposal.themes)
    assert "words_only" not in proposal.limits and "languages_themed_apart" not in proposal.limits
    nurse = next(t for t in proposal.themes if any(m.index == 3 for m in t.members))
    assert "infirmière" in nurse.words and {"nurse", "Nurses", "nurses"} & set(nurse.words)


PUNJABI = ["ਬੱਸ ਹਮੇਸ਼ਾ ਦੇਰ ਨਾਲ ਆਉਂਦੀ ਹੈ", "ਬੱਸ ਅੱਜ ਫਿਰ ਦੇਰ ਨਾਲ ਆਈ", "ਸਾਡੀ ਬੱਸ ਦੇਰ ਨਾਲ ਚੱਲੀ"]


def test_a_language_no_model_knows_goes_by_words_and_is_named() -> None:
    """Told on the English form: the vectors would fail on it without a word."""
    alone = themes.propose(PUNJABI, languages=["en"] * 3)
    assert "no_vectors:pa" in alone.limits and "words_only" in alone.limits
    assert places(alone) == [0, 1, 2]
    mixed = themes.propose([*STORIES, *PUNJABI], languages=["en"] * (len(STORIES) + 3))
    assert "no_vectors:pa" in mixed.limits and "languages_themed_apart" in mixed.limits
    assert "words_only" not in mixed.limits
    for theme in mixed.themes:
        assert theme.languages in (("en",), ("pa",))


def test_a_story_in_two_languages_is_in_the_themes_of_both_passages() -> None:
    both = (
        "The nurse listened to me with great patience and explained everything that I asked. " * 3
        + "\n"
        + "Le bus pour la clinique était en retard et mon bus a été annulé deux fois hier. " * 3
    )
    texts = [*BUS, *NURSE, *FRENCH, both]
    proposal = themes.propose(texts, languages=["en"] * 6 + ["fr"] * 3 + ["en"], count=2)
    found = {
        frozenset(member.index for member in theme.members) & {0, 3}: both[m.start : m.end]
        for theme in proposal.themes
        for m in theme.members
        if m.index == 9
    }
    assert set(found) == {frozenset({0}), frozenset({3})}
    assert "bus" in found[frozenset({0})] and "nurse" in found[frozenset({3})]


def test_the_order_of_the_texts_changes_nothing() -> None:
    texts = STORIES * 12 + [f"{story} again" for story in STORIES]
    first = themes.propose(texts, languages=["en"] * len(texts), count=3)
    back = themes.propose(texts[::-1], languages=["en"] * len(texts), count=3)
    last = len(texts) - 1
    assert [theme.words for theme in back.themes] == [theme.words for theme in first.themes]
    assert [{last - m.index for m in theme.members} for theme in back.themes] == [
        {m.index for m in theme.members} for theme in first.themes
    ]


def test_themes_come_in_two_levels_where_there_are_many() -> None:
    subjects = "bus nurse interpreter parking food garden school window letter phone".split()
    ends = ("was late", "is good", "we need", "my mother", "last week", "for us all")
    texts = [f"The {one} {end} {one}" for one in subjects for end in ends] * 2
    proposal = themes.propose(texts, languages=["en"] * len(texts), count=10, encoder=None)
    held = [place for group in proposal.groups for place in group.themes]
    assert len(proposal.themes) >= 9 and sorted(held) == list(range(len(proposal.themes)))
    for number, group in enumerate(proposal.groups):
        assert group.words
        assert all(proposal.themes[place].group == number for place in group.themes)
    assert not themes.propose(STORIES, languages=["en"] * len(STORIES)).groups


def test_stability_is_said_in_words() -> None:
    theme = themes.Theme((), (), (), (), "en", looks=20, came_again=15)
    assert theme.stability == "stays"
    assert replace(theme, came_again=14).stability == "wavers"
    assert replace(theme, came_again=9).stability == "falls_apart"
    assert replace(theme, looks=0).stability == "unknown"


@pytest.mark.parametrize(
    "texts",
    [
        ["the bus was late", "the nurse was kind", "no parking"],
        ["😀😀", "🙂", "🎉 🎉 🎉"],
        [f"the bus was late {letter}" for letter in "abcdefghij"],
        ["\u202ethe bus\u0000 was late\ud800 \ufeff", "\u0301" * 500, "a\u200db" * 300] * 3,
        ["a" * 100_000, "word " * 30_000, "(" * 5_000],
    ],
    ids=["three", "emoji", "one letter", "hostile", "long"],
)
def test_odd_texts_are_all_in_a_place(texts: list[str]) -> None:
    proposal = themes.propose(texts)
    assert places(proposal) == list(range(len(texts)))
    proposal.as_json()


def test_two_alike_are_no_theme() -> None:
    proposal = themes.propose(["parking was full", "no parking space"], languages=["en"] * 2)
    assert not proposal.themes
    assert [one.reason for one in proposal.alone] == ["too_few_alike"] * 2


def test_ten_thousand_copies_are_one_theme() -> None:
    proposal = themes.propose([BUS[0]] * 10_000, languages=["en"] * 10_000)
    assert [len(theme.members) for theme in proposal.themes] == [10_000]


def test_the_passage_of_a_long_text_is_the_one_about_the_theme() -> None:
    long = "I live with my sister and two dogs in an old house. " * 8
    texts = [*BUS, *NURSE, long + "The bus was late and the clinic had closed. " + long]
    proposal = themes.propose(texts, languages=["en"] * 7, count=2)
    bus = next(t for t in proposal.themes if any(m.index == 0 for m in t.members))
    member = next(m for m in bus.members if m.index == 6)
    assert "bus was late" in texts[6][member.start : member.end]
    assert member.end - member.start <= 280


def test_a_megabyte_is_no_trouble() -> None:
    texts = ["the waiting room was cold. " * 37_000, *["The waiting room is cold"] * 3]
    assert places(themes.propose(texts, languages=["en"] * 4)) == [0, 1, 2, 3]


def test_ids_go_with_their_texts() -> None:
    proposal = themes.propose(BUS, ids=["a", "b", "c"], languages=["en"] * 3)
    found = {m.index: m.id for t in proposal.themes for m in t.members}
    found.update({one.index: one.id for one in proposal.alone})
    assert found == {0: "a", 1: "b", 2: "c"}


@pytest.mark.parametrize(
    "wrong", [{"ids": [1]}, {"languages": ["en"]}, {"count": 0}, {"count": "some"}]
)
def test_wrong_calls_are_told_what_to_do(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="give"):
        themes.propose(BUS, **wrong)  # type: ignore[arg-type]


def test_progress_is_told() -> None:
    seen: list[tuple[str, int, int]] = []
    themes.propose(STORIES, progress=lambda *told: seen.append(told))
    assert {step for step, _, _ in seen} >= {"language", "little", "words", "passages"}
    assert all(done <= total for _, done, total in seen)


def test_the_hash_knows_order_and_borders() -> None:
    assert themes.texts_hash(["ab", "c"]) != themes.texts_hash(["a", "bc"])
    assert themes.texts_hash(["a", "b"]) != themes.texts_hash(["b", "a"])


def test_tf_idf_by_hand() -> None:
    """Two texts, no pairs shared: bus and nurse stand in both, so all idf are ln(3/3) + 1 = 1."""
    reading = read(["bus garden nurse", "nurse window bus"], ["en", "en"])
    assert reading.lemmas == ("bus", "garden", "nurse", "window")
    space = WordSpace(reading, np.ones(2), np.arange(2))
    assert np.allclose(space.place(), [[2**-0.5, 2**-0.5]] * 2)


def test_a_form_keeps_its_lemma_and_a_word_is_of_one_language() -> None:
    reading = read(["Buses bus", "bus"], ["en", "fr"])
    assert reading.forms == ("bus", "bus", "buses")
    assert [reading.lemmas[lemma] for lemma in reading.lemma_of] == ["bus", "bus", "bus"]
    assert len(reading.lemmas) == 2 and reading.capitals == {"Buses": 1}
    assert reading.uses().toarray().tolist() == [[1, 0, 1], [0, 1, 0]]
    assert reading.lemma_uses(reading.uses()).toarray().tolist() == [[1, 0], [0, 1]]


def test_vectors_lose_what_a_language_has_in_common() -> None:
    """Two languages, each with two subjects: the same subject comes together across them."""
    english, french = np.array([5.0, 0, 0, 0]), np.array([0, 5.0, 0, 0])
    one, two = np.array([0, 0, 1.0, 0]), np.array([0, 0, 0, 1.0])
    vectors = unit(
        np.array([english + one, english + two, french + one, french + two] * 500)
    ).astype(np.float32)
    space = VectorSpace(vectors, ["en", "en", "fr", "fr"] * 500, np.ones(2000), np.arange(2000))
    near = space.place(vectors, ["en", "en", "fr", "fr"] * 500)[:4]
    assert near[0] @ near[2] > 0.9 and near[0] @ near[3] < 0
    assert not space.place(np.zeros((1, 4), np.float32), ["en"]).any()


def test_bounds_of_auto() -> None:
    assert grouping.auto_bounds(60) == (6, 10)
    assert grouping.auto_bounds(100_000) == (18, 30)
    assert grouping.auto_bounds(3) == (1, 2)


def test_a_row_is_compared_with_the_others_not_with_itself() -> None:
    rows = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    near = grouping.likeness(rows, np.ones(3), np.zeros(3, dtype=int), 1)
    assert near.tolist() == pytest.approx([2**-0.5, 2**-0.5, 0.0], abs=1e-5)


def test_looks_agree_and_a_theme_comes_again() -> None:
    """Three directions far apart, forty rows each: every look finds them."""
    rows = np.repeat(np.eye(3, dtype=np.float32), 40, axis=0)
    keys = [str(row) for row in range(120)]
    found = grouping.looks(
        rows, np.ones(120), keys, 3, number=5, size=60, tell=lambda done, of: None
    )
    assert [len(centres) for centres in found] == [3] * 5
    centres = grouping.agreed(found, 3)
    labels = grouping.nearest(rows, centres)
    assert sorted(np.bincount(labels).tolist()) == [40, 40, 40]
    assert grouping.came_again(rows, np.ones(120), labels, found) == [5, 5, 5]
    halves = [np.array([[1.0, 0, 0], [0, 1, 1]])]
    assert sorted(grouping.came_again(rows, np.ones(120), labels, halves)) == [0, 0, 1]


def test_typical_words_by_hand() -> None:
    """Bus in 2 of 2 inside and 0 of 2 outside: 1 · ln((2.5/3) / (0.5/3)) = ln 5 comes first."""
    # forms: bus, buses, late; lemmas: bus, late
    lemma_of = np.array([0, 0, 1])
    forms, inside, everywhere = (
        np.array([2.0, 1, 2]), np.array([2.0, 2]), np.array([2.0, 3])
    )  # fmt: skip
    found = typical_words(
        forms, inside, everywhere, lemma_of, here=2, total=4, most=6, fewest_texts=2
    )
    assert [form for form, _ in found] == [0, 2]
    assert found[0][1] == pytest.approx(math.log(5))
    assert not typical_words(
        forms, inside, everywhere, lemma_of, here=2, total=4, most=6, fewest_texts=3
    )


def test_capitals_stay_where_people_always_wrote_them() -> None:
    capitals, uses = Counter({"NHS": 10, "Staff": 3}), Counter({"nhs": 10, "staff": 9})
    assert as_written("nhs", capitals, uses) == "NHS"
    assert as_written("staff", capitals, uses) == "staff"


def test_a_handful_that_tell_of_one_thing_are_a_theme() -> None:
    """What all share is taken from each: six on the bus must not look like six strangers."""
    texts = [
        "The quuxberry bus never came to the clinic. I waited in the rain for the next bus.",
        "The bus to the clinic was late again and I missed my turn.",
        "No bus runs to the clinic after six, so I walk.",
        "The bus stop by the clinic has no bench and no light.",
        "A new bus to the clinic would help my mother.",
        "We shared a taxi because the bus to the clinic was full.",
    ]
    found = themes.propose(texts, languages=["en"] * len(texts), count=2)
    assert {theme.words[:2] for theme in found.themes} == {("bus", "clinic")}
    placed = [one.index for theme in found.themes for one in theme.members]
    assert len(placed) >= 3
    assert sorted([*placed, *(one.index for one in found.alone)]) == list(range(len(texts)))
    strict = themes.Settings(near_from=0)
    assert not themes.propose(texts, languages=["en"] * 6, count=2, settings=strict).themes
