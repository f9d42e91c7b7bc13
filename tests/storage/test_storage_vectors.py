"""The file of vectors goes with any story that is withdrawn."""

from __future__ import annotations

from pathlib import Path

from analysis.reading_cache import beside
from par_toolkit.storage import vectors


def test_promise_06_forgotten_vectors_are_overwritten_and_gone(tmp_path: Path) -> None:
    vectors.path(tmp_path).write_bytes(b"vectors of stories")
    vectors.path(tmp_path, vectors.READINGS).write_bytes(b"their words")
    (tmp_path / f".{vectors.FILE}-left").write_bytes(b"of a run that was killed")
    linked = tmp_path / "linked"
    linked.hardlink_to(vectors.path(tmp_path))
    assert vectors.path(tmp_path, vectors.READINGS) == beside(vectors.path(tmp_path))
    vectors.forget(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["linked"]
    assert len(linked.read_bytes()) == 18 and b"stories" not in linked.read_bytes()
    vectors.forget(tmp_path)
