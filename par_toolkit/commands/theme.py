"""`par theme`: a theming run."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from analysis.settings import LARGEST_SEED, MOST_ASKED
from par_toolkit import inquiry as inquiries
from par_toolkit.commands.terminal import Bars, answer, counted, example, json_option, pass_folder
from par_toolkit.storage.database import open_database
from par_toolkit.theming import Outcome, propose
from par_toolkit.web.desk import sentences as spoken


class Count(click.ParamType[int | Literal["auto"]]):
    """How many themes."""

    name = "count"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | Literal["auto"]:
        """Return the number, or 'auto'."""
        if str(value).strip().lower() == "auto":
            return "auto"
        try:
            count = int(value)
        except ValueError:
            count = 0
        if not 1 <= count <= MOST_ASKED:
            self.fail(f"write auto, or a number from 1 to {MOST_ASKED}.", param, ctx)
        return count


@click.command(epilog=example("par theme", "par theme --themes 12 --seed 3"))
@click.option(
    "--themes", "count", type=Count(), default="auto", show_default=True, metavar="auto|N"
)
@click.option(
    "--seed",
    type=click.IntRange(0, LARGEST_SEED),
    default=0,
    show_default=True,
    help="The same stories and seed propose the same themes.",
)
@click.option("--engine", default="local", show_default=True, help="Where to compute: local.")
@json_option
@pass_folder
def command(
    folder: Path, count: int | Literal["auto"], seed: int, engine: str, as_json: bool
) -> None:
    """Let the machine propose themes, for people to endorse.

    Nothing it proposes is published until a person says yes. What people endorsed before stays.
    Ctrl+C stops it and leaves everything as it was.
    """
    if engine != "local":
        raise click.UsageError(f"--engine {engine}: only 'local' works in this version.")
    here = inquiries.load(folder)
    with open_database(folder) as db, Bars(spoken.step) as bars:
        outcome = propose(db, here, count=count, seed=seed, progress=bars)
    answer(as_json, _as_json(outcome), _sentences(outcome))


def _as_json(outcome: Outcome) -> dict[str, object]:
    return {
        "run": outcome.run,
        "texts": outcome.texts,
        "themes": outcome.themes,
        "joined": outcome.joined,
        "stand_alone": outcome.alone,
        "say_little": outcome.little,
        "limits": list(outcome.limits),
        "seconds": round(outcome.seconds, 1),
    }


def _sentences(outcome: Outcome) -> list[str]:
    if not outcome.texts:
        return ["There are no stories to theme: none was told yet with consent to be analysed."]
    sentences = [
        f"{counted(outcome.texts, 'story', 'stories')} read in {outcome.seconds:.1f} seconds.",
        f"{counted(outcome.themes, 'theme', 'themes')} proposed, for people to name and endorse.",
        f"{counted(outcome.alone, 'story stands', 'stories stand')} alone; "
        f"{outcome.little:,} say little.",
    ]
    if outcome.joined:
        joined = counted(outcome.joined, "group of stories is", "groups of stories are")
        sentences.append(f"{joined} put forward for themes that people endorsed before.")
    return sentences + [f"Note: {spoken.limit(limit)}" for limit in outcome.limits]
