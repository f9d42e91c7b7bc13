"""What a run says of a theme's stability is kept with it; older themes say nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from par_toolkit.storage import runs, themes
from par_toolkit.storage.database import PrivateDatabase


def test_looks_and_nearness_are_kept(db: PrivateDatabase, tell: Callable[..., Any]) -> None:
    members = [runs.ProposedMember(tell().story_id or 0, 0.5, "telling", 0, 3)]
    theme = runs.ProposedTheme(("bus",), members, None, 20, 17, 2)
    plain = runs.ProposedTheme(("nurse",), members)
    runs.record(db, runs.RunRecord(0, {}, {}, "", (), 0.0, (), (theme, plain), ()))
    found = {one.words: (one.looks, one.came_again, one.near) for one in themes.listing(db)}
    assert found == {("bus",): (20, 17, 2), ("nurse",): (0, 0, None)}
