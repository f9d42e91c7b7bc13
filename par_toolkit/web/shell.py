"""The pages a tablet keeps: the same bytes for everybody, so that a worker may store them.

They are the templates of the server's own pages with nothing of a session: no token, uuid, code
or cookie. The device makes what is its own when a telling begins.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

import forms
from par_toolkit.web import languages, telling
from par_toolkit.web.current import inquiry
from par_toolkit.web.tell import closed_page


def shell_choose() -> ResponseReturnValue:
    """Show the forms to choose from, in the language of `?lang=`, else the inquiry's first."""
    _speak()
    if closed := closed_page():
        return closed
    return render_template("choose.html", shell=True, forms=telling.offered(inquiry()), problems=[])


def shell_page(name: str) -> ResponseReturnValue:
    """Show the empty telling of one form: in `?lang=`, and in `?version=` where there is one.

    Answers 404 where there is no such form.
    """
    language = _speak()
    if closed := closed_page():
        return closed
    version = request.args.get("version", type=int)
    form = telling.form_named(inquiry(), name, version) or abort(HTTPStatus.NOT_FOUND)
    options = inquiry().options(language)
    # A token would be somebody's own, and would set a cookie.
    questions = forms.wtf.form_class(form, language, options=options)(None, meta={"csrf": False})
    return render_template(
        "tell.html",
        shell=True,
        form=form,
        questions=questions,
        asked=form.asked(options),
        checks=telling.checks(form, options, language),
        problems=[],
        consent={},
        contact="",
        uuid="",
        receipt="",
        join_code="",
        joined=not inquiry().join_code,
    )


def _speak() -> str:
    """Answer in the language the address names, whatever the session or the browser would like."""
    offered = inquiry().languages
    asked = request.args.get("lang", "")
    languages.speak(asked if asked in offered else offered[0])
    return languages.chosen()
