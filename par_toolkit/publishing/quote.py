"""Quote stories: which passage of the teller's own words stands for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.publishing.select import ReleasedStory
from par_toolkit.storage import reviewed
from par_toolkit.storage.reviewed import Cut

#: A quote of more code points than this is cut at the end of a sentence.
LONGEST: Final = 400
#: A sentence that ends before this many code points is too short to stand for a long passage.
SHORTEST: Final = 40

SENTENCE_END: Final = re.compile(r"[.!?…。！？؟۔।]+[\"'”’»)\]]*(?=\s|$)|\n")


@dataclass(frozen=True)
class Passage:
    """A span of one answer as it reads after redaction, and the themes it speaks for."""

    story: int
    question: str
    start: int
    end: int
    text: str
    themes: tuple[int, ...]


def passages(story: ReleasedStory) -> list[Passage]:
    """Return the quotes of one story: its passage under each theme, each span once.

    A story in no theme gives its first passage, so that no single voice is lost. Empty where
    nothing of the teller's own words is left after redaction.
    """
    spans: dict[tuple[str, int, int], list[int]] = {}
    for link in story.links:
        span = _span(story, link.question, link.start, link.end) or first_passage(story)
        if span:
            spans.setdefault(span, []).append(link.theme)
    if not spans and (first := first_passage(story)):
        spans[first] = []
    return [
        Passage(
            story.id,
            question,
            start,
            end,
            reviewed.span(story.texts[question], story.cuts.get(question, ()), start, end),
            tuple(themes),
        )
        for (question, start, end), themes in spans.items()
    ]


def first_passage(story: ReleasedStory) -> tuple[str, int, int] | None:
    """Return the span of the first passage with words of the teller's own in it."""
    for question, text in story.texts.items():
        start = 0
        while found := fitted(text, start, len(text)):
            if _own_words(text, story.cuts.get(question, ()), *found):
                return (question, *found)
            start = found[1]
    return None


def _span(story: ReleasedStory, question: str, start: int, end: int) -> tuple[str, int, int] | None:
    """Return a span that fits a quote; None where it holds no words of the teller's own."""
    text = story.texts.get(question, "")
    found = fitted(text, max(0, start), min(end, len(text)))
    if found is None:
        return None
    cuts = story.cuts.get(question, ())
    return (question, *found) if _own_words(text, cuts, *found) else None


def fitted(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return text[start:end] without white space around it, cut where a sentence ends.

    At most LONGEST code points: at the last end of a sentence within them, else between two words,
    else between two letters. None where nothing is left.
    """
    while start < end and text[start].isspace():
        start += 1
    if end - start > LONGEST:
        end = start + _cut_at(text[start : start + LONGEST + 1])
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _cut_at(text: str) -> int:
    """Return where to cut a text that is one code point longer than a quote may be."""
    # the last code point only tells whether what stands before it ends a sentence or a word
    ends = [m.end() for m in SENTENCE_END.finditer(text) if SHORTEST <= m.end() <= LONGEST]
    if ends:
        return ends[-1]
    spaces = [at for at in range(LONGEST, SHORTEST, -1) if text[at].isspace()]
    if spaces:
        return spaces[0]
    at = LONGEST
    while at > 1 and _belongs_to_the_one_before(text, at):
        at -= 1
    return at


def _belongs_to_the_one_before(text: str, at: int) -> bool:
    """Say whether cutting here would part a letter from its accents or join marks."""
    joiners = "\u200c\u200d\ufe0f"
    return (
        unicodedata.category(text[at]).startswith("M")
        or text[at] in joiners
        or text[at - 1] in joiners
    )


def _own_words(text: str, cuts: Sequence[Cut], start: int, end: int) -> bool:
    """Say whether anything but white space and punctuation is left between the [labels]."""
    at = start
    for cut in [*reviewed.merged(cuts), Cut(end, end, "")]:
        own = text[at : max(at, min(cut.start, end))]
        if any(unicodedata.category(char)[0] in "LNS" for char in own):
            return True
        at = max(at, cut.end)
    return False


def all_passages(released: Sequence[ReleasedStory]) -> Iterator[Passage]:
    """Yield the quotes of every story whose teller lets it be quoted and doubts none of it."""
    for story in released:
        if story.quoted:
            yield from passages(story)
