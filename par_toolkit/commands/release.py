"""`par release`: two people's yes to stories' words, from the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from par_toolkit import inquiry as inquiries
from par_toolkit.commands.people import named
from par_toolkit.commands.terminal import (
    Bars,
    answer,
    counted,
    example,
    json_option,
    pass_folder,
)
from par_toolkit.inquiry import Inquiry
from par_toolkit.reviewing import suggest_redactions
from par_toolkit.storage import consents, redactions, releases, stories
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import RELEASED_BY, Person

#: Stories released in one transaction: whole batches stay when somebody stops the command.
BATCH = 200
ACTION = "approve_release_by_command_line"


@click.command(
    epilog=example(
        'par release 12 15 --by "Ama Example" --by "Ben Example"',
        'par release --all --by "Ama Example" --by "Ben Example"',
    )
)
@click.argument("story_ids", metavar="[STORY]...", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="Every story that is not released yet.")
@click.option(
    "--by", "names", multiple=True, required=True, metavar="NAME", help="Two different people."
)
@json_option
@pass_folder
def command(
    folder: Path,
    story_ids: tuple[int, ...],
    everything: bool,
    names: tuple[str, ...],
    as_json: bool,
) -> None:
    """Release stories' words in the name of two people.

    It is what people do at the desk, for scripts and for data that is public already. Suggested
    redactions count as accepted. Stories without consent to be shared are passed over, and
    so are those that were spoken and nobody has typed up.
    """
    if bool(story_ids) == everything:
        raise click.UsageError("Give the numbers of stories, or --all.")
    if len(names) < RELEASED_BY:
        raise click.UsageError("Name two different people: --by NAME --by NAME")
    here = inquiries.load(folder)
    done: Counter[str] = Counter()
    with open_database(folder) as db:
        people = {person.id: person for person in (named(db, name) for name in names)}
        two = list(people.values())[:RELEASED_BY]
        if len(two) < RELEASED_BY:
            raise Refused("one_person", "Words need the yes of two different people. Name both.")
        wanted = list(dict.fromkeys(story_ids)) or stories.ids(db)
        try:
            _release_all(db, here, wanted, two, done)
        except KeyboardInterrupt:
            raise click.ClickException(
                f"Stopped. {done['released']:,} are released. Run the command again to go on."
            ) from None
    answer(as_json, {key: done[key] for key in RESULTS}, _sentences(done))
    if story_ids and done["gone"]:
        raise click.ClickException(f"{counted(done['gone'], 'story is', 'stories are')} not here.")


RESULTS = ("released", "before", "no_consent", "spoken", "gone")


def _release_all(
    db: PrivateDatabase,
    here: Inquiry,
    wanted: Sequence[int],
    two: Sequence[Person],
    done: Counter[str],
) -> None:
    with Bars() as bars:
        for start in range(0, len(wanted), BATCH):
            batch: Counter[str] = Counter()
            with db.writing():
                batch.update(
                    _release(db, here, story, two) for story in wanted[start : start + BATCH]
                )
            done.update(batch)
            bars("Releasing", min(start + BATCH, len(wanted)), len(wanted))


def _release(db: PrivateDatabase, here: Inquiry, story_id: int, two: Sequence[Person]) -> str:
    """Release one story and return what became of it, one of `RESULTS`."""
    story = stories.get(db, story_id)
    if story is None:
        return "gone"
    if not consents.may_be_shared(story.consent):
        return "no_consent"
    if story.spoken:
        return "spoken"
    suggest_redactions(db, here, story_id)
    redactions.accept_all(db, story_id, by=two[0])
    if releases.state(db, story_id).released:
        return "before"
    stories.mark_read(db, story_id)
    for person in two:
        releases.approve(db, story_id, by=person, action=ACTION)
    return "released"


def _sentences(done: Counter[str]) -> list[str]:
    sentences = [f"{counted(done['released'], 'story', 'stories')} released."]
    if done["before"]:
        sentences.append(f"{done['before']:,} were released before.")
    if done["no_consent"]:
        sentences.append(f"{done['no_consent']:,} passed over: their tellers do not share them.")
    if done["spoken"]:
        sentences.append(f"{done['spoken']:,} passed over: what was said is not typed up yet.")
    return sentences
