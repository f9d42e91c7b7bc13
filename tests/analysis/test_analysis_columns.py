"""Columns of a table, as a notebook has them: pandas itself is not needed to try it."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from analysis import themes
from analysis.codebook import Code
from analysis.columns import texts_of, values_of
from analysis.suggestions import Suggester
from tests.analysis.test_analysis_themes import BUS, NURSE


class Column:
    """It behaves like a column of pandas: found by the labels of its rows, not by their places."""

    def __init__(self, values: Sequence[object]) -> None:
        self._values = dict(zip(range(1_000, 1_000 + len(values)), values, strict=True))

    def __iter__(self) -> Iterator[object]:
        return iter(self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, label: int) -> object:
        return self._values[label]

    def __bool__(self) -> bool:
        raise ValueError("The truth value of a Series is ambiguous.")


class Table:
    """It behaves like a table of pandas: going through it gives the names of its columns."""

    columns = ("text", "label")

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)


class NotAvailable:
    """It behaves like pandas.NA, which is neither true nor false."""

    def __repr__(self) -> str:
        return "<NA>"

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")


def test_a_column_is_as_good_as_a_list() -> None:
    texts = BUS + NURSE
    by_list = themes.propose(texts, ids=range(6), languages=["en"] * 6, count=2, encoder=None)
    by_column = themes.propose(
        Column(texts),  # type: ignore[arg-type]
        ids=np.arange(6),  # type: ignore[arg-type]
        languages=Column(["en"] * 6),  # type: ignore[arg-type]
        count=2,
        encoder=None,
    )
    assert by_column.as_json() == by_list.as_json()
    assert json.loads(by_column.as_json())["themes"]
    machine = Suggester(
        [Code("bus", "Bus to the clinic")],
        Column(texts),  # type: ignore[arg-type]
        languages=Column(["en", None, float("nan"), *["en"] * 3]),  # type: ignore[arg-type]
    )
    machine.teach({0: {"bus"}})
    assert machine.suggest([0]) and machine.why(0, "bus")[1]


@pytest.mark.parametrize("missing", [None, float("nan"), np.float64("nan"), NotAvailable()])
def test_a_missing_text_is_said_and_never_passed_over(missing: object) -> None:
    """ "None" is an answer; pandas reads it as missing."""
    with pytest.raises(ValueError, match=r"Text number 1 .* is missing.*keep_default_na=False"):
        themes.propose(Column(["None", missing]))  # type: ignore[arg-type]
    assert values_of(["fr", missing]) == ["fr", None]


def test_what_is_no_column_of_texts_is_refused_in_a_sentence() -> None:
    for given, said in (
        ("one text", "give a list of texts"),
        (Table(), "A whole table came"),
        ([1, 2], "is no text but 1"),
    ):
        with pytest.raises(ValueError, match=said):
            texts_of(given)  # type: ignore[arg-type]
    assert texts_of(np.array(["a", "b"])) == ["a", "b"]
    assert texts_of(text for text in "ab") == ["a", "b"]
