"""`par serve`: everything on one port."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import click

import forms
from par_toolkit import checking_keeping, sealing
from par_toolkit import inquiry as inquiries
from par_toolkit.commands import passphrases
from par_toolkit.commands.terminal import example, pass_closed_folder, say
from par_toolkit.storage import sounds, vault, voices
from par_toolkit.storage.database import open_database
from par_toolkit.wording import remember_wording

HOST = "127.0.0.1"
PORT = 8000


@click.command(
    epilog=example("par serve", "par serve --host 0.0.0.0 --tls-cert hub.pem --tls-key hub.key")
)
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535))
@click.option("--tls-cert", metavar="FILE", type=click.Path(path_type=Path), help="For HTTPS.")
@click.option("--tls-key", metavar="FILE", type=click.Path(path_type=Path), help="For HTTPS.")
@click.option(
    "--locked", is_flag=True, help="Start an encrypted inquiry locked: do not ask for a passphrase."
)
@click.option(
    "--lock-after",
    metavar="MINUTES",
    type=click.IntRange(0, inquiries.MOST_MINUTES),
    help="Lock an encrypted inquiry when nobody has done anything for so long; 0: never. Default: "
    "lock_after_minutes in inquiry.toml, else 30.",
)
@pass_closed_folder
def command(
    folder: Path,
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    locked: bool,
    lock_after: int | None,
) -> None:
    """Serve the inquiry: telling, the desk and the findings, all on one port.

    Ctrl+C stops it. Tablets need HTTPS: give a certificate and its key. docs/hub.md says how to
    get them, also for a hall without internet. An encrypted inquiry is opened with its passphrase,
    here or at the desk, and locks itself when nobody is there; stories come in all the same.
    """
    if not locked:
        passphrases.open_inquiry(folder)
    here = prepare(folder)
    if host not in ("127.0.0.1", "::1", "localhost") and not tls_cert:
        say("Without HTTPS others on this network can read along. Give --tls-cert and --tls-key.")
    minutes = here.lock_after_minutes if lock_after is None else lock_after
    run(
        here.folder,
        host=host,
        port=port,
        tls_cert=tls_cert,
        tls_key=tls_key,
        lock_after=minutes * 60 or None,
    )


def prepare(folder: Path) -> inquiries.Inquiry:
    """Check what serving needs, before anything listens; raise what is wrong as a sentence."""
    here = inquiries.load(folder)
    for problem in forms.check_folder(here.forms_folder):
        raise problem
    if not here.capture_open:
        say("Stories are not taken now: fill in [confidentiality] and [[help]] in inquiry.toml.")
    if not vault.unlocked(folder):
        sealing.recipient(folder)  # what comes in meanwhile is sealed to it
        say("The inquiry is locked. Open it with its passphrase at the desk: /desk/unlock")
        return here
    with open_database(folder) as db:
        remember_wording(db, here)
        voices.sweep(db)  # what a crash left of a story that was just being told
        sounds.seal_all(folder)  # and of encrypting the inquiry
        for look in checking_keeping.SAID_AT_START:
            for finding in look(db, here):
                if finding.state != "ok":
                    say(finding.sentence)
    return here


def run(
    folder: Path,
    *,
    host: str = HOST,
    port: int = PORT,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
    lock_after: float | None = None,
) -> None:
    """Serve until Ctrl+C and say where; lock after so many seconds in which nobody was there."""
    from par_toolkit.keeping import periods
    from par_toolkit.serving import certificates, serve
    from par_toolkit.serving.root import finish_withdrawals
    from par_toolkit.web.intake import open_waiting

    sharing = inquiries.load(folder).sharing
    if tls_cert and tls_key:
        now = datetime.now(UTC)
        say(certificates.usable(tls_cert, tls_key, now=now).sentence(now))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    serve(
        folder,
        host=host,
        port=port,
        tls_cert=tls_cert,
        tls_key=tls_key,
        on_started=lambda address: _announce(address, sharing),
        background=(finish_withdrawals, open_waiting, periods.Daily()),
        lock_after=lock_after,
    )
    say("Stopped. Everything told is kept.")


def _announce(address: str, sharing: inquiries.Sharing) -> None:
    click.echo(f"Serving at {address}  (Ctrl+C stops it)")
    click.echo(f"  tell      {address}/tell")
    click.echo(f"  my story  {address}/mine")
    click.echo(f"  desk      {address}/desk")
    asks = {"word": "  (asks for the shared word)", "people": "  (asks people to sign in)"}
    click.echo(f"  findings  {address}/findings/{asks.get(sharing.open_to, '')}")
