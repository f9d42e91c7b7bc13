"""Sentence vectors: gated by language, the same bytes each time, gone when asked."""

from pathlib import Path

import numpy as np
import pytest

from analysis import vectors
from analysis.engines import PART
from analysis.language import surely
from analysis.vector_cache import VectorCache


class Counting:
    """A stand-in for the model: a text's row is made of its length, and it counts what it reads."""

    name = "counting"
    languages = frozenset({"en"})
    dimensions = 2

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: list[str]) -> vectors.Vectors:
        self.read += texts
        return np.array([[1.0, len(text)] for text in texts], dtype=np.float32)


@pytest.fixture(scope="module")
def encoder() -> vectors.SentenceEncoder:
    found = vectors.installed()
    if found is None:
        pytest.skip("the package with the sentence vectors is not installed")
    return found


def test_the_same_in_two_languages_is_near(encoder: vectors.SentenceEncoder) -> None:
    rows = encoder.encode(
        [
            "The nurse listened to me with patience",
            "L'infirmière m'a écoutée avec patience",
            "The bus never comes on time",
        ]
    )
    near = rows @ rows.T
    assert near[0, 1] > 0.7 and near[0, 2] < 0.4


def test_a_vector_does_not_depend_on_what_is_read_beside_it(
    encoder: vectors.SentenceEncoder,
) -> None:
    texts = ["The bus was late", "Une infirmière gentille", "x" * 5_000, "\ud800 half", "", "😀"]
    together = encoder.encode(texts)
    assert together.tobytes() == b"".join(encoder.encode([text]).tobytes() for text in texts)
    assert np.isfinite(together).all()


def test_only_languages_of_the_model_are_known(encoder: vectors.SentenceEncoder) -> None:
    assert vectors.knows(encoder, "fr-CA") and vectors.knows(encoder, "ar")
    assert not vectors.knows(encoder, "pa") and not vectors.knows(encoder, None)
    assert not vectors.knows(None, "en")


def test_another_version_or_other_files_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors.installed.cache_clear()
    monkeypatch.setattr(vectors, "HASHES", {"sp.model": "0" * 64})
    assert vectors.installed() is None
    vectors.installed.cache_clear()
    monkeypatch.setattr(vectors, "VERSION", "0.0.0")
    assert vectors.installed() is None
    vectors.installed.cache_clear()
    monkeypatch.setattr(vectors, "PACKAGE", "no-such-package-here")
    assert vectors.installed() is None
    vectors.installed.cache_clear()


def test_a_cache_reads_each_text_once_and_forgets_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    model = Counting()
    first = VectorCache(model, path)
    rows = first.vectors(["a", "bb", "a"])
    first.keep()
    assert rows.tolist() == [[1, 1], [1, 2], [1, 1]] and model.read == ["a", "bb"]
    assert path.stat().st_mode & 0o077 == 0
    second = VectorCache(model, path)
    assert second.vectors(["bb", "ccc"]).tolist() == [[1, 2], [1, 3]]
    second.keep()
    assert model.read == ["a", "bb", "ccc"]
    third = VectorCache(model, path)
    third.vectors(["a"])
    assert model.read[-1] == "a", "what the second run did not ask for is not kept"


def test_a_run_that_was_stopped_goes_on(tmp_path: Path) -> None:
    class Stopped(Counting):
        def encode(self, texts: list[str]) -> vectors.Vectors:
            if "last" in texts:
                raise KeyboardInterrupt
            return super().encode(texts)

    texts = [*(f"text {place}" for place in range(PART)), "last"]
    path = tmp_path / "vectors.npz"
    with pytest.raises(KeyboardInterrupt):
        VectorCache(Stopped(), path).vectors(texts)
    model = Counting()
    VectorCache(model, path).vectors(texts)
    assert model.read == ["last"]


def test_a_run_that_is_killed_has_kept_what_it_read_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.vector_cache.CHECKPOINT", PART)
    path = tmp_path / "vectors.npz"
    VectorCache(Counting(), path).vectors([f"text {place}" for place in range(PART + 1)])
    model = Counting()
    VectorCache(model, path).vectors([f"text {place}" for place in range(PART + 1)])
    assert model.read == [f"text {PART}"], "the end was never told to be kept"


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04broken"])
def test_a_broken_or_foreign_cache_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(content)
    model = Counting()
    cache = VectorCache(model, path)
    assert cache.vectors(["a"]).tolist() == [[1, 1]]
    cache.keep()
    other = Counting()
    other.name = "another"
    VectorCache(other, path).vectors(["a"])
    assert other.read == ["a"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ਬੱਸ ਦੇਰ ਨਾਲ ਆਈ", "pa"),
        ("بس ہمیشہ دیر سے آتی ہے اور نرس نہیں تھی", "ur"),
        ("Baska ayaa mar walba daahday oo kalkaaliyaha ma joogin", "so"),
        ("Le bus pour la clinique n'arrive jamais à l'heure et personne ne le dit", "fr"),
        ("Parking", None),
        ("", None),
        ("1234 😀", None),
    ],
)
def test_a_language_is_said_where_it_is_sure(text: str, language: str | None) -> None:
    assert surely(text) == language
