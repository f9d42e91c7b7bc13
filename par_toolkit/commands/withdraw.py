"""`par withdraw`: everything told under a receipt code, or one story."""

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
from par_toolkit.storage import receipts, withdrawal_requests, withdrawals
from par_toolkit.storage.database import open_database
from par_toolkit.storage.errors import Refused


@click.command(epilog=example("par withdraw 1234-5678-9012-3456"))
@click.argument("code", required=False)
@click.option("--story", type=click.IntRange(1), help="One story, by its number at the desk.")
@click.option(
    "--reason",
    type=click.Choice(withdrawal_requests.REASONS),
    default="lost_slip",
    show_default=True,
    help="With --story: how its teller asked for it. The trail keeps this word.",
)
@yes_option
@json_option
@pass_folder
def command(
    folder: Path, code: str | None, story: int | None, reason: str, yes: bool, as_json: bool
) -> None:
    """Withdraw everything told under a receipt code.

    The words leave the findings, older builds and the private database, down to the last byte. What
    has not arrived yet under this code will not be taken. It cannot be undone. For a teller who
    lost the slip, --story takes one story by its number.
    """
    if (code is None) == (story is None):
        raise click.UsageError("Give a receipt code, or --story and the number of one story.")
    if code is not None and receipts.normalise(code) is None:
        raise Refused("bad_code", "A receipt code has 16 digits. Look at the slip and try again.")
    what = "everything told under this code" if code is not None else f"story {story}"
    with open_database(folder) as db:
        ask(f"Withdraw {what}? It cannot be undone.", yes=yes)
        if code is not None:
            done = withdrawals.withdraw(db, code, role="command line")
        else:
            assert story is not None
            withdrawals.withdraw_story(db, story, role="command line", reason=reason)
            done = withdrawals.Withdrawal(1, known=True)
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
