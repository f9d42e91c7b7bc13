"""The desk, where the few people who read work: read, hide, release, theme, publish, look after.

Every act is a form that is posted and leads on to a page, so that all of it works without scripts.
"""

from par_toolkit.web.desk import (
    careful,
    codebook,
    coding,
    compare_files,
    comparing,
    devices,
    exporting,
    learning,
    paper,
    people,
    placing,
    publishing,
    reading,
    releasing,
    reviewing,
    run_report,
    signing_in,
    theming,
    tone,
    trail,
    unlocking,
    voice,
    why,
)
from par_toolkit.web.desk.door import blueprint

__all__ = [
    "blueprint",
    "careful",
    "codebook",
    "coding",
    "compare_files",
    "comparing",
    "devices",
    "exporting",
    "learning",
    "paper",
    "people",
    "placing",
    "publishing",
    "reading",
    "releasing",
    "reviewing",
    "run_report",
    "signing_in",
    "theming",
    "tone",
    "trail",
    "unlocking",
    "voice",
    "why",
]
