"""`par withdraw`: everything told under a receipt code."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.commands.erasing import finish
from par_toolkit.commands.terminal import (
    answer,
    ask,
    counted,
    example,
    json_option,
    pass_folder,
    yes_option,
)
from par_toolkit.storage import receipts, withdrawals
from par_toolkit.storage.database import open_database
from par_toolkit.storage.errors import Refused


@click.command(epilog=example("par withdraw 1234-5678-9012-3456"))
@click.argument("code")
@yes_option
@json_option
@pass_folder
def command(folder: Path, code: str, yes: bool, as_json: bool) -> None:
    """Withdraw everything told under a receipt code.

    The words leave the findings, older builds and the private database, down to the last byte. What
    has not arrived yet under this code will not be taken. It cannot be undone.
    """
    if receipts.normalise(code) is None:
        raise Refused("bad_code", "A receipt code has 16 digits. Look at the slip and try again.")
    with open_database(folder) as db:
        ask("Withdraw everything told under this code? It cannot be undone.", yes=yes)
        done = withdrawals.withdraw(db, code, role="command line")
    erased = finish(folder)
    answer(
        as_json,
        {"stories": done.stories, "known": done.known, "erased": erased.done},
        [_sentence(done), erased.sentence],
    )


def _sentence(done: withdrawals.Withdrawal) -> str:
    if not done.known:
        return "Nothing was told under this code so far. What may still arrive will not be taken."
    return f"{counted(done.stories, 'story is', 'stories are')} withdrawn."
