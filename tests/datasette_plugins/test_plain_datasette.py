"""The plugin in a plain `datasette serve build.db`, under any name, and beside other databases."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from datasette.app import Datasette
from datasette.plugins import pm

import datasette_plugins
from tests.datasette_plugins.builds import make_build

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def plain(tmp_path: Path) -> AsyncIterator[Any]:
    """Hand out `plain([files], settings={…})`: a Datasette with its own defaults."""
    if not pm.is_registered(datasette_plugins):
        pm.register(datasette_plugins, "datasette_plugins")
    started: list[Any] = []

    def start(files: list[Path], **options: Any) -> Any:
        started.append(Datasette([str(file) for file in files], **options))
        return started[-1]

    yield start
    for datasette in started:
        await datasette_plugins.datasette_api.close_build(datasette)


@pytest.mark.parametrize("base_url", ["/", "/findings/", "/deep/er/"])
async def test_it_works_under_its_file_name_and_any_base_address(
    tmp_path: Path, plain: Any, base_url: str
) -> None:
    datasette = plain([make_build(tmp_path)], settings={"base_url": base_url})
    seen, waiting = set(), [base_url]
    while waiting:
        address = waiting.pop()
        response = await datasette.client.get(address.removeprefix(base_url.rstrip("/")))
        # Datasette has no CSV of a whole database; here it is asked for one, without the query.
        assert response.status_code in (200, 302) or address.endswith("build-000001.csv"), address
        assert response.status_code < 500, address
        # With a base address still on the path, Datasette itself puts it twice before the links of
        # its own pages; a mount takes it off first, as tests/serving shows.
        own_page = "build-000001" in address and base_url != "/"
        for href in [] if own_page else re.findall(r'href="(/[^"#]*)', response.text):
            path = href.split("?")[0]
            if path not in seen and path not in ("/tell", "/mine", "/"):
                assert path.startswith(base_url) and base_url * 2 not in path, path
                seen.add(path)
                waiting.append(path)
    assert f"{base_url}build-000001/quotes" in seen
    assert f"{base_url}theme/theme-waiting" in seen


@pytest.mark.parametrize("circles", ["large", "before"])
async def test_search_forgives_there_too(tmp_path: Path, plain: Any, circles: str) -> None:
    """Also in a file that Datasette may take for one that changes, and in builds of before."""
    build = make_build(tmp_path, circles=circles)
    for datasette in (plain([build]), plain([], immutables=[str(build)])):
        page = (await datasette.client.get("/search?q=recepsionist")).text
        assert "The <mark>receptionist</mark> smiled" in page


async def test_without_a_build_datasette_stays_itself(tmp_path: Path, plain: Any) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("create table notes (id integer primary key, text)")
        db.execute("insert into notes values (1, 'a note')")
    db.close()
    datasette = plain([other])
    home = await datasette.client.get("/")
    assert home.status_code == 200 and "other" in home.text
    for path in ("/other", "/other/notes", "/other/notes/1", "/other?sql=select+1"):
        assert (await datasette.client.get(path)).status_code == 200
    assert (await datasette.client.get("/themes")).status_code == 404


async def test_a_build_beside_another_database_is_found(tmp_path: Path, plain: Any) -> None:
    other = tmp_path / "another.db"
    sqlite3.connect(other).close()
    datasette = plain([other, make_build(tmp_path)])
    assert "Harbour Voices" in (await datasette.client.get("/")).text


async def test_the_module_names_every_door() -> None:
    """Whoever mounts the pages lets in only `ADDRESSES`: each route must be among them."""
    for pattern, _ in datasette_plugins.register_routes():
        first = pattern.strip("/$").split("/")[0]
        assert first in datasette_plugins.ADDRESSES or first == "-", pattern
