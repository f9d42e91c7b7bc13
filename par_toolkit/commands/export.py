"""`par export`: everything the community has, in open formats."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import exporting
from par_toolkit.commands.passphrases import new_passphrase, passphrase_option
from par_toolkit.commands.terminal import Bars, answer, counted, example, json_option, pass_folder

WRITING = {"csv": "Tables as CSV", "xlsx": "Tables as a workbook", "json": "Tables as JSON"}


@click.command(
    epilog=example(
        "par export --format all --out /media/stick/southall",
        "par export --format all --out /media/stick/southall --keys",
        "par export --seal --out /media/stick/southall.zip.age",
    )
)
@click.option(
    "--format",
    "format",
    type=click.Choice([*exporting.FORMATS, exporting.ALL]),
    default=exporting.ALL,
    show_default=True,
    help="How tables are written. Only json and all can be loaded again. A workbook (xlsx, "
    "all) takes memory: 250 MB with 10,000 stories.",
)
@click.option(
    "--out",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path),
    help="A new or empty folder for the files. With --seal: the new file.",
)
@click.option("--seal", is_flag=True, help="Write one file that only the keepers' keys open.")
@click.option("--keys", is_flag=True, help="Take the keys along, sealed with a passphrase.")
@click.option(
    "--contacts",
    metavar="REASON",
    type=click.Choice(exporting.CONTACT_REASONS),
    help="Take along how to reach tellers, in the clear: `moving` to another installation, or "
    "`reaching` people who agreed to it. The reason is recorded.",
)
@passphrase_option
@json_option
@pass_folder
def command(
    folder: Path,
    format: str,
    out: Path,
    seal: bool,
    keys: bool,
    contacts: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Write everything the community has, in open formats.

    Stories, recordings, forms, consents, themes, circles and the audit trail, with a description.
    People can go on telling meanwhile. It holds every word: keep it as safe as the inquiry. Another
    installation loads it with: par init --from FOLDER. With --seal it is one file, which a keeper
    opens with: par keepers open FILE
    """
    passphrase = new_passphrase(passphrase_file) if keys or passphrase_file else None
    with Bars(lambda kind: WRITING[kind]) as bars:
        write = exporting.write_sealed if seal else exporting.write_folder
        done = write(
            folder,
            out,
            format=format,
            passphrase=passphrase,
            contacts_for=contacts,
            progress=bars,
        )
    sentences = [
        f"{out} holds everything: {counted(done.stories, 'story', 'stories')} and all that belongs "
        f"to them, in {counted(done.files, 'file', 'files')} ({done.bytes / 1e6:,.1f} MB).",
        f"It is sealed. A keeper opens it with: par keepers open {out} --identity KEYFILE "
        "--out FOLDER"
        if seal
        else f"Read {out / 'README.md'} first, and keep the folder as you would keep private "
        "letters.",
    ]
    if not done.keys:
        sentences.append("Keys are not in it: receipt codes open nothing elsewhere. See --keys.")
    if contacts:
        sentences.append(
            "It says how to reach tellers, in the clear. Use that for the reason you gave, and "
            "delete contacts.json when that is done."
        )
    answer(
        as_json,
        {
            "file" if seal else "folder": str(out),
            "format": format,
            "stories": done.stories,
            "tables": done.tables,
            "files": done.files,
            "bytes": done.bytes,
            "keys": done.keys,
            "contacts": contacts is not None,
        },
        sentences,
    )
