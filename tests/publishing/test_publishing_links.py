"""Where a story stands after its teller has doubted a theme or a passage, worked out by hand."""

from __future__ import annotations

import pytest

from par_toolkit.publishing.links import Link, undoubted
from par_toolkit.storage.sensemaking.checks import Held
from par_toolkit.storage.sensemaking.word_uses import NO_THEME

STORY, OTHER = 7, 8
BUS = Link(1, "telling", 0, 20)
ALSO_BUS = Link(2, "telling", 0, 20)  # the very same words under another theme
NURSE = Link(3, "telling", 21, 40)


def held(*, themes: tuple[int, ...] = (), quotes: tuple[int, ...] = (), story: int = STORY) -> Held:
    return Held(
        frozenset((story, theme) for theme in themes),
        frozenset((story, theme) for theme in quotes),
        frozenset(),
    )


@pytest.mark.parametrize(
    ("links", "doubts", "left", "quoted"),
    [
        ((BUS, NURSE), held(), (BUS, NURSE), True),
        ((BUS, NURSE), held(themes=(1,)), (NURSE,), True),
        # of the words they said nothing: these stand without the theme
        ((BUS,), held(themes=(1,)), (), True),
        ((BUS,), held(quotes=(1,)), (), False),
        ((BUS, NURSE), held(quotes=(1,)), (NURSE,), True),
        # doubted words go from every theme they stand under
        ((BUS, ALSO_BUS, NURSE), held(quotes=(2,)), (NURSE,), True),
        ((BUS, ALSO_BUS), held(quotes=(2,)), (), False),
        ((), held(quotes=(NO_THEME,)), (), False),
        ((), held(), (), True),
        ((BUS,), held(quotes=(1,), themes=(1,), story=OTHER), (BUS,), True),
    ],
)
def test_what_a_teller_doubts_is_left_out(
    links: tuple[Link, ...], doubts: Held, left: tuple[Link, ...], quoted: bool
) -> None:
    found = undoubted(STORY, links, doubts)
    assert (found.links, found.quoted) == (left, quoted)
