"""Find the passages of a text: sentences as exact spans, short ones kept together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis.chunks import LONGEST_PIECE, has_long_run, whole
from analysis.language import base

LONGEST = 400
"""Characters up to which whole sentences are put together into one passage."""

LONGEST_SENTENCE = 1_200
"""A longer stretch without a full stop is cut at a space, so that no passage is a whole book."""

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_CAN_END = re.compile(r"[^\w\s,;:'’\"()-]")
_PLAIN_SENTENCE_END = re.compile(r"(?<![.!?…。！？])[.!?…。！？]{1,20}[\"'”’»)\]]{0,5}(?=\s)")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text: `text[start:end]`, counted in code points."""

    start: int
    end: int


def split(text: str, *, language: str | None = None, longest: int = LONGEST) -> list[Span]:
    """Return the passages of `text` in order: no overlap, no white space at either end.

    A passage is at least one whole sentence and, where sentences are short, as many as fit into
    `longest` characters. Everything but white space is in exactly one passage.
    """
    all_of_it = _trimmed(text, 0, len(text))
    if all_of_it is None:
        return []
    if all_of_it.end - all_of_it.start <= longest:
        return [all_of_it]
    passages: list[Span] = []
    for sentence in sentences(text, language=language):
        if passages and sentence.end - passages[-1].start <= longest:
            passages[-1] = Span(passages[-1].start, sentence.end)
        else:
            passages.append(sentence)
    return passages


def sentences(text: str, *, language: str | None = None) -> Iterator[Span]:
    """Yield each sentence of `text` as a span; a line break always ends one."""
    for line in _LINE.finditer(text):
        start = line.start()
        for end in _sentence_ends(line.group(), base(language)):
            span = _trimmed(text, start, line.start() + end)
            start = line.start() + end
            if span is not None:
                yield from _cut(text, span)


def _sentence_ends(line: str, language: str) -> list[int]:
    """Return where each sentence of one line ends, the last at the end of the line."""
    if not _CAN_END.search(line):
        return [len(line)]
    if len(line) > LONGEST_PIECE or has_long_run(line):  # spaCy would take too long
        ends = [match.end() for match in _PLAIN_SENTENCE_END.finditer(line)]
    else:
        nlp = _sentencizer(language)
        with nlp.memory_zone():
            ends = [sentence.end_char for sentence in nlp(whole(line)).sents]
    return ends if ends and ends[-1] == len(line) else [*ends, len(line)]


@cache
def _sentencizer(language: str) -> Any:
    """Load spaCy's rules for sentences once a language."""
    import spacy

    try:
        nlp = spacy.blank(language)
    except (ImportError, ValueError):
        nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer")
    return nlp


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """Leave white space at both ends out; None where nothing remains."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _cut(text: str, span: Span) -> Iterator[Span]:
    """Yield `span` in parts of at most LONGEST_SENTENCE characters, cut at spaces."""
    start = span.start
    while span.end - start > LONGEST_SENTENCE:
        limit = start + LONGEST_SENTENCE
        at = next((i for i in range(limit, limit - 200, -1) if text[i].isspace()), limit)
        part = _trimmed(text, start, at)
        if part is not None:
            yield part
        start = at
    rest = _trimmed(text, start, span.end)
    if rest is not None:
        yield rest
