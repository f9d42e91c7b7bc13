"""Pages as a browser sees them: the fields of a form, with whatever stands in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse, stream_encode_multipart

USES = ("analyse", "quote", "publish", "contact")


@dataclass
class Form:
    """One form of a page: where it is posted to, its fields, and the names of all its controls."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    controls: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.text = ""
        self._open: Form | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None and tag in ("input", "textarea", "button", "select"):
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._open is not None
        name = given.get("name", "")
        if name and tag != "button":
            self._open.controls.append(name)
        if tag == "textarea":
            self._area = name
            self._open.fields[name] = ""
        elif tag == "input" and name:
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked:
                self._open.fields[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._area is not None and self._open is not None:
            self._open.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._area is not None and self._open is not None:
            # HTML knows one kind of line break, and drops the one after the opening tag
            words = self._open.fields[self._area].replace("\r\n", "\n")
            self._open.fields[self._area] = words.removeprefix("\n")
            self._area = None


def forms_of(response: TestResponse) -> dict[str, Form]:
    """Return the forms of a page by address, without what follows '?'; of equals the first."""
    reader = _read(response)
    return {form.action.split("?")[0]: form for form in reversed(reader.forms)}


def text_of(response: TestResponse) -> str:
    """Return the words of a page, as one line."""
    return " ".join(_read(response).text.split())


def _read(response: TestResponse) -> _Reader:
    reader = _Reader()
    reader.feed(response.get_data(as_text=True))
    return reader


def open_telling(client: FlaskClient, *, form: str = "story", lang: str = "en") -> dict[str, str]:
    """Open a telling and return its fields, ready to be filled in."""
    response = client.get(f"/tell/{form}?lang={lang}")
    assert response.status_code == 200
    return forms_of(response)[f"/tell/{form}"].fields


def send(client: FlaskClient, path: str, fields: dict[str, Any], **options: Any) -> TestResponse:
    """Post fields the way the page of a telling does."""
    stream, _, boundary = stream_encode_multipart(fields, use_tempfile=False)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return client.post(path, data=stream.read(), content_type=kind, **options)


def tell(client: FlaskClient, telling: str, *, consent: tuple[str, ...] = (), **fields: Any) -> str:
    """Tell a story on the page, as a person does; return the digits of its receipt code."""
    typed = open_telling(client) | {"telling": telling} | fields
    typed |= {f"consent-{use}": "yes" for use in consent}
    response = send(client, "/tell/story", typed)
    assert response.status_code == 303, text_of(response)
    assert response.headers["Location"] == "/tell/done"
    return str(typed["receipt"])


def show_mine(client: FlaskClient, code: str) -> TestResponse:
    """Type a receipt code at /mine and return the page that follows."""
    fields = forms_of(client.get("/mine?lang=en"))["/mine"].fields
    return client.post("/mine", data=fields | {"code": code})
