"""Inquiries with next to nothing in them, and files that are no sound build: a page for each."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import datasette_plugins
from par_toolkit.publishing import live_build, publish, verify_build
from tests.publishing.inquiries import Place
from tests.serving.conftest import Served

pytestmark = pytest.mark.asyncio

#: Pages of the plugin that need no id in their address, and files beside tables.
ADDRESSES = sorted(datasette_plugins.ADDRESSES - {"theme", "story", "statement", "question"})
WHOLE = ("analyse", "quote", "publish")


def nothing(_place: Place) -> None:
    """Nobody has told anything."""


def one_story(place: Place) -> None:
    """One person told one story; it stands alone."""
    place.tell("The bus is late.", consent=WHOLE)


def one_group(place: Place) -> None:
    """Everybody is of the one group that there is, and a few said of none."""
    text = (place.folder / "inquiry.toml").read_text("utf-8")
    start, end = text.index("[[group]]"), text.rindex("[[group]]")
    (place.folder / "inquiry.toml").write_text(text[:start] + text[end:], "utf-8")
    (code,) = re.findall(r'^code = "(\w+)"', text[end:], re.M)[:1]
    place.theme([place.tell(f"The bus, {n}.", group=code, consent=WHOLE) for n in range(12)])


def few_for_k(place: Place) -> None:
    """Fewer people than the threshold told."""
    place.change("threshold = 5 ", "threshold = 500 ")
    place.theme([place.tell(f"The bus, {n}.", consent=WHOLE) for n in range(6)])


@pytest.mark.parametrize("fill", [nothing, one_story, one_group, few_for_k])
async def test_each_page_of_an_odd_inquiry_answers(
    tmp_path: Path, one_port: Served, plain: Callable[[Path], Any], fill: Callable[[Place], None]
) -> None:
    place = Place(tmp_path / "inquiry")
    fill(place)
    made = publish(place.folder)
    assert verify_build(made.path).sound, verify_build(made.path).sentences
    served = {"/findings": await one_port(place.folder), "": plain(made.path)}
    for start, get in served.items():
        library = f"{start}/{'library' if start else made.path.stem}"
        figures = (await get(f"{library}/participation.json?_shape=array")).json()
        pages = [f"{start}/{address}" for address in ADDRESSES]
        for table in ("quotes", "participation", "proofs"):
            pages += [f"{library}/{table}{end}" for end in ("", ".json", ".csv?_stream=1")]
        for page in pages:
            answer = await get(page)
            assert answer.status_code == 200, (page, answer.text[:500])
            assert "Traceback" not in answer.text
        if fill is not one_group:
            assert {row["people"] for row in figures} == {None}
    place.db.close()


def cut_short(file: Path) -> None:
    """As a copy is that was broken off."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2 // 4096 * 4096])


def from_another_version(file: Path) -> None:
    """As a later version might write it: with other tables and columns."""
    with closing(sqlite3.connect(file)) as conn:
        conn.executescript(
            """
            update inquiry set format = 99;
            alter table quotes add column voice text;
            drop table agreement;
            create table moods (id text primary key, mood text);
            """
        )


def with_an_extra_table(file: Path) -> None:
    """With a table in it that somebody put there."""
    with closing(sqlite3.connect(file)) as conn:
        conn.executescript(
            "create table people (name text); insert into people values ('Example Ann');"
        )


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (cut_short, "is cut short"),
        (from_another_version, "is written in format 99"),
        (with_an_extra_table, "holds 'people', which does not belong"),
    ],
)
async def test_a_file_that_is_no_sound_build_is_named_and_no_page_breaks(
    tmp_path: Path,
    one_port: Served,
    plain: Callable[[Path], Any],
    damage: Callable[[Path], None],
    sentence: str,
) -> None:
    place = Place(tmp_path / "inquiry")
    one_group(place)
    made = publish(place.folder)
    damage(made.path)
    verdict = verify_build(made.path)
    assert not verdict.sound and sentence in " ".join(verdict.sentences)
    for start, get in {"/findings": await one_port(place.folder), "": plain(made.path)}.items():
        for address in ADDRESSES:
            answer = await get(f"{start}/{address}")
            assert "Traceback" not in answer.text and "sqlite3." not in answer.text, address
            if answer.headers["content-type"].startswith("text/html"):
                assert "<h1" in answer.text, address
    again = publish(place.folder)
    assert verify_build(again.path).sound and live_build(place.folder) == again.build
    place.db.close()
