"""Codebooks: there and back, and what cannot be used is refused with a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.codebook import Code, CodebookError, checked, descriptions
from analysis.codebook_files import LARGEST, from_csv, from_yaml, to_csv, to_yaml

CODES = (
    Code("bus", "Getting there", "Buses, parking", "any way to come", "", ("Late bus.", "=1+1")),
    Code("wait", "Waiting; long", "«attendre»", "", "not the bus", (), "bus"),
)
WORDS = st.text(max_size=20, alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl"]))
NAMED = WORDS.filter(lambda text: bool(text.strip()) and text == text.strip())


@pytest.mark.parametrize(("write", "read"), [(to_csv, from_csv), (to_yaml, from_yaml)])
def test_there_and_back(write, read) -> None:  # type: ignore[no-untyped-def]
    assert read(write(CODES)) == CODES
    assert read("\ufeff" + write(CODES)) == CODES if write is to_csv else True


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(Code, NAMED, NAMED, NAMED, NAMED, NAMED, st.lists(NAMED, max_size=2).map(tuple)),
        max_size=5,
        unique_by=(lambda one: one.code, lambda one: one.name.casefold()),
    ).map(tuple)
)
def test_any_codes_come_back_from_csv(codes: tuple[Code, ...]) -> None:
    if codes:
        assert from_csv(to_csv(codes)) == codes


def test_a_spreadsheet_takes_no_field_for_a_formula() -> None:
    text = to_csv([Code("a", "=HYPERLINK(1)", "'quoted", "-1")])
    assert "\r\na,'=HYPERLINK(1),'quoted,'-1" in text or "'=HYPERLINK(1),''quoted" in text
    assert from_csv(text)[0].name == "=HYPERLINK(1)"
    assert from_csv(text)[0].meaning == "'quoted"


def test_other_dividers_and_orders_of_columns_do() -> None:
    assert from_csv("Name;Code\nBus;b\n\n")[0] == Code("b", "Bus")
    assert from_csv("name\tcode\r\nBus\tb\r\n")[0] == Code("b", "Bus")


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ([Code("a", "A", parent="b"), Code("b", "B", parent="a")], "round in a circle"),
        ([Code("a", "A", parent="a")], "a under a"),
        ([Code("a", "A"), Code("a", "B")], "there twice"),
        ([Code("a", "Bus"), Code("b", "bus ")], "same name"),
        ([Code("a", "A", parent="z")], "not in the codebook"),
        ([Code("", "A")], "no short name"),
        ([Code("a", " ")], "has no name"),
        ([Code("a", "x" * 6_000)], "Shorten"),
        ([Code(f"c{n}", f"Name {n}") for n in range(501)], "501 codes; at most 500"),
    ],
)
def test_what_cannot_be_used_is_refused(codes: list[Code], sentence: str) -> None:
    with pytest.raises(CodebookError, match=sentence):
        checked(codes)
    with pytest.raises(CodebookError):
        from_csv(to_csv(codes))
    with pytest.raises(CodebookError):
        from_yaml(to_yaml(codes))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no codes"),
        ("title,meaning\nx,y\n", "missing: code, name"),
        ("code,name\na,b,c\n", "more fields"),
        ('code,name\n"a,b\n', "no CSV"),
        ("code,name\n" + "x" * LARGEST, "at most"),
    ],
)
def test_csv_that_is_no_codebook(text: str, sentence: str) -> None:
    with pytest.raises(CodebookError, match=sentence):
        from_csv(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "must be a list"),
        ("code: a", "must be a list"),
        ("- a", "must be a list"),
        ("- {code: a, name: b, colour: red}", "'colour'"),
        ("- {code: a, name: [b]}", "one text"),
        ("- &x {code: a, name: b}\n- *x", "references"),
        ("- code: !!python/object/apply:os.system [ls]\n  name: b", "no YAML"),
        ("- {code: a, name: b", "on line"),
        ("[" * 3_000, "nested|no YAML"),
    ],
)
def test_yaml_that_is_no_codebook(text: str, sentence: str) -> None:
    with pytest.raises(CodebookError, match=sentence):
        from_yaml(text)


def test_what_a_code_is_not_does_not_describe_it() -> None:
    assert descriptions(CODES) == [
        (0, "Getting there"),
        (0, "Buses, parking"),
        (0, "any way to come"),
        (0, "Late bus."),
        (0, "=1+1"),
        (1, "Waiting; long"),
        (1, "«attendre»"),
    ]
