"""The codebook as the machine takes it, and as a file: what an import would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import uuid4

from analysis import codebook as theirs
from analysis import codebook_files
from analysis.codebook import CodebookError
from forms import clean_text
from forms.text import showable
from par_toolkit.importing.decoding import open_text
from par_toolkit.storage import codebook, examples, readings
from par_toolkit.storage.codebook import Code, Words
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase

YAML: Final = (".yaml", ".yml")
FIELDS: Final = ("name", "meaning", "when", "when_not")


def for_machine(db: PrivateDatabase) -> list[theirs.Code]:
    """Return the codes in use, with the tellers' own words of their examples."""
    said: dict[int, list[str]] = {}
    for one in examples.listing(db):
        said.setdefault(one.code, []).append(one.words)
    return _handed_on(db, said)


def for_file(db: PrivateDatabase) -> tuple[list[theirs.Code], int]:
    """Return the codes in use for a file, and how many examples were left out of it.

    A file leaves the house, so it has only examples that are released and may be quoted today, as
    they read after redaction.
    """
    said: dict[int, list[str]] = {}
    held = 0
    for one in examples.listing(db):
        if one.may_leave:
            said.setdefault(one.code, []).append(" ".join(one.reads.split()))
        else:
            held += 1
    return _handed_on(db, said), held


def _handed_on(db: PrivateDatabase, said: dict[int, list[str]]) -> list[theirs.Code]:
    listed = codebook.listing(db)
    short = {one.id: one.code for one in listed}
    return [
        theirs.Code(
            one.code,
            one.words.name,
            one.words.meaning,
            one.words.when,
            one.words.when_not,
            tuple(said.get(one.id, ())),
            short.get(one.parent) if one.parent else None,
        )
        for one in listed
    ]


def write(codes: Sequence[theirs.Code], *, yaml: bool) -> str:
    """Return the codebook as the text of a file."""
    return codebook_files.to_yaml(codes) if yaml else codebook_files.to_csv(codes)


def read(path: Path) -> tuple[theirs.Code, ...]:
    """Read a codebook from a CSV or YAML file, by its ending and else by how it begins.

    Raises CodebookError or ImportRefused with a sentence.
    """
    with open_text(path) as file:
        text = file.read(codebook_files.LARGEST + 1)
    if path.suffix.lower() in YAML or (path.suffix.lower() != ".csv" and _looks_like_yaml(text)):
        return _clean(codebook_files.from_yaml(text))
    return _clean(codebook_files.from_csv(text))


def _looks_like_yaml(text: str) -> bool:
    return text.lstrip("\ufeff \r\n").startswith(("- ", "-\n", "---", "#", "["))


def _clean(codes: Sequence[theirs.Code]) -> tuple[theirs.Code, ...]:
    """Take out what cannot be seen, so that two codes that look alike are found to be alike."""
    return theirs.checked(
        replace(
            one,
            code=_line(one.code),
            name=_line(one.name),
            meaning=_text(one.meaning),
            when=_text(one.when),
            when_not=_text(one.when_not),
            parent=_line(one.parent) if one.parent else None,
        )
        for one in codes
    )


def _text(text: str) -> str:
    return clean_text(showable(text)).strip()


def _line(text: str) -> str:
    return " ".join(_text(text).split())


@dataclass(frozen=True)
class Plan:
    """What an import would do: short names of codes, and examples as (short name, passage).

    `changed` has (short name, field, before, after). `stay` are codes that the file does not have;
    `merged` are codes of the file that people have merged into another, and so are passed over.
    `not_found` counts examples that are in no story here that may be analysed.
    """

    codes: dict[str, theirs.Code]
    added: tuple[str, ...]
    back: tuple[str, ...]
    changed: tuple[tuple[str, str, str, str], ...]
    examples: tuple[tuple[str, Passage], ...]
    same: int
    stay: tuple[str, ...]
    merged: tuple[str, ...]
    not_found: int

    def __bool__(self) -> bool:
        return bool(self.added or self.back or self.changed or self.examples)


