"""What an export holds beside the tables: settings, forms, recordings and findings."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from forms import catalogue
from par_toolkit import inquiry
from par_toolkit.exporting.places import Place
from par_toolkit.publishing import live_build
from par_toolkit.publishing.build import file_of
from par_toolkit.storage import published, sounds, voices
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Damaged

SETTINGS: Final = inquiry.model.FILE
#: The forms that come with the toolkit, so that every question can be read anywhere. They are not
#: loaded: another installation brings its own.
SHIPPED: Final = "forms_of_par_toolkit"
#: Names of files, and of those in folders, that an installation takes from an export.
TAKEN: Final = re.compile(
    r"inquiry\.toml|(forms|media)(/[^/\\\0:]{1,200}){1,6}|findings/(build-\d{6,}\.db|current)"
)


def write(place: Place, db: PrivateDatabase) -> None:
    """Write every file of the inquiry but keys and backups, as the rows in `db` name them."""
    for name, path in _all(db):
        # a recording may be withdrawn just now, and a build replaced
        with (
            contextlib.suppress(FileNotFoundError),
            _open(db.folder, path) as source,
            place.new(name) as file,
        ):
            shutil.copyfileobj(source, file)
    live = live_build(db.folder)
    if live is not None and f"findings/{file_of(db.folder, live).name}" in place.files:
        with place.new("findings/current") as file:
            file.write(f"{file_of(db.folder, live).name}\n".encode())


def _open(folder: Path, path: Path) -> IO[bytes]:
    """Open a file of the inquiry; a recording that is sealed here comes as it was spoken.

    One that is damaged comes as it is, and `par check` counts it.
    """
    if path.parent.name == sounds.FOLDER and sounds.OURS.fullmatch(path.name):
        with contextlib.suppress(Damaged):
            return io.BytesIO(sounds.read(folder, path.name))
    return path.open("rb")


def _all(db: PrivateDatabase) -> Iterator[tuple[str, Path]]:
    folder = db.folder
    yield SETTINGS, folder / SETTINGS
    yield from _below(folder, "forms")
    for path in sorted(catalogue.SHIPPED.glob("*.toml")):
        yield f"{SHIPPED}/{path.name}", path
    kept = voices.files(db)
    for name, path in _below(folder, "media"):
        if not sounds.OURS.fullmatch(path.name) or path.name in kept:
            yield name, path
    for build in published.listing(db):
        if build.state == "kept":
            path = file_of(folder, build.build)
            yield f"findings/{path.name}", path


def _below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Give the plain files in one folder of the inquiry, by their names in the export."""
    for path in sorted((folder / name).rglob("*")):
        said = path.relative_to(folder).as_posix()
        if path.is_file() and not path.is_symlink() and TAKEN.fullmatch(said):
            yield said, path
