"""TextBlob's guess at the tone of an English text, and how often it is wrong here.

One tool's guess, to be shown as that with its error beside it, never published and never averaged
into a finding. Against people's labels on NHS comments it was right for 58 % (always saying
'positive' gives 60 %), found 26 % of the negative comments and scored 43 % of them positive; on
answers to "What could we do better?" it was right for 29 %. "I waited 4 hours" scores 0.0. What
people marked themselves (success, challenge, both) comes first; `agreement_with_marks` measures the
guess against it on an inquiry's own stories.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis import passages
from analysis.language import base, detect
from analysis.uncertainty import Share, wilson

LONGEST = 2_000
"""Characters given to TextBlob at once: its splitting of signs is slow on long runs."""

SHORT = 40
"""Below so many characters a text of unknown language is tried as English."""

MARKS = ("success", "challenge", "both")


@dataclass(frozen=True, slots=True)
class Tone:
    """A guess: `polarity` from -1 (bad) to 1 (good), `subjectivity` from 0 to 1.

    `finds` counts the words that TextBlob's list knows; with 0 the guess says nothing at all.
    """

    polarity: float
    subjectivity: float
    finds: int


@dataclass(frozen=True, slots=True)
class MarkRow:
    """Texts that people marked in one way, by what the tool guessed (silent: it knew no word)."""

    mark: str
    texts: int
    positive: int
    negative: int
    neutral: int
    silent: int
    unread: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often the guess agrees with people's marks.

    `compared` counts the texts marked success or challenge that could be read; `agreed` those where
    the guess was positive or negative as they said. `usual` is the mark that more of them have and
    `always` the share that would be right by always saying it: a tool that is no better is no help.
    They are None where there is nothing to compare.
    """

    rows: tuple[MarkRow, ...]
    compared: int
    agreed: int
    usual: str | None
    always: float | None

    @property
    def right(self) -> Share | None:
        """Return the share that agrees, with its interval."""
        return wilson(self.agreed, self.compared) if self.compared else None

    @property
    def better(self) -> bool:
        """Say whether it is clearly better than one guess for all."""
        return self.right is not None and self.right.low > (self.always or 0)

    @property
    def too_kind(self) -> Share | None:
        """Return the share of the challenges it could read that it takes for something good."""
        return self._wrong(self.rows[1], self.rows[1].positive)

    @property
    def too_harsh(self) -> Share | None:
        """Return the share of the successes it could read that it takes for something bad."""
        return self._wrong(self.rows[0], self.rows[0].negative)

    @staticmethod
    def _wrong(row: MarkRow, wrong: int) -> Share | None:
        read = row.texts - row.unread
        return wilson(wrong, read) if read else None


def polarity(text: str, *, language: str | None = None) -> Tone | None:
    """Return TextBlob's guess for an English text; None for other languages and empty texts.

    Its error is large: see the top of this module. Without `language` the language is guessed.
    """
    if not text.strip():
        return None
    spoken = base(language) if language else detect(text)
    if spoken != "en" and not (spoken is None and len(text) < SHORT):
        return None
    finds: list[tuple[float, float]] = []
    for part in _parts(text):
        blob = _textblob()(part, tokenizer=_tokenizer())
        finds += [(found[1], found[2]) for found in blob.sentiment_assessments.assessments]
    if not finds:
        return Tone(0.0, 0.0, 0)
    return Tone(
        polarity=round(sum(found[0] for found in finds) / len(finds), 6),
        subjectivity=round(sum(found[1] for found in finds) / len(finds), 6),
        finds=len(finds),
    )


def agreement_with_marks(pairs: Iterable[tuple[str | Tone | None, str]]) -> Agreement:
    """Compare the guess with what people marked: pairs of a text (or its Tone) and its mark.

    Texts that cannot be read (not English) are counted as unread and left out of the shares; so are
    texts marked both, which the guess can neither meet nor miss. Other marks raise ValueError.
    """
    counts = {mark: dict.fromkeys(_GUESSES, 0) for mark in MARKS}
    for text, mark in pairs:
        if mark not in counts:
            raise ValueError(f"{mark!r} is no mark: use one of {', '.join(MARKS)}.")
        counts[mark][_guess(polarity(text) if isinstance(text, str) else text)] += 1
    rows = tuple(MarkRow(mark, sum(counts[mark].values()), **counts[mark]) for mark in MARKS)
    success, challenge, _ = rows
    read = {row.mark: row.texts - row.unread for row in rows}
    compared = read["success"] + read["challenge"]
    usual = max(("success", "challenge"), key=lambda mark: read[mark]) if compared else None
    agreed = success.positive + challenge.negative
    return Agreement(
        rows=rows,
        compared=compared,
        agreed=agreed,
        usual=usual,
        always=round(read[usual] / compared, 6) if usual else None,
    )


_GUESSES = ("positive", "negative", "neutral", "silent", "unread")


def _guess(tone: Tone | None) -> str:
    """Put a tone into one of the columns of the table."""
    if tone is None:
        return "unread"
    if tone.finds == 0:
        return "silent"
    return "positive" if tone.polarity > 0 else "negative" if tone.polarity < 0 else "neutral"


def _parts(text: str) -> list[str]:
    """Cut a long text into passages; a short one stays whole, as TextBlob would read it."""
    if len(text) <= LONGEST:
        return [text]
    return [text[span.start : span.end] for span in passages.split(text, language="en")]


@cache
def _textblob() -> Any:
    from textblob import TextBlob

    return TextBlob


@cache
def _tokenizer() -> Any:
    """Give TextBlob a tokenizer from spaCy: its own needs a corpus that has to be downloaded."""
    import spacy
    from textblob.base import BaseTokenizer

    nlp = spacy.blank("en")

    class SpacyTokenizer(BaseTokenizer):  # type: ignore[misc]
        """Split English with spaCy's rules."""

        def tokenize(self, text: str) -> list[str]:
            """Return the tokens of `text`, signs included."""
            return [token.text for token in nlp.tokenizer(text)]

    return SpacyTokenizer()
