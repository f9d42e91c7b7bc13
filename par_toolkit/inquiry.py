"""One inquiry, one folder: reads and makes `inquiry.toml`, the community's own words and rules."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

FILE: Final = "inquiry.toml"
USES: Final = ("analyse", "quote", "publish", "contact")
#: No inquiry may publish a count of fewer people than this (promise 11).
THRESHOLD_FLOOR: Final = 5
THRESHOLD_DEFAULT: Final = 10
LANGUAGE_CODE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
CODE = re.compile(r"^[a-z][a-z0-9_]*$")

Words = Mapping[str, str]


class InquiryError(Exception):
    """An inquiry folder that cannot be used; the message names the file and what to do."""


@dataclass(frozen=True)
class Group:
    """A stakeholder group that people may declare themselves to be in."""

    code: str
    names: Words


@dataclass(frozen=True)
class Cycle:
    """One round of inquiry, usually a year; `ends` is its last day."""

    code: str
    names: Words
    starts: date
    ends: date


@dataclass(frozen=True)
class ConsentWording:
    """What tellers are asked, in a numbered version; a change of words takes the next number."""

    wording: int
    intro: Words
    uses: Mapping[str, Words]


@dataclass(frozen=True)
class HelpContact:
    """Somebody to turn to, always one touch away while telling."""

    names: Words
    details: Words
    phone: str
    link: str


@dataclass(frozen=True)
class Inquiry:
    """The settings of one inquiry and the places in its folder."""

    folder: Path
    name: str
    locality: str
    population: int | None
    population_source: str
    population_year: int | None
    languages: tuple[str, ...]
    groups: tuple[Group, ...]
    cycles: tuple[Cycle, ...]
    consent: ConsentWording
    help_contacts: tuple[HelpContact, ...]
    confidentiality: Words
    about: Words
    contact: Words
    threshold: int
    join_code: str
    one_question_a_screen: bool
    licence: str
    example: bool

    @property
    def database(self) -> Path:
        return self.folder / "private.db"

    @property
    def findings(self) -> Path:
        return self.folder / "findings"

    @property
    def forms_folder(self) -> Path:
        return self.folder / "forms"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def capture_open(self) -> bool:
        """Say whether stories may be taken: help contacts and limits of confidentiality are there."""
        return bool(self.help_contacts) and any(self.confidentiality.values())

    def text(self, words: Words, language: str) -> str:
        """Return `words` in `language`, else in the inquiry's first language, else in any there is."""
        for code in (language, *self.languages, "en", *words):
            if words.get(code):
                return words[code]
        return ""

    def group_options(self, language: str) -> list[tuple[str, str]]:
        """List the stakeholder groups as (code, name) for a form."""
        return [(group.code, self.text(group.names, language)) for group in self.groups]

    def cycle_options(self, language: str) -> list[tuple[str, str]]:
        """List the cycles as (code, name) for a form."""
        return [(cycle.code, self.text(cycle.names, language)) for cycle in self.cycles]

    def current_cycle(self, today: date) -> Cycle | None:
        """Return the cycle `today` falls in; None between cycles."""
        return next((c for c in self.cycles if c.starts <= today <= c.ends), None)


