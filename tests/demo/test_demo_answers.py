"""A reader of the demo asks: what did people say about transport, do groups agree, what is done?"""

from __future__ import annotations

import asyncio
import html
import re

import pytest

from datasette_plugins.datasette_api import close_build, open_build
from par_toolkit import publishing
from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing.build import file_of

#: The demo is made once, in one process, for all who look at it.
pytestmark = pytest.mark.xdist_group("demo")


def test_the_answer_is_two_taps_away_from_the_first_page(demo: Inquiry) -> None:
    async def walk() -> tuple[str, str, str]:
        live = publishing.live_build(demo.folder)
        assert live is not None
        datasette = await open_build(file_of(demo.folder, live))
        try:
            home = (await datasette.client.get("/")).text
            entry = home.split(">Getting there and back</a>")[1].split("</li>")[0]
            (theme,) = re.findall(r'href="([^"#]+)#answers"', entry)
            said = (await datasette.client.get(theme)).text
            made = said.split('id="answers"')[1].split("</section>")[0]
            put = made.split("should name the bus that gets you there")[1]
            (statement, *_) = re.findall(r'href="([^"]*/statement/[^"]+)"', put)
            return said, made, (await datasette.client.get(statement)).text
        finally:
            await close_build(datasette)

    said, made, statement = (html.unescape(text) for text in asyncio.run(walk()))
    assert "Le dernier bus" in said.split('id="answers"')[0]
    assert "Try it in one clinic for three months" in made and "To be done" in made
    assert "Paper does not stop a bus from being cut." in statement
    assert "Try it in one clinic for three months" in statement
