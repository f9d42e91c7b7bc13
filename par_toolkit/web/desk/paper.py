"""Keying in what came on paper: the same questions, with a source mark of their own."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import forms
from forms.text import showable
from forms.wtf import QuestionForm
from par_toolkit.storage import receipts
from par_toolkit.storage.errors import Refused
from par_toolkit.web import languages, qr, slips, telling
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.answers import Problem, shown_again_by


@blueprint.get("/paper")
@guarded("key_in_paper")
def choose_paper() -> ResponseReturnValue:
    """Offer the forms that may have come back on paper."""
    return render_template("desk/paper_forms.html", forms=telling.offered(inquiry()))


@blueprint.get("/paper/<name>")
@guarded("key_in_paper")
def paper(name: str) -> ResponseReturnValue:
    """Show a form to key in, in the language it was written in."""
    return paper_page([], name=name)


def paper_page(problems: list[Problem], *, name: str) -> Any:
    """Show the form with everything that was keyed in so far."""
    form, language = _form(name), _language()
    questions = _questions(form, language)
    found = [*problems]
    if request.method == "POST":
        questions.validate()
        found += [(one, str(s)) for one, many in questions.errors.items() for s in many]
    return render_template(
        "desk/paper.html",
        problems=found,
        form=form,
        questions=questions,
        asked=form.asked(inquiry().options(language)),
        consent=telling.consent_from(request.form),
        contact=showable(request.form.get(telling.CONTACT, "")),
        written_in=language,
        uuid=telling.uuid_or_new(request.form.get("uuid")),
        made=receipts.normalise(request.form.get("made", "")) or receipts.new_code(),
    )


@blueprint.post("/paper/<name>")
@guarded("key_in_paper")
@shown_again_by(paper_page)
def key_in(name: str) -> ResponseReturnValue:
    """Keep what was keyed in and lead to its receipt code; nothing typed is lost by a refusal."""
    form, language = _form(name), _language()
    questions = _questions(form, language)
    if not questions.validate():
        return paper_page([], name=name), 422
    taken = _take(form, language, questions.answers())
    slip = slips.held().put(slips.Slip(taken.code, taken.status))
    return redirect(url_for("desk.keyed_in", name=name, slip=slip), 303)


@blueprint.get("/paper/<name>/kept/<slip>")
@guarded("key_in_paper")
def keyed_in(name: str, slip: str) -> ResponseReturnValue:
    """Show the receipt code of what was just keyed in, to give to its teller."""
    found = slips.held().get(slip)
    if found is not None and found.status.startswith("secret "):
        abort(404)
    return render_template(
        "desk/keyed_in.html",
        form=_form(name),
        slip=found,
        groups=receipts.grouped(found.code).split() if found else [],
        qr=qr.of_receipt(found.code) if found else "",
    )


def _take(form: forms.Form, language: str, answers: dict[str, Any]) -> telling.Taken:
    return telling.take(
        get_db(),
        inquiry(),
        form,
        language,
        answers,
        telling.consent_from(request.form),
        source="paper",
        uuid=telling.uuid_or_new(request.form.get("uuid")),
        receipt=_code(),
        contact=telling.contact_in(request.form.get(telling.CONTACT, "")),
    )


def _form(name: str) -> forms.Form:
    return telling.form_named(inquiry(), name) or abort(404)


def _language() -> str:
    """Return the language that the paper is written in: the one chosen, else this page's."""
    wanted = request.values.get("written_in", "")
    return wanted if wanted in inquiry().languages else languages.chosen()


def _questions(form: forms.Form, language: str) -> QuestionForm:
    wanted = inquiry().options(language)
    return forms.wtf.form_class(form, language, options=wanted)()


def _code() -> str:
    """Return the code on the paper, or the one made when keying in began where it has none.

    Raises Refused where what was typed is not sixteen digits.
    """
    typed = request.form.get("receipt", "").strip()
    code = receipts.normalise(typed or request.form.get("made", ""))
    if code is None and typed:
        raise Refused("bad_code", _("A receipt code has 16 digits. Look at the paper again."))
    return code or receipts.new_code()