def load(folder: Path | str) -> Inquiry:
    """Read the inquiry in `folder`.

    Raises InquiryError when the folder is not an inquiry or a setting cannot be used; the message
    names the file, the line where one can be told, and what to do.
    """
    folder = Path(folder)
    path = folder / FILE
    if not path.is_file():
        raise InquiryError(
            f"{folder} is not an inquiry: it has no {FILE}. "
            f'Make one with: par --inquiry {folder} init --name "…" --locality "…"'
        )
    try:
        source = path.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(source)
    except UnicodeDecodeError as error:
        raise InquiryError(f"{path} is not saved as UTF-8. Save it again as UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise InquiryError(f"{path}: {error}. Mend that line and try again.") from error
    except OSError as error:
        raise InquiryError(f"{path} cannot be read: {error.strerror}.") from error
    return _Reader(path, source, data).inquiry()


def create(
    folder: Path | str,
    *,
    name: str,
    locality: str,
    population: int | None = None,
    languages: Sequence[str] = ("en", "fr"),
) -> Inquiry:
    """Make a new inquiry in `folder`, ready to use, and return it.

    Default help contacts, limits of confidentiality and consent words are written for the
    community to make its own. Raises InquiryError where `folder` already holds an inquiry or
    cannot be written.
    """
    folder = Path(folder)
    if (folder / FILE).exists() or (folder / "private.db").exists():
        raise InquiryError(f"{folder} already holds an inquiry. Choose another folder.")
    if not name.strip() or not locality.strip():
        raise InquiryError("An inquiry needs a name and a locality that are not empty.")
    for code in languages:
        if not LANGUAGE_CODE.match(code):
            raise InquiryError(f"'{code}' is not a language code. Write one such as en or fr.")
    template = resources.files("par_toolkit").joinpath("inquiry_template.toml").read_text("utf-8")
    year = date.today().year
    settings = {
        "@NAME@": _toml_string(name.strip()),
        "@LOCALITY@": _toml_string(locality.strip()),
        "@POPULATION@": f"population = {population}" if population else "# population = 50000",
        "@LANGUAGES@": ", ".join(_toml_string(code) for code in dict.fromkeys(languages)),
        "@YEAR@": str(year),
    }
    for mark, value in settings.items():
        template = template.replace(mark, value)
    try:
        for place in ("", "findings", "forms", "media", "backups", "keys"):
            (folder / place).mkdir(parents=True, exist_ok=True)
        (folder / "keys").chmod(0o700)
        for key in ("receipt.key", "session.key"):
            write_secret(folder / "keys" / key, secrets.token_hex(32))
        (folder / FILE).write_text(template, encoding="utf-8")
    except OSError as error:
        raise InquiryError(
            f"{folder} cannot be written: {error.strerror}. "
            "Choose a folder that you may write to, on a disk with space left."
        ) from error
    return load(folder)


def write_secret(path: Path, text: str) -> None:
    """Write `text` to a new file that only its owner can read; an existing file is an error."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


def _toml_string(text: str) -> str:
    """Quote `text` as a TOML basic string."""
    escaped = "".join(
        f"\\u{ord(c):04X}" if ord(c) < 0x20 or c == "\x7f" else c
        for c in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'


class _Reader:
    """Turns parsed TOML into an Inquiry; every refusal names the line."""

    def __init__(self, path: Path, source: str, data: dict[str, Any]) -> None:
        self.path = path
        self.lines = source.splitlines()
        self.data = data

    def inquiry(self) -> Inquiry:
        place = self.table("inquiry")
        threshold = self.whole(place, "threshold", THRESHOLD_DEFAULT) or THRESHOLD_DEFAULT
        if threshold < THRESHOLD_FLOOR:
            self.refuse(
                "threshold",
                f"must be {THRESHOLD_FLOOR} or more, to protect small numbers of people",
            )
        languages = tuple(place.get("languages") or ("en",))
        if not all(isinstance(code, str) and LANGUAGE_CODE.match(code) for code in languages):
            self.refuse("languages", 'must be a list of language codes such as ["en", "fr"]')
        return Inquiry(
            folder=self.path.parent,
            name=self.string(place, "name", required=True),
            locality=self.string(place, "locality", required=True),
            population=self.whole(place, "population", None),
            population_source=self.string(place, "population_source"),
            population_year=self.whole(place, "population_year", None),
            languages=languages,
            groups=self.groups(),
            cycles=self.cycles(),
            consent=self.consent(),
            help_contacts=self.help_contacts(),
            confidentiality=self.words(self.data, "confidentiality"),
            about=self.words(self.data, "about"),
            contact=self.words(self.data, "contact"),
            threshold=threshold,
            join_code=self.string(place, "join_code").strip(),
            one_question_a_screen=bool(place.get("one_question_a_screen", False)),
            licence=self.string(place, "licence") or "CC BY-NC-SA 4.0",
            example=bool(place.get("example", False)),
        )

    def groups(self) -> tuple[Group, ...]:
        groups = tuple(Group(self.code(row), self.words(row, "name")) for row in self.rows("group"))
        self.distinct([group.code for group in groups], "group")
        return groups

    def cycles(self) -> tuple[Cycle, ...]:
        cycles = []
        for row in self.rows("cycle"):
            starts, ends = row.get("starts"), row.get("ends")
            if type(starts) is not date or type(ends) is not date or ends < starts:
                self.refuse(
                    "starts",
                    f"cycle '{row.get('code')}' needs 'starts' and 'ends' as dates such as "
                    "2026-09-01, the end not before the start",
                )
            cycles.append(Cycle(self.code(row), self.words(row, "name"), starts, ends))
        self.distinct([cycle.code for cycle in cycles], "cycle")
        return tuple(cycles)

    def consent(self) -> ConsentWording:
        table = self.table("consent")
        uses = {}
        for use in USES:
            uses[use] = self.words(table, use)
            if not any(uses[use].values()):
                self.refuse("[consent]", f"needs words for '{use}', in at least one language")
        wording = self.whole(table, "wording", 1) or 1
        return ConsentWording(wording, self.words(table, "intro"), uses)

    def help_contacts(self) -> tuple[HelpContact, ...]:
        return tuple(
            HelpContact(
                self.words(row, "name"),
                self.words(row, "details"),
                self.string(row, "phone"),
                self.link(row),
            )
            for row in self.rows("help")
        )

    def link(self, row: Mapping[str, Any]) -> str:
        link = self.string(row, "link")
        if link and not link.startswith(("https://", "http://", "tel:", "mailto:")):
            self.refuse("link", "must start with https://, http://, tel: or mailto:")
        return link

    def table(self, name: str) -> dict[str, Any]:
        table = self.data.get(name)
        if not isinstance(table, dict):
            raise InquiryError(f"{self.path}: the part [{name}] is missing. Add it.")
        return table

    def rows(self, name: str) -> list[dict[str, Any]]:
        rows = self.data.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.refuse(name, f"must be written as [[{name}]], once for each")
        return list(rows)

    def words(self, table: Mapping[str, Any], key: str) -> dict[str, str]:
        value = table.get(key, {})
        if isinstance(value, str):
            value = {"en": value}
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            self.refuse(key, 'must be words for each language, such as { en = "…", fr = "…" }')
        return {code: text.strip() for code, text in value.items()}

    def string(self, table: Mapping[str, Any], key: str, *, required: bool = False) -> str:
        value = table.get(key, "")
        if not isinstance(value, str) or (required and not value.strip()):
            self.refuse(
                key,
                "must be words in quotes, and not empty" if required else "must be words in quotes",
            )
        return str(value)

    def whole(self, table: Mapping[str, Any], key: str, default: int | None) -> int | None:
        value = table.get(key, default)
        if value is not None and (type(value) is not int or value < 1):
            self.refuse(key, "must be a whole number above 0")
        return value

    def code(self, row: Mapping[str, Any]) -> str:
        code = row.get("code", "")
        if not isinstance(code, str) or not CODE.match(code):
            self.refuse(
                "code", f"'{code}' must be small letters, digits and _ , such as young_people"
            )
        return str(code)

    def distinct(self, codes: list[str], what: str) -> None:
        for code in codes:
            if codes.count(code) > 1:
                self.refuse(
                    f'"{code}"', f"two of the {what}s have the code '{code}'; give each its own"
                )
            if code == "all":
                self.refuse('"all"', f"'all' is kept for totals; give the {what} another code")

    def refuse(self, near: str, reason: str) -> None:
        for number, line in enumerate(self.lines, start=1):
            if near in line and not line.lstrip().startswith("#"):
                raise InquiryError(f"{self.path}, line {number}: {near} {reason}.")
        raise InquiryError(f"{self.path}: {near} {reason}.")
