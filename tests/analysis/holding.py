"""Work for other processes that never ends; loads little, so that they start quickly."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from filelock import FileLock


def hold(folder: str) -> None:
    """Hold a lock for as long as this process lives."""
    with FileLock(f"{folder}/{os.getpid()}.lock"):
        Path(folder, f"{os.getpid()}.held").touch()
        threading.Event().wait()
