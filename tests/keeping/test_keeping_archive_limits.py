"""A backup is measured before it is unpacked: how many files, and how much they come to."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from par_toolkit.keeping import archive
from par_toolkit.keeping.errors import BackupError


def made(path: Path, *, files: int = 0, bomb: int = 0, manifest: bytes | None = None) -> Path:
    """Write what looks like a backup: with so many recordings, or one of so many zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("manifest.json", manifest or json.dumps({"format": 1}))
        for name in archive.FILES:
            whole.writestr(name, b"")
        for number in range(files):
            whole.writestr(f"media/{number}", b"")
        if bomb:
            whole.writestr("media/bomb", bytes(bomb))
    return path


def test_a_backup_that_would_fill_the_disk_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "a.par", bomb=20_000_000)
    assert path.stat().st_size < 100_000
    into = tmp_path / "into"
    into.mkdir()
    room = archive.SPARE_BYTES + 19_000_000
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=room))
    with pytest.raises(BackupError, match="not enough room"):
        archive.unpack(path, into, called=path)
    assert list(into.iterdir()) == []


def test_a_backup_of_too_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    into = tmp_path / "into"
    into.mkdir()
    archive.unpack(made(tmp_path / "few.par", files=5), into, called=tmp_path)
    monkeypatch.setattr(archive, "MOST_FILES", 6)
    with pytest.raises(BackupError, match="no backup"):
        archive.unpack(made(tmp_path / "many.par", files=9), into, called=tmp_path)


def test_a_manifest_that_is_a_bomb_is_not_read(tmp_path: Path) -> None:
    path = made(tmp_path / "a.par", manifest=b" " * 2_000_000 + b'{"format": 1}')
    with pytest.raises(BackupError, match="no backup"):
        archive.unpack(path, tmp_path, called=path)
