"""Write figures of a report in one language: counts that are not small, shares with their range."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis import hiding
from analysis.report_words import WORDS
from analysis.uncertainty import Share, wilson

if TYPE_CHECKING:
    from analysis.report import Run, ThemeRow


class Writer:
    """What is told, and the sentences to tell it in."""

    def __init__(self, run: "Run", language: str) -> None:
        self.run, self.language = run, language

    def say(self, name: str, **figures: object) -> str:
        """Return a sentence with its figures in place."""
        return WORDS[self.language][name].format(**figures)

    def number(self, count: int) -> str:
        """Write a count, unless it is small; nothing at all is no secret of anybody."""
        if 0 < count < self.run.fewest:
            return self.say("few", fewest=self.run.fewest)
        return str(count)

    def counts(self, counts: Mapping[str, int], *, rounded: bool = False) -> dict[str, str]:
        """Write counts that add up to something known: a small one hides another beside it."""
        fewest = self.run.fewest
        told = {name: count for name, count in counts.items() if count}
        few = frozenset(name for name, count in told.items() if count < fewest)
        sizes = dict.fromkeys(told, sum(told.values()))
        gone = hiding.hidden(told, sizes, few, fewest=fewest)

        def written(count: int) -> str:
            return str(hiding.rounded(count, fewest) if rounded else count)

        return {
            name: self.say("hidden") if name in gone else written(count)
            for name, count in counts.items()
        }

    def name(self, one: "ThemeRow") -> str:
        """Name a theme as people did, else by its number."""
        return one.name or self.say("unnamed", id=one.id)

    def language_name(self, code: str) -> str:
        """Name a language; one without a name goes by its code."""
        return self.run.names.get(code, code)

    def share(self, count: int, total: int) -> Share | None:
        """Return a share with its interval; None where too few are behind it."""
        return wilson(count, total) if total >= max(1, self.run.fewest) else None

    def written(self, share: Share | None) -> str:
        """Write a share with its interval."""
        if share is None:
            return self.say("too_few")
        figures = {"share": f"{share.share:.2f}", "low": f"{share.low:.2f}"}
        count = {"count": share.count, "total": share.total}
        return self.say("range", **figures, high=f"{share.high:.2f}", **count)
