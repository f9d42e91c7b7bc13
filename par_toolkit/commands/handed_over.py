"""What a tablet could not send and handed over in a file: taken as if it had been sent."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import sealing
from par_toolkit.commands.terminal import Bars, answer
from par_toolkit.commands.unlock import as_values, sentences
from par_toolkit.importing import Export, ImportRefused, read_export
from par_toolkit.importing.waiting import Entry
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices, inbox
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.web import intake, telling
from par_toolkit.wording import remember_wording


def command(here: Inquiry, file: Path, *, as_json: bool) -> None:
    """Take every story of a tablet's file, and say what became of each kind."""
    export = read_export(file)
    sealing.make_keys(here.folder)
    opened = intake.Opened()
    with open_database(here.folder) as db:
        remember_wording(db, here)
        try:
            with Bars() as bars:
                take_export(
                    db,
                    here,
                    export,
                    into=opened,
                    progress=lambda done, total: bars(f"Reading {file.name[:40]}", done, total),
                )
        except KeyboardInterrupt:
            answer(as_json, as_values(opened), sentences(opened))
            raise click.ClickException(
                "Stopped. What was taken is kept. Run the same command again to go on: nothing "
                "comes in twice."
            ) from None
    answer(as_json, as_values(opened), sentences(opened))
    if opened.refusals and len(opened.refusals) == len(export.stories):
        raise click.ClickException(f"No story of {file.name} could be taken.")


def take_export(
    db: PrivateDatabase,
    inquiry: Inquiry,
    export: Export,
    *,
    into: intake.Opened | None = None,
    progress: intake.Progress = lambda done, total: None,
) -> intake.Opened:
    """Take what a tablet handed over in a file: opened, or into the inbox of a locked inquiry.

    It may be cut short anywhere and done again. Raises ImportRefused where the file is for another
    inquiry, and StorageError.
    """
    ours = sealing.recipient(inquiry.folder)
    if not export.has_for(ours):
        raise ImportRefused(
            f"This file is for the inquiry '{export.inquiry}', or was sealed with keys that are no "
            f"longer here. This is '{inquiry.name}'."
        )
    opened = intake.Opened() if into is None else into
    device = None
    if export.recipient == ours and export.device is not None:
        device = devices.get(db, export.device)
    for done, entry in enumerate(export.entries(), 1):
        if entry.recipient == ours:
            _take(db, inquiry, entry, device, opened)
        else:
            opened.refuse(entry.uuid, "It was sealed for another inquiry. Bring it in there.")
        progress(done, len(export.stories))
    return opened


def _take(
    db: PrivateDatabase,
    inquiry: Inquiry,
    entry: Entry,
    device: devices.Device | None,
    opened: intake.Opened,
) -> None:
    uuid = telling.well_formed_uuid(entry.uuid)
    if uuid is None or entry.sealed is None:
        opened.refuse(entry.uuid, "The file does not hold this story whole. Save it again.")
        return
    try:
        told = intake.checked(db, inquiry, sealing.open_sealed(inquiry.folder, entry.sealed))
    except sealing.Locked:
        seq, where = entry.device_seq, device.id if device else None
        status = inbox.put(db, uuid, entry.sealed, device=where, device_seq=seq)
        opened.waiting += status in ("stored", "sibling")
        opened.outcomes[status] += status in ("same", "withdrawn")
    except intake.REFUSED as problem:
        opened.refuse(uuid, intake.sentence(problem))
        return
    else:
        seq = told.device_seq or entry.device_seq
        taken = intake.keep(db, inquiry, told, uuid=uuid, device=device.id if device else None)
        opened.outcomes[taken.status] += 1
    if device and seq:
        devices.arrived(db, device.id, seq)
