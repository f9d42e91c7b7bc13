"""Which passage of a story is quoted, worked out by hand."""

from __future__ import annotations

from par_toolkit.publishing.quote import LONGEST, fitted, passages
from par_toolkit.publishing.select import Allowed, Link, ReleasedStory
from par_toolkit.storage.reviewed import Cut


def story(
    text: str, *links: tuple[int, int], cuts: tuple[tuple[int, int], ...] = ()
) -> ReleasedStory:
    return ReleasedStory(
        1, "story", 1, "en", {"telling": text, "next": "Something else."},
        {"telling": [Cut(start, end, "name") for start, end in cuts]},
        Allowed("", True, frozenset({"quote"})),
        tuple(Link(theme, "telling", start, end) for theme, (start, end) in enumerate(links)),
    )  # fmt: skip


def texts(one: ReleasedStory) -> list[tuple[str, tuple[int, ...]]]:
    return [(passage.text, passage.themes) for passage in passages(one)]


def test_the_passage_of_the_theme_is_quoted() -> None:
    assert texts(story("The bus was late. I was cold.", (17, 29))) == [("I was cold.", (0,))]


def test_the_same_span_in_two_themes_is_one_quote() -> None:
    assert texts(story("The bus was late. I was cold.", (18, 29), (17, 29))) == [
        ("I was cold.", (0, 1))
    ]


def test_different_passages_in_two_themes_are_two_quotes() -> None:
    assert texts(story("The bus was late. I was cold.", (0, 17), (18, 29))) == [
        ("The bus was late.", (0,)),
        ("I was cold.", (1,)),
    ]


def test_in_no_theme_the_first_passage_is_quoted() -> None:
    assert texts(story("  The bus was late.  ")) == [("The bus was late.", ())]


def test_a_redaction_that_a_passage_touches_is_shown_whole() -> None:
    #                       0123456789
    one = story("It was Example Ann who came.", (0, 10), cuts=((7, 18),))
    assert texts(one) == [("It was [name]", (0,))]


def test_a_passage_that_is_all_redaction_gives_way_to_the_first_with_words() -> None:
    one = story("Example Ann! She came.", (0, 12), cuts=((0, 12),))
    assert texts(one) == [("[name] She came.", (0,))]


def test_a_story_that_is_all_redaction_is_quoted_from_its_next_answer() -> None:
    assert texts(story("Example Ann!", cuts=((0, 12),))) == [("Something else.", ())]


def test_a_span_past_the_end_of_an_answer_is_kept_inside_it() -> None:
    assert texts(story("Short.", (-4, 900))) == [("Short.", (0,))]


def test_a_theme_that_points_to_an_answer_that_is_not_there() -> None:
    one = story("Short.", (40, 50))
    assert texts(one) == [("Short.", (0,))]


def test_a_long_passage_ends_where_a_sentence_ends() -> None:
    text = "One sentence of words. " * 30
    assert fitted(text, 0, len(text)) == (0, 17 * 23 - 1)  # 18 sentences would be 413 long


def test_a_long_sentence_is_cut_between_words_and_a_long_word_between_letters() -> None:
    words = "word " * 200
    assert fitted(words, 0, len(words)) == (0, LONGEST - 1)
    run = "日" * 1000
    assert fitted(run, 0, len(run)) == (0, LONGEST)
    accents = "e\u0301" * 1000
    assert fitted(accents, 0, len(accents)) == (0, LONGEST)
    assert fitted("x" + accents, 0, 2001) == (0, LONGEST - 1)


def test_a_line_break_ends_a_sentence() -> None:
    text = "First line without a stop that is long enough\n" + "word " * 100
    assert fitted(text, 0, len(text)) == (0, 45)


def test_a_story_of_a_million_letters_is_quoted_at_once() -> None:
    assert len(passages(story("word " * 200_000))[0].text) == LONGEST - 1


def test_a_sign_is_as_much_the_tellers_own_as_a_word() -> None:
    assert texts(story("👍"))[0] == ("👍", ())


def test_nothing_but_white_space_is_no_passage() -> None:
    assert fitted(" \n\t ", 0, 4) is None
    assert fitted("word", 3, 1) is None
