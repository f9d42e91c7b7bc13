"""What a build shows of a table beside what was shown before, with numbers worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from par_toolkit.publishing.figures import ALL, Figures, Join, Kept, Table, decide
from par_toolkit.publishing.figures.sequence import enough, moves, told_together
from par_toolkit.storage.kept_figures import Past


def table(threshold: int = 5, *, first: int = 0, **groups: int) -> Table:
    """Return a table of one dimension; `first` leaves out the first people of each group."""
    return Table(
        "participation",
        threshold,
        {(g, ALL): frozenset(f"{g} {n}" for n in range(first, size)) for g, size in groups.items()},
        tuple(groups),
    )


def shown(figures: Figures) -> dict[str, int | None]:
    return {line.row: line.people for line in figures.lines if line.column == ALL}


def erase(kept: Kept, *people: str) -> Kept:
    """Do what the database does when people withdraw."""
    gone = dict(kept.gone)
    for person in people:
        gone[kept.people[person]] = gone.get(kept.people[person], 0) + 1
    left = {person: at for person, at in kept.people.items() if person not in people}
    return replace(kept, people=left, gone=gone)


def test_promise_11_figures_wait_until_enough_people_came() -> None:
    first = decide(table(residents=20, carers=8))
    assert (first.state, shown(first)) == ("new", {"residents": 20, "carers": 10, ALL: 30})
    waiting = decide(table(residents=20, carers=12), first.kept)  # four came
    assert (waiting.state, waiting.lines) == ("waits", first.lines)
    # it is measured from what was shown, so the fifth brings all of them
    after = decide(table(residents=20, carers=13), waiting.kept)
    assert (after.state, shown(after)) == ("new", {"residents": 20, "carers": 15, ALL: 35})
    assert decide(table(residents=20, carers=13), after.kept).state == "same"


def test_promise_11_one_group_that_changed_by_few_holds_up_the_others() -> None:
    """Their new figures and the new total would tell of it."""
    first = decide(table(residents=20, carers=8))
    assert decide(table(residents=40, carers=9), first.kept).state == "waits"
    assert decide(table(residents=40, carers=8), first.kept).state == "new"


def test_promise_11_nine_who_come_and_one_who_goes_are_not_ten() -> None:
    """The change would be eight, so everybody could tell that somebody left."""
    first = decide(table(10, residents=40, carers=20))
    changed = table(10, residents=40, carers=29)
    without = {key: people - {"carers 0"} for key, people in changed.cells.items()}
    assert decide(replace(changed, cells=without), first.kept).state == "waits"
    assert moves(first.kept, {}) == {
        (frozenset({("residents", ALL)}), frozenset()): 40,
        (frozenset({("carers", ALL)}), frozenset()): 20,
    }


def test_promise_11_as_many_who_come_as_go_are_a_change_too() -> None:
    first = decide(table(residents=20, carers=8))
    swapped = table(residents=20, carers=9, first=1)
    assert decide(swapped, first.kept).state == "waits"


def test_promise_11_who_withdrew_still_counts_as_a_difference() -> None:
    """Their names are gone from the kept sets; that somebody went is not."""
    first = decide(table(residents=20, carers=12))
    three = [f"carers {n}" for n in range(3)]
    kept = erase(first.kept, *three)
    assert not any(person in kept.people for person in three)
    after = replace(table(residents=20, carers=12, first=0))
    cells = {key: people - set(three) for key, people in after.cells.items()}
    assert decide(replace(after, cells=cells), kept).state == "waits"
    # three new people in their place do not make it the same
    more = cells | {("carers", ALL): cells["carers", ALL] | {"new 1", "new 2", "new 3"}}
    assert decide(replace(after, cells=more), kept).state == "waits"
    # with two more who withdraw there are five, and seven are left
    kept = erase(kept, "carers 3", "carers 4")
    cells["carers", ALL] -= {"carers 3", "carers 4"}
    found = decide(replace(after, cells=cells), kept)
    assert (found.state, shown(found)["carers"]) == ("new", 5)


def test_promise_11_what_covered_a_small_count_goes_on_covering_it() -> None:
    # 3 + 12 = 15 is known of the first build: drivers shown as 12 would make the carers 3
    first = decide(table(residents=40, carers=3, drivers=12))
    assert shown(first) == {"residents": 40, "carers": None, "drivers": None, ALL: 55}
    second = decide(table(residents=40, carers=23, drivers=12), first.kept)
    assert second.state == "new"
    assert shown(second) == {"residents": 40, "carers": None, "drivers": None, ALL: 75}
    # once there are other drivers as well, neither tells of what was
    third = decide(table(residents=40, carers=23, drivers=32), second.kept)
    assert shown(third) == {"residents": 40, "carers": None, "drivers": None, ALL: 95}
    fourth = decide(table(residents=40, carers=43, drivers=52), third.kept)
    assert shown(fourth) == {"residents": 40, "carers": 45, "drivers": 50, ALL: 135}


def release(threshold: int, hidden: set[str], **groups: int) -> Past:
    counts = {(group, ALL): people for group, people in groups.items()}
    counts |= {(ALL, ALL): sum(groups.values())}
    keys = frozenset((group, ALL) for group in hidden)
    return Past(threshold, counts, keys, frozenset(), frozenset(), {})


def test_two_releases_that_cover_with_different_groups_tell_together() -> None:
    # alone: 3 + 12 and 3 + 9; together: drivers are 12 in the second, so carers were 15 - 12
    one = release(5, {"carers", "drivers"}, carers=3, drivers=12, nurses=30)
    two = release(5, {"carers", "nurses"}, carers=3, drivers=12, nurses=9)
    assert [*told_together([one])] == [*told_together([two])] == []
    assert (0, ("carers", ALL)) in told_together([one, two])
    # hidden alike they tell nothing: what moves from carers to drivers could in both
    alike = replace(one, counts={**one.counts, ("nurses", ALL): 90})
    assert [*told_together([one, alike])] == []


def test_a_release_is_held_to_its_own_threshold_or_to_a_lower_one() -> None:
    one = release(10, {"carers", "drivers"}, carers=3, drivers=12, nurses=30)  # 0 … 15
    assert [*told_together([one, replace(one, threshold=20)])] == [
        (1, ("carers", ALL)), (1, ("drivers", ALL))
    ]  # fmt: skip
    assert [*told_together([replace(one, threshold=20), one])] == []


def test_promise_11_a_threshold_that_rises_covers_what_was_shown_at_once() -> None:
    first = decide(table(residents=40, carers=12, drivers=30))
    assert shown(first)["carers"] == 10
    raised = decide(table(20, residents=40, carers=13, drivers=30), first.kept)
    assert raised.state == "covered"
    assert shown(raised) == {"residents": 40, "carers": None, "drivers": None, ALL: 80}
    # nobody is counted anew for it: that is 12 + 30 + 40, not the one who came
    assert raised.kept.past == first.kept.past and raised.kept.people == first.kept.people
    again = decide(table(20, residents=40, carers=13, drivers=30), raised.kept)
    assert (again.state, again.lines) == ("waits", raised.lines)


def test_a_threshold_that_falls_shows_more_where_it_tells_nothing_of_fewer() -> None:
    first = decide(table(10, residents=40, carers=7, drivers=30))
    assert shown(first) == {"residents": 40, "carers": None, "drivers": None, ALL: 75}
    lower = decide(table(5, residents=40, carers=7, drivers=30), first.kept)
    assert shown(lower) == {"residents": 40, "carers": 5, "drivers": 30, ALL: 75}


def test_a_hidden_group_under_another_name_would_be_the_difference() -> None:
    first = decide(table(residents=40, carers=3, drivers=12))
    moved = table(residents=40, carers=3, drivers=0)
    cells = {**moved.cells, ("residents", ALL): moved.cells["residents", ALL] | {
        f"drivers {n}" for n in range(12)
    }}  # fmt: skip
    assert not enough(first.kept, {(frozenset({("drivers", ALL)}),
                                    frozenset({("residents", ALL)})): 12}, 5)  # fmt: skip
    assert decide(replace(moved, cells=cells), first.kept).state == "waits"


def by_age(agreed: bool = False, **more: Any) -> Table:
    small = {"north": 3, "south": 4, "young": 2, "grown": 1, "old": 3, "nation": 30}
    return replace(
        table(**small),
        joins=(
            Join("identity", rows={"nation": "everybody"}, agreed=agreed),
            Join("age", rows=dict.fromkeys(("young", "grown", "old"), "any_age")),
            Join("place", rows={"north": "town", "south": "town"}),
        ),
        **more,
    )


def test_small_groups_are_joined_by_place_then_age_and_never_identity_unasked() -> None:
    found = decide(by_age())
    # place makes 7; 2, 1 and 3 still show nothing, and age makes them 6
    assert found.joined == ("place", "age")
    assert shown(found) == {"town": 5, "any_age": 5, "nation": 30, ALL: 45}
    assert [one.about for one in by_age().allowed_joins()] == ["place", "age"]
    assert [one.about for one in by_age(agreed=True).allowed_joins()] == [
        "place", "age", "identity"
    ]  # fmt: skip


def test_rows_stay_joined_as_they_were_shown_first() -> None:
    """With other rows the difference of two builds would be what each of them hides."""
    first = decide(by_age())
    more = by_age()
    cells = {key: people | {f"{key[0]} x{n}" for n in range(20)} for key, people in
             more.cells.items()}  # fmt: skip
    later = decide(replace(more, cells=cells), first.kept)
    assert (later.state, later.joined) == ("new", ("place", "age"))
    assert decide(replace(more, cells=cells)).joined == ()


def test_promise_11_a_theme_that_is_split_or_merged_tells_of_no_few() -> None:
    """Its figures under another name are a new build of the same figures."""
    whole = decide(table(residents=30, carers=12))
    part = table(residents=30, carers=10)  # two carers stand under another theme now
    assert shown(decide(part)) == {"residents": 30, "carers": 10, ALL: 40}
    assert set(shown(decide(part, beside=[whole.kept])).values()) == {None}
    assert shown(decide(table(residents=25, carers=12), beside=[whole.kept]))[ALL] == 35
    merged = table(residents=30, carers=15)  # with three of a theme that hid them
    assert set(shown(decide(merged, beside=[whole.kept])).values()) == {None}
    # other people altogether, or many more: nothing to compare
    other = table(residents=80, carers=40, first=28)
    assert decide(other, beside=[whole.kept]).hidden == 0
    # and it comes back as any other figure does
    hidden = decide(merged, beside=[whole.kept])
    assert decide(merged, hidden.kept).state == "same"
    assert shown(decide(table(residents=40, carers=20), hidden.kept)) == {
        "residents": 40, "carers": 20, ALL: 60
    }  # fmt: skip


def of_groups(*, sensitive: bool, **inside: tuple[int, int]) -> Table:
    """Return people of groups who told of a theme, and all people of these groups."""
    everybody = table(**{group: size for group, (_, size) in inside.items()}).cells
    told = table(**{group: people for group, (people, _) in inside.items()})
    of: Mapping[str, frozenset[str]] = {row: people for (row, _), people in everybody.items()}
    return replace(told, name="theme_people", said=frozenset({"all"}), of=of, sensitive=sensitive)


def test_promise_11_that_all_of_a_group_spoke_of_something_sensitive_is_not_shown() -> None:
    asked = {"residents": (30, 60), "carers": (20, 20), "drivers": (11, 40)}
    assert shown(decide(of_groups(sensitive=False, **asked))) == {
        "residents": 30, "carers": 20, "drivers": 10, ALL: 60
    }  # fmt: skip
    # 20 of 20 is hidden, and the smallest that covers it: 20 + 11 leaves them 0 … 20 of 20
    assert shown(decide(of_groups(sensitive=True, **asked))) == {
        "residents": 30, "carers": None, "drivers": None, ALL: 60
    }  # fmt: skip
    # all but two is as good as all
    asked["carers"] = (18, 20)
    assert shown(decide(of_groups(sensitive=True, **asked)))["carers"] is None
    asked["carers"] = (14, 20)
    assert shown(decide(of_groups(sensitive=True, **asked)))["carers"] == 15


def test_promise_11_figures_that_stay_are_covered_where_only_those_of_a_group_are_left() -> None:
    asked = {"residents": (30, 60), "carers": (14, 20), "drivers": (11, 40)}
    first = decide(of_groups(sensitive=True, **asked))
    assert shown(first)["carers"] == 15
    asked["carers"] = (14, 16)  # four who had not spoken of it withdrew
    left = decide(of_groups(sensitive=True, **asked), first.kept)
    assert left.state == "covered"
    assert shown(left) == {"residents": 30, "carers": None, "drivers": None, ALL: 55}
    assert decide(of_groups(sensitive=False, **asked), first.kept).lines == first.lines
    assert decide(of_groups(sensitive=True, **asked), left.kept).state == "same"


def test_promise_11_a_small_number_is_not_told_by_how_many_a_group_has() -> None:
    asked = of_groups(sensitive=False, a=(2, 30), b=(14, 14), c=(30, 60), d=(15, 60))
    alone = decide(replace(asked, of={}))
    assert shown(alone) == {"a": None, "b": None, "c": 30, "d": 15, ALL: 60}
    # 2 + 14 = 16, of which the second are 14 at most: the first would be 2 at least
    assert shown(decide(asked)) == {"a": None, "b": None, "c": 30, "d": None, ALL: 60}


def test_nobody_is_counted_twice_in_a_total_that_is_said() -> None:
    twice = table(residents=20, carers=8)
    cells = twice.cells | {("carers", ALL): twice.cells["carers", ALL] | {"residents 0"}}
    with pytest.raises(ValueError, match="counts somebody twice"):
        decide(replace(twice, cells=cells))
    assert decide(replace(twice, cells=cells, said=frozenset())).state == "new"
    with pytest.raises(ValueError, match="which it has not"):
        decide(replace(twice, rows=("residents",)))
    with pytest.raises(ValueError, match="two joins about the same"):
        decide(replace(twice, joins=(Join("age"), Join("age"))))


def test_promise_11_what_a_higher_threshold_hides_comes_back_with_enough_people() -> None:
    """It was shown and cannot be taken back, but no new file shows it, or lets it be worked out."""
    first = decide(table(residents=40, carers=12, drivers=30, nurses=60))
    assert shown(first)["carers"] == 10
    after = decide(table(20, residents=60, carers=12, drivers=50, nurses=60), first.kept)
    # whoever has the first build knows the carers, and so would know what covers them now
    assert after.state == "covered"
    assert shown(after) == {
        "residents": 40, "carers": None, "drivers": None, "nurses": 60, ALL: 140
    }  # fmt: skip
    more = decide(table(20, residents=60, carers=32, drivers=50, nurses=60), after.kept)
    assert (more.state, shown(more)["carers"], shown(more)[ALL]) == ("new", 30, 200)
