"""Empty what this process remembers of an inquiry, once it is locked again.

The memory of a running program may hold remnants until it is used for something else: Python gives
no way to overwrite text. Only a machine that is switched off holds nothing.
"""

from __future__ import annotations

import functools
import gc
import sys
from pathlib import Path
from typing import Final

from par_toolkit import tone_errors
from par_toolkit.web import sessions

#: Where our own functions are that may remember what they were asked.
_OURS: Final = ("par_toolkit", "analysis", "forms")
#: What `functools` makes of a function that remembers.
_REMEMBERS: Final = type(functools.cache(int))


def forget(folder: Path) -> None:
    """Forget every word, and end every session."""
    sessions.end_all(folder)
    tone_errors.forget(folder)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _OURS:
            for value in list(vars(module).values()):
                if isinstance(value, _REMEMBERS):
                    value.cache_clear()
    gc.collect()
