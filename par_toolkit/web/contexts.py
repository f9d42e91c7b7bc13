"""Nothing of one request reaches the next: each runs in a context of its own."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import Context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def apart(wsgi_app: WSGIApplication) -> WSGIApplication:
    """Wrap `wsgi_app` so that it sees no context variable of whoever calls it.

    A server may answer the next request of a connection in what the last one left: a long body
    makes it go on reading in the context of the request that reads. Flask then took the last
    request's `g`, and with it the person or tablet it came from, for this one's.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return Context().run(wsgi_app, environ, start_response)

    return answer
