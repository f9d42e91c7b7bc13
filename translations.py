"""Keep the translations in step with the texts.

    .venv/bin/python translations.py [NEW_LANGUAGE …]

Reads the texts out of the code and the templates, brings each catalogue up to date, compiles it,
and says what is left to translate. Naming a language, such as `pl`, starts its catalogues.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parent
#: `words.count("one …", "many …", n)` is how the findings pages say `ngettext`.
KEYWORDS = DEFAULT_KEYWORDS | {"lazy_gettext": None, "lazy_ngettext": (1, 2), "count": (1, 2)}


@dataclass(frozen=True)
class Place:
    """A room with texts of its own: where its code is, and the name of its catalogues."""

    room: str
    domain: str

    @property
    def folder(self) -> Path:
        return ROOT / self.room / "translations"

    def path(self, language: str) -> Path:
        """Return where the catalogue of `language` is kept; its compiled form lies beside it."""
        return self.folder / language / "LC_MESSAGES" / f"{self.domain}.po"

    def languages(self) -> list[str]:
        """List the languages that have a catalogue."""
        return sorted(
            path.parts[-3] for path in self.folder.glob(f"*/LC_MESSAGES/{self.domain}.po")
        )


PLACES = (Place("par_toolkit/web", "messages"), Place("datasette_plugins", "findings"))


def extract(place: Place) -> Catalog:
    """Collect the texts in the code and templates of `place`, with where each stands."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog(domain=place.domain, project="par-toolkit")
    for name, line, message, comments, context in extract_from_dir(
        ROOT / place.room, methods, options, KEYWORDS, comment_tags=("Translators:",)
    ):
        where = [(f"{place.room}/{name}", line)]
        found.add(message, locations=where, auto_comments=comments, context=context)
    return found


def from_template(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: dict[str, Any]
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Find the texts of one template, `words.count(…)` included, which Jinja's own finder omits."""
    yield from babel_extract(file, keywords, comment_tags, options | {"silent": "false"})
    file.seek(0)
    templates = Environment()  # nosec B701: only read here, never filled in
    for call in templates.parse(file.read().decode("utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr == "count":
            texts = tuple(part.value for part in call.args if isinstance(part, nodes.Const))
            yield call.lineno, "count", texts, []


def read(place: Place, language: str) -> Catalog:
    """Read the catalogue of `language`; one that is not there yet is empty."""
    path = place.path(language)
    if not path.exists():
        return Catalog(
            locale=language,
            domain=place.domain,
            header_comment=f"# The texts of {place.room} in {language}.",
            project="par-toolkit",
            version="0",
            msgid_bugs_address="see CONTRIBUTING.md",
            revision_date=datetime.now(UTC),
            last_translator="see the history of this file",
            language_team="none",
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=place.domain)


def untranslated(catalogue: Catalog) -> list[str]:
    """List the texts that have no translation, or one that a person has yet to look at."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and (message.fuzzy or not all(_forms(message.string)))
    ]


def compiled(catalogue: Catalog) -> bytes:
    """Return the compiled form of `catalogue`."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update(place: Place, language: str) -> list[str]:
    """Bring one catalogue up to date, compile it, and return what is left to translate."""
    catalogue = read(place, language)
    # The date of the extraction stays: a run that changes no text changes no file.
    catalogue.update(extract(place), no_fuzzy_matching=True, update_creation_date=False)
    path = place.path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # No line numbers: they would change with every edit of a page.
        write_po(
            file,
            catalogue,
            width=100,
            ignore_obsolete=True,
            sort_by_file=True,
            include_lineno=False,
        )
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    return untranslated(catalogue)


def main(new_languages: Iterable[str]) -> None:
    """Update every catalogue there is, and those of `new_languages`."""
    for place in PLACES:
        for language in sorted({*place.languages(), *new_languages}):
            left = update(place, language)
            print(f"{place.path(language).relative_to(ROOT)}: {len(left)} left to translate")
            for text in left:
                print(f"    {text}")


def _forms(string: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the translations of a message: one, or one for each plural form."""
    return (string or "",) if isinstance(string, str | None) else tuple(string)


if __name__ == "__main__":
    main(sys.argv[1:])
