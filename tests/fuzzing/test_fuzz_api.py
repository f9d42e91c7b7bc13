"""The door for programs, with made-up and mangled requests over real HTTP: no 5xx, no traceback."""

from __future__ import annotations

import copy
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis import openapi as descriptions
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from par_toolkit.storage import devices, stories
from par_toolkit.storage.database import open_database
from par_toolkit.web import openapi, payload
from tests import quick
from tests.browser.server import running
from tests.web.test_web_api import story

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
#: Requests for each way of making them up, in CI and in the long run.
FEW, MANY = 40, 1_700


class Door:
    """A server that runs, and a tablet that is paired with it."""

    def __init__(self, address: str, folder: Path, token: str) -> None:
        self.address, self.folder = address, folder
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client = httpx.Client(base_url=address, headers=self.headers, trust_env=False)
        self.session = requests.Session()

    def kept(self) -> int:
        """Count the stories that are on disk."""
        with open_database(self.folder) as db:
            return stories.count(db)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Serve one inquiry for all of these; the server's log must hold no traceback at the end."""
    base = tmp_path_factory.getbasetemp()
    folder = quick.copy_of(quick.new_inquiry(base / "new inquiry"), base / "fuzzed" / "inquiry")
    with open_database(folder) as db:
        token = devices.add(db, "Made-up tablet")
    with running(folder) as address:
        door = Door(address, folder, token)
        with door.client, door.session:
            yield door


def document() -> str:
    """Write docs/openapi.json."""
    return json.dumps(openapi.description(), indent=2, ensure_ascii=False) + "\n"


def test_the_description_in_the_docs_is_what_the_code_says(door: Door) -> None:
    assert DOCUMENT.read_text("utf-8") == document()
    assert door.client.get("/api/openapi.json").json() == openapi.description()


