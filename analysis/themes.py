"""Propose themes: texts in, a record of groups with their words and passages out.

The method, after the measurements in design/theming.md: texts that say little are set apart; the
rest are placed by their words (TF-IDF of lemmas and pairs of lemmas, then LSA); Ward's tree over a
sample gives the centres; Lloyd's rounds settle them. Nothing depends on luck or on the order of the
texts: `seed` only starts the numeric search, and another seed gives the same themes.

Every text ends in exactly one place: a theme, alone, or among those that say little (promise 9).
What comes out is a proposal; people name, merge, split and correct it (promise 10).
"""

import hashlib
import platform
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Literal

from threadpoolctl import threadpool_limits

from analysis import little_said, tokens
from analysis.language import base, detect
from analysis.one_language import Group, Progress
from analysis.proposal import Alone, Identifier, Little, Member, Proposal, Theme
from analysis.settings import Settings

__all__ = [
    "Alone",
    "Little",
    "Member",
    "Proposal",
    "Settings",
    "Theme",
    "propose",
    "texts_hash",
]

METHOD = "words-lsa-ward-lloyd-1"
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
) -> Proposal:
    """Propose themes for `texts`.

    `ids` and `languages` go with the texts one by one; without them a text's id is its index and
    its language is guessed. Each language is themed apart, since words do not cross languages, and
    the record says so in `limits`. `count` is the number of themes over all languages, shared out
    by their texts, each with at least one (fewer come out where there are too few like voices);
    "auto" follows `grouping.auto_bounds` and takes the number with the best silhouette.

    Raise ValueError where `ids` or `languages` have another length or `count` is below 1.
    """
    chosen = settings or Settings()
    ids = list(range(len(texts))) if ids is None else ids
    _check(texts, ids, languages, count)
    tell = progress or (lambda step, done, total: None)
    timings: dict[str, float] = {}
    with threadpool_limits(1):  # sums in several threads differ in the last digit
        started = time.perf_counter()
        spoken = _languages(texts, languages, tell)
        little = _little(texts, ids, spoken, tell)
        timings["language"] = time.perf_counter() - started
        set_apart = {one.index for one in little}
        by_language: dict[str, list[int]] = {}
        for index, code in enumerate(spoken):
            if index not in set_apart:
                by_language.setdefault(code, []).append(index)
        themes: list[Theme] = []
        alone: list[Alone] = []
        counts = _shared_out(count, {code: len(found) for code, found in by_language.items()})
        for code in sorted(by_language):
            group = Group(texts, ids, by_language[code], code, chosen, seed, tell, timings)
            found, rest = group.themes(counts[code], total=len(texts) - len(little))
            themes += found
            alone += rest
    return Proposal(
        themes=tuple(sorted(themes, key=lambda one: (-len(one.members), one.language, one.words))),
        alone=tuple(sorted(alone, key=lambda one: one.index)),
        little=tuple(little),
        settings={**asdict(chosen), "count": count, "method": METHOD},
        versions=_versions(),
        seed=seed,
        texts_hash=texts_hash(texts),
        limits=_limits(languages, by_language),
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


def _languages(
    texts: Sequence[str], languages: Sequence[str | None] | None, tell: Progress
) -> list[str]:
    """Return a language for each text; where it is unknown, the one most texts are in."""
    found: list[str | None] = []
    for done, text in enumerate(texts):
        if done % 500 == 0:
            tell("language", done, len(texts))
        given = languages[done] if languages is not None else detect(text)
        found.append(base(given) if given else None)
    tell("language", len(texts), len(texts))
    known = Counter(code for code in found if code is not None)
    usual = min(known, key=lambda code: (-known[code], code)) if known else "en"
    return [code or usual for code in found]


def _little(
    texts: Sequence[str], ids: Sequence[Identifier], spoken: list[str], tell: Progress
) -> list[Little]:
    tell("little", 0, len(texts))
    found = [
        Little(index, ids[index], reason)
        for index, text in enumerate(texts)
        if (reason := little_said.says_little(text, language=spoken[index])) is not None
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
    languages: Sequence[str | None] | None, by_language: dict[str, list[int]]
) -> tuple[str, ...]:
    """Say in machine words what a reader of this result must be told."""
    limits = ["words_only", "negation_not_seen"]
    if languages is None or any(code is None for code in languages):
        limits.append("language_guessed")
    if len(by_language) > 1:
        limits.append("languages_themed_apart")
    limits += [f"no_lemmas:{code}" for code in sorted(by_language) if not tokens.has_lemmas(code)]
    return tuple(limits)


def _versions() -> dict[str, str]:
    names = ("numpy", "py3langid", "scikit-learn", "scipy", "spacy", "spacy-lookups-data")
    packages = {name: version(name) for name in (*names, "textblob")}
    return {"python": platform.python_version(), **packages}
