"""What can be wrong with a form, said so that a person can put it right."""

from pathlib import Path


class FormError(Exception):
    """Refuse a form file: `path`, `line` (from 1) and `reason`, which says what to do."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        super().__init__(path, line, reason)

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.reason}"


class UnknownForm(FormError):
    """Say that no form has this name or version; `path` is the folder that was searched."""

    def __str__(self) -> str:
        # There is no file to open at a line, so only the reason helps.
        return self.reason
