"""A learned tone: from fifty readings, with its error, better than one mark for all or said not."""

import pytest

from analysis import tone_learned

GOOD = ["kind", "gentle", "patient", "warm", "helpful"]
BAD = ["late", "cold", "dirty", "rude", "closed"]


def told(number: int) -> tuple[list[str], list[str]]:
    texts, marks = [], []
    for place in range(number):
        words, mark = ((GOOD, "success"), (BAD, "challenge"))[place % 2]
        texts.append(
            f"The clinic was {words[place % 5]} and {words[(place // 5) % 5]} on day {place}"
        )
        marks.append(mark)
    return texts, marks


def test_fifty_readings_are_needed() -> None:
    texts, marks = told(80)
    assert tone_learned.suggest(texts, dict(enumerate(marks[:49]))) is None
    assert tone_learned.suggest(texts, dict.fromkeys(range(60), "success")) is None
    assert tone_learned.suggest(texts, dict(enumerate(marks[:50]))) is not None


def test_what_was_marked_teaches_and_the_error_is_beside_it() -> None:
    texts, marks = told(120)
    found = tone_learned.suggest(texts, dict(enumerate(marks[:60])), questions=["q"] * 120)
    assert found is not None and found.better
    assert [one.index for one in found.suggestions] == list(range(60, 120))
    right = sum(one.mark == marks[one.index] for one in found.suggestions)
    assert right >= 57
    assert (found.readings, found.usual, found.always) == (60, "success", 0.5)
    assert found.right.total == sum(found.confusion.values()) == 60
    agreed = sum(count for (said, guessed), count in found.confusion.items() if said == guessed)
    assert agreed == found.right.count
    assert found == tone_learned.suggest(
        texts, dict(enumerate(marks[:60])), questions=["q"] * 120
    ), "nothing is left to chance"


def test_a_text_learned_by_heart_proves_nothing() -> None:
    """Six texts told ten times each, marked without reason: known by heart all would be right."""
    texts = [f"Word{place % 6} came  up" for place in range(60)]
    texts[30:] = [text.upper() for text in texts[30:]]
    marks = {place: ("success", "challenge", "both")[place % 6 % 3] for place in range(60)}
    found = tone_learned.suggest(texts, marks)
    assert found is not None and not found.better


def test_marks_that_words_do_not_tell_are_said_to_be_no_better() -> None:
    texts = [f"The clinic was {GOOD[place % 5]} on day {place}" for place in range(60)]
    marks = {place: ("success", "challenge")[(place * place // 7) % 2] for place in range(60)}
    found = tone_learned.suggest(texts, marks)
    assert found is not None and not found.better


@pytest.mark.parametrize(("marks", "said"), [({0: "fine"}, "no mark"), ({9: "both"}, "no text 9")])
def test_wrong_marks_are_refused(marks: dict[int, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        tone_learned.suggest(["one"], marks)


def test_what_nothing_is_known_of_gets_no_suggestion_and_the_others_say_why() -> None:
    texts, marks = told(60)
    new = ["The clinic was rude and dirty on day 61", "…", "", "Quibblezorp frandlewick"]
    found = tone_learned.suggest([*texts, *new], dict(enumerate(marks)), languages=["en"] * 64)
    assert found is not None
    (one,) = found.suggestions
    assert (one.index, one.mark, len(one.like)) == (60, "challenge", tone_learned.LIKE)
    assert all(marks[index] == "challenge" for index in one.like)
