"""Make an inquiry of many made-up stories, told, released by two people, and themed.

The words, groups, cycles and themes of each story are drawn by its number, so the same size makes
the same inquiry each time. Nobody reads the texts for themes: the themes are given, since what is
measured with them is publishing and browsing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from par_toolkit import inquiry
from par_toolkit.storage import people, receipts, releases, runs, shaping, stories, themes
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.people import Person
from par_toolkit.wording import remember_wording

#: code, name, and how many of a hundred people are in it; two of a hundred say no group.
GROUPS: Final = (
    ("residents", "Residents", 52),
    ("carers", "Unpaid carers", 21),
    ("young", "Young people", 12),
    ("newcomers", "Newcomers", 9),
    ("drivers", "Bus drivers", 4),
)
CYCLES: Final = ("cycle_1",)
#: The subject of a theme, its words in English and in French.
SUBJECTS: Final = (
    ("Getting there", ("bus", "road", "fare", "late"), ("bus", "route", "billet", "retard")),
    ("Waiting", ("wait", "hours", "list", "queue"), ("attente", "heures", "liste", "file")),
    ("Being heard", ("nurse", "listen", "kind", "name"), ("infirmière", "écoute", "gentil", "nom")),
    ("Letters", ("letter", "form", "post", "lost"), ("lettre", "papier", "poste", "perdu")),
    ("The telephone", ("phone", "ring", "menu", "line"), ("téléphone", "appel", "menu", "ligne")),
    ("At home", ("damp", "cold", "stairs", "door"), ("humide", "froid", "escalier", "porte")),
    ("Food", ("kitchen", "meal", "cook", "table"), ("cuisine", "repas", "cuire", "table")),
    ("Company", ("bench", "friend", "walk", "garden"), ("banc", "amie", "marche", "jardin")),
)
FILLERS: Final = {
    "en": "that day I went there with my sister and nobody said why it had to be like this".split(),
    "fr": "ce jour-là je suis venue avec ma sœur et personne ne nous a dit pourquoi".split(),
}
#: A theme of a large inquiry holds about this many stories.
STORIES_A_THEME: Final = 500
MOST_THEMES: Final = 60


def make(folder: Path, count: int) -> str:
    """Make an inquiry of `count` stories in `folder`: about 40 words each, one in five in French.

    Of a hundred stories 90 may be quoted and 30 published whole; three in four stand in a theme, or
    in two. Returns the receipt code of the first that is quoted.
    """
    here = inquiry.create(folder, name="Benchmark", locality="Nowhere", population=48_000)
    _set_groups(folder)
    with open_database(folder, create=True) as db:
        remember_wording(db, here)
        one, two = (_person(db, f"Example {role}", role) for role in ("facilitator", "steward"))
        with db.writing():
            subjects = [_tell(db, number, one, two) for number in range(count)]
        _theme(db, subjects, two)
        quoted = db.value("select min(story) from consents where use = 'quote' and granted")
    return code_of(int(quoted) - 1)


def _set_groups(folder: Path) -> None:
    """Put our groups in the place of those that a new inquiry is made with."""
    settings = folder / inquiry.model.FILE
    text = settings.read_text("utf-8")
    start = text.index("[[group]]")
    end = text.index("[[cycle]]")
    ours = "".join(
        f'[[group]]\ncode = "{code}"\nname.en = "{name}"\n\n' for code, name, _ in GROUPS
    )
    settings.write_text(text[:start] + ours + text[end:], "utf-8")


def _person(db: PrivateDatabase, name: str, role: str) -> Person:
    people.add(db, name, role)
    found = people.by_name(db, name)
    assert found is not None
    return found


def _tell(db: PrivateDatabase, number: int, one: Person, two: Person) -> list[int]:
    """Keep and release one story; return the subjects it speaks of."""
    draw = random.Random(number)
    language = "fr" if draw.random() < 0.2 else "en"
    subjects = draw.sample(range(len(SUBJECTS)), 2 if draw.random() < 0.25 else 1)
    uses = ["analyse"] + ["quote"] * (draw.random() < 0.9) + ["publish"] * (draw.random() < 0.3)
    kind = draw.choice(("success", "challenge", "both", None))
    answers = {"telling": _words(draw, language, subjects), "title": f"{number}"}
    answers |= {"kind": kind} if kind else {}
    if draw.random() < 0.98:
        codes, shares = [code for code, *_ in GROUPS], [share for *_, share in GROUPS]
        answers["group"] = draw.choices(codes, shares)[0]
    kept = stories.keep(
        db,
        stories.Told(
            uuid=str(UUID(int=draw.getrandbits(128), version=4)),
            form="story",
            form_version=1,
            language=language,
            answers=answers,
            words=("telling", "title"),
            consent=dict.fromkeys(uses, True),
            wording=1,
            source="import",
            receipt=code_of(number),
            cycle=CYCLES[0],
        ),
    )
    assert kept.story_id is not None
    if len(uses) > 1:
        releases.approve(db, kept.story_id, by=one)
        releases.approve(db, kept.story_id, by=two)
    return subjects if draw.random() < 0.75 else []


def code_of(number: int) -> str:
    """Return the receipt code of a story."""
    return f"{number:0{receipts.DIGITS}d}"


def _words(draw: random.Random, language: str, subjects: Sequence[int]) -> str:
    sentences = []
    for _ in range(4):
        _, english, french = SUBJECTS[draw.choice(subjects)]
        words = draw.choices(FILLERS[language], k=8) + draw.choices(
            french if language == "fr" else english, k=2
        )
        draw.shuffle(words)
        sentences.append(f"{' '.join(words).capitalize()}.")
    return " ".join(sentences)


def _theme(db: PrivateDatabase, subjects: Sequence[Sequence[int]], by: Person) -> None:
    """Have the themes proposed, named and endorsed, each subject in as many as its stories fill."""
    parts = max(1, min(MOST_THEMES // len(SUBJECTS), len(subjects) // 8 // STORIES_A_THEME))
    ids = [row["id"] for row in db.rows("select id from stories order by id")]
    proposed, names = [], []
    for subject, (name, words, _) in enumerate(SUBJECTS):
        inside = [story for story, its in zip(ids, subjects, strict=True) if subject in its]
        for part in range(parts):
            members = [
                runs.ProposedMember(story, 0.5, "telling", 0, 200) for story in inside[part::parts]
            ]
            if members:
                proposed.append(runs.ProposedTheme(words, members))
                names.append(f"{name} {part + 1}" if parts > 1 else name)
    record = runs.RunRecord(0, {}, {}, "", (), 0.0, (), tuple(proposed), ())
    runs.record(db, record, by=by)
    for theme, name in zip(themes.listing(db), names, strict=True):
        shaping.rename(db, theme.id, name, by=by)
        shaping.endorse(db, theme.id, by=by)
