"""Texts in, results out: what the toolkit reads in stories, usable from a notebook with no inquiry.

Each name below is a small module. They load when first used, so that reading one (say `redact`,
which needs only the standard library) does not wait for SciPy or spaCy.
"""

from importlib import import_module
from types import ModuleType

__all__ = [
    "agreement",
    "codebook",
    "codebook_files",
    "compare",
    "language",
    "little_said",
    "passages",
    "redact",
    "suggestions",
    "themes",
    "tokens",
    "tone",
    "tone_learned",
]


def __getattr__(name: str) -> ModuleType:
    """Load a module of this package when it is first asked for."""
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the modules, loaded or not."""
    return sorted([*globals(), *__all__])
