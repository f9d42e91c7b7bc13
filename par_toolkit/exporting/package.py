"""Read an export as it was handed over: nothing of it is trusted before it was looked at."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from par_toolkit.exporting import description, rows
from par_toolkit.exporting.errors import ExportError
from par_toolkit.storage import migrations
from par_toolkit.storage.everything import Table
from par_toolkit.storage.marks import Mark

_LARGEST: Final = 200_000_000
_SEALED_FILE: Final = re.compile(rf"{rows.SEALED}/[a-z_0-9.-]+\.age")


@dataclass(frozen=True)
class Package:
    """An export in a folder: the step that made its tables, how many rows each has, how words that
    people may release were marked, and its files' hashes."""

    folder: Path
    step: int
    rows: Mapping[str, int]
    marks: Sequence[Mark]
    files: Mapping[str, str]

    def path(self, name: str) -> Path:
        """Return one file; raise ExportError where it is missing or was changed."""
        path = self.folder / name
        if name not in self.files or path.is_symlink() or not path.is_file():
            raise ExportError(f"{self.folder} is not whole: {name} is missing. Export once more.")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != self.files[name]:
                raise ExportError(f"{path} was changed since it was written. Export once more.")
        return path

    def rows_of(self, table: Table) -> Iterator[dict[str, Any]]:
        """Give the rows of one table; raise ExportError where they are not as they were written."""
        path = self.path(rows.json_name(table.name))
        try:
            with path.open("rb") as file:
                for row in rows.read_json(file):
                    yield {name: self._value(value) for name, value in row.items()}
        except ValueError as error:
            raise ExportError(f"{path} holds no rows. Export once more.") from error

    def _value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        name = value.get("file")
        if not isinstance(name, str) or not _SEALED_FILE.fullmatch(name):
            raise ValueError("not a file of ours")
        return self.path(name).read_bytes()


def read(folder: Path) -> Package:
    """Read what an export says of itself; raise ExportError where it cannot be loaded here."""
    path = folder / description.NAME
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("too large")
        about = json.loads(path.read_bytes())["par_toolkit"]
        made_by, step = about["format"], about["step"]
        counts = {str(name): int(number) for name, number in about["rows"].items()}
        marks = [(str(kind), int(number), str(mark)) for kind, number, mark in about["marks"]]
        hashes = {str(name): str(one["sha256"]) for name, one in about["files"].items()}
        if not isinstance(made_by, int) or not isinstance(step, int):
            raise ValueError("no numbers")
    except FileNotFoundError as error:
        raise ExportError(
            f"{folder} holds no export: {description.NAME} is missing. Give the folder that "
            "par export wrote."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ExportError(f"{path} is no description of an export of par-toolkit.") from error
    if made_by > description.FORMAT or step > migrations.LATEST:
        raise ExportError(
            f"{folder} was written by a newer version of par-toolkit. Install that one, or a later "
            "one."
        )
    if not any(name.startswith("json/") for name in hashes):
        raise ExportError(
            f"{folder} has no exact copy of the tables, only one to look at. Export once more "
            "with: par export --format all"
        )
    return Package(folder, step, counts, marks, hashes)
