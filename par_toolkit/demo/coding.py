"""The codebook of the made-up people, and the stories they have read with it.

They write codes and say yes through the same doors as the desk, so the trail shows who.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from analysis import passages
from par_toolkit.demo.content import DemoCode, DemoReading
from par_toolkit.demo.shaping import both
from par_toolkit.storage import codebook, codings, examples, readings
from par_toolkit.storage.codebook import Words
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person

#: The first readings, of which one passage for each code becomes an example of it.
WITH_EXAMPLES: Final = 6


def write_codebook(db: PrivateDatabase, codes: Sequence[DemoCode], *, by: Person) -> dict[str, int]:
    """Write the codebook; return key -> id."""
    ids: dict[str, int] = {}
    with db.writing():
        for one in codes:
            words = Words(one.name, both(one.meaning), both(one.when), both(one.when_not))
            parent = ids[one.parent] if one.parent else None
            ids[one.key] = codebook.add(db, words, by=by, parent=parent).id
    return ids


def read(
    db: PrivateDatabase,
    told: Sequence[DemoReading],
    codes: Mapping[str, int],
    stories: Mapping[str, int],
    people: Mapping[str, Person],
) -> None:
    """Read stories to the end; `codes` and `stories` map keys to ids, `people` names to people.

    Raises ValueError where no passage of a story begins as a reading says.
    """
    with db.writing():
        for number, one in enumerate(told):
            story, by = stories[one.story], people[one.by]
            for yes, said in ((True, one.codes), (False, one.no)):
                for code, beginnings in said.items():
                    for place, begins in enumerate(beginnings):
                        passage = _passage(db, story, begins)
                        codings.say(db, passage, codes[code], yes=yes, by=by)
                        if yes and one.also:
                            codings.say(db, passage, codes[code], yes=True, by=people[one.also])
                        if yes and not place and number < WITH_EXAMPLES:
                            examples.add(db, codes[code], passage, by=by)
            readings.finish(db, story, by=by)


def _passage(db: PrivateDatabase, story: int, begins: str) -> Passage:
    """Find the passage of a story that begins so, as the desk would show it."""
    for one in readings.answers(db, story=story):
        for question, text in one.texts:
            for span in passages.split(text, language=one.language, longest=1):
                if text.startswith(begins, span.start):
                    return Passage(story, question, span.start, span.end)
    raise ValueError(f"No passage of story {story} begins: {begins}")
