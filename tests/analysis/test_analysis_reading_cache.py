"""What was read is kept between runs: no text, only what is asked for, gone with other code."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis import grouping, reading_cache, themes, tokens
from analysis.reading_cache import Kept, ReadingCache, beside, key
from analysis.replacing import replacing
from tests.analysis.test_analysis_themes import BUS, FRENCH, NURSE

LONG = " ".join(f"{text}." for text in [*BUS, *NURSE]) + " L'infirmière m'a écoutée avec patience."
TEXTS = [*BUS, *NURSE, *FRENCH, LONG, "half \ud800 a character", "Nothing."]


def test_a_run_again_reads_nothing_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "vectors.npz"
    without = themes.propose(TEXTS, encoder=None).as_json()
    first = themes.propose(TEXTS, encoder=None, cache=cache).as_json()

    def never(*_: object, **__: object) -> None:
        raise AssertionError("read again")

    for place in ("spaces.surely", "spaces.detect", "passages.sentences", "tokens.words_of"):
        monkeypatch.setattr(f"analysis.{place}", never)
    monkeypatch.setattr(tokens, "has_lemmas", never)
    assert themes.propose(TEXTS, encoder=None, cache=cache).as_json() == first == without


def test_the_file_holds_words_but_no_text_and_forgets_what_is_gone(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.npz"
    themes.propose(TEXTS, encoder=None, cache=cache)
    file = beside(cache)
    assert file.stat().st_mode & 0o077 == 0 and [one.name for one in tmp_path.iterdir()] == [
        file.name
    ]
    held = file.read_text("ascii")
    assert "interpreter" not in held and "nurse" in held and "nurse listened" not in held
    themes.propose(BUS, encoder=None, cache=cache)
    assert "nurse" not in file.read_text("ascii")


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"[" * 100_000, b'{"made with": "other", "words": {"a": 1}}']
)
def test_a_broken_or_foreign_file_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.readings"
    path.write_bytes(content)
    cache = ReadingCache(path)
    assert cache.words.get("en a", lambda: [["a", "a"]]) == [["a", "a"]]
    cache.keep()
    assert json.loads(path.read_bytes())["words"] == {"en a": [["a", "a"]]}


def test_what_other_code_read_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.readings"
    cache = ReadingCache(path)
    cache.lemmas.get("en", lambda: True)
    cache.keep()
    assert ReadingCache(path).lemmas.missing(["en"]) == []
    monkeypatch.setattr(reading_cache, "READERS", ("tokens.py",))
    reading_cache.made_with.cache_clear()
    assert ReadingCache(path).lemmas.missing(["en"]) == ["en"]
    reading_cache.made_with.cache_clear()


def test_nothing_new_is_not_written(tmp_path: Path) -> None:
    kept = Kept({"a": 1})
    assert kept.missing(["a", "b", "b"]) == ["b"] and kept.changed
    assert kept.get("a", lambda: 2) == 1 and not kept.changed
    assert kept.get("b", lambda: 2) == 2 and kept.changed
    assert key("a", "bc") != key("ab", "c")


def test_a_file_is_replaced_whole_or_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt), replacing(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("file", b"before")]
    with replacing(path) as file:
        file.write(b"after")
    assert path.read_bytes() == b"after"


def test_silhouette_by_hand() -> None:
    """Rows at 0, 1 and 5 of a line, the first two a group: (5 - 1) / 5, (4 - 1) / 4, and 0 for the
    row that is alone."""
    at = np.array([0.0, 1.0, 5.0])
    apart = np.abs(at[:, None] - at)
    assert grouping.silhouette(apart, np.array([0, 0, 1])) == pytest.approx((0.8 + 0.75) / 3)


def test_ward_joins_what_is_nearest_by_hand() -> None:
    """Two rows that are the same come together at distance 0, the third at √(4/3 · 2)."""
    links = grouping._ward(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]))
    assert links[:, :2].tolist() == [[0, 2], [1, 3]]
    assert links[:, 2] == pytest.approx([0, (4 / 3 * 2) ** 0.5])
