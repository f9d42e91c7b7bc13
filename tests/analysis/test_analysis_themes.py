"""Themes: each text in one place, the same bytes again, words that several people used."""

import json
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import grouping, themes
from analysis.space import WordSpace, distinct
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
    members = [member.index for theme in proposal.themes for member in theme.members]
    return sorted(
        members + [one.index for one in proposal.alone] + [one.index for one in proposal.little]
    )


def test_stories_about_the_same_thing_come_together() -> None:
    proposal = themes.propose(STORIES, languages=["en"] * len(STORIES), count=3)
    groups = [{member.index for member in theme.members} for theme in proposal.themes]
    assert sorted(map(sorted, groups)) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert [(one.index, one.reason) for one in proposal.alone] == [(9, "no_shared_words")]
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


def test_languages_are_themed_apart_and_the_record_says_so() -> None:
    proposal = themes.propose(BUS + FRENCH, languages=["en"] * 3 + ["fr-CA"] * 3)
    assert {theme.language for theme in proposal.themes} == {"en", "fr"}
    assert "languages_themed_apart" in proposal.limits
    assert "infirmière" in next(t for t in proposal.themes if t.language == "fr").words
    assert "languages_themed_apart" not in themes.propose(BUS, languages=["en"] * 3).limits


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
    member = next(m for t in proposal.themes for m in t.members if m.index == 6)
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
    """Two texts, no pairs shared: a and b stand in both, so all idf are ln(3/3) + 1 = 1."""
    space = WordSpace([["a", "x", "b"], ["b", "y", "a"]], [1, 1])
    assert np.allclose(space.rows, [[2**-0.5, 2**-0.5]] * 2)


def test_equal_texts_are_held_once() -> None:
    assert distinct([["a"], ["b"], ["a"]]) == ([("a",), ("b",)], [0, 1, 0])


def test_bounds_of_auto() -> None:
    assert grouping.auto_bounds(60) == (6, 10)
    assert grouping.auto_bounds(100_000) == (18, 30)
    assert grouping.auto_bounds(3) == (1, 2)


def test_a_row_is_compared_with_the_others_not_with_itself() -> None:
    rows = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    centre = np.array([[2.0, 1.0]]) / 5**0.5
    assert grouping.members(rows, centre, near=0.1) == [[0, 1]]


def test_typical_words_by_hand() -> None:
    """Bus in 2 of 2 inside and 0 of 2 outside: 1 · ln((2.5/3) / (0.5/3)) = ln 5 comes first."""
    inside = [{"bus": "bus", "late": "late"}, {"buses": "bus", "bus": "bus", "late": "late"}]
    everywhere = Counter({"bus": 2, "late": 3})
    assert typical_words(inside, everywhere, 4, most=6, fewest_texts=2) == ("bus", "late")
    assert typical_words(inside, everywhere, 4, most=6, fewest_texts=3) == ()


def test_capitals_stay_where_people_always_wrote_them() -> None:
    capitals, uses = Counter({"NHS": 10, "Staff": 3}), Counter({"nhs": 10, "staff": 9})
    assert as_written("nhs", capitals, uses) == "NHS"
    assert as_written("staff", capitals, uses) == "staff"
