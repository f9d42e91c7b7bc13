"""One thing that was looked at, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "mend"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: 'ok', a 'note', or something to 'mend'."""

    name: str
    state: State
    sentence: str
