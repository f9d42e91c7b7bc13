"""What docs/theming.md shows can be done as it stands there."""

import csv
import io
import re
from pathlib import Path

import pytest

from analysis import codebook_files

PAGE = (Path(__file__).parents[2] / "docs" / "theming.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_each_piece_of_python_runs(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    exec(blocks("python")[number], {})


def test_the_codebook_that_it_shows_can_be_read() -> None:
    (text,) = blocks("csv")
    access, bus = codebook_files.from_csv(text)
    assert (bus.parent, bus.examples) == (access.code, ("The last bus had gone.",))
    columns = next(csv.reader(io.StringIO(text)))
    assert tuple(columns) == codebook_files.COLUMNS
    assert all(f"`{column}`" in PAGE for column in columns)


def test_what_it_links_to_is_there() -> None:
    for link in re.findall(r"\]\((\.\./[^)#]+)", PAGE):
        assert (Path(__file__).parents[2] / "docs" / link).exists(), link
