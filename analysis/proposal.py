"""The record of one theming run: plain, frozen, the same to the byte for the same texts."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

Identifier = int | str


def stands(looks: int, came_again: int) -> str:
    """Say how a theme stands when texts are left out: `stays`, `wavers`, `falls_apart`, `unknown`.

    It stays where three in four looks found it again, and falls apart below one in two.
    """
    if not looks:
        return "unknown"
    share = came_again / looks
    return "stays" if share >= 0.75 else "wavers" if share >= 0.5 else "falls_apart"


@dataclass(frozen=True, slots=True)
class Member:
    """One text in a theme, with its most typical passage `texts[index][start:end]`.

    `score` is the cosine with the theme's centre, from 0 to 1; `margin` is how much nearer that is
    than the next theme's. A small margin means it could go elsewhere. `main` is False where only
    the passage, not the whole text, drew it here.
    """

    index: int
    id: Identifier
    score: float
    margin: float
    start: int
    end: int
    main: bool = True


@dataclass(frozen=True, slots=True)
class Theme:
    """Texts that are alike.

    `words` are the typical words as people wrote them, most typical first; they are a start for
    people to name the theme, not its name. `typical` and `different` are indexes of texts: nearest
    to the centre, and least like the rest. Of `looks` at a part of the texts, the theme came out
    again in `came_again` (0 of 0: there were too few texts to leave any out). `language` is the one
    of most of its texts, `languages` are all. `group` is its place in `Proposal.groups`, if any.
    """

    words: tuple[str, ...]
    members: tuple[Member, ...]
    typical: tuple[int, ...]
    different: tuple[int, ...]
    language: str
    languages: tuple[str, ...] = ()
    looks: int = 0
    came_again: int = 0
    group: int | None = None

    @property
    def stability(self) -> str:
        """Say how it stands when texts are left out (see `stands`)."""
        return stands(self.looks, self.came_again)


@dataclass(frozen=True, slots=True)
class Group:
    """Themes that lie near each other: the upper of two levels, with words typical of them all."""

    words: tuple[str, ...]
    themes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alone:
    """A text that no theme holds.

    `reason` is `no_shared_words`, `unlike_others` or `too_few_alike`.
    """

    index: int
    id: Identifier
    reason: str


@dataclass(frozen=True, slots=True)
class Little:
    """A text that says little; `reason` is one of `little_said.REASONS`."""

    index: int
    id: Identifier
    reason: str


@dataclass(frozen=True)
class Proposal:
    """What a run proposes. Every text is in one of its themes, in `alone` or in `little`.

    A text may be in several themes, by different passages; in one of the three kinds of place only.

    `limits` are machine words for what a reader must be told beside the result. `timings` (seconds
    by step) differ from run to run, so they are no part of equality or of `as_json`.
    """

    themes: tuple[Theme, ...]
    alone: tuple[Alone, ...]
    little: tuple[Little, ...]
    settings: dict[str, Any]
    versions: dict[str, str]
    seed: int
    texts_hash: str
    limits: tuple[str, ...]
    groups: tuple[Group, ...] = ()
    timings: dict[str, float] = field(default_factory=dict, compare=False)

    def as_json(self) -> str:
        """Return the record as JSON, without timings: same texts and seed, same bytes."""
        record = asdict(self)
        del record["timings"]
        return json.dumps(record, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
