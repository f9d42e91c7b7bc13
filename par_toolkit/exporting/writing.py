"""Write everything of an inquiry, as it stands at one moment, while people go on telling."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final

from par_toolkit import inquiry
from par_toolkit.exporting import (
    answers,
    contacts,
    description,
    files,
    rows,
    sealed_keys,
    workbook,
)
from par_toolkit.exporting.errors import ExportError
from par_toolkit.exporting.places import Folder, Place, Zip, whole_file, whole_folder
from par_toolkit.keeping import sealed
from par_toolkit.storage import audit, everything, keepers
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.everything import Table
from par_toolkit.storage.people import Person

#: How the tables are written; `all` is every one of them.
FORMATS: Final = ("csv", "xlsx", "json")
ALL: Final = "all"
#: A workbook is put together in memory. With more rows than these, which take 300 MB or so, a
#: server that people tell their stories to leaves it out of the copy.
ROWS_AT_THE_DESK: Final = 100_000
Progress = Callable[[str, int, int], None]
Steps = Callable[[int, int], None]


@dataclass(frozen=True)
class Exported:
    """What was written: how many stories, tables and files, and whether keys are among them."""

    stories: int
    tables: int
    files: int
    bytes: int
    keys: bool


def _silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def write_folder(
    folder: Path,
    out: Path,
    *,
    format: str = ALL,
    passphrase: str | None = None,
    contacts_for: str | None = None,
    progress: Progress = _silent,
) -> Exported:
    """Write everything of the inquiry in `folder` into the new folder `out`.

    `out` appears once it is whole. With a `passphrase` the keys come along, sealed with it.
    `contacts_for` is one of contacts.REASONS, for which how to reach tellers comes along.
    `progress` is called with (format, tables done, all tables). Raises ExportError where `out`
    holds something or cannot be written, and StorageError.
    """
    here = inquiry.load(folder)
    if out.resolve().is_relative_to(here.folder.resolve()):
        raise ExportError(
            f"{out} lies inside the inquiry, where withdrawn words must not stay. Choose a folder "
            "elsewhere, on an encrypted stick or disk."
        )
    with open_database(here.folder) as db, whole_folder(out) as place:
        _record(db, contacts_for)
        kinds = FORMATS if format == ALL else (format,)
        with_contacts = contacts_for is not None
        return _write(place, db, here, kinds, passphrase, progress, with_contacts=with_contacts)


def write_sealed(
    folder: Path,
    out: Path,
    *,
    format: str = ALL,
    passphrase: str | None = None,
    contacts_for: str | None = None,
    progress: Progress = _silent,
) -> Exported:
    """Write everything of the inquiry in `folder` into the new file `out`, sealed to its keepers.

    It is a zip, and the key of any one of them opens it. It appears once it is whole and was opened
    once; nothing of it lies on a disk unsealed. The rest as in `write_folder`.
    """
    here = inquiry.load(folder)
    with open_database(here.folder) as db:
        to = [one.recipient for one in keepers.listing(db)]
        if not to:
            raise ExportError(
                "There are no keepers to seal it to. Name two first: par keepers add NAME --role "
                "steward --out FILE"
            )
        with (
            whole_file(out) as unfinished,
            sealed.sealing(unfinished, to) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped,
        ):
            _record(db, contacts_for)
            kinds = FORMATS if format == ALL else (format,)
            with_contacts = contacts_for is not None
            done = _write(
                Zip(zipped), db, here, kinds, passphrase, progress, with_contacts=with_contacts
            )
    return done


def _record(db: PrivateDatabase, contacts_for: str | None) -> None:
    """Record a copy before the moment that it holds, so that it tells of itself."""
    audit.record(db, "export_everything")
    if contacts_for is not None:
        audit.record(db, "export_contacts", subject=contacts_for, of_one=True)


def write_zip(folder: Path, file: IO[bytes], *, by: Person) -> Exported:
    """Write everything of the inquiry in `folder` into a zip file, without keys.

    A large inquiry's has no workbook: see `ROWS_AT_THE_DESK`.
    """
    here = inquiry.load(folder)
    with open_database(here.folder) as db:
        audit.record(db, "export_everything", by=by)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
            rows = sum(everything.count(db, table) for table in everything.tables(db))
            kinds = FORMATS if rows <= ROWS_AT_THE_DESK else ("csv", "json")
            return _write(Zip(zipped), db, here, kinds, None, _silent)


def _write(
    place: Folder | Zip,
    db: PrivateDatabase,
    here: inquiry.Inquiry,
    kinds: Sequence[str],
    passphrase: str | None,
    progress: Progress,
    *,
    with_contacts: bool = False,
) -> Exported:
    if passphrase is not None:
        sealed_keys.write(place, here.folder, passphrase)
    with everything.one_moment(db):
        tables = everything.tables(db)
        counts = {table.name: everything.count(db, table) for table in tables}
        for kind in kinds:
            _KINDS[kind](place, db, tables, partial(progress, kind))
        for table in tables:
            rows.write_sealed(place, db, table)
        files.write(place, db)
        if with_contacts:
            contacts.write(place, db)
        description.write(place, here, db, tables, counts)
    size = sum(one.bytes for one in place.files.values())
    keys = passphrase is not None
    return Exported(counts["stories"], len(tables), len(place.files), size, keys)


def _json(place: Place, db: PrivateDatabase, tables: list[Table], progress: Steps) -> None:
    for done, table in enumerate(tables, 1):
        rows.write_json(place, db, table)
        progress(done, len(tables))


def _csv(place: Place, db: PrivateDatabase, tables: list[Table], progress: Steps) -> None:
    for done, table in enumerate(tables, 1):
        rows.write_csv(place, db, table)
        progress(done, len(tables))
    stories = next(table for table in tables if table.name == "stories")
    read = answers.rows(db, stories, db.folder / "forms")
    rows.write_cells(place, rows.csv_name(answers.NAME), answers.HEADINGS, read)


def _xlsx(place: Place, db: PrivateDatabase, tables: list[Table], progress: Steps) -> None:
    def sheets() -> workbook.Sheets:
        stories = next(table for table in tables if table.name == "stories")
        yield answers.NAME, answers.HEADINGS, answers.rows(db, stories, db.folder / "forms")
        for done, table in enumerate(tables, 1):
            yield table.name, table.names, rows.cells(db, table)
            progress(done, len(tables))

    workbook.write(place, sheets())


_KINDS: Final = {"csv": _csv, "xlsx": _xlsx, "json": _json}
