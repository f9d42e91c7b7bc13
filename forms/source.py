"""Open and parse one TOML file, and know the line of everything in it."""

import re
import tomllib
from pathlib import Path
from typing import Any, NoReturn

from forms.errors import FormError
from forms.lines import Lines, Place

# A form of 250 questions in ten languages is under 1 MB; what is bigger is not a form.
LARGEST_FILE = 2_000_000


class Source:
    """One parsed file: its `data`, and a way to refuse what stands at a place in it."""

    def __init__(self, path: Path, data: dict[str, Any], lines: Lines) -> None:
        self.path = path
        self.data = data
        self._lines = lines

    def refuse(self, place: Place, reason: str) -> NoReturn:
        """Raise FormError for the line of `place`."""
        raise FormError(self.path, self._lines.of(*place), reason)


def parse(path: Path) -> Source:
    """Parse the file at `path`; raise FormError if it is no readable TOML in UTF-8."""
    text = _read(path)
    try:
        return Source(path, tomllib.loads(text), Lines(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
        reason = f"this is not valid TOML: {error}. Compare the line with a form that works."
        raise FormError(path, line, reason) from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, endless [[[[
        reason = "the file cannot be understood. Start again from a form that works."
        raise FormError(path, 1, reason) from error


def unreadable(error: OSError) -> str:
    """Say why the system did not open a file, and what to do."""
    return f"the file cannot be read ({error.strerror}). Check that it is a file you may open."


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FormError(path, 1, unreadable(error)) from error
    if len(raw) > LARGEST_FILE:
        reason = f"the file is larger than {LARGEST_FILE:,} bytes, so it is hardly a form. "
        raise FormError(path, 1, reason + "Take it out of the folder or make it smaller.")
    try:
        text = raw.decode("utf-8-sig")  # Windows editors put a mark at the start
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        reason = "this line is not UTF-8. Save the file again with the encoding UTF-8."
        raise FormError(path, line, reason) from error
    if not text.strip():
        reason = "the file is empty. Copy a form that works into it and change that."
        raise FormError(path, 1, reason)
    return text
