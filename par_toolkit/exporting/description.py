"""What an export says of itself: in plain words for people, and as a data package for programs.

The data package follows the Frictionless standard (https://specs.frictionlessdata.io).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import PurePosixPath
from typing import Any, Final

from par_toolkit import __version__
from par_toolkit.exporting import answers, contacts, rows, sealed_keys, workbook
from par_toolkit.exporting.places import Place
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import clock, column_notes, everything, marks
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.everything import Column, Table

NAME: Final = "datapackage.json"
#: What an export looks like; a later one that another toolkit could not load has a higher number.
FORMAT: Final = 1
Counts = Mapping[str, int]
READMES: Final = {"en": "README.md", "fr": "LISEZMOI.md"}
_TYPES: Final = {"integer": "integer", "real": "number", "text": "string", "blob": "string"}
_MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Return table -> language -> what it holds, in the order in which people look for them."""
    return tomllib.loads(_text("tables.toml"))


def _text(name: str) -> str:
    return resources.files("par_toolkit.exporting").joinpath(name).read_text("utf-8")


def write(
    place: Place, here: Inquiry, db: PrivateDatabase, tables: Sequence[Table], counts: Counts
) -> None:
    """Write the description in every language, and last of all the data package.

    `counts` says how many rows each table has.
    """
    for language, name in READMES.items():
        with place.new(name) as file:
            file.write(_readme(place, here, counts, language).encode())
    package = {
        "profile": "data-package",
        "name": "par-toolkit-export",
        "title": here.name,
        "description": "Everything of one inquiry. See README.md.",
        "created": clock.now(),
        "resources": list(_resources(place, tables)),
        "par_toolkit": {
            "format": FORMAT,
            "version": __version__,
            "step": everything.version(db),
            "rows": dict(counts),
            "left_out": everything.LEFT_OUT | everything.TABLES_LEFT_OUT,
            # what each text is marked with as it reads, so that a yes to it holds elsewhere too
            "marks": list(marks.now(db)),
            "files": {
                name: {"bytes": written.bytes, "sha256": written.sha256}
                for name, written in place.files.items()
            },
        },
    }
    with place.new(NAME) as file:
        file.write(json.dumps(package, ensure_ascii=False, indent=1).encode())


def _resources(place: Place, tables: Sequence[Table]) -> Iterator[dict[str, Any]]:
    """Describe every table in every form it was written in."""
    for kind, name_of in (("csv", rows.csv_name), ("json", rows.json_name)):
        for table in tables:
            if name_of(table.name) in place.files:
                yield _resource(place, table, name_of(table.name), kind, _schema(table, kind))
    if workbook.NAME in place.files:
        for table in tables:
            found = _resource(place, table, workbook.NAME, "xlsx", _schema(table, "xlsx"))
            yield found | {"dialect": {"sheet": table.name}}
    if rows.csv_name(answers.NAME) in place.files:
        yield {
            "name": "answers-csv",
            "path": rows.csv_name(answers.NAME),
            "profile": "tabular-data-resource",
            "description": "The answers of stories.csv again, one a row, with each question.",
            "schema": {"fields": [{"name": one, "type": "any"} for one in answers.HEADINGS]},
        }


def _resource(
    place: Place, table: Table, path: str, kind: str, schema: dict[str, Any]
) -> dict[str, Any]:
    written = place.files[path]
    found: dict[str, Any] = {
        "name": f"{table.name}-{kind}",
        "path": path,
        "profile": "tabular-data-resource",
        "description": sentences().get(table.name, {}).get("en", ""),
        "format": kind,
        "mediatype": _MEDIA_TYPES[kind],
        "bytes": written.bytes,
        "hash": f"sha256:{written.sha256}",
        "schema": schema,
    }
    if kind == "csv":
        found |= {"encoding": "utf-8-sig", "dialect": {"lineTerminator": "\r\n", "header": True}}
    return found


def _schema(table: Table, kind: str) -> dict[str, Any]:
    """Describe the columns of a table as Frictionless Table Schema does."""
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.references:
        schema["foreignKeys"] = [
            {
                "fields": list(one.columns),
                "reference": {"resource": f"{one.table}-{kind}", "fields": list(one.to)},
            }
            for one in table.references
        ]
    return schema | {"missingValues": [""]}


def _field(column: Column) -> dict[str, Any]:
    # an empty cell of a CSV file is empty words or nothing at all: only JSON tells them apart
    return {
        "name": column.name,
        "type": _TYPES[column.kind],
        "description": column_notes.said(column.name, column.note),
    }


def _contacts(place: Place) -> str:
    return "with_contacts" if contacts.NAME in place.files else "without_contacts"


def _readme(place: Place, here: Inquiry, counts: Counts, language: str) -> str:
    """Write the description for people."""
    parts = tomllib.loads(_text("readme.toml"))[language]
    tables = [
        f"- `{name}` ({counts[name]}): {said[language]}"
        for name, said in sentences().items()
        if name in counts
    ]
    out = [
        f"- `{table}.{column}`: {why}"
        for table, columns in everything.LEFT_OUT.items()
        for column, why in columns.items()
    ]
    out += [f"- `{table}`: {why}" for table, why in everything.TABLES_LEFT_OUT.items()]
    folders = {PurePosixPath(name).parts[0] for name in place.files}
    what = [f"- `{name}`: {said}" for name, said in parts["files"].items() if name in folders]
    keys = parts["with_keys" if sealed_keys.NAME in place.files else "without_keys"]
    text = parts["text"].format(
        name=here.name,
        at=clock.now()[:16].replace("T", " "),
        version=__version__,
        files="\n".join(what),
        tables="\n".join(tables),
        left_out="\n".join(out),
        contacts=parts[_contacts(place)].strip(),
        keys=keys.strip().format(marks=", ".join(f"`{t}.{c}`" for t, c in marks.RENEWED)),
    )
    return str(text)
