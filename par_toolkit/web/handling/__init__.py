"""What all pages share on which people work: fields read, acts answered, kept codes in words.

The desk and the circles both stand on it, and neither knows the other.
"""

from __future__ import annotations

from typing import Any

from par_toolkit.web.handling import sentences
from par_toolkit.web.handling.fields import typed
from par_toolkit.web.handling.times import day, moment


def for_templates() -> dict[str, Any]:
    """Give templates their words for days, people and kinds of thing, and what was typed."""
    return {"day": day, "moment": moment, "typed": typed, "said": sentences}
