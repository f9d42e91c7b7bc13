"""The quick way in for a tablet's story that is in order: same rules, without a page's machinery.

Making ready for a page (session, forms, translations, hooks) costs more than keeping a story does.
Whatever is not in order is left to the page at the same address, which has the words for it. Who
may come in is read from that page as well.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Flask
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from par_toolkit.inquiry import Inquiry
from par_toolkit.permissions import may
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import InquiryBusy, StorageError
from par_toolkit.web import (
    arrivals,
    current,
    guards,
    headers,
    languages,
    limits,
    locked,
    origins,
    payload,
)

log = logging.getLogger("par_toolkit.web")

ENDPOINT: Final = "api.put_story"
ADDRESS: Final = "/api/stories/"

Environ = Mapping[str, Any]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class _NotInOrder(Exception):
    """The page has to answer."""


class QuickWay:
    """Answers what the page at `ADDRESS` of `app` would answer, where a story is in order."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._inquiry: Inquiry = app.extensions[current.PLACE]
        self._action = guards.action_of(app, ENDPOINT, "PUT")
        fixed = headers.HEADERS | {"Content-Type": "application/json", "Cache-Control": "no-store"}
        self._headers = [(name.lower().encode(), text.encode()) for name, text in fixed.items()]

    def __call__(self, environ: Environ, body: bytes, db: PrivateDatabase) -> Answer | None:
        """Keep the story in `body` and return the answer; None where the page has to answer.

        None is returned before anything is kept, or after all of it was taken back. A story that is
        refused then counts twice against what its tablet may send in an hour. Raises InquiryBusy,
        as the page would only wait as long once more.
        """
        try:
            return self._answer(environ, body, db)
        except InquiryBusy:
            raise
        except (_NotInOrder, arrivals.Closed, arrivals.WrongType, payload.Unreadable, StorageError):
            return None
        except Exception as fault:  # the page meets it as well, and says so in a sentence
            log.error("The quick way failed with %s.", type(fault).__name__)
            return None

    def _answer(self, environ: Environ, body: bytes, db: PrivateDatabase) -> Answer:
        if _began_elsewhere(environ):
            raise _NotInOrder
        known: limits.Limits = self._app.extensions[limits.PLACE]
        token, address = environ.get("HTTP_AUTHORIZATION", ""), environ.get("REMOTE_ADDR", "")
        device, _ = guards.device_with(
            token, address, known.guesses, lambda given: guards.paired(db, given)
        )
        if device is None or not may("device", self._action):
            raise _NotInOrder
        if len(body) > self._app.config["MAX_CONTENT_LENGTH"]:
            raise _NotInOrder
        if known.allowance.wait(device.id, len(body)):
            raise _NotInOrder
        speaks = _Language(environ, self._inquiry)
        arrived = arrivals.take(db, self._inquiry, device, _sent(environ, body), speak=speaks.of)
        said = arrived.as_json(_message(arrived.status, speaks.language, self._inquiry.languages))
        text = self._app.json.dumps(said, separators=(",", ":")) + "\n"
        length = (b"content-length", str(len(text)).encode())
        return arrivals.STATUSES[arrived.status], [*self._headers, length], text.encode()


class _Language:
    """The language of the answer: the story's, else the one that the page would choose."""

    def __init__(self, environ: Environ, inquiry: Inquiry) -> None:
        self._environ = environ
        self._inquiry = inquiry
        self.language = inquiry.languages[0]

    def of(self, told_in: object) -> str:
        """Choose and remember; what somebody chose in a session is for the page to read."""
        if isinstance(told_in, str) and told_in in self._inquiry.languages:
            self.language = told_in
        elif self._environ.get("HTTP_COOKIE") or self._environ.get("QUERY_STRING"):
            raise _NotInOrder
        else:
            accepted = self._environ.get("HTTP_ACCEPT_LANGUAGE", "")
            accepts = parse_accept_header(accepted, LanguageAccept)
            self.language = accepts.best_match(self._inquiry.languages) or self.language
        return self.language


@functools.lru_cache(maxsize=100)
def _message(status: str, language: str, others: tuple[str, ...]) -> str:
    words = languages.catalogue(languages.spoken(language, others))
    return arrivals.message(status, words.gettext)


def _began_elsewhere(environ: Environ) -> bool:
    began = origins.began_here(
        environ.get("HTTP_HOST", ""),
        site=environ.get("HTTP_SEC_FETCH_SITE", ""),
        origin=environ.get("HTTP_ORIGIN", ""),
        referrer=environ.get("HTTP_REFERER", ""),
    )
    return began is False


def _sent(environ: Environ, body: bytes) -> arrivals.Sent:
    return arrivals.Sent(
        environ["PATH_INFO"].removeprefix(ADDRESS),
        environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower(),
        body,
        environ.get("HTTP_PAR_DEVICE_NUMBERS", ""),
        environ.get("HTTP_PAR_DEVICE_SEQ", ""),
    )


def way_into(app: Callable[..., Any]) -> QuickWay | None:
    """Return the quick way into the pages of an open inquiry; other WSGI apps have none."""
    ours = isinstance(app, Flask) and ENDPOINT in app.view_functions
    return QuickWay(app) if ours and app.extensions[locked.PLACE] is None else None
