"""An encrypted inquiry, with a passphrase that costs little."""

from __future__ import annotations

from pathlib import Path

import pytest

from par_toolkit.storage.vault import wrapping
from tests import encrypted


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases less than in earnest."""
    monkeypatch.setattr(wrapping, "COST", 10)


@pytest.fixture
def folder(tmp_path: Path, cheap: None) -> Path:
    """Make an inquiry that is encrypted from the start, open in this program."""
    return encrypted.new_inquiry(tmp_path / "inquiry")


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Make a plain inquiry."""
    return encrypted.new_inquiry(tmp_path / "plain", passphrase=None)
