"""What every answer tells the browser: run only our own files, keep nothing, tell nobody."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

CONTENT_SECURITY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        # What was just spoken is played back from memory before it is sealed.
        "media-src 'self' blob:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
#: The names under which a machine reaches itself, and nobody else does.
OWN_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")
#: Where the browser may keep the answer and ask whether it is still so; nobody's words are in it.
KEPT: Final = frozenset({"static", "device.worker"})
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY,
    # no-referrer would break the check of where a form came from over HTTPS.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def is_trusted(scheme: str, host: str) -> bool:
    """Say whether browsers count an address as secure: HTTPS, or this machine itself."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return scheme == "https" or name in OWN_NAMES or name.endswith(".localhost")


def protect(response: Response) -> Response:
    """Add the headers; no page is stored, so that Back shows nobody the last person's words."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not is_trusted(request.scheme, request.host):
        # Chromium passes it over there, with an error in the console of each page.
        del response.headers["Cross-Origin-Opener-Policy"]
    if request.endpoint not in KEPT or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response


def forget_pages(answer: Response) -> Response:
    """Have the browser forget every page it was shown here, and give `answer` back.

    Never its storage: what a tablet has not sent yet waits there, and drafts of other people.
    """
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def init_app(app: Flask) -> None:
    """Put the headers on every answer of `app`."""
    app.after_request(protect)
