"""What the people of the made-up place make of the machine's proposals.

They rename, split, move and endorse through the same doors as the desk, so the trail shows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from par_toolkit.demo.content import DemoTheme
from par_toolkit.storage import shaping, themes
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person

STANDS_ALONE = "One voice so far. It stays here by itself, so that it is not lost among others."


def shape(
    db: PrivateDatabase,
    settled: Sequence[DemoTheme],
    wanted: Mapping[str, set[int]],
    alone: Sequence[int],
    *,
    by: Person,
    endorser: Person,
) -> None:
    """Turn the proposals of a run into the themes people settled on.

    `wanted` maps theme keys to the stories that belong under them, `alone` are the stories that
    stand by themselves. Call after a run that proposed a theme with two stories or more.
    """
    chosen = _nearest({theme.id: _inside(db, theme.id) for theme in themes.listing(db)}, wanted)
    for theme in settled:
        place = chosen.get(theme.key)
        if place is None:
            place = _split_off(db, wanted[theme.key], theme.name, by)
            chosen[theme.key] = place
        shaping.rename(db, place, theme.name, by=by, meaning=both(theme.meaning))
    for theme in settled:
        _gather(db, chosen[theme.key], wanted[theme.key], by)
    for story in alone:
        shaping.shelve(db, story, reason=STANDS_ALONE, by=by)
    for proposed in themes.listing(db):
        if proposed.id not in chosen.values():
            shaping.reject(db, proposed.id, by=by)
    for theme in settled:
        _put_back(db, chosen[theme.key], wanted[theme.key], by)
        shaping.endorse(db, chosen[theme.key], by=endorser)


def _inside(db: PrivateDatabase, theme: int) -> set[int]:
    return {member.story for member in themes.members(db, theme)}


def _nearest(proposed: Mapping[int, set[int]], wanted: Mapping[str, set[int]]) -> dict[str, int]:
    """Match each settled theme with the proposal that holds most of it, each proposal once."""
    pairs = sorted(
        (
            (len(held & stories), key, place)
            for place, held in proposed.items()
            for key, stories in wanted.items()
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    chosen: dict[str, int] = {}
    for shared, key, place in pairs:
        if shared and key not in chosen and place not in chosen.values():
            chosen[key] = place
    return chosen


def _split_off(db: PrivateDatabase, stories: set[int], name: str, by: Person) -> int:
    """Make a theme that the machine did not see out of the largest one it did."""
    first = min(stories)
    for theme in themes.listing(db):
        inside = _inside(db, theme.id)
        if len(inside) > 1:
            if first not in inside:
                shaping.add_story(db, theme.id, first, by=by)
            return shaping.split(db, theme.id, [first], name=name, by=by).id
    raise LookupError("The run proposed no theme that could be split.")


def _gather(db: PrivateDatabase, theme: int, stories: set[int], by: Person) -> None:
    """Bring the stories that belong together under their theme, from wherever they are."""
    for story in sorted(stories):
        places = [one.id for one in themes.of_story(db, story)]
        if theme in places:
            continue
        if places:
            shaping.move(db, story, source=places[0], into=theme, by=by)
        else:
            shaping.add_story(db, theme, story, by=by)


def _put_back(db: PrivateDatabase, theme: int, stories: set[int], by: Person) -> None:
    """Take out what does not belong; it waits to be themed again."""
    for story in sorted(_inside(db, theme) - stories):
        shaping.remove_story(db, theme, story, by=by)


def both(meaning: Mapping[str, str]) -> str:
    """Put what is said in each language under each other."""
    return "\n\n".join(meaning.values())
