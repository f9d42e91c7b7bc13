"""How well suggested codes agree with people, from the codebook alone and as people correct them.

Part of `theme.py` (`--suggest`). Texts that are the same are counted once; a fifth of them, at
most 2,000, are only for judging, and what a made codebook takes as examples is in neither part.
Readings come in an order by chance, as at the desk; figures of a few readings are the mean of
several orders.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from analysis.codebook import Code
from analysis.codebook_files import from_csv, from_yaml
from analysis.learning import best_constant, micro_f1
from analysis.little_said import says_little
from benchmarks import theme_texts
from benchmarks.theme_texts import Labelled

READINGS = (0, 10, 50, 200, 1_000)
GOALS = {0: 0.48, 200: 0.60, -1: 0.72}
MOST_JUDGED = 2_000
EXAMPLE_WORDS = range(4, 41)

Answers = np.ndarray[Any, np.dtype[np.float64]]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Let the command line ask for suggestions to be measured."""
    parser.add_argument("--suggest", action="store_true", help="only how suggested codes agree")
    parser.add_argument(
        "--codebook", type=Path, help="CSV or YAML of `par codebook export`; codes or names must "
        "be the labels (default: made of the labels' names and examples that are held out)",
    )  # fmt: skip
    parser.add_argument("--examples", type=int, default=5, help="of a code of a made codebook")
    parser.add_argument("--orders", type=int, default=3, help="orders of reading to take means of")


def measure(options: argparse.Namespace) -> None:
    """Print micro-F1 and macro-F1 after so many readings, and the goals."""
    from analysis.suggestions import Suggester
    from analysis.vector_cache import VectorCache
    from analysis.vectors import installed

    data = once(theme_texts.read(options))
    if options.codebook:
        codes, data = given(options.codebook, data)
    else:
        codes, data = made(data, options.examples)
    judged, read = parted(data.texts)
    texts = [data.texts[place] for place in (*judged, *read)]
    names = [one.code for one in codes]
    answers = np.array(
        [[float(n in data.labels[p]) for n in names] for p in (*judged, *read)], dtype=float
    )
    print(f"texts: {len(texts):,} different from {options.data or 'made up'}, {len(judged):,} only")
    print(f"for judging; {len(codes)} codes, {answers.sum(axis=1).mean():.2f} a text, codebook:")
    print(options.codebook or f"names of labels and up to {options.examples} examples held out")
    if options.join > 1:
        print(f"NO REAL SET OF SEVERAL LABELS: {options.join} comments put together to each text")
    print(f"command: {' '.join(sys.argv)}\n")
    model = installed()
    suggester = Suggester(codes, texts, vectors=VectorCache(model) if model else None)
    wanted = answers[: len(judged)]
    usual = best_constant(wanted)
    print("| readings | micro-F1 | macro-F1 | suggested a text | s to learn |")
    print("|---|---|---|---|---|")
    print(f"| always the commonest | {usual:.3f} | | | |")
    found = {}
    for number in [*(n for n in READINGS if n < len(read)), len(read)]:
        alone = number in (0, len(read))
        runs = [
            _taught(suggester, names, answers, len(judged), number, order)
            for order in range(1 if alone else options.orders)
        ]
        micro, macro, many, seconds = (fmean(one) for one in zip(*runs, strict=True))
        found[-1 if number == len(read) else number] = micro
        shown = f"all {number:,}" if number == len(read) else f"{number:,}"
        print(f"| {shown} | {micro:.3f} | {macro:.3f} | {many:.2f} | {seconds:.2f} |", flush=True)
    print("\n" + "\n".join(verdicts(found)))


