"""What a browser fetches once to work without a network, and the page about this tablet."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from par_toolkit.web import kit, languages, shell, word_files
from par_toolkit.web.current import inquiry
from par_toolkit.web.guards import guarded

blueprint = Blueprint("device", __name__, url_prefix="/tell")


@blueprint.get("/worker.js")
@guarded("tell")
def worker() -> Response:
    """Serve the service worker; its bytes change with whatever it keeps."""
    answer = Response(kit.worker_script(), content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = "/tell"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/kit.json")
@guarded("tell")
def whole_kit() -> Response:
    """Serve everything a browser keeps, as one file."""
    found = kit.newest()
    packed = "gzip" in request.accept_encodings
    answer = Response(found.packed if packed else found.bundle, mimetype="application/json")
    answer.headers["Vary"] = "Accept-Encoding"
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


@blueprint.get("/manifest.webmanifest")
@guarded("tell")
def manifest() -> Response:
    """Say how the telling looks on a home screen."""
    answer = jsonify(manifest_of(languages.chosen()))
    answer.mimetype = "application/manifest+json"
    return answer


def manifest_of(language: str) -> dict[str, Any]:
    """Return the web manifest; the colours are those of site.css."""
    icons = [("192", "any"), ("512", "any"), ("maskable-512", "maskable")]
    return {
        "id": "/tell",
        "name": inquiry().name,
        "short_name": inquiry().name if len(inquiry().name) <= 12 else inquiry().locality[:24],
        "start_url": "/tell",
        "scope": "/tell",
        "display": "standalone",
        "lang": language,
        "dir": languages.direction(language),
        "background_color": "#fffdf9",
        "theme_color": "#0b5c5e",
        "icons": [
            {
                "src": url_for("static", filename=f"icons/icon-{name}.png"),
                "sizes": "x".join([name.rpartition("-")[2]] * 2),
                "type": "image/png",
                "purpose": purpose,
            }
            for name, purpose in icons
        ],
    }


@blueprint.get("/words/<language>.json")
@guarded("tell")
def words(language: str) -> ResponseReturnValue:
    """Serve the words of one language for the scripts on a tablet."""
    if language not in word_files.codes(inquiry()):
        abort(HTTPStatus.NOT_FOUND)
    return jsonify(word_files.file(language))


@blueprint.get("/device")
@guarded("tell")
def this_tablet() -> str:
    """Show what this tablet can do and what waits on it; scripts fill it in."""
    language = languages.chosen()
    dates = languages.PLAIN_DATES.get(language, language).replace("_", "-")
    return render_template("device.html", dates=dates)


@blueprint.get("/shell")
@guarded("tell")
def choose() -> ResponseReturnValue:
    """Show the choice of forms as a tablet keeps it."""
    return shell.shell_choose()


@blueprint.get("/shell/<name>")
@guarded("tell")
def form(name: str) -> ResponseReturnValue:
    """Show a telling as a tablet keeps it: with nothing of a session."""
    return shell.shell_page(name)


@blueprint.app_context_processor
def for_tablets() -> dict[str, Any]:
    """Give templates the words of tablets, and say whether a page is one that a tablet shows."""
    telling = request.path == "/tell" or request.path.startswith("/tell/")

    def word(key: str) -> Markup:
        return word_files.word(inquiry(), languages.chosen(), key)

    chain = word_files.chain(inquiry(), languages.chosen()) if telling else []
    return {"on_tablet": telling, "word": word, "word_chain": chain}
