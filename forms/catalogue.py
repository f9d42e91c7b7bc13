"""Find forms by name and version: the community's own first, then those that come with this."""

import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from forms.errors import FormError, UnknownForm
from forms.model import Form
from forms.reading import FILE_NAME, read_form

SHIPPED = Path(__file__).parent / "library"

_log = logging.getLogger(__name__)


def load(name: str, *, version: int | None = None, folders: Sequence[Path] = ()) -> Form:
    """Return a form, in its newest version unless `version` says which.

    The `folders` of a community win over the shipped forms: the same name and version replaces
    one. Raises FormError for a file that is not right, UnknownForm where there is none.
    """
    if version is not None and (path := _file(name, version, folders)):
        return read_form(path)
    versions = _files(folders).get(name, {}) if isinstance(name, str) else {}
    if not versions:
        raise _unknown_name(name, folders)
    wanted = max(versions) if version is None else version
    if isinstance(wanted, bool) or wanted not in versions:
        known = ", ".join(str(each) for each in sorted(versions))
        reason = f'The form "{name}" has no version {_cut(wanted)}; it has {known}. Choose one.'
        raise UnknownForm(_first_of(folders), 1, reason)
    return read_form(versions[wanted])


def available(folders: Sequence[Path] = ()) -> dict[str, list[Form]]:
    """List every form by name, each with its versions from the oldest to the newest.

    A file that is not right is left out and logged, so that one mistake does not close the
    others; `check_folder` and `load` say what is wrong with it.
    """
    forms: dict[str, list[Form]] = {}
    for name, versions in sorted(_files(folders).items()):
        for version in sorted(versions):
            try:
                forms.setdefault(name, []).append(read_form(versions[version]))
            except FormError as error:
                _log.warning("%s", error)
    return {name: versions for name, versions in forms.items() if versions}


def check_folder(folder: Path) -> list[FormError]:
    """Read every form file in `folder` and return what is wrong, one error for each file.

    Other files are passed over, except those that look like a form with a wrong name. A folder
    that does not exist holds no forms, which is not an error.
    """
    try:
        paths = [path for path in _listing(folder) if _looks_like_a_form(path)]
    except FormError as error:
        return [error]
    errors = []
    for path in paths:
        try:
            _check_name(path)
            read_form(path)
        except FormError as error:
            errors.append(error)
    return errors


def _looks_like_a_form(path: Path) -> bool:
    # Windows hides endings, so that story-2.toml can be story-2.toml.txt without anybody seeing.
    return ".toml" in path.name.lower() and not path.name.startswith(".")


def _check_name(path: Path) -> None:
    if not FILE_NAME.fullmatch(path.name):
        reason = "a form file must be called NAME-VERSION.toml, such as story-2.toml: small "
        reason += "letters, a hyphen and a number. Rename it, or move it out of the folder."
        raise FormError(path, 1, reason)


def _file(name: object, version: object, folders: Sequence[Path]) -> Path | None:
    """Return the file of one version, without listing any folder; None where there is none."""
    file = f"{name}-{version}.toml"
    if not (isinstance(name, str) and type(version) is int and FILE_NAME.fullmatch(file)):
        return None
    places = (os.path.join(folder, file) for folder in (*folders, SHIPPED))
    return next((Path(place) for place in places if os.path.isfile(place)), None)


def _files(folders: Sequence[Path]) -> dict[str, dict[int, Path]]:
    """Return the file of each form as {name: {version: path}}."""
    files: dict[str, dict[int, Path]] = {}
    for folder in (SHIPPED, *reversed(folders)):
        for path in _listing(Path(folder)):
            if match := FILE_NAME.fullmatch(path.name):
                files.setdefault(match[1], {})[int(match[2])] = path
    return files


def _listing(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(Path(folder).iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        reason = f"the folder cannot be read ({error.strerror}). Check who may open it."
        raise FormError(Path(folder), 1, reason) from error


def _unknown_name(name: object, folders: Sequence[Path]) -> UnknownForm:
    known = ", ".join(sorted(_files(folders)))
    reason = f'There is no form called "{_cut(name)}". The forms here are: {known}. Choose one.'
    return UnknownForm(_first_of(folders), 1, reason)


def _first_of(folders: Sequence[Path]) -> Path:
    return Path(folders[0]) if folders else SHIPPED


def _cut(value: object) -> str:
    """Show what somebody asked for: short, and never a character no page can hold."""
    return str(value)[:60].encode("utf-8", "replace").decode()
