"""`par people`: who may read."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.commands.terminal import (
    answer,
    ask,
    example,
    json_option,
    pass_folder,
    table,
    yes_option,
)
from par_toolkit.permissions import able
from par_toolkit.storage import people, second_factors
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import Refused

#: Where `par serve` answers when nothing else is said.
ADDRESS = "http://127.0.0.1:8000"
#: What whoever looks after the inquiry learns early, and not when they want to publish.
ALONE = (
    "Two facilitators or stewards release words together, and there are not two yet: nothing of "
    "what is told can be shown before. Add another."
)

address_option = click.option(
    "--address",
    default=ADDRESS,
    show_default=True,
    help="Where people reach the server; the link begins with it.",
)


def named(db: PrivateDatabase, name: str) -> people.Person:
    """Return the person called `name`, who may still read; Refused where there is none.

    Guests only look at the findings: no yes of theirs releases or endorses anything.
    """
    person = people.by_name(db, name)
    if person is None:
        raise Refused(
            "unknown_person",
            f'There is nobody called {name} here. Add them: par people add "{name}" --role ROLE',
        )
    if person.disabled:
        raise Refused("disabled", f"{person.name} may not read here any more. Name somebody else.")
    if person.role == "guest":
        raise Refused("guest", f"{person.name} is a guest here. Name somebody of the desk.")
    return person


@click.group("people", epilog=example("par people list"))
def command() -> None:
    """The people who may read: add, list, disable, and their second step.

    Guests, who only look at findings that are not for everybody, are added here too.
    """


@command.command(epilog=example('par people add "Ama Example" --role facilitator'))
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(people.ROLES), help="What they do here.")
@address_option
@json_option
@pass_folder
def add(folder: Path, name: str, role: str, address: str, as_json: bool) -> None:
    """Add a person, and print the link with which they set their own password.

    For somebody who is here already it makes a new link, for a forgotten password. A link works
    once, within 7 days.
    """
    with open_database(folder) as db:
        code = people.add(db, name, role)
        alone = able(people.listing(db), "release_story") < people.RELEASED_BY
    name = " ".join(name.split())
    link = f"{address.rstrip('/')}/desk/welcome#{code}"
    answer(
        as_json,
        {"name": name, "role": role, "link": link},
        [
            f"{name} can now come in as {role}. Give them this link, and nobody else:",
            f"  {link}",
            "In a browser without scripts they open the part before # and type this code:",
            f"  {code}",
            f"It works once, within {people.LINK_DAYS} days.",
            *([ALONE] if alone else []),
        ],
    )


@command.command("list", epilog=example("par people list --json"))
@json_option
@pass_folder
def show(folder: Path, as_json: bool) -> None:
    """List everybody who was added."""
    with open_database(folder) as db:
        found = [
            {"name": one.name, "role": one.role, "state": _state(one)} for one in people.listing(db)
        ]
    answer(
        as_json, found, table(found) or ["Nobody was added yet: par people add NAME --role ROLE"]
    )


def _state(person: people.Person) -> str:
    if person.disabled:
        return "disabled"
    return "may sign in" if person.has_password else "has not set a password yet"


@command.command(epilog=example('par people disable "Ama Example"'))
@click.argument("name")
@yes_option
@json_option
@pass_folder
def disable(folder: Path, name: str, yes: bool, as_json: bool) -> None:
    """Let a person in no longer; what they did stays in the trail."""
    with open_database(folder) as db:
        ask(f"Let {name} in no longer?", yes=yes)
        person = people.disable(db, name)
    answer(
        as_json,
        {"name": person.name, "role": person.role, "state": "disabled"},
        [f"{person.name} is let in no longer."],
    )


@command.command("second-step", epilog=example('par people second-step "Ama Example" --end'))
@click.argument("name")
@click.option("--end", is_flag=True, help="Ask this person for no code any more.")
@yes_option
@json_option
@pass_folder
def second_step(folder: Path, name: str, end: bool, yes: bool, as_json: bool) -> None:
    """Say whether somebody is asked for a code after their password, or end that.

    People set it up themselves, at the desk. End it for somebody who lost what makes the codes,
    where nobody else can give them a link at the desk.
    """
    with open_database(folder) as db:
        person = named(db, name)
        if end:
            ask(f"Ask {person.name} for the password alone?", yes=yes)
            second_factors.stop(db, person)
        active = second_factors.active(db, person)
    state = "is asked for a code" if active else "is asked for the password alone"
    answer(as_json, {"name": person.name, "second_step": active}, [f"{person.name} {state}."])
