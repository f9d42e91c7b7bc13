"""The toolkit's own words beside a form's: refusals, and the fixed words of the paper form."""

import functools
import tomllib
from pathlib import Path

from forms.model import Texts, text_of


@functools.cache
def _texts() -> dict[str, Texts]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def in_every_language(key: str) -> Texts:
    """Return one text of words.toml as {language: text}."""
    return _texts()[key]


def say(key: str, language: str, **values: object) -> str:
    """Return one sentence of words.toml in `language` (else English) with `values` put in."""
    return text_of(_texts()[key], language).format(**values)
