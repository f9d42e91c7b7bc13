"""What the pages of themes say beside names: what lies near, what stays, what could move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from analysis.proposal import stands
from analysis.why import CLOSE
from par_toolkit.storage.themes import Member, Theme

#: Words of several themes that lie near each other, in the heading over them.
WORDS_TOGETHER: Final = 6


@dataclass(frozen=True)
class Family:
    """Themes that lie near each other, with the first words of each; one alone has no words."""

    words: tuple[str, ...]
    themes: tuple[Theme, ...]

    @property
    def stories(self) -> int:
        """Count the places of stories in its themes."""
        return sum(one.stories for one in self.themes)


def families(themes: Sequence[Theme]) -> list[Family]:
    """Put themes into the upper of two levels, as the run that proposed them found it.

    The largest comes first; themes that lie near no other come last, together and without words.
    """
    held: dict[tuple[int | None, int], list[Theme]] = {}
    for one in themes:
        if one.near is not None:
            held.setdefault((one.run, one.near), []).append(one)
    near = [tuple(found) for found in held.values() if len(found) > 1]
    made = [Family(_together(found), found) for found in near]
    made.sort(key=lambda one: -one.stories)
    placed = {one.id for family in made for one in family.themes}
    alone = tuple(one for one in themes if one.id not in placed)
    return [*made, *([Family((), alone)] if alone else [])]


def _together(themes: Sequence[Theme]) -> tuple[str, ...]:
    """Return the first words of each theme in turn, every word once."""
    longest = max(len(one.words) for one in themes)
    words = [one.words[at] for at in range(longest) for one in themes if at < len(one.words)]
    return tuple(dict.fromkeys(words))[:WORDS_TOGETHER]


def stability(theme: Theme) -> str:
    """Say in plain words whether the theme stays when some stories are left out."""
    figures = {"again": theme.came_again, "looks": theme.looks}
    return {
        "stays": _(
            "It stays: the machine looked %(looks)d times at a part of the stories and found it "
            "%(again)d times.",
            **figures,
        ),
        "wavers": _(
            "It wavers: the machine looked %(looks)d times at a part of the stories and found it "
            "%(again)d times. With other stories it might look otherwise.",
            **figures,
        ),
        "falls_apart": _(
            "It falls apart: the machine looked %(looks)d times at a part of the stories and found "
            "it only %(again)d times. Read it with care, or split it.",
            **figures,
        ),
        "unknown": _(
            "Nobody knows whether it stays when some stories are left out: there were too few to "
            "try, or people made it."
        ),
    }[stands(theme.looks, theme.came_again)]


def could_go_elsewhere(members: Sequence[Member]) -> int:
    """Count the stories in a theme that another theme is all but as near to."""
    return sum(close(one) for one in members)


def close(member: Member) -> bool:
    """Say whether a machine found another theme all but as near."""
    return member.margin is not None and abs(member.margin) < CLOSE


def elsewhere(members: Sequence[Member]) -> str:
    """Say how many stories of a theme could stand elsewhere; '' where none could."""
    number = could_go_elsewhere(members)
    if not number:
        return ""
    return ngettext(
        "One of its stories could as well stand in another theme.",
        "%(num)d of its stories could as well stand in another theme.",
        number,
    )