def test_every_address_for_programs_and_every_field_of_a_story_is_described() -> None:
    from flask import Flask

    from par_toolkit.web import api

    app = Flask("none")
    app.register_blueprint(api.blueprint)
    rules = {
        (rule.rule.replace("<uuid>", "{uuid}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    paths = openapi.description()["paths"]
    assert {(path, method) for path, ways in paths.items() for method in ways} == rules
    told = openapi.description()["components"]["schemas"]["Story"]
    assert set(told["properties"]) == set(payload.FIELDS)
    assert told["required"] == list(payload.NEEDED)


def tried(door: Door, method: str, path: str, mode: GenerationMode, times: int) -> None:
    """Send requests that are made from the description, in order or against it."""
    schema = descriptions.from_dict(openapi.description())

    @settings(max_examples=times, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        answer = case.call(base_url=door.address, session=door.session, headers=door.headers)
        case.validate_response(answer, checks=CHECKS)

    send()


WAYS = [
    ("GET", "/api/health", GenerationMode.POSITIVE),
    ("GET", "/api/device", GenerationMode.POSITIVE),
    ("GET", "/api/device", GenerationMode.NEGATIVE),
    ("PUT", "/api/stories/{uuid}", GenerationMode.POSITIVE),
    ("PUT", "/api/stories/{uuid}", GenerationMode.NEGATIVE),
]
NAMES = [f"{method} {path} {mode.value}" for method, path, mode in WAYS]


@pytest.mark.parametrize(("method", "path", "mode"), WAYS, ids=NAMES)
def test_promise_16_no_made_up_request_gets_a_fault(
    door: Door, method: str, path: str, mode: GenerationMode
) -> None:
    tried(door, method, path, mode, FEW)


@pytest.mark.long
@pytest.mark.parametrize(("method", "path", "mode"), WAYS, ids=NAMES)
def test_promise_16_no_made_up_request_gets_a_fault_long(
    door: Door, method: str, path: str, mode: GenerationMode
) -> None:
    tried(door, method, path, mode, MANY)


#: JSON as anybody may write it: odd numbers, deep lists, text of every script and none.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """Take a story that is in order and put something else in one or two places; cut some short."""
    told: dict[str, Any] = copy.deepcopy(story())
    sound = {"question": "telling", "type": "audio/ogg", "seconds": 3, "data": "T2dnUw=="}
    told["voice"] = [draw(st.sampled_from([sound, {}, None]))]
    if draw(st.booleans()):
        del told["voice"]
    for _ in range(draw(st.integers(0, 2))):
        place: Any = told
        for _ in range(draw(st.integers(0, 2))):
            inner = [one for one in _inside(place) if isinstance(one, dict | list) and one]
            place = draw(st.sampled_from(inner)) if inner else place
        at = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else [0]))
        place[at] = draw(ANYTHING)
    body = json.dumps(told, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 9)) == 0 else body


def _inside(place: Any) -> list[Any]:
    return list(place.values() if isinstance(place, dict) else place)


KINDS = st.sampled_from(
    [
        *["application/json"] * 3,
        *("application/age", "text/html", "application/json; charset=utf-16", ""),
        "multipart/form-data; boundary=x",
    ]
)
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


def mangle(door: Door, times: int) -> set[int]:
    """Send mangled stories; return the statuses, after checking that what was kept is there."""
    seen: set[int] = set()
    before, stored = door.kept(), 0

    @settings(max_examples=times, deadline=None, suppress_health_check=list(HealthCheck))
    @given(body=mangled(), kind=KINDS, seq=HEADER, numbers=HEADER, language=HEADER)
    def send(body: bytes, kind: str, seq: str, numbers: str, language: str) -> None:
        nonlocal stored
        headers = {"Par-Device-Seq": seq, "Par-Device-Numbers": numbers}
        headers |= {"Accept-Language": language, "Content-Type": kind}
        headers = {name: text.strip() for name, text in headers.items()}
        answer = door.client.put(f"/api/stories/{uuid4()}", content=body, headers=headers)
        assert answer.status_code < 500, answer.text
        told = answer.json()
        assert told["message"] and "Traceback" not in told["message"]
        assert told["stored"] is (answer.status_code < 300)
        stored += told["stored"]
        seen.add(answer.status_code)

    send()
    assert door.kept() == before + stored, "what was said to be kept is kept, and nothing else"
    return seen


def test_promise_16_a_mangled_story_is_kept_or_refused_in_a_sentence(door: Door) -> None:
    assert {201, 422} <= mangle(door, 4 * FEW)


@pytest.mark.long
def test_promise_16_a_mangled_story_is_kept_or_refused_in_a_sentence_long(door: Door) -> None:
    assert {201, 415, 422} <= mangle(door, 2 * MANY)


#: Whole requests as bytes, where no library for HTTP would let them through.
PUT = b"PUT /api/stories/x HTTP/1.1\r\nHost: x\r\n"
LINES = (
    PUT + b"Content-Length: -1\r\n\r\n",
    PUT + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    PUT + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
    PUT + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /api/health HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\nAuthorization: Bearer \xff\xfe\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET //evil.example/%2e%2e/%00 HTTP/1.1\r\nHost: \r\n\r\n",
    b"GET http://[::1/ HTTP/1.1\r\nHost: [\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a b<script>\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: x\r\nCookie: par=secret\r\n\r\n",
    b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: x\r\n\r\n",
)


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_promise_16_requests_that_are_no_http_are_answered_or_cut_off(
    door: Door, line: bytes
) -> None:
    host, _, port = door.address.rpartition("/")[2].partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as sent:
        sent.sendall(line)
        sent.shutdown(socket.SHUT_WR)
        answer = b""
        while more := sent.recv(65536):
            answer += more
    status = int(answer.split(b" ")[1]) if answer else 0
    assert status < 500, answer[:300]
    assert b"Traceback" not in answer and b"secret" not in answer
    assert b"<script>" not in answer.partition(b"\r\n\r\n")[0]
    assert door.client.get("/api/health").json()["ok"] is True


def test_the_checks_see_a_fault(door: Door) -> None:
    """A server that answers 500, or otherwise than is described, must not pass."""
    schema = descriptions.from_dict(openapi.description())
    case = schema["/api/health"]["GET"].Case()
    answer = case.call(base_url=door.address, session=door.session)
    case.validate_response(answer, checks=CHECKS)
    broken = copy.copy(answer)
    broken.status_code = 500
    with pytest.raises(FailureGroup, match="Server error"):
        case.validate_response(broken, checks=CHECKS)
    wrong = openapi.description()
    answers = wrong["paths"]["/api/health"]["get"]["responses"]
    answers["200"]["content"]["application/json"]["schema"]["required"] = ["a word of a story"]
    for described in (wrong, _without(openapi.description(), "200")):
        other = descriptions.from_dict(described)["/api/health"]["GET"].Case()
        with pytest.raises(FailureGroup):
            other.validate_response(answer, checks=CHECKS)


def _without(described: dict[str, Any], status: str) -> dict[str, Any]:
    del described["paths"]["/api/health"]["get"]["responses"][status]
    return described
