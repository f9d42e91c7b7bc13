"""What an evaluator can attach to a paper: how a run was done, how it stands, what limits it.

It holds no words of a story: themes go by the names that people gave and endorsed, else by their
number. Counts below `fewest` are not given, as a report leaves the house. `report_parts` says each
part, `report_words` has the sentences and `report_files` writes it down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis import report_parts, tone
from analysis.report_blocks import Report, Words
from analysis.report_words import WORDS
from analysis.report_writer import Writer
from analysis.tone_learned import LearnedTone


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme of the run; `name` only where people gave and endorsed it.

    Of the machine's stories people `kept` some and `took_out` others; they `added` some themselves.
    """

    id: int
    name: str | None
    state: str
    stories: int
    looks: int
    came_again: int
    kept: int
    took_out: int
    added: int


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code: in how many stories people gave it, the machine suggested it, and both did."""

    name: str
    read: int
    suggested: int
    both: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How suggestions agree with people's readings; None where it was not measured.

    `advice` is `too_few`, `step_back` or `worth`; `curve` has pairs of how many readings were
    learned from and the micro-F1 on the others; `between` is how far `micro_f1` might be off from
    so few readings, 19 times in 20. `readers` people read; of the `given` codes they
    said yes to, `from_suggestions` were shown to them by the machine before.
    """

    readings: int
    micro_f1: float
    always_usual: float
    codes: Sequence[CodeRow]
    advice: str = "worth"
    curve: Sequence[tuple[int, float]] = ()
    between: tuple[float, float] | None = None
    readers: int = 0
    given: int = 0
    from_suggestions: int = 0


@dataclass(frozen=True, slots=True)
class Tones:
    """How often guesses of the tone are wrong here: TextBlob's, and a learned suggestion's."""

    textblob: tone.Agreement
    learned: LearnedTone | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """All that a report tells. `digests` are keyed, so that nobody can guess at words by them.

    `languages` counts texts by language code; `names` gives the codes their names. `unread` are the
    languages that no sentence vectors know. `set_apart` counts stories outside every theme by
    reason: `little_said.REASONS`, those of `proposal.Alone`, or 'person'. `places` counts every
    story that came in by where it is today, and adds up to `came_in`.
    """

    inquiry: str
    run: int
    at: str
    seed: int
    seconds: float
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    texts: int
    texts_hash: str
    digests: Sequence[str]
    languages: Mapping[str, int]
    set_apart: Mapping[str, int]
    themes: Sequence[ThemeRow]
    limits: Sequence[str]
    agreement: Agreement | None
    fewest: int
    tones: Tones | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    came_in: int = 0

    @property
    def unread(self) -> list[str]:
        """Return the languages that went by words alone."""
        return sorted(one.partition(":")[2] for one in self.limits if "no_vectors:" in one)


def report(run: Run, *, language: str = "en") -> Report:
    """Say how a run was done, in English or French. Raise ValueError for another language."""
    if language not in WORDS:
        raise ValueError(f"There is no report in {language!r}: use {' or '.join(WORDS)}.")
    writer = Writer(run, language)
    first = Words(writer.say("of", inquiry=run.inquiry, run=run.run, at=run.at))
    blocks = [first, *(block for part in report_parts.PARTS for block in part(writer))]
    return Report(writer.say("title", run=run.run), language, tuple(blocks))