def _taught(
    suggester: Any, names: list[str], answers: Answers, judged: int, number: int, order: int
) -> tuple[float, float, float, float]:
    """Teach so many readings and judge: micro-F1, macro-F1, suggestions a text, seconds."""
    places = list(range(judged, len(answers)))
    random.Random(order).shuffle(places)
    started = time.perf_counter()
    suggester.teach(
        {
            place: [name for name, held in zip(names, answers[place], strict=True) if held]
            for place in places[:number]
        }
    )
    seconds = time.perf_counter() - started
    at = {name: column for column, name in enumerate(names)}
    suggested = np.zeros((judged, len(names)), dtype=bool)
    for one in suggester.suggest(range(judged)):
        suggested[one.index, at[one.code]] = True
    wanted = answers[:judged]
    return (
        micro_f1(suggested, wanted),
        macro_f1(suggested, wanted),
        float(suggested.sum()) / judged,
        seconds,
    )


def macro_f1(suggested: np.ndarray[Any, np.dtype[np.bool_]], wanted: Answers) -> float:
    """Return the mean F1 of the codes that people gave."""
    columns = np.flatnonzero(wanted.any(axis=0))
    return fmean(micro_f1(suggested[:, [one]], wanted[:, [one]]) for one in columns)


def verdicts(found: dict[int, float]) -> list[str]:
    """Say of each goal whether it was reached; they were set for a set of many labels a text."""
    named = {0: "from the codebook alone", 200: "after 200 readings", -1: "with all readings"}
    return [
        f"- {'reached' if found[number] >= goal else 'NOT reached'}: micro-F1 {goal:.2f} "
        f"{named[number]} ({found[number]:.3f})"
        for number, goal in GOALS.items()
        if number in found
    ]


def once(data: Labelled) -> Labelled:
    """Leave out every text that was there before: who learned it by heart proves nothing."""
    seen: dict[str, int] = {}
    for place, text in enumerate(data.texts):
        seen.setdefault(" ".join(text.casefold().split()), place)
    places = list(seen.values())
    return Labelled([data.texts[p] for p in places], [data.labels[p] for p in places])


def given(path: Path, data: Labelled) -> tuple[Sequence[Code], Labelled]:
    """Read a codebook and call the labels by its codes; stop where a label is not in it."""
    text = path.read_text("utf-8-sig")
    codes = from_csv(text) if path.suffix.lower() == ".csv" else from_yaml(text)
    called = {name.casefold(): one.code for one in codes for name in (one.name, one.code)}
    if unknown := [name for name in data.names if name.casefold() not in called]:
        raise SystemExit(f"{path} has no code for the label {unknown[0]!r}. Add it, or rename one.")
    examples = {" ".join(e.casefold().split()) for one in codes for e in one.examples}
    stay = [p for p, t in enumerate(data.texts) if " ".join(t.casefold().split()) not in examples]
    labels = [tuple(called[name.casefold()] for name in data.labels[p]) for p in stay]
    return codes, Labelled([data.texts[p] for p in stay], labels)


def made(data: Labelled, examples: int) -> tuple[Sequence[Code], Labelled]:
    """Make a codebook of the labels' names and some texts of each, and take these out.

    Examples are texts of 4 to 40 words that say something, drawn by their hash; those with no other
    label come first.
    """
    taken: dict[str, list[int]] = {}
    used: set[int] = set()
    order = sorted(range(len(data.texts)), key=lambda place: _lot(data.texts[place]))
    for name in data.names:
        fitting = [
            place
            for place in order
            if name in data.labels[place]
            and place not in used
            and len(data.texts[place].split()) in EXAMPLE_WORDS
            and says_little(data.texts[place]) is None
        ]
        fitting.sort(key=lambda place: len(data.labels[place]))
        taken[name] = fitting[:examples]
        used.update(taken[name])
    codes = [
        Code(name, name, examples=tuple(data.texts[place] for place in taken[name]))
        for name in data.names
    ]
    stay = [place for place in range(len(data.texts)) if place not in used]
    return codes, Labelled([data.texts[p] for p in stay], [data.labels[p] for p in stay])


def parted(texts: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the places of the texts for judging and of those for reading."""
    order = sorted(range(len(texts)), key=lambda place: _lot(texts[place]))
    judged = order[: min(len(order) // 5, MOST_JUDGED)]
    return sorted(judged), sorted(order[len(judged) :])


def _lot(text: str) -> bytes:
    return hashlib.sha256(f"lot {text}".encode("utf-8", "surrogatepass")).digest()
