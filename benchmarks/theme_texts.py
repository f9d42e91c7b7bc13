"""The texts that `theme.py` measures with: a labelled CSV file, made-up ones, or many by mixing.

A file may hold one label in a cell, several in one cell (`--separator ';'`), or a column for each
label (`--labels parking staff …`) with 1, yes, true or x where it holds.
"""

from __future__ import annotations

import argparse
import csv
import random
from dataclasses import dataclass
from pathlib import Path

MADE_UP = 1_000
TYPING_ERRORS = 0.02
HOLDS = frozenset("1 1.0 yes y true x".split())
DOES_NOT = frozenset(["", "0", "0.0", "no", "n", "false", "nan"])

SUBJECTS = (
    "bus route driver stop ticket".split(),
    "nurse ward bed kindness night".split(),
    "interpreter language dialect letter translation".split(),
    "waiting room queue hours appointment".split(),
    "garden bench tree park playground".split(),
    "form website password phone message".split(),
    "food kitchen meal lunch menu".split(),
    "school children teacher crossing uniform".split(),
)
AROUND = "the a was very we really often last week again for us there and people here".split()


@dataclass(frozen=True)
class Labelled:
    """Texts and, for each, the labels that people gave it (perhaps none)."""

    texts: list[str]
    labels: list[tuple[str, ...]]

    @property
    def first(self) -> list[str]:
        """The first label of each text, which stands for it where only one can be counted."""
        return [held[0] if held else "" for held in self.labels]

    @property
    def names(self) -> list[str]:
        """All labels, in the order of the alphabet."""
        return sorted({label for held in self.labels for label in held})


def add_options(parser: argparse.ArgumentParser) -> None:
    """Let the command line say which texts are meant."""
    parser.add_argument("--data", type=Path, help="CSV file; without it texts are made up")
    parser.add_argument("--text", default="text", help="its column of texts")
    parser.add_argument("--label", default="label", help="its column of labels by people")
    parser.add_argument("--separator", help="what stands between several labels in one cell")
    parser.add_argument("--labels", nargs="+", metavar="COLUMN", help="a column for each label")
    parser.add_argument("--where", metavar="COLUMN=VALUE", help="only such rows")
    parser.add_argument(
        "--size", type=int, help="number of texts; more than there are come from mixing comments"
    )
    parser.add_argument(
        "--join", type=int, default=1, metavar="N",
        help="put N comments together to one text that has the labels of all (a stand-in for texts "
        "with several labels, no real ones)",
    )  # fmt: skip


def read(options: argparse.Namespace) -> Labelled:
    """Return the texts that were asked for; the same options give the same texts."""
    found = made_up(options.size or MADE_UP) if options.data is None else from_file(options)
    if options.join > 1:
        found = joined(found, options.join)
    return sized(found, options.size) if options.size else found


def made_up(number: int) -> Labelled:
    """Return short texts on eight subjects."""
    chance = random.Random(0)
    texts, labels = [], []
    for _ in range(number):
        subject = chance.randrange(len(SUBJECTS))
        words = chance.choices(SUBJECTS[subject], k=5) + chance.choices(AROUND, k=10)
        chance.shuffle(words)
        texts.append(" ".join(words))
        labels.append((str(subject),))
    return Labelled(texts, labels)


def from_file(options: argparse.Namespace) -> Labelled:
    """Return the texts of a CSV file with their labels; stop where it lacks a column."""
    with options.data.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for column in (options.text, *(options.labels or [options.label])):
        if not rows or column not in rows[0]:
            has = ", ".join(rows[0]) if rows else "no rows"
            raise SystemExit(f"{options.data} has no column {column!r}. It has: {has}.")
    if options.where:
        column, _, wanted = options.where.partition("=")
        rows = [row for row in rows if row.get(column) == wanted]
    return Labelled([row[options.text] for row in rows], [_labels(row, options) for row in rows])


def _labels(row: dict[str, str], options: argparse.Namespace) -> tuple[str, ...]:
    """Return the labels of one row in the order in which the file has them, each once."""
    if options.labels:
        cells = {column: row[column].strip().lower() for column in options.labels}
        if unknown := [column for column, cell in cells.items() if cell not in HOLDS | DOES_NOT]:
            raise SystemExit(
                f"The column {unknown[0]!r} holds {row[unknown[0]]!r}; 1 or 0, yes or no is "
                "needed. For a column of names use --label."
            )
        return tuple(column for column, cell in cells.items() if cell in HOLDS)
    cell = row[options.label]
    parts = cell.split(options.separator) if options.separator else [cell]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def joined(one: Labelled, number: int) -> Labelled:
    """Put `number` comments, drawn by chance, together to each text; each comment is used once."""
    order = list(range(len(one.texts)))
    random.Random(0).shuffle(order)
    texts, labels = [], []
    for start in range(0, len(order) - number + 1, number):
        places = order[start : start + number]
        texts.append("\n".join(one.texts[place] for place in places))
        every = [label for place in places for label in one.labels[place]]
        labels.append(tuple(dict.fromkeys(every)))
    return Labelled(texts, labels)


def sized(one: Labelled, size: int) -> Labelled:
    """Cut the texts to `size`, or make more of them.

    Each further text is a comment in which about every third word is one of another comment with
    the same first label, and one word in fifty has two letters swapped: as long and as varied as
    the comments are, nearly all different, and with words that nobody wrote before.
    """
    if size <= len(one.texts):
        return Labelled(one.texts[:size], one.labels[:size])
    chance = random.Random(0)
    alike: dict[str, list[int]] = {}
    for place, label in enumerate(one.first):
        alike.setdefault(label, []).append(place)
    split = [text.split() for text in one.texts]
    texts, labels = list(one.texts), list(one.labels)
    while len(texts) < size:
        place = chance.randrange(len(split))
        other = split[chance.choice(alike[one.first[place]])]
        words = [
            chance.choice(other) if other and chance.random() < 1 / 3 else word
            for word in split[place]
        ]
        texts.append(" ".join(_mistyped(word, chance) for word in words))
        labels.append(one.labels[place])
    return Labelled(texts, labels)


def _mistyped(word: str, chance: random.Random) -> str:
    if len(word) < 4 or chance.random() >= TYPING_ERRORS:
        return word
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
