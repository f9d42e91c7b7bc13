"""The record of one theming run: plain, frozen, the same to the byte for the same texts."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

Identifier = int | str


@dataclass(frozen=True, slots=True)
class Member:
    """One text in a theme, with its most typical passage `texts[index][start:end]`.

    `score` is the cosine with the theme's centre (0 to 1, as near as words can tell); `margin` is
    how much nearer that is than the next theme's. A small margin means it could go elsewhere.
    """

    index: int
    id: Identifier
    score: float
    margin: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Theme:
    """Texts that use the same words.

    `words` are the typical words as people wrote them, most typical first; they are a start for
    people to name the theme, not its name. `typical` and `different` are indexes of texts: nearest
    to the centre, and least like the rest.
    """

    words: tuple[str, ...]
    members: tuple[Member, ...]
    typical: tuple[int, ...]
    different: tuple[int, ...]
    language: str


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
    """What a run proposes. Every text is in exactly one of a theme, `alone` and `little`.

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
    timings: dict[str, float] = field(default_factory=dict, compare=False)

    def as_json(self) -> str:
        """Return the record as JSON, without timings: same texts and seed, same bytes."""
        record = asdict(self)
        del record["timings"]
        return json.dumps(record, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
