"""What an evaluator can attach to a paper: how a run was done, how it stands, what limits it.

It holds no words of a story: themes go by the names that people gave and endorsed. Counts below
`fewest` are not given, as a report leaves the house. `report_files` writes it down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.proposal import Theme
from analysis.report_words import REASONS, WORDS
from analysis.uncertainty import Share, wilson

WEAKEST = 5

Cell = str


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
    """How suggestions agree with people's readings; None where it was not measured."""

    readings: int
    micro_f1: float
    always_usual: float
    codes: Sequence[CodeRow]


@dataclass(frozen=True, slots=True)
class Run:
    """All that a report tells. `digests` are keyed, so that nobody can guess at words by them.

    `set_apart` counts stories outside every theme by reason: `little_said.REASONS`, those of
    `proposal.Alone`, or 'person'.
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


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over a part of the report."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A table with its caption; the first cell of each row is its heading."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Data:
    """The figures once more, for programs."""

    intro: str
    values: Mapping[str, Any]


Block = Heading | Words | Items | Figures | Data


@dataclass(frozen=True, slots=True)
class Report:
    """A report in one language, as its parts in order."""

    title: str
    language: str
    blocks: tuple[Block, ...]


def report(run: Run, *, language: str = "en") -> Report:
    """Say how a run was done, in English or French. Raise ValueError for another language."""
    if language not in WORDS:
        raise ValueError(f"There is no report in {language!r}: use {' or '.join(WORDS)}.")
    writer = _Writer(run, language)
    blocks = (
        Words(writer.say("of", inquiry=run.inquiry, run=run.run, at=run.at)),
        *writer.method(),
        *writer.settings(),
        *writer.texts(),
        *writer.set_apart(),
        *writer.stability(),
        *writer.agreement(),
        *writer.limits(),
        Data(writer.say("data"), writer.data()),
    )
    return Report(writer.say("title", run=run.run), language, blocks)


class _Writer:
    """Writes the parts of a report in one language."""

    def __init__(self, run: Run, language: str) -> None:
        self.run, self.language = run, language

    def say(self, name: str, **figures: object) -> str:
        return WORDS[self.language][name].format(**figures)

    def number(self, count: int) -> str:
        """Write a count, unless it is small; nothing at all is no secret of anybody."""
        if 0 < count < self.run.fewest:
            return self.say("few", fewest=self.run.fewest)
        return str(count)

    def method(self) -> list[Block]:
        count = self.run.settings.get("count", "auto")
        rule = self.say("count_auto") if count == "auto" else self.say("count_given", count=count)
        by = "method_vectors" if "vectors" in self.run.versions else "method_words"
        return [
            Heading(self.say("method")),
            Words(self.say("method_1")),
            Words(self.say(by)),
            Words(self.say("method_2", count=rule)),
            Words(self.say("method_3")),
        ]

    def settings(self) -> list[Block]:
        run = self.run
        versions = tuple(sorted((str(k), str(v)) for k, v in run.versions.items()))
        settings = tuple(sorted((str(k), str(v)) for k, v in run.settings.items()))
        setting, value = self.say("setting"), self.say("value")
        return [
            Heading(self.say("settings")),
            Words(self.say("seed", seed=run.seed, seconds=f"{run.seconds:.1f}")),
            Figures(self.say("settings_caption"), (setting, value), settings),
            Figures(
                self.say("versions_caption"), (self.say("package"), self.say("version")), versions
            ),
        ]

    def texts(self) -> list[Block]:
        run = self.run
        if not run.texts:
            return [Heading(self.say("texts")), Words(self.say("empty"))]
        spoken = sorted(run.languages.items(), key=lambda item: (-item[1], item[0]))
        rows = tuple((code, self.number(count)) for code, count in spoken)
        headings = (self.say("language"), self.say("stories"))
        digests = tuple(sorted(run.digests))
        return [
            Heading(self.say("texts")),
            Words(self.say("texts_1", texts=run.texts, still=len(digests))),
            Words(self.say("texts_hash", hash=run.texts_hash)),
            Figures(self.say("languages_caption"), headings, rows),
            Words(self.say("digests")),
            Words(f"{self.say('digests_caption')}: {' '.join(digests)}"),
        ]

    def set_apart(self) -> list[Block]:
        known = REASONS[self.language]
        joined: dict[str, int] = {}
        for reason, count in self.run.set_apart.items():
            words = known.get(reason, known["person"])
            joined[words] = joined.get(words, 0) + count
        rows = tuple((words, self.number(count)) for words, count in sorted(joined.items()))
        headings = (self.say("reason"), self.say("stories"))
        return [
            Heading(self.say("noise")),
            Words(self.say("noise_1")),
            Figures(self.say("noise_caption"), headings, rows),
        ]

    def stability(self) -> list[Block]:
        rows = tuple(
            (
                self.name(one),
                self.say(one.state),
                self.number(one.stories),
                self.say("of_looks", came_again=one.came_again, looks=one.looks)
                if one.looks
                else "–",
                self.say(_stands(one)),
            )
            for one in self.run.themes
        )
        headings = tuple(self.say(name) for name in ("theme", "state", "stories", "again"))
        return [
            Heading(self.say("stability")),
            Words(self.say("stability_1")),
            Figures(self.say("stability_caption"), (*headings, self.say("stands")), rows),
        ]

    def name(self, one: ThemeRow) -> str:
        return one.name or self.say("unnamed", id=one.id)

    def measured(self) -> tuple[str, list[tuple[str, Share | None, Share | None]]]:
        """Return what was measured in words, and name, precision and recall of each."""
        judged = self.run.agreement
        if judged is not None:
            f1, always = f"{judged.micro_f1:.2f}", f"{judged.always_usual:.2f}"
            intro = self.say("quality_codings", readings=judged.readings, f1=f1, always=always)
            codes = [(one.name, one.both, one.suggested, one.read) for one in judged.codes]
            return intro, [
                (name, self.share(both, suggested), self.share(both, read))
                for name, both, suggested, read in codes
            ]
        decided = [one for one in self.run.themes if one.kept + one.took_out + one.added]
        intro = self.say("quality_decisions" if decided else "quality_none")
        return intro, [
            (
                self.name(one),
                self.share(one.kept, one.kept + one.took_out),
                self.share(one.kept, one.kept + one.added),
            )
            for one in decided
        ]

    def share(self, count: int, total: int) -> Share | None:
        """Return a share with its interval; None where too few are behind it."""
        return wilson(count, total) if total >= max(1, self.run.fewest) else None

    def agreement(self) -> list[Block]:
        intro, measured = self.measured()
        blocks: list[Block] = [Heading(self.say("quality")), Words(intro)]
        if not measured:
            return blocks
        rows = tuple((name, self.written(one), self.written(two)) for name, one, two in measured)
        headings = (self.say("code"), self.say("precision"), self.say("recall"))
        blocks.append(Figures(self.say("quality_caption"), headings, rows))
        told = [
            (2 * one.share * two.share / (one.share + two.share or 1), name)
            for name, one, two in measured
            if one is not None and two is not None
        ]
        if told:
            names = "; ".join(name for _, name in sorted(told)[:WEAKEST])
            blocks.append(Words(self.say("weakest", names=names)))
        return blocks

    def written(self, share: Share | None) -> str:
        """Write a share with its interval."""
        if share is None:
            return self.say("too_few")
        figures = {"share": f"{share.share:.2f}", "low": f"{share.low:.2f}"}
        count = {"count": share.count, "total": share.total}
        return self.say("range", **figures, high=f"{share.high:.2f}", **count)

    def limits(self) -> list[Block]:
        sentences = []
        for limit in self.run.limits:
            name, _, about = limit.partition(":")
            known = f"limit_{name}" in WORDS[self.language]
            sentences.append(self.say(f"limit_{name}", about=about) if known else limit)
        sentences.append(self.say("limit_people"))
        if self.run.fewest > 1:
            sentences.append(self.say("limit_small", fewest=self.run.fewest))
        return [Heading(self.say("limits")), Items(tuple(sentences))]

    def data(self) -> dict[str, Any]:
        """Return the figures for programs, with the same ones left out."""
        run = self.run
        few = run.fewest
        return {
            "run": run.run,
            "at": run.at,
            "seed": run.seed,
            "settings": dict(run.settings),
            "versions": dict(run.versions),
            "texts": run.texts,
            "texts_hash": run.texts_hash,
            "themes": [
                {
                    "theme": one.id,
                    "name": one.name,
                    "state": one.state,
                    "stories": None if 0 < one.stories < few else one.stories,
                    "looks": one.looks,
                    "came_again": one.came_again,
                }
                for one in run.themes
            ],
            "agreement": [
                {
                    "name": name,
                    "precision": None if precision is None else precision.share,
                    "recall": None if recall is None else recall.share,
                }
                for name, precision, recall in self.measured()[1]
            ],
            "limits": list(run.limits),
        }


def _stands(one: ThemeRow) -> str:
    """Say by the rule of `proposal.Theme` whether a theme stays."""
    return Theme((), (), (), (), "", looks=one.looks, came_again=one.came_again).stability
