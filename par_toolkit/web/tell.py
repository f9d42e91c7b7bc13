"""Telling: languages and forms to choose from, the one page of a telling, and the slip after it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import forms
from forms.text import showable
from forms.wtf import QuestionForm
from par_toolkit import paper as papers
from par_toolkit.storage import receipts, stories
from par_toolkit.storage.consents import known_wordings
from par_toolkit.storage.errors import StorageError
from par_toolkit.storage.letterbox import Beside
from par_toolkit.web import (
    errors,
    guards,
    headers,
    joining,
    languages,
    locked,
    qr,
    sessions,
    slips,
    telling,
)
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, words_kept_by

blueprint = Blueprint("tell", __name__, url_prefix="/tell")

Problem = tuple[str | None, str]


@blueprint.get("")
@guarded("tell")
def choose() -> ResponseReturnValue:
    """Offer the languages, then the forms; first ask for the join code where there is one."""
    sessions.begin_anew()
    return _choose()


@blueprint.post("")
@guarded("tell")
def join() -> ResponseReturnValue:
    """Check the join code; it is asked once in a session."""
    problem = joining.problem()
    return _choose(problem) if problem else redirect(url_for("tell.choose"), HTTPStatus.SEE_OTHER)


def _choose(problem: str | None = None) -> ResponseReturnValue:
    closed = closed_page()
    if closed:
        return closed
    offered = telling.offered(inquiry()) if joining.joined() else []
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    problems = [("join_code", problem)] if problem else []
    return render_template("choose.html", forms=offered, problems=problems), status


@blueprint.get("/<name>")
@guarded("tell")
def form(name: str) -> ResponseReturnValue:
    """Show the telling, all of it on one page."""
    if not joining.joined():
        return redirect(url_for("tell.choose"), HTTPStatus.SEE_OTHER)
    return closed_page() or _page(_question_form(name), [])


def again(sentence: str, name: str) -> ResponseReturnValue:
    """Show a telling again whose session ran out; every word is still there."""
    return _page(_question_form(name), [(None, sentence)], HTTPStatus.BAD_REQUEST)


@blueprint.post("/<name>")
@guarded("tell")
@words_kept_by(again)
def tell(name: str) -> ResponseReturnValue:
    """Keep a telling and lead to its slip; whatever is refused comes back with every word."""
    questions = _question_form(name)
    if "language" in request.form:
        return _in_another_language(name)
    problems = _problems(questions)
    if problems:
        return _page(questions, problems, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        taken = _take(questions)
    except StorageError as error:
        sentence, status = errors.trouble(error)
        if _finished():  # other words under its uuid: not kept, and for no next person to read
            return errors.page(status)
        return _page(questions, [(None, sentence)], status)
    session["slip"] = slips.held().put(slips.Slip(taken.code, taken.status))
    return redirect(url_for("tell.done"), HTTPStatus.SEE_OTHER)


@blueprint.get("/done")
@guarded("tell")
def done() -> ResponseReturnValue:
    """Show the receipt code of the telling that was just finished in this browser."""
    slip = slips.held().get(session.get("slip"))
    if slip is not None and slip.status == "withdrawn":
        return render_template("withdrawn_before.html"), HTTPStatus.GONE
    groups = receipts.grouped(slip.code).split() if slip else []
    square = qr.of_receipt(slip.code) if slip else ""
    return render_template("done.html", slip=slip, groups=groups, qr=square)


@blueprint.post("/handover")
@guarded("tell")
def hand_over() -> ResponseReturnValue:
    """Forget everything about the person before, for the next one (promise 3)."""
    slips.held().forget(session.get("slip"))
    joined = session.get("joined")
    guards.let_go()
    if joined:
        session["joined"] = joined
    return headers.forget_pages(redirect(url_for("tell.choose"), HTTPStatus.SEE_OTHER))


@blueprint.get("/<name>/paper")
@guarded("tell")
def paper(name: str) -> ResponseReturnValue:
    """Show a form as it prints on paper."""
    return closed_page() or papers.page(
        inquiry(), _form(name), languages.chosen(), stylesheet=url_for("tell.paper_style")
    )


@blueprint.get("/paper.css")
@guarded("tell")
def paper_style() -> Response:
    """Serve the style sheet of forms on paper."""
    return Response(forms.paper.stylesheet(), mimetype="text/css")


def closed_page() -> ResponseReturnValue | None:
    """Return the page that says why nothing is taken now; None while telling is open."""
    if inquiry().capture_open:
        return None
    return render_template("closed.html"), HTTPStatus.SERVICE_UNAVAILABLE


def _form(name: str) -> forms.Form:
    """Return the form in the version this telling began with; another may have come since."""
    shown = request.form.get("form_version", type=int)
    return telling.form_named(inquiry(), name, shown) or abort(HTTPStatus.NOT_FOUND)


def _question_form(name: str) -> QuestionForm:
    """Make the form in the language that is asked for, with whatever was posted in it."""
    language = languages.chosen()
    wanted = inquiry().options(language)
    return forms.wtf.form_class(_form(name), language, options=wanted)()


def _in_another_language(name: str) -> ResponseReturnValue:
    """Show the telling in another language; nothing is checked or kept yet, and no word is lost."""
    languages.choose(request.form["language"])
    return _page(_question_form(name), [])


def _page(questions: QuestionForm, problems: list[Problem], status: int = 200) -> Any:
    if _finished():
        return redirect(url_for("tell.done"), HTTPStatus.SEE_OTHER)
    return render_template(
        "tell.html",
        form=questions._form,
        questions=questions,
        asked=questions._form.asked(questions._options),
        checks=telling.checks(questions._form, questions._options, languages.chosen()),
        problems=problems,
        consent=telling.consent_from(request.form),
        contact=showable(request.form.get(telling.CONTACT, "")),
        uuid=telling.uuid_or_new(request.form.get("uuid")),
        receipt=_receipt(),
        join_code="" if joining.joined() else request.form.get("join_code", ""),
        joined=joining.joined(),
    ), status


def _finished() -> bool:
    """Say whether the telling that was posted is kept already.

    Its page then comes back with no words: after Back, a browser sends again what was refused or
    shown in another language before, and the next person may be holding it (promise 3).
    """
    uuid = telling.well_formed_uuid(request.form.get("uuid"))
    if uuid is None:
        return False
    if (outside := locked.outside()) is not None:
        return outside.arrived(uuid)
    try:
        return stories.arrived(get_db(), uuid)
    except StorageError:  # nobody can look now; the words on the page come first
        return False


def _receipt() -> str:
    """Return the code that was made when this telling began, so that sending twice keeps one."""
    return receipts.normalise(request.form.get("receipt", "")) or receipts.new_code()


def _problems(questions: QuestionForm) -> list[Problem]:
    """List what must be changed before this telling can be kept."""
    join = None if joining.joined() else joining.problem()
    closed = None
    if not inquiry().capture_open:
        closed = _("Telling has just been closed here. Copy your words to a safe place.")
    questions.validate()
    found: list[Problem] = [(None, closed)] if closed else []
    found += [("join_code", join)] if join else []
    for name, sentences in questions.errors.items():
        found += [(name, str(sentence)) for sentence in sentences]
    return found


def _take(questions: QuestionForm) -> telling.Taken:
    """Keep the telling on the page; while the inquiry is locked it is sealed as a tablet seals."""
    if (outside := locked.outside()) is not None:
        return _posted(questions, outside)
    return telling.take(
        get_db(),
        inquiry(),
        questions._form,
        languages.chosen(),
        questions.answers(),
        telling.consent_from(request.form),
        source="web",
        uuid=telling.uuid_or_new(request.form.get("uuid")),
        receipt=_receipt(),
        wording=_wording(),
        contact=telling.contact_in(request.form.get(telling.CONTACT, "")),
    )


def _posted(questions: QuestionForm, outside: locked.Outside) -> telling.Taken:
    uuid, code, form = telling.uuid_or_new(request.form.get("uuid")), _receipt(), questions._form
    current = inquiry().consent.wording
    shown = request.form.get("wording", current, type=int)
    told = {
        "form": form.name,
        "form_version": form.version,
        "language": languages.chosen(),
        "receipt": code,
        "answers": questions.answers(),
        "consent": telling.consent_from(request.form)
        | {"wording": shown if 0 < shown < current else current},
    }
    if contact := telling.contact_in(request.form.get(telling.CONTACT, "")):
        told["contact"] = contact
    return telling.Taken(code, uuid, outside.seal(uuid, locked.as_json(told), Beside()))


def _wording() -> int | None:
    """Return the number of the consent words this telling was asked with; None if never asked."""
    shown = request.form.get("wording", type=int)
    return shown if shown in known_wordings(get_db()) else None
