"""`par theme`: a theming run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import click

from analysis.engines import Dask, Engine, EngineError, Local
from analysis.settings import LARGEST_SEED, MOST_ASKED
from par_toolkit import inquiry as inquiries
from par_toolkit.commands.terminal import Bars, answer, counted, example, json_option, pass_folder
from par_toolkit.storage.database import open_database
from par_toolkit.theming import Outcome, propose
from par_toolkit.web.handling import sentences as spoken


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


class Where(click.ParamType[str]):
    """Where to compute: '' for this machine, or the address of a Dask scheduler."""

    name = "engine"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address, or ''."""
        if value in ("", "local"):
            return ""
        kind, _, address = value.partition(":")
        if kind != "dask" or not address:
            self.fail("write local, or dask: and an address: dask:tcp://10.0.0.5:8786.", param, ctx)
        return address


@contextmanager
def _engine(address: str) -> Iterator[Engine]:
    if not address:
        yield Local()
        return
    try:
        cluster = Dask(address)
    except EngineError as error:
        raise click.ClickException(str(error)) from None
    with cluster:
        yield cluster


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
@click.option(
    "--engine",
    type=Where(),
    default="local",
    show_default=True,
    metavar="local|dask:ADDRESS",
    help="Where stories are read: on this machine's cores, or on a Dask cluster of yours.",
)
@json_option
@pass_folder
def command(
    folder: Path, count: int | Literal["auto"], seed: int, engine: str, as_json: bool
) -> None:
    """Let the machine propose themes, for people to endorse.

    Nothing it proposes is published until a person says yes. What people endorsed or named before
    stays. Ctrl+C stops it and leaves everything as it was; started again, it goes on from there.
    On a Dask cluster the stories go to its machines: use one that may read them.
    """
    here = inquiries.load(folder)
    with _engine(engine) as place, open_database(folder) as db, Bars(spoken.step) as bars:
        outcome = propose(db, here, count=count, seed=seed, progress=bars, engine=place)
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
        sentences.append(f"{joined} put forward for themes that people endorsed or named before.")
    return sentences + [f"Note: {spoken.limit(limit)}" for limit in outcome.limits]
