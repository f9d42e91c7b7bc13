"""Figures on statements by group, with numbers worked out by hand."""

from __future__ import annotations

import pytest

from par_toolkit.publishing.agreement import Scores, Shown, figures, scores, table
from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.figures.counted import count
from par_toolkit.publishing.figures.release import check
from par_toolkit.storage.kept_figures import Line
from par_toolkit.storage.sensemaking.positions import Count
from tests.publishing.holders import holders

GROUPS = ("a", "b", "c")


def shown(
    *counts: tuple[str, int, int, int], threshold: int = 10, before: Shown | None = None
) -> Shown:
    given = [Count(*one) for one in counts]
    return figures(
        1,
        holders(*given),
        asked=[one.group for one in given],
        groups=GROUPS,
        threshold=threshold,
        before=before.kept if before else None,
    )


def people(found: Shown, group: str) -> dict[str, int | None]:
    return {line.column: line.people for line in found.lines if line.row == group}


def why(found: Shown, group: str) -> set[str]:
    return {line.shown for line in found.lines if line.row == group}


def test_large_groups_with_all_three_positions() -> None:
    found = shown(("a", 41, 12, 17), ("b", 22, 33, 14), ("c", 18, 19, 21))
    assert people(found, "a") == {"agree": 40, "disagree": 10, "unsure": 15, "all": 70}
    assert people(found, "all") == {"all": 195}  # 197, and no total of who agrees
    # (20 + 1) / (70 + 2) for b, of rounded figures: the group that agrees least
    assert people(found, "b") == {"agree": 20, "disagree": 35, "unsure": 15, "all": 70}
    assert scores(found.lines).minimum == round(21 / 72, 2) == 0.29


def test_two_columns_where_three_would_show_less() -> None:
    # 11 + 3: neither may be shown apart, and together they would leave 3 within 0 … 14
    found = shown(("a", 40, 20, 0))
    assert people(found, "a") == {"agree": 40, "disagree": None, "unsure": None, "all": 60}
    found = shown(("a", 40, 9, 2))
    assert people(found, "a") == {"agree": 40, "disagree": None, "unsure": None, "all": 50}
    found = shown(("a", 40, 12, 3), ("b", 30, 2, 10))
    assert {line.column for line in found.lines if line.row == "a"} >= {"agree", "all"}
    assert scores(found.lines).minimum is not None


def test_everybody_of_a_group_agrees_is_not_shown() -> None:
    """What everyone holds is known of each: how many answered is shown, and not what."""
    found = shown(("a", 20, 0, 0), ("b", 30, 12, 13))
    assert people(found, "a")["agree"] is None
    assert people(found, "b")["agree"] == 30
    assert scores(found.lines) == Scores(None, None)  # the headline would be a guess


def test_a_few_who_think_otherwise_are_not_counted_out() -> None:
    found = shown(("a", 40, 3, 2))
    assert None in people(found, "a").values()
    assert scores(found.lines).minimum is None


def test_twelve_people_in_three_groups() -> None:
    found = shown(("a", 3, 1, 0), ("b", 2, 1, 1), ("c", 4, 0, 0))
    for group in GROUPS:
        assert set(people(found, group).values()) == {None}
    assert people(found, "all") == {"all": 10}
    assert scores(found.lines) == Scores(None, None)


def test_not_asked_is_not_nobody_answered() -> None:
    found = shown(("a", 12, 12, 12), ("b", 0, 0, 0))
    assert why(found, "a") == {"shown"}
    assert why(found, "b") == {"nobody_answered"}
    assert why(found, "c") == {"not_asked"}
    assert scores(found.lines).minimum == round(11 / 37, 2)  # of who answered alone


def test_nobody_answered_at_all() -> None:
    found = shown(("a", 0, 0, 0))
    assert {line.shown for line in found.lines} == {"nobody_answered", "not_asked"}
    assert scores(found.lines) == Scores(None, None)


def test_one_person_in_each_of_many_groups_is_not_given_away_by_the_total() -> None:
    """That somebody answered in each group is known: a total of as many would say one each."""
    every = [Count(f"g{n}", 1, 0, 0) for n in range(11)]
    found = figures(1, holders(*every), asked=(), groups=(), threshold=10)
    assert {line.people for line in found.lines} == {None}


def test_a_group_the_inquiry_does_not_know_is_counted_too() -> None:
    found = shown(("x", 15, 15, 15))
    assert people(found, "x")["all"] == 45


def test_the_order_is_the_geometric_mean() -> None:
    one = shown(("a", 40, 20, 20), ("b", 20, 20, 40))
    # (40.5 / 81 · 20.5 / 81) ** 0.5 = 0.3557
    assert scores(one.lines).agreement == 0.36


def test_figures_stay_while_few_take_an_answer_back() -> None:
    """Promise 11: the difference of two builds would be what that person had answered."""
    first = shown(("a", 43, 12, 13))
    assert people(first, "a")["agree"] == 45
    again = shown(("a", 42, 12, 13), before=first)
    assert again.lines == first.lines and again.kept == first.kept
    # it is measured from what was shown, however often it changes by one
    later = shown(("a", 33, 12, 13), before=again)
    assert people(later, "a")["agree"] == 35


def test_figures_are_made_anew_under_another_threshold() -> None:
    first = shown(("a", 12, 12, 13), threshold=10)
    assert people(shown(("a", 12, 12, 13), threshold=20, before=first), "a")["agree"] is None


def test_the_check_refuses_what_gives_way() -> None:
    found = table(7, holders(Count("a", 20, 3, 0)), threshold=10)
    counted = count(found)
    with pytest.raises(PublishError, match="'agreement' \\(part '7'\\) would let a reader"):
        check(found, counted, counted.unsaid | {("a", "disagree"), ("a", "unsure")})


def test_scores_come_of_published_figures_alone() -> None:
    lines = [Line("a", "agree", 20, "shown"), Line("a", "all", 40, "shown")]
    assert scores(lines) == Scores(0.5, 0.5)
    assert scores([*lines, Line("b", "all", None, "not_asked")]) == Scores(0.5, 0.5)
    assert scores([*lines, Line("b", "agree", None, "hidden")]) == Scores(None, None)
