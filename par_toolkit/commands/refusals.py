"""One sentence for whatever went wrong, and never a traceback: it could hold a story's words."""

from __future__ import annotations

import errno
from pathlib import Path

import click


def sentence(error: Exception) -> str | None:
    """Return what to tell a person about `error`; None where click has its own way with it."""
    if isinstance(error, (click.ClickException, click.exceptions.Exit, click.Abort)):
        return None
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        return None  # somebody closed the other end, as `par … | head` does
    if isinstance(error, _known()):
        return str(error)
    if (about := _about_database(error)) is not None:
        return about
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        return "What was typed holds a byte that is no letter. Type it again, as UTF-8 text."
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}. Look at the folder, the disk and who may use them."
    return _fault(error)


def _known() -> tuple[type[Exception], ...]:
    """List the errors whose messages are sentences already; read in only now, as they are slow."""
    from analysis.codebook import CodebookError
    from forms import FormError
    from par_toolkit.exporting import ExportError
    from par_toolkit.importing import ImportRefused
    from par_toolkit.inquiry import InquiryError
    from par_toolkit.keeping import BackupError
    from par_toolkit.publishing import PublishError
    from par_toolkit.sealing import SealingError
    from par_toolkit.serving import ServingError
    from par_toolkit.storage.errors import StorageError

    return (
        StorageError,
        InquiryError,
        CodebookError,
        FormError,
        ImportRefused,
        BackupError,
        ExportError,
        PublishError,
        SealingError,
        ServingError,
    )


def _about_database(error: Exception) -> str | None:
    """Say what a database would not do; None where it is no error of one."""
    from par_toolkit.storage import engines
    from par_toolkit.storage.errors import translate

    if not isinstance(error, engines.ERRORS):
        return None
    known = translate(error, Path("private.db"))
    return str(known) if known else _fault(error)


def _fault(error: Exception) -> str:
    """Say where the program went wrong, but not with what: messages can hold words."""
    traceback, place = error.__traceback__, "somewhere"
    while traceback:
        code = traceback.tb_frame.f_code
        if "par_toolkit" in code.co_filename or "analysis" in code.co_filename:
            place = f"{Path(code.co_filename).name}, line {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return (
        f"A fault of the program stopped this ({type(error).__name__} in {place}). What was kept "
        "before is safe. Please tell the makers of par-toolkit this line."
    )
