"""`par endorse`: a person's yes to themes, from the command line."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.commands.people import named
from par_toolkit.commands.terminal import answer, counted, example, json_option, pass_folder
from par_toolkit.storage import audit, shaping, themes
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.people import Person


@click.command(
    epilog=example('par endorse 3 7 --by "Ama Example"', 'par endorse --all --by "Ama Example"')
)
@click.argument("theme_ids", metavar="[THEME]...", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="Every theme that waits for a yes.")
@click.option("--by", "name", required=True, metavar="NAME", help="The person who says yes.")
@json_option
@pass_folder
def command(
    folder: Path, theme_ids: tuple[int, ...], everything: bool, name: str, as_json: bool
) -> None:
    """Say yes to proposed themes, by number.

    It is what people do at the desk, for scripts and for data that is public already. The trail
    says who, and that it came by command line.
    """
    if bool(theme_ids) == everything:
        raise click.UsageError("Give the numbers of themes, or --all.")
    with open_database(folder) as db:
        person = named(db, name)
        wanted = theme_ids or [t.id for t in themes.listing(db) if _waits(t)]
        done = [_endorse(db, theme, person) for theme in dict.fromkeys(wanted)]
    answer(
        as_json,
        {"endorsed": [{"theme": t.id, "name": t.title, "stories": t.stories} for t in done]},
        [f"{t.id}: {t.title} ({counted(t.stories, 'story', 'stories')})" for t in done]
        + [f"{counted(len(done), 'theme', 'themes')} endorsed by {person.name}."],
    )


def _waits(theme: themes.Theme) -> bool:
    return bool(theme.stories) and (theme.state == "proposed" or theme.to_endorse > 0)


def _endorse(db: PrivateDatabase, theme: int, person: Person) -> themes.Theme:
    with db.writing():
        endorsed = shaping.endorse(db, theme, by=person)
        audit.record(
            db,
            "endorse_theme_by_command_line",
            by=person,
            subject=f"theme {theme}",
        )
    return endorsed
