"""How an act is answered: done, or refused with everything that was typed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Response, flash, make_response, redirect, request, url_for

from par_toolkit.storage.errors import Refused, StorageError
from par_toolkit.web import errors
from par_toolkit.web.handling import sentences

View = TypeVar("View", bound=Callable[..., Any])
#: The id of the control that a sentence is about, where it is about one, and the sentence.
Problem = tuple[str | None, str]


def done(sentence: str, endpoint: str, **values: Any) -> Response:
    """Say what was done on the page that follows."""
    flash(sentence, "done")
    return redirect(url_for(endpoint, **values), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def shown_again_by(page: Callable[..., Any], *, field: str | None = None) -> Callable[[View], View]:
    """Have `page(problems, **view_args)` answer what is refused, with everything that was typed.

    A refusal is a rule of storage, a busy or full disk, or a session that ran out meanwhile.
    `field` is the id of the control that the sentence is about.
    """

    def name(view: View) -> View:
        def again(sentence: str, status: int, **arguments: Any) -> Response:
            response = make_response(page([(field, sentence)], **arguments))
            if response.status_code == HTTPStatus.OK:
                response.status_code = status
            return response

        @wraps(view)
        def careful(**arguments: Any) -> Any:
            try:
                return view(**arguments)
            except Refused as refused:
                sentence, status = sentences.refusal(refused), HTTPStatus.UNPROCESSABLE_ENTITY
                if refused.reason == "wait":
                    status = HTTPStatus.TOO_MANY_REQUESTS
            except StorageError as error:
                sentence, status = errors.trouble(error)  # type: ignore[assignment]
            return again(sentence, status, **arguments)

        careful.par_again = lambda sentence, **arguments: again(  # type: ignore[attr-defined]
            sentence, HTTPStatus.BAD_REQUEST, **arguments
        )
        return careful  # type: ignore[return-value]

    return name


def fingerprint(*parts: Any) -> str:
    """Return a short digest of what a page shows, to see at the yes that it is still so."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def as_seen(fingerprint: str) -> bool:
    """Say whether the page that was posted showed what is there now."""
    return hmac.compare_digest(request.form.get("seen", "").encode(), fingerprint.encode())
