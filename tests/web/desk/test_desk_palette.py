"""The codes to choose from: each is there once, families under their name, the many by letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage.codebook import Code, Words, tree
from par_toolkit.web.desk.palette import WITHOUT_LETTERS, groups


def code(number: int, name: str, parent: int | None = None) -> Code:
    return Code(number, f"c{number}", Words(name), parent, "used", None)


def test_a_few_codes_need_no_heading() -> None:
    found = groups(tree([code(1, "Buses"), code(2, "Nurses")]))
    assert [(group.heading, len(group.codes)) for group in found] == [("", 2)]
    assert groups([]) == []
    family = groups(tree([code(1, "Care"), code(2, "Nurses", 1)]))
    assert [(group.heading, len(group.codes)) for group in family] == [("", 2)]


def test_those_alone_come_first_and_families_under_their_own_name() -> None:
    listed = [code(1, "Care"), code(2, "Nurses", 1), code(3, "Night nurses", 2)]
    listed += [code(number, f"Zebra {number}") for number in range(4, 14)]
    found = groups(tree(listed))
    assert [group.heading for group in found] == ["", "Care"]
    assert [(depth, one.id) for depth, one in found[1].codes] == [(0, 1), (1, 2), (2, 3)]


def test_three_hundred_codes_stand_under_their_letters() -> None:
    listed = [code(n + 1, f"{'éeE1 «'[n % 6]}{n}") for n in range(300)]
    found = groups(tree(listed))
    assert sorted(group.heading for group in found) == ["#", "1", "E"]
    assert {group.heading: len(group.codes) for group in found}["E"] == 150


@given(st.lists(st.tuples(st.text(max_size=8), st.none() | st.integers(1, 60)), max_size=60))
def test_every_code_is_there_once(drawn: list[tuple[str, int | None]]) -> None:
    listed = [
        code(number, name, above if above and above < number else None)
        for number, (name, above) in enumerate(drawn, start=1)
    ]
    found = [one.id for group in groups(tree(listed)) for _, one in group.codes]
    assert sorted(found) == [one.id for one in listed]
    assert WITHOUT_LETTERS < 60
