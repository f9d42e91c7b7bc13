"""`par devices`: paired tablets."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from pathlib import Path

import click
import segno

from par_toolkit import sealing
from par_toolkit.commands.people import address_option
from par_toolkit.commands.terminal import (
    answer,
    ask,
    example,
    json_option,
    pass_folder,
    table,
    yes_option,
)
from par_toolkit.storage import devices
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import Refused


class End(click.ParamType[str]):
    """When a pairing ends: 'tonight', or a day or time; kept as a time in UTC."""

    name = "end"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the end as ISO 8601 in UTC; a day ends with its last second on this machine."""
        try:
            if value.strip().lower() == "tonight":
                end = datetime.combine(datetime.now().date(), time(23, 59, 59))
            elif "T" in value or ":" in value:
                end = datetime.fromisoformat(value.strip())
            else:
                end = datetime.combine(datetime.fromisoformat(value.strip()), time(23, 59, 59))
            until = end.astimezone(UTC).isoformat(timespec="seconds")
        except (ValueError, OverflowError):
            self.fail("write tonight, a day such as 2026-12-31, or a time.", param, ctx)
        if until <= now():
            self.fail("that is in the past.", param, ctx)
        return until


@click.group("devices", epilog=example("par devices list"))
def command() -> None:
    """Paired tablets: add, list, revoke."""


@command.command(epilog=example('par devices add "Tablet 3" --until tonight'))
@click.argument("name")
@click.option(
    "--until", type=End(), metavar="WHEN", help="When the pairing ends: tonight, or a day."
)
@address_option
@json_option
@pass_folder
def add(folder: Path, name: str, until: str | None, address: str, as_json: bool) -> None:
    """Pair a tablet, and print the link to open on it.

    The tablet can then send stories, and see none. Shut a lost one out with: par devices revoke
    """
    sealing.make_keys(folder)
    with open_database(folder) as db:
        token = devices.add(db, name, until=until)
        device = devices.by_token(db, token)
    if device is None:  # a pairing that has ended within this second
        raise Refused("ended", "The pairing ended at once. Give it more time with --until.")
    link = f"{address.rstrip('/')}/tell/device#{token}"
    answer(
        as_json,
        {
            "device": device.id,
            "name": device.name,
            "token": token,
            "link": link,
            "until": until,
            "recipient": sealing.recipient(folder),
        },
        [
            f"{device.name} is paired as number {device.id}. Open this link on it, only there:",
            f"  {link}",
            *_square(link),
            "Or type this code on it:",
            f"  {devices.grouped(token)}",
            f"The pairing ends on {until} (UTC)."
            if until
            else "The pairing lasts until you end it.",
        ],
    )


def _square(link: str) -> list[str]:
    """Draw the link as a square to scan, in half blocks, for a terminal."""
    drawn = io.StringIO()
    segno.make(link, error="m").terminal(out=drawn, border=2, compact=True)
    return drawn.getvalue().splitlines()


@command.command("list", epilog=example("par devices list --json"))
@json_option
@pass_folder
def show(folder: Path, as_json: bool) -> None:
    """List every tablet, and how many of its stories have arrived."""
    with open_database(folder) as db:
        found = [
            {
                "device": one.id,
                "name": one.name,
                "state": _state(one),
                "arrived": one.arrived,
                "of": one.of,
                "missing": list(one.missing),
                "until": one.until,
                "last_seen": one.last_seen_at,
            }
            for one in devices.listing(db)
        ]
    answer(as_json, found, table(found) or ["No tablet was paired yet: par devices add NAME"])


def _state(device: devices.Device) -> str:
    if device.revoked:
        return "revoked"
    return "ended" if device.until and device.until < now() else "paired"


@command.command(epilog=example('par devices revoke "Tablet 3"'))
@click.argument("device")
@yes_option
@json_option
@pass_folder
def revoke(folder: Path, device: str, yes: bool, as_json: bool) -> None:
    """End the pairing of a tablet, by its number or its name; stories still on it wait there."""
    with open_database(folder) as db:
        found = _find(db, device)
        ask(f"End the pairing of {found.name} (number {found.id})?", yes=yes)
        devices.revoke(db, found.id)
    answer(
        as_json,
        {"device": found.id, "name": found.name, "state": "revoked"},
        [f"{found.name} is paired no longer. Stories still on it wait until it is paired again."],
    )


def _find(db: PrivateDatabase, said: str) -> devices.Device:
    """Return the paired tablet with this number or name; Refused where it is none or several."""
    paired = [one for one in devices.listing(db) if not one.revoked]
    name = " ".join(said.split()).casefold()
    found = [one for one in paired if str(one.id) == said.strip()]
    found = found or [one for one in paired if one.name.casefold() == name]
    if len(found) > 1:
        numbers = ", ".join(str(one.id) for one in found)
        raise Refused(
            "several", f"{len(found)} tablets are called {said}. Give a number: {numbers}."
        )
    if not found:
        raise Refused("unknown_device", f"No paired tablet is called {said}. See: par devices list")
    return found[0]
