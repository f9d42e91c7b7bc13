"""Agreement across groups: worked by hand, and against a deliberation that was published."""

import csv
import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement import Answers, PositionError, Tally, in_order, of_groups, position

#: Public data for development, beside the checkout; PAR_SHARED_DATA names another place.
DATA = Path(os.environ.get("PAR_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
POLIS = DATA / "polis_bg2050"

counts = st.builds(
    Answers, st.sampled_from("abc"), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)
)


def test_three_groups_by_hand() -> None:
    """8 of 10, 3 of 4 and 1 of 2 agree: (9/12, 4/6, 2/4); ∛(8.5/11 · 3.5/5 · 1.5/3) = ∛0.2705."""
    found = of_groups("s", [Answers("a", 8, 1, 1), Answers("b", 3, 1), Answers("c", 1, 0, 1)])
    assert found.minimum == 0.5 and [one.group for one in found.lowest] == ["c"]
    assert found.order == pytest.approx(0.6467, abs=1e-4)
    assert found.legacy == pytest.approx(0.25)


def test_a_veto_of_a_small_group_is_the_headline() -> None:
    """100 of 100 and 0 of 2: (101/102, 1/4); √(100.5/101 · 0.5/3)."""
    found = of_groups("s", [Answers("many", 100), Answers("few", 0, 2)])
    assert found.minimum == 0.25 and [one.group for one in found.lowest] == ["few"]
    assert found.order == pytest.approx(math.sqrt(100.5 / 101 / 6))
    together = Answers("all", 100, 2).share
    assert together is not None and together > 0.97  # what one figure for all would have hidden


def test_a_group_without_answers_is_never_one_half() -> None:
    """Only the legacy score counts it so; who was not asked is told from who did not answer."""
    heard, silent, unasked = Answers("a", 2, 0), Answers("b"), Answers("c", asked=False)
    found = of_groups("s", [heard, silent, unasked])
    assert (found.minimum, found.order) == (0.75, pytest.approx(2.5 / 3))
    assert found.legacy == 0.75 / 4
    assert [one.state for one in found.groups] == ["answered", "nobody_answered", "not_asked"]
    assert (silent.share, unasked.share) == (None, None) and found.lowest == (heard,)


def test_a_statement_that_nobody_answered_has_no_figure() -> None:
    found = of_groups("s", [Answers("a"), Answers("b", asked=False)])
    assert (found.minimum, found.order, found.lowest, found.legacy) == (None, None, (), 0.25)
    assert of_groups("s", []).minimum is None


def test_the_unsure_count_as_heard_but_not_as_agreeing() -> None:
    assert Answers("a", 1, 0, 9).share == 2 / 12 and Answers("a", 0, 0, 1).state == "answered"


def test_equal_lowest_groups_are_all_named() -> None:
    found = of_groups("s", [Answers("a", 1, 1), Answers("b", 2, 2), Answers("c", 9)])
    assert [one.group for one in found.lowest] == ["a", "b"]


def test_statements_come_in_order_and_unanswered_ones_last() -> None:
    """The geometric mean sorts; of equals the one that came first stays first."""
    given = {"none": (), "half": (1, 1), "much": (9, 1), "half too": (1, 1)}
    found = in_order(
        of_groups(name, [Answers("a", *figures)] if figures else [])
        for name, figures in given.items()
    )
    assert [one.statement for one in found] == ["much", "half", "half too", "none"]


@given(st.lists(counts, max_size=6))
def test_figures_stay_within_bounds_and_no_group_is_passed_over(groups: list[Answers]) -> None:
    found = of_groups("s", groups)
    shares = [one.share for one in groups if one.share is not None]
    assert 0 < found.legacy <= 1
    assert (found.minimum is None) == (found.order is None) == (not shares)
    assert found.minimum is None or found.minimum == min(shares)
    assert found.order is None or 0 < found.order < 1


@given(st.lists(counts, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_groups_changes_nothing(groups: list[Answers], chance) -> None:  # type: ignore[no-untyped-def]
    mixed = list(groups)
    chance.shuffle(mixed)
    one, other = of_groups("s", groups), of_groups("s", mixed)
    assert one.minimum == other.minimum
    assert one.order == pytest.approx(other.order, abs=1e-12)
    assert one.legacy == pytest.approx(other.legacy, abs=1e-12)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("agree", "agree"), (" AGREE ", "agree"), ("D’accord", "agree"), ("d'accord", "agree"),
        ("1", "agree"), ("1.0", "agree"), ("+1", "agree"), ("'+1", "agree"), ("\uff11", "agree"),
        ("disagree", "disagree"), ("Pas d’accord", "disagree"), ("en de\u0301saccord", "disagree"),
        ("-1", "disagree"), ("\u22121", "disagree"), ("'-1", "disagree"), ("-1,0", "disagree"),
        ("unsure", "unsure"), ("pass", "unsure"), ("Pas sûre", "unsure"), ("0", "unsure"),
        ("je\u00a0passe", "unsure"), ("", None), ("  ", None), ("'", None),
    ],
)  # fmt: skip
def test_positions_are_understood_as_people_write_them(said: str, meant: str | None) -> None:
    assert position(said) == meant


@pytest.mark.parametrize(
    "said", ["maybe", "2", "=1", "=-1", "-", "agree!", "not agree", "accordion"]
)
def test_what_is_no_position_is_never_guessed(said: str) -> None:
    with pytest.raises(PositionError, match="Write agree, disagree or unsure"):
        position(said)


def test_the_last_answer_holds_and_an_empty_one_takes_nothing_back() -> None:
    tally = Tally()
    for said in ("agree", "disagree", "unsure", ""):
        tally.add("p", "g", "s", position(said))
    (found,) = tally.agreements()
    assert found.groups == (Answers("g", 0, 0, 1),) and tally.repeated == 2


def test_one_person_in_two_groups_counts_once_in_each() -> None:
    tally = Tally()
    tally.add("p", "carers", "s", "agree")
    tally.add("p", "residents", "s", "agree")
    tally.add("q", "residents", "s", "disagree")
    (found,) = tally.agreements()
    assert found.groups == (Answers("carers", 1), Answers("residents", 1, 1))
    assert (tally.participants, tally.in_several_groups) == (2, 1)


def test_groups_are_one_however_they_are_written_and_nobody_is_put_into_one() -> None:
    tally = Tally(["Carers", "nobody here"])
    tally.add("p", " carers", "s", "agree")
    tally.add("q", "CARERS", "s", "agree")
    tally.add("r", "  ", "s", "disagree")
    (found,) = tally.agreements()
    assert found.groups == (Answers("Carers", 2), Answers("nobody here", asked=False))
    assert tally.alone == 1


def test_who_was_listed_was_asked() -> None:
    tally = Tally()
    tally.add("p", "a", "first", "agree")
    tally.add("q", "b", "first", None)
    tally.add("q", "b", "second", "agree")
    states = {one.statement: [g.state for g in one.groups] for one in tally.agreements()}
    assert states == {"first": ["answered", "nobody_answered"], "second": ["not_asked", "answered"]}


@pytest.mark.skipif(not POLIS.is_dir(), reason=f"the published deliberation is not at {POLIS}")
def test_the_legacy_score_is_that_of_a_published_deliberation() -> None:
    """All 371 statements of Bowling Green 2050 (CC BY 4.0, The Computational Democracy Project)."""
    with (POLIS / "comments.csv").open(encoding="utf-8", newline="") as file:
        published = {
            row["comment-id"]: float(row["group-informed-consensus"])
            for row in csv.DictReader(file)
        }
    tally = Tally()
    with (POLIS / "participants-votes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for statement in published:
                said = position(row.get(statement) or "")
                tally.add(row["participant"], row["group-id"], statement, said)
    found = {one.statement: one for one in tally.agreements()}
    assert len(found) == len(published) == 371
    assert max(abs(found[one].legacy - score) for one, score in published.items()) < 1e-12
    assert all(one.minimum is None or 0 < one.minimum < 1 for one in found.values())