def plan(db: PrivateDatabase, codes: Sequence[theirs.Code]) -> Plan:
    """Say what bringing in these codes would change, and change nothing.

    Raises CodebookError where the codebook that comes of it could not be used.
    """
    here = {one.code: one for one in codebook.listing(db, states=("used", "retired", "merged"))}
    by_id = {one.id: one for one in here.values()}
    merged = {one.code: by_id[one.merged_into].code for one in here.values() if one.merged_into}
    coming = {
        one.code: replace(one, parent=merged.get(one.parent or "", one.parent))
        for one in codes
        if one.code not in merged
    }
    added = tuple(code for code in coming if code not in here)
    back = tuple(code for code in coming if code in here and here[code].state == "retired")
    changed = [
        difference
        for code in coming
        if code in here
        for difference in _differences(here[code], coming[code], by_id)
    ]
    theirs.checked(
        [
            *(one for one in _handed_on(db, {}) if one.code not in coming),
            *(replace(one, examples=()) for one in coming.values()),
        ]
    )
    found, not_found = _places(db, coming, here)
    touched = {*added, *back, *(code for code, *_ in changed), *(code for code, _ in found)}
    return Plan(
        codes=coming,
        added=added,
        back=back,
        changed=tuple(changed),
        examples=tuple(found),
        same=len(set(coming) - touched),
        stay=tuple(c for c, one in here.items() if one.state == "used" and c not in coming),
        merged=tuple(one.code for one in codes if one.code in merged),
        not_found=not_found,
    )


def _differences(
    here: Code, coming: theirs.Code, by_id: dict[int, Code]
) -> list[tuple[str, str, str, str]]:
    above = by_id[here.parent].code if here.parent else ""
    pairs = [(field, getattr(here.words, field), getattr(coming, field)) for field in FIELDS]
    pairs.append(("parent", above, coming.parent or ""))
    return [(here.code, field, old, new) for field, old, new in pairs if old != new]


def _places(
    db: PrivateDatabase, coming: dict[str, theirs.Code], here: dict[str, Code]
) -> tuple[list[tuple[str, Passage]], int]:
    """Find where the examples of a file stand in stories; those in no story are counted."""
    known = {
        (one.code, text)
        for one in examples.listing(db)
        for text in (" ".join(one.reads.split()), " ".join(one.words.split()))
    }
    told = readings.answers(db) if any(one.examples for one in coming.values()) else []
    texts = [(one.story, question, text) for one in told for question, text in one.texts]
    found, not_found = [], 0
    for code, one in coming.items():
        ours = here[code].id if code in here else None
        for example in dict.fromkeys(" ".join(text.split()) for text in one.examples):
            if (ours, example) in known:
                continue
            at = next(((s, q, text.find(example)) for s, q, text in texts if example in text), None)
            if at is None:
                not_found += 1
            else:
                story, question, start = at
                found.append((code, Passage(story, question, start, start + len(example))))
    return found, not_found


def bring_in(db: PrivateDatabase, codes: Sequence[theirs.Code]) -> Plan:
    """Bring a codebook in, in one transaction; return what was changed.

    Codes that the file does not have stay, and so do examples. Raises as `plan` does.
    """
    with db.writing():
        made = plan(db, codes)
        for code in made.back:
            found = codebook.by_short_name(db, code)
            assert found is not None
            codebook.bring_back(db, found.id, by=None)
        _rename(db, made)
        for code in made.added:
            codebook.add(db, _words(made.codes[code]), by=None, short=code)
        _put_in_place(db, made)
        for code, passage in made.examples:
            examples.add(db, _id(db, code), passage, by=None)
        return made


def _rename(db: PrivateDatabase, made: Plan) -> None:
    """Give changed codes their words; by way of other names, as two may have swapped theirs."""
    renamed = [code for code, field, *_ in made.changed if field == "name"]
    for code in renamed:
        found = codebook.used(db, _id(db, code))
        passing = replace(found.words, name=uuid4().hex)
        codebook.change(db, found.id, passing, by=None, parent=found.parent)
    for code in dict.fromkeys(code for code, *_ in made.changed):
        found = codebook.used(db, _id(db, code))
        codebook.change(db, found.id, _words(made.codes[code]), by=None, parent=found.parent)


def _put_in_place(db: PrivateDatabase, made: Plan) -> None:
    """Put codes under their parents: first all at the top, so that no step goes in a circle."""
    moved = [code for code, field, *_ in made.changed if field == "parent"]
    placed = [code for code in made.added if made.codes[code].parent] + moved
    for parents in (False, True):
        for code in placed:
            found = codebook.used(db, _id(db, code))
            above = made.codes[code].parent if parents else None
            parent = _id(db, above) if above else None
            if found.parent != parent:
                codebook.change(db, found.id, found.words, by=None, parent=parent)


def _words(code: theirs.Code) -> Words:
    return Words(code.name, code.meaning, code.when, code.when_not)


def _id(db: PrivateDatabase, short: str) -> int:
    found = codebook.by_short_name(db, short)
    if found is None:
        raise CodebookError(f"The code {short!r} is not in the codebook. Add it first.")
    return found.id
