"""The codebook: a tree that people change, with nothing in it twice or in a circle."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from par_toolkit.storage import audit, codebook
from par_toolkit.storage.codebook import Words
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused


@pytest.fixture
def code(db: PrivateDatabase) -> Callable[..., int]:
    return lambda name, parent=None: codebook.add(db, Words(name), by=None, parent=parent).id


def names(db: PrivateDatabase) -> list[tuple[int, str]]:
    return [(depth, one.name) for depth, one in codebook.tree(codebook.listing(db))]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.reason


def test_short_names_are_made_from_names_and_never_given_twice(
    db: PrivateDatabase, code: Callable[..., int]
) -> None:
    code("Getting there: by bus!")
    first = codebook.listing(db)[0]
    assert first.code == "getting-there-by-bus"
    codebook.retire(db, first.id, by=None)
    code("Getting there by bus")
    code("!!!")
    assert [one.code for one in codebook.listing(db)] == ["getting-there-by-bus-2", "code"]


def test_the_tree_stands_by_name_and_shows_every_code(
    db: PrivateDatabase, code: Callable[..., int]
) -> None:
    journey = code("journey")
    code("Bus", journey)
    code("ambulance", journey)
    code("Care")
    assert names(db) == [(0, "Care"), (0, "journey"), (1, "ambulance"), (1, "Bus")]
    codebook.retire(db, journey, by=None)
    assert names(db) == [(0, "ambulance"), (0, "Bus"), (0, "Care")]


def test_no_code_comes_to_be_under_itself(db: PrivateDatabase, code: Callable[..., int]) -> None:
    top = code("Top")
    middle = code("Middle", top)
    low = code("Low", middle)
    change = codebook.change
    for parent in (top, middle, low):
        act = lambda parent=parent: change(db, top, Words("Top"), by=None, parent=parent)  # noqa: E731
        assert refusal(act) == "circle"
    codebook.merge(db, top, into=low, by=None)  # what it was under goes into it
    assert names(db) == [(0, "Low"), (1, "Middle")]


def test_names_are_taken_whatever_their_letters(
    db: PrivateDatabase, code: Callable[..., int]
) -> None:
    one = code("Straße")
    two = code("Other")
    assert refusal(lambda: code("STRASSE")) == "code_taken"
    assert (
        refusal(lambda: codebook.change(db, two, Words(" straße "), by=None, parent=None))
        == "code_taken"
    )
    codebook.change(db, one, Words("STRASSE"), by=None, parent=None)
    codebook.retire(db, one, by=None)
    three = code("strasse")
    assert refusal(lambda: codebook.bring_back(db, one, by=None)) == "code_taken"
    codebook.retire(db, three, by=None)
    assert codebook.bring_back(db, one, by=None).state == "used"


def test_words_and_numbers_have_their_bounds(
    db: PrivateDatabase, code: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codebook, "MOST_CODES", 3)
    for name in ("", " ", "a\nb\x00", "x" * 301):
        assert refusal(lambda name=name: code(name)) == "bad_name"
    long = Words("Fine", "x" * 5_001)
    assert refusal(lambda: codebook.add(db, long, by=None)) == "long_text"
    for number in range(3):
        code(f"Code {number}")
    assert refusal(lambda: code("One more")) == "too_many_codes"
    codebook.retire(db, 1, by=None)
    code("One more")
    assert refusal(lambda: codebook.bring_back(db, 1, by=None)) == "too_many_codes"


def test_a_code_out_of_use_takes_nothing_more(
    db: PrivateDatabase, code: Callable[..., int]
) -> None:
    one, two = code("One"), code("Two")
    codebook.merge(db, one, into=two, by=None)
    assert refusal(lambda: codebook.merge(db, two, into=two, by=None)) == "same_code"
    for act in (
        lambda: codebook.merge(db, two, into=one, by=None),
        lambda: codebook.retire(db, one, by=None),
        lambda: codebook.bring_back(db, one, by=None),
        lambda: codebook.add(db, Words("Three"), by=None, parent=one),
        lambda: codebook.change(db, 99, Words("Four"), by=None, parent=None),
    ):
        assert refusal(act) == "no_code"
    assert {row["action"] for row in audit.listing(db)} == {"add_code", "merge_codes"}
