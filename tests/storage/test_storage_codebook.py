"""The codebook: a tree that people change, with nothing in it twice or in a circle."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from par_toolkit.inquiry import create
from par_toolkit.storage import audit, codebook
from par_toolkit.storage.codebook import Words
from par_toolkit.storage.database import PrivateDatabase, open_database
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


HOSTILE = (
    '=HYPERLINK("http://example.org")',
    "+1+1",
    "@SUM(A1)",
    "<b>bold</b>",
    "{{ 7*7 }}",
    "%(name)s %s",
    "'); drop table codes; --",
    "مواعيد متأخرة",
    "é" * codebook.NAME_LENGTH,
    "😀",
    "می\u200cخواهم",  # Persian: no word without what joins and parts its letters
)


def test_hostile_names_are_names_like_any_other(
    db: PrivateDatabase, code: Callable[..., int]
) -> None:
    ids = [code(name) for name in HOSTILE]
    for one, name in zip(ids, HOSTILE, strict=True):
        found = codebook.get(db, one)
        assert found is not None and found.name == name and found.code.isprintable()
    assert len({one.code for one in codebook.listing(db)}) == len(HOSTILE)
    for name in ("a\u202eb", "\ufeff", "\ud800", "\u200c"):
        assert refusal(lambda name=name: code(name)) == "bad_name"


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "under", "merge", "retire", "back"]),
        st.integers(0, 7),
        st.integers(0, 7),
    ),
    max_size=30,
)


@settings(max_examples=15)
@given(ACTS)
def test_after_any_mix_of_acts_the_codebook_is_a_tree_without_circles(
    acts: list[tuple[str, int, int]],
) -> None:
    with TemporaryDirectory() as folder:
        here = create(Path(folder) / "inquiry", name="Made-up", locality="Exampleton")
        with open_database(here.folder, create=True) as db:
            with db.writing():  # one transaction for all: quick
                made = [codebook.add(db, Words(f"Code {n}"), by=None).id for n in range(3)]
                for act, one, other in acts:
                    with suppress(Refused):
                        _do(db, made, act, made[one % len(made)], made[other % len(made)])
            _check_tree(db, made)


def _do(db: PrivateDatabase, made: list[int], act: str, one: int, other: int) -> None:
    if act == "add":
        made.append(codebook.add(db, Words(f"Code {len(made)}"), by=None, parent=other).id)
    elif act == "under":
        codebook.change(db, one, codebook.used(db, one).words, by=None, parent=other)
    elif act == "merge":
        codebook.merge(db, one, into=other, by=None)
    elif act == "retire":
        codebook.retire(db, one, by=None)
    else:
        codebook.bring_back(db, one, by=None)


def _check_tree(db: PrivateDatabase, made: list[int]) -> None:
    every = {one.id: one for one in codebook.listing(db, states=("used", "retired", "merged"))}
    assert sorted(every) == sorted(made)
    used = [one for one in every.values() if one.state == "used"]
    assert sorted(one.id for _, one in codebook.tree(used)) == sorted(one.id for one in used)
    for one in every.values():
        if one.merged_into:
            assert every[one.merged_into].merged_into is None  # a merged code counts as one step
        if one.state == "used" and one.parent:
            assert every[one.parent].state == "used"
        way, at = set(), one.id
        while (above := every[at].parent) is not None:
            assert above not in way
            way.add(above)
            at = above
