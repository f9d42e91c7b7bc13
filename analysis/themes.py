"""Propose themes: texts in, a record of groups with their words and passages out.

Texts that say little are set apart; the rest are placed by sentence vectors and their words; many
looks at a part of them are brought together to centres, and Lloyd's rounds settle these. Texts in a
language that the vectors do not know are placed by words, each language apart. Nothing depends on
luck or on the order of the texts: `seed` is recorded, and another seed gives the same themes.

Every text ends in one place: in themes, alone, or among those that say little (promise 9).
What comes out is a proposal; people name, merge, split and correct it (promise 10).
"""

import hashlib
import platform
import time
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from scipy.cluster.hierarchy import fcluster, ward
from threadpoolctl import threadpool_limits

from analysis import little_said, tokens
from analysis.columns import texts_of, values_of
from analysis.engines import Engine, Here
from analysis.one_space import Different, Progress, Space
from analysis.proposal import Alone, Group, Identifier, Little, Member, Proposal, Theme
from analysis.reading_cache import ReadingCache, beside
from analysis.replacing import MayKeep, always
from analysis.settings import Settings
from analysis.space import Matrix
from analysis.spaces import VECTORS, languages_of, spaces_of
from analysis.vector_cache import VectorCache
from analysis.vectors import Encoder, installed, knows

__all__ = [
    "Alone",
    "Group",
    "Little",
    "Member",
    "Proposal",
    "Settings",
    "Theme",
    "propose",
    "texts_hash",
]

METHOD = "vectors-words-bagged-ward-lloyd-3"
"""Name of the method; it changes whenever the same texts would give another result."""


def propose(
    texts: Sequence[str],
    *,
    ids: Sequence[Identifier] | None = None,
    languages: Sequence[str | None] | None = None,
    count: int | Literal["auto"] = "auto",
    seed: int = 0,
    progress: Progress | None = None,
    settings: Settings | None = None,
    encoder: Encoder | Literal["installed"] | None = "installed",
    cache: Path | None = None,
    engine: Engine | None = None,
    say_something: Collection[int] = (),
    may_keep: MayKeep = always,
) -> Proposal:
    """Propose themes for `texts`.

    `texts` may be a list or a column of a table. `ids` and `languages` go with them one by one;
    without these a text's id is its index and its language is guessed. A text that is all but
    surely in another language is taken as that. `count` is the number of themes, shared out by
    texts where there are several spaces, each with at least one (fewer come out where there are too
    few like voices); "auto" follows `grouping.auto_bounds` and takes the number with the best
    silhouette. `say_something` are indexes of texts that people would not have set apart: they are
    themed like any other.

    `encoder` None goes by words alone, as happens where no model is installed; `limits` says so.
    `cache` is a file for vectors (see `vector_cache`): a run that was killed goes on from it. What
    was read lies beside it (see `reading_cache`). A run that ends leaves nothing in either but
    what belongs to `texts`, and nothing is written where `may_keep` says no. `engine` is where
    texts are read (see `engines`). None of these changes anything but how long it takes.

    Raise ValueError where a text is missing, `ids` or `languages` have another length, or `count`
    is below 1.
    """
    chosen = settings or Settings()
    texts = texts_of(texts)
    ids = list(range(len(texts))) if ids is None else cast(list[Identifier], values_of(ids))
    if languages is not None:
        languages = cast(list[str | None], values_of(languages))
    _check(texts, ids, languages, count)
    tell = progress or (lambda step, done, total: None)
    model = installed() if encoder == "installed" else encoder
    held = kept = None
    if model is not None:
        held = VectorCache(model, cache, engine=engine, may_keep=may_keep)
    if cache is not None:
        kept = ReadingCache(beside(cache), may_keep=may_keep)
    timings: dict[str, float] = {}
    with threadpool_limits(1):  # sums in several threads differ in the last digit
        started = time.perf_counter()
        spoken = languages_of(texts, languages, tell, engine or Here(), kept)
        little = _little(texts, ids, spoken, set(say_something), tell)
        spaces = spaces_of(texts, spoken, {one.index for one in little}, model, chosen, kept)
        timings["language"] = time.perf_counter() - started
        sizes = {name: sum(len(one.indexes) for one in found) for name, found in spaces.items()}
        counts = _shared_out(count, sizes)
        themes: list[Theme] = []
        alone: list[Alone] = []
        groups: list[Group] = []
        for name in sorted(spaces):
            vectors = held if name == VECTORS else None
            space = Space(spaces[name], ids, chosen, vectors, kept, tell, timings)
            found, rest = space.themes(counts[name], total=sum(sizes.values()))
            found, groups = _grouped(found, space.centres, groups, chosen)
            themes += found
            alone += rest
    limits = _limits(languages, spaces, model, kept)
    if held is not None:
        held.keep()
    if kept is not None:
        kept.keep()
    return Proposal(
        **_ordered(themes, groups),
        alone=tuple(sorted(alone, key=lambda one: one.index)),
        little=tuple(little),
        settings={**asdict(chosen), "count": count, "method": METHOD},
        versions=_versions(model),
        seed=seed,
        texts_hash=texts_hash(texts),
        limits=limits,
        timings={step: round(seconds, 3) for step, seconds in timings.items()},
    )


