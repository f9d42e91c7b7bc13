"""The order of a round: fair, the same for everybody, and no story is ever left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.coding import order

STORIES = st.lists(st.integers(1, 10_000), unique=True, max_size=40)


@given(STORIES, st.integers(0, 1_000))
def test_every_story_has_one_place_and_newcomers_change_no_other(
    stories: list[int], seed: int
) -> None:
    ordered = order.at_random(stories, seed=seed)
    assert sorted(ordered) == sorted(stories)
    assert order.at_random(reversed(stories), seed=seed) == ordered
    more = order.at_random([*stories, 10_001], seed=seed)
    assert [one for one in more if one != 10_001] == ordered


def test_another_seed_is_another_order() -> None:
    assert order.at_random(range(50), seed=1) != order.at_random(range(50), seed=2)


def test_by_many_seeds_each_story_is_as_often_first() -> None:
    """400 rounds of 4 stories: each first about 100 times (four standard deviations are 35)."""
    first = [order.at_random(range(4), seed=seed)[0] for seed in range(400)]
    assert all(65 <= first.count(story) <= 135 for story in range(4))


@given(STORIES, st.data())
def test_going_on_comes_past_every_unread_story(stories: list[int], data: st.DataObject) -> None:
    read = set(data.draw(st.lists(st.sampled_from(stories)))) if stories else set()
    seen, at = [], order.next_after(stories, read)
    while at is not None and at not in seen:
        seen.append(at)
        at = order.next_after(stories, read, at)
    assert set(seen) == set(stories) - read


def test_the_next_story_goes_round_to_the_start() -> None:
    assert order.next_after([5, 6, 7], {7}, 6) == 5
    assert order.next_after([5, 6, 7], {5, 7}, 6) == 6
    assert order.next_after([5, 6, 7], {5, 6, 7}, 6) is None
    assert order.next_after([], set()) is None
    assert order.next_after([5, 6], set(), 99) == 5
