"""The codebook at the desk: its tree, and one code with its words, examples and passages."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import codebook as book
from par_toolkit.storage import codings, examples, redactions, reviewed, stories
from par_toolkit.storage.codebook import Words
from par_toolkit.storage.codings import Coding, Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.web import errors
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import PAGE, blueprint, page_number
from par_toolkit.web.desk.reading import pages
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.handling.fields import ID, chosen, whole_number, words


@blueprint.get("/codebook")
@guarded("see_codebook")
def codebook() -> ResponseReturnValue:
    """List the codes as a tree, with how many stories have each."""
    return codebook_page([])


def codebook_page(problems: list[Problem]) -> Any:
    """Show the codebook."""
    db = get_db()
    in_stories: dict[int, set[int]] = {}
    for one in codings.everywhere(db):
        if one.yes:
            in_stories.setdefault(one.code, set()).add(one.passage.story)
    return render_template(
        "desk/codebook.html",
        problems=problems,
        tree=book.tree(book.listing(db)),
        retired=book.listing(db, states=("retired",)),
        in_stories={code: len(held) for code, held in in_stories.items()},
    )


@blueprint.post("/codebook")
@guarded("see_codebook", post="shape_codebook")
@shown_again_by(codebook_page, field="name")
def add_code() -> ResponseReturnValue:
    """Add a code to the codebook."""
    made = book.add(get_db(), _typed_words(), by=me(), parent=_parent())
    return done(_("The code “%(name)s” is in the codebook.", name=made.name), "desk.codebook")


def _typed_words() -> Words:
    return Words(words("name"), words("meaning"), words("when"), words("when_not"))


def _parent() -> int | None:
    return chosen("parent") if words("parent") else None


@blueprint.get(f"/codebook/<{ID}:code_id>")
@guarded("see_codebook")
def code(code_id: int) -> ResponseReturnValue:
    """Show one code."""
    return one_code([], code_id=code_id)


def one_code(problems: list[Problem], *, code_id: int, **_more: Any) -> ResponseReturnValue:
    """Show a code with its words, its examples and the passages that have it."""
    db, page = get_db(), page_number()
    found = book.get(db, code_id)
    if found is None:
        return errors.page(404)
    with_it = [one for one in codings.everywhere(db) if one.code == code_id and one.yes]
    listed = book.listing(db)
    return render_template(
        "desk/code.html",
        problems=problems,
        code=found,
        names={one.id: one.name for one in listed},
        merged=book.get(db, found.merged_into) if found.merged_into else None,
        others=[(depth, one) for depth, one in book.tree(listed) if one.id != code_id],
        examples=examples.listing(db, code=code_id),
        passages=[(one, _reads(db, one)) for one in with_it[(page - 1) * PAGE : page * PAGE]],
        number=len(with_it),
        page=page,
        pages=pages(len(with_it)),
        chosen=request.form.getlist("chosen"),
    )


def _reads(db: PrivateDatabase, one: Coding) -> tuple[str, str]:
    """Return the language of a passage and how it reads after redaction."""
    story = stories.get(db, one.passage.story)
    if story is None:
        return "", ""
    text = stories.open_texts(story.answers, story.words).get(one.passage.question, "")
    cuts = redactions.cuts(db, story.id).get(one.passage.question, ())
    return story.language, reviewed.span(text, cuts, one.passage.start, one.passage.end)


@blueprint.post(f"/codebook/<{ID}:code_id>")
@guarded("see_codebook", post="shape_codebook")
@shown_again_by(one_code, field="name")
def change_code(code_id: int) -> ResponseReturnValue:
    """Give a code other words, or another place in the tree."""
    book.change(get_db(), code_id, _typed_words(), by=me(), parent=_parent())
    return done(_("The code is saved."), "desk.code", code_id=code_id)


@blueprint.post(f"/codebook/<{ID}:code_id>/merge")
@guarded("shape_codebook")
@shown_again_by(one_code, field="into")
def merge_code(code_id: int) -> ResponseReturnValue:
    """Let one code count as another from now on."""
    into = book.merge(get_db(), code_id, into=chosen("into"), by=me())
    return done(_("Merged. What had the one code has the other now."), "desk.code", code_id=into.id)


@blueprint.post(f"/codebook/<{ID}:code_id>/split")
@guarded("shape_codebook")
@shown_again_by(one_code, field="new")
def split_code(code_id: int) -> ResponseReturnValue:
    """Give some passages of a code another one, new or there already, all at once."""
    db, chosen_passages = get_db(), _chosen_passages()
    with db.writing():
        into = _new_beside(code_id) if words("new") else chosen("other")
        for passage in chosen_passages:
            codings.move(db, passage, code_id, into=into, by=me())
    return done(_("Split. The chosen passages have this code now."), "desk.code", code_id=into)


def _new_beside(code_id: int) -> int:
    """Add a code at the same place of the tree."""
    db = get_db()
    return book.add(db, Words(words("new")), by=me(), parent=book.used(db, code_id).parent).id


def _chosen_passages() -> list[Passage]:
    """Return the passages that were ticked. Raises Refused where there was none."""
    found = [_passage(text) for text in request.form.getlist("chosen")]
    passages = [one for one in found if one is not None]
    if not passages:
        raise Refused("nothing_chosen", _("Choose some passages first."))
    return list(dict.fromkeys(passages))


def _passage(text: str) -> Passage | None:
    """Read 'STORY-QUESTION-START-END', as the boxes carry it."""
    parts = text.split("-")
    if len(parts) != 4:
        return None
    story, start, end = (whole_number(parts[place]) for place in (0, 2, 3))
    if story is None or start is None or end is None:
        return None
    return Passage(story, parts[1], start, end)


@blueprint.post(f"/codebook/<{ID}:code_id>/retire")
@guarded("shape_codebook")
@shown_again_by(one_code, field="retire")
def retire_code(code_id: int) -> ResponseReturnValue:
    """Take a code out of use."""
    book.retire(get_db(), code_id, by=me())
    return done(_("Retired. What people said of it is kept."), "desk.codebook")


@blueprint.post(f"/codebook/<{ID}:code_id>/back")
@guarded("shape_codebook")
@shown_again_by(one_code, field="back")
def bring_back_code(code_id: int) -> ResponseReturnValue:
    """Take a retired code into use again."""
    book.bring_back(get_db(), code_id, by=me())
    return done(_("The code is in use again."), "desk.code", code_id=code_id)


@blueprint.post(f"/codebook/<{ID}:code_id>/examples/<{ID}:example_id>/remove")
@guarded("shape_codebook")
@shown_again_by(one_code)
def drop_example(code_id: int, example_id: int) -> ResponseReturnValue:
    """Let a passage be an example no longer."""
    examples.remove(get_db(), example_id, by=me())
    return done(_("It is no example any more."), "desk.code", code_id=code_id)
