"""From which score a code is given, by hand."""

import numpy as np
import pytest

from analysis import giving
from analysis.codebook import Code
from analysis.suggestions import Suggester


def test_before_reading_the_best_code_is_given_and_those_near_it() -> None:
    """0.75 · 0.4 = 0.3: the second code is near enough; 0.07 is like nothing."""
    scores = np.array([[0.4, 0.31, 0.29, 0.0], [0.07, 0.0, 0.0, 0.0], [0.4, 0.4, 0.39, 0.38]])
    assert giving.before_reading(scores, ()).tolist() == [
        [True, True, False, False],
        [False, False, False, False],
        [True, True, True, False],
    ]


def test_each_sentence_adds_the_code_that_it_is_about() -> None:
    """0.45 · 0.4 = 0.18: the second sentence is about the second code, the third about nothing."""
    scores = np.array([[0.4, 0.2]])
    sentences = np.array([[0.4, 0.0], [0.1, 0.2], [0.0, 0.17]])
    assert giving.before_reading(scores, ()).tolist() == [[True, False]]
    assert giving.before_reading(scores, [(0, sentences)]).tolist() == [[True, True]]


def test_a_few_readings_say_how_many_codes_to_give() -> None:
    """Five readings of one code each: (5 + 1.5 · 5) / 10 = 1.25 a text, and 1.25 times as many are
    given: 15 of the 20 scores of ten texts. Code 1 comes out 5 times of 10, people gave it never;
    code 0, which they always gave, 10 times."""
    scores = np.column_stack([np.linspace(0.90, 0.99, 10), np.linspace(0.0, 0.9, 10)])
    answers = np.array([[1.0, 0.0]] * 5)
    lowest = giving.lowest(scores, scores[:5], answers)
    assert (scores >= lowest).sum(axis=0).tolist() == [10, 6]
    with_none = giving.lowest(scores, scores[:5], np.zeros((5, 2)))
    assert (scores >= with_none).sum() < (scores >= lowest).sum()


def test_with_twenty_the_readings_have_a_say_and_a_rare_code_is_met_half_way() -> None:
    """40 readings, code 0 in 20 (score 0.6; 0.4 elsewhere) and code 1 in 2 (0.1; 0.0 elsewhere).

    As many as people give, (22 + 7.5) / 45 · 1.25 a text, reach down to 0.4. Best agreement is at
    0.6, so from 0.5. Together 0.45. Code 0 would come out as often as people gave it from 0.4, code
    1 from 0.1: half way to these are 0.425 and 0.275.
    """
    answers = np.zeros((40, 2))
    answers[:20, 0] = answers[20:22, 1] = 1
    scores = np.where(answers == 1, [0.6, 0.1], [0.4, 0.0])
    assert giving.lowest(scores, scores, answers) == pytest.approx([0.425, 0.275])


@pytest.mark.parametrize("number", [0, 1, giving.FEWEST, giving.FEWEST_TO_JUDGE])
def test_no_codes_or_the_same_text_over_and_over_are_no_trouble(number: int) -> None:
    texts = ["The bus was late. The nurse was kind."] * 25
    for codes in ((), (Code("bus", "Bus"),)):
        suggester = Suggester(codes, texts)
        suggester.teach({place: {one.code for one in codes} for place in range(number)})
        assert len(suggester.suggest()) <= 25 * len(codes)
