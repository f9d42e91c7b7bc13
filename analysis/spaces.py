"""Sort texts before they are themed: the language of each, its passages, and the space it goes to.

What comes out for a text depends on nothing but that text, so it can be kept between runs.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import partial

from analysis import passages
from analysis.engines import Engine, parts_of
from analysis.language import base, detect, surely
from analysis.one_space import Different, Progress
from analysis.reading_cache import ReadingCache, key
from analysis.settings import Settings
from analysis.vectors import Encoder, knows

DETECT = "?"
"""In place of a language: look for it."""

LANGUAGE_PART = 2_000
"""Texts in a part of the work on languages: about a second."""

VECTORS = "vectors"
"""The space of all languages that the vectors know; every other space is one language."""


def languages_of(
    texts: Sequence[str],
    languages: Sequence[str | None] | None,
    tell: Progress,
    engine: Engine,
    kept: ReadingCache | None,
) -> list[str]:
    """Return a language for each text; where it is unknown, the one most texts are in."""
    tell("language", 0, len(texts))
    given = languages if languages is not None else [DETECT] * len(texts)
    pairs = list(zip(texts, given, strict=True))
    if kept is None:
        found = _looked_for(pairs, tell, engine)
    else:
        keys = [key(text, code or "") for text, code in pairs]
        unknown = set(kept.languages.missing(keys))
        new = {one: pair for one, pair in zip(keys, pairs, strict=True) if one in unknown}
        codes = dict(zip(new, _looked_for(list(new.values()), tell, engine), strict=True))
        found = [kept.languages.get(one, partial(codes.get, one)) for one in keys]
    tell("language", len(texts), len(texts))
    known = Counter(code for code in found if code is not None)
    usual = min(known, key=lambda code: (-known[code], code)) if known else "en"
    return [code or usual for code in found]


def _looked_for(
    pairs: Sequence[tuple[str, str | None]], tell: Progress, engine: Engine
) -> list[str | None]:
    """Return the language of each text, or None, worked out by `engine`."""
    found: list[str | None] = []
    for part in engine.map(_spoken, parts_of(pairs, LANGUAGE_PART)):
        found += part
        tell("language", len(found), len(pairs))
    return found


def _spoken(pairs: Sequence[tuple[str, str | None]]) -> list[str | None]:
    """Return the languages of some texts, each with the one that was given for it, or None."""
    found: list[str | None] = []
    for text, given in pairs:
        # vectors say nothing in a language they do not know: rather look than trust a form
        code = surely(text) or (detect(text) if given == DETECT else given)
        found.append(base(code) if code else None)
    return found


def spaces_of(
    texts: Sequence[str],
    spoken: Sequence[str],
    set_apart: set[int],
    model: Encoder | None,
    settings: Settings,
    kept: ReadingCache | None,
) -> dict[str, list[Different]]:
    """Return the different texts of each space, in the order of their hashes."""
    places: dict[tuple[str, str], list[int]] = {}
    for index, text in enumerate(texts):
        if index not in set_apart:
            places.setdefault((text, spoken[index]), []).append(index)
    spaces: dict[str, list[Different]] = {}
    for (text, language), indexes in places.items():
        name = hashlib.sha256(f"{language} {text}".encode("utf-8", "surrogatepass")).hexdigest()
        make = partial(_passages, text, language, settings)
        if kept is None or len(text) <= settings.passage:
            parts = make()
        else:
            parts = kept.passages.get(f"{settings.passage} {settings.most_passages} {name}", make)
        spans = tuple(passages.Span(start, end) for start, end, _ in parts)
        codes = tuple(code for *_, code in parts)
        one = Different(text, language, name, tuple(indexes), spans, codes)
        spaces.setdefault(VECTORS if knows(model, language) else language, []).append(one)
    return {name: sorted(found, key=lambda one: one.key) for name, found in spaces.items()}


def _passages(text: str, language: str, settings: Settings) -> list[tuple[int, int, str]]:
    """Return where each passage of a text begins and ends, and the language it is in."""
    spans = passages.split(text, language=language, longest=settings.passage)
    spans = spans[: settings.most_passages]
    if len(spans) == 1:
        return [(spans[0].start, spans[0].end, language)]
    return [(one.start, one.end, surely(text[one.start : one.end]) or language) for one in spans]
