"""`par check`: what would go wrong, and what to do."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.checking import check
from par_toolkit.commands.terminal import answer, example, json_option, pass_folder

MARKS = {"ok": "ok   ", "note": "note ", "mend": "MEND "}


@click.command(
    epilog=example(
        "par check", "par check --tls-cert hub.pem --tls-key hub.key", "par check --json"
    )
)
@click.option("--tls-cert", metavar="FILE", type=click.Path(path_type=Path), help="Look at it too.")
@click.option("--tls-key", metavar="FILE", type=click.Path(path_type=Path), help="Its key.")
@json_option
@pass_folder
def command(folder: Path, tls_cert: Path | None, tls_key: Path | None, as_json: bool) -> None:
    """Say what would go wrong, and what to do.

    It looks at the settings, the forms, the disk, the clock, who may read the keys, HTTPS, the
    people, backups, the findings, and what waits to be erased. Exit code 1 if something must be
    mended.
    """
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("Give both --tls-cert and --tls-key.")
    found = check(folder, tls_cert=tls_cert, tls_key=tls_key)
    mend = [f"{one.name}: {one.sentence}" for one in found if one.state == "mend"]
    answer(
        as_json,
        {
            "ok": not mend,
            "checks": [
                {"check": one.name, "state": one.state, "sentence": one.sentence} for one in found
            ],
        },
        [f"{MARKS[one.state]} {one.name}: {one.sentence}" for one in found],
    )
    if mend:
        raise click.ClickException(" ".join(mend))
