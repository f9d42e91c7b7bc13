"""Words that mark a group: worked by hand, and never one voice's own."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import marking

WORDS = [{"bus", "clinic"}] * 20 + [{"ward", "clinic"}] * 20
INSIDE = [True] * 20 + [False] * 20


def test_log_odds_by_hand() -> None:
    """Bus in 20 of 20 stories inside and 0 of 20 outside, ward the other way, clinic in all.

    n = m = 40 words, 80 in all; the prior of bus is 500 · 20/80 = 125. So its odds are
    ln(145/395) inside and ln(125/415) outside, and z = .1977 / √(1/145 + 1/125) = 1.620.
    """
    z = (math.log(145 / 395) - math.log(125 / 415)) / math.sqrt(1 / 145 + 1 / 125)
    assert z == pytest.approx(1.62, abs=0.01)
    assert marking.log_odds(20, 40, 0, 40) == pytest.approx(z, abs=1e-6)
    assert marking.log_odds(20, 40, 20, 40) == 0
    assert marking.log_odds(9, 9, 9, 9) == 0, "the only word there is"


def test_words_that_mark_come_with_their_stories() -> None:
    few = marking.words_of(WORDS, INSIDE)
    assert (few.words, few.looked_at, few.by_chance) == ((), 2, 0.1), "below 1.96 none is clear"
    found = marking.words_of(WORDS * 5, INSIDE * 5)
    (bus,) = found.words
    assert (bus.word, bus.inside, bus.outside, bus.people_outside) == ("bus", 100, 0, 0)
    assert bus.where[:2] == (0, 1) and len(bus.where) == 100


def test_one_voices_own_word_marks_nobody() -> None:
    """Two people say 'zebra' a hundred times; everybody says 'bus'."""
    words = [{"zebra", "bus"}] * 100 + [{"bus"}] * 100 + [{"ward"}] * 200
    inside = [True] * 200 + [False] * 200
    people = [place % 2 for place in range(100)] + list(range(10, 310))
    found = marking.words_of(words, inside, people=people)
    assert [one.word for one in found.words] == ["bus"]
    assert found.words[0].people == 102
    bold = marking.words_of(words, inside, people=people, least_people=2)
    assert {one.word for one in bold.words} == {"bus", "zebra"}


def test_too_few_people_on_a_side_say_nothing() -> None:
    words, inside = [{"bus"}] * 9 + [{"ward"}] * 500, [True] * 9 + [False] * 500
    assert marking.words_of(words, inside) == marking.Marked((), 0, too_few=True)
    assert marking.words_of([{"bus"}], [True], fewest=0).too_few, "there is no other side"
    with pytest.raises(ValueError, match="one each"):
        marking.words_of(words, [])


@given(st.lists(st.tuples(st.sets(st.sampled_from("abcdef")), st.booleans()), max_size=80))
def test_what_marks_is_used_more_inside_and_by_enough_people(
    told: list[tuple[set[str], bool]],
) -> None:
    words, inside = [one[0] for one in told], [one[1] for one in told]
    found = marking.words_of(words, inside, fewest=1)
    assert found == marking.words_of(words, inside, fewest=1)
    for one in found.words:
        assert one.people >= marking.LEAST_PEOPLE and one.z >= marking.CLEAR
        assert all(inside[place] and one.word in words[place] for place in one.where)
        assert one.inside == len(one.where)