def texts_hash(texts: Sequence[str]) -> str:
    """Return the SHA-256 of the texts in order, each after its length in bytes."""
    digest = hashlib.sha256()
    for text in texts:
        coded = text.encode("utf-8", "surrogatepass")
        digest.update(f"{len(coded)}:".encode())
        digest.update(coded)
    return digest.hexdigest()


def _check(
    texts: Sequence[str],
    ids: Sequence[Identifier],
    languages: Sequence[str | None] | None,
    count: int | str,
) -> None:
    for name, given in (("ids", ids), ("languages", languages)):
        if given is not None and len(given) != len(texts):
            raise ValueError(f"{len(texts)} texts came with {len(given)} {name}: give one each.")
    if count != "auto" and (not isinstance(count, int) or count < 1):
        raise ValueError(f'The number of themes is {count!r}: give 1 or more, or "auto".')


def _grouped(
    themes: list[Theme], centres: Matrix, groups: list[Group], settings: Settings
) -> tuple[list[Theme], list[Group]]:
    """Put the themes of one space into groups of about three; the words are the themes' first."""
    if len(themes) < settings.two_levels_from:
        return themes, groups
    labels = fcluster(ward(np.round(centres, 6)), round(len(themes) / 3), "maxclust") - 1
    made = [
        Group(words=(), themes=tuple(np.flatnonzero(labels == one).tolist()))
        for one in range(int(labels.max()) + 1)
    ]
    for one in made:
        by_size = sorted(one.themes, key=lambda place: -len(themes[place].members))
        words = dict.fromkeys(
            themes[place].words[rank]
            for rank in range(settings.words)
            for place in by_size
            if rank < len(themes[place].words)
        )
        groups = [*groups, Group(tuple(words)[: settings.words], ())]
        for place in one.themes:
            themes[place] = replace(themes[place], group=len(groups) - 1)
    return themes, groups


def _ordered(themes: list[Theme], groups: list[Group]) -> dict[str, Any]:
    """Order themes by size and groups by the size of what they hold, and number them anew."""
    themes = sorted(themes, key=lambda one: (-len(one.members), one.language, one.words))
    order = list(dict.fromkeys(one.group for one in themes if one.group is not None))
    number = {group: place for place, group in enumerate(order)}
    themes = [one if one.group is None else replace(one, group=number[one.group]) for one in themes]
    held = [
        Group(
            groups[group].words,
            tuple(place for place, one in enumerate(themes) if one.group == number[group]),
        )
        for group in order
    ]
    return {"themes": tuple(themes), "groups": tuple(held)}


def _little(
    texts: Sequence[str],
    ids: Sequence[Identifier],
    spoken: list[str],
    say_something: set[int],
    tell: Progress,
) -> list[Little]:
    tell("little", 0, len(texts))
    found = [
        Little(index, ids[index], reason)
        for index, text in enumerate(texts)
        if index not in say_something
        and (reason := little_said.says_little(text, language=spoken[index])) is not None
    ]
    tell("little", len(texts), len(texts))
    return found


def _shared_out(count: int | Literal["auto"], sizes: dict[str, int]) -> dict[str, int | None]:
    """Share `count` themes among languages by their texts (largest remainder), at least one."""
    if count == "auto":
        return dict.fromkeys(sizes)
    total = sum(sizes.values()) or 1
    exact = {code: count * size / total for code, size in sizes.items()}
    shares = {code: int(part) for code, part in exact.items()}
    by_remainder = sorted(exact, key=lambda code: (shares[code] - exact[code], code))
    for code in by_remainder[: count - sum(shares.values())]:
        shares[code] += 1
    return {code: max(1, share) for code, share in shares.items()}


def _limits(
    languages: Sequence[str | None] | None,
    spaces: dict[str, list[Different]],
    model: Encoder | None,
    kept: ReadingCache | None,
) -> tuple[str, ...]:
    """Say in machine words what a reader of this result must be told."""
    limits = ["negation_not_seen"] if VECTORS in spaces else ["words_only", "negation_not_seen"]
    if model is None:
        limits.append("no_model")
    if languages is None or any(code is None for code in languages):
        limits.append("language_guessed")
    if len(spaces) > 1:
        limits.append("languages_themed_apart")
    spoken = {one.language for found in spaces.values() for one in found}
    if model is not None:
        limits += [f"no_vectors:{code}" for code in sorted(spoken) if not knows(model, code)]
    limits += [f"no_lemmas:{code}" for code in sorted(spoken) if not _has_lemmas(code, kept)]
    return tuple(limits)


def _has_lemmas(code: str, kept: ReadingCache | None) -> bool:
    """Say whether the words of a language were brought to a common form."""
    if kept is None:
        return tokens.has_lemmas(code)
    return kept.lemmas.get(code, partial(tokens.has_lemmas, code))


def _versions(model: Encoder | None) -> dict[str, str]:
    names = ("numpy", "py3langid", "scipy", "spacy", "spacy-lookups-data")
    packages = {name: version(name) for name in (*names, "textblob")}
    vectors = {} if model is None else {"vectors": model.name}
    return {"python": platform.python_version(), **packages, **vectors}
