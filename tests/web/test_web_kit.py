"""The kit of a tablet: whole, of one version, and with nothing of anybody in it."""

from __future__ import annotations

import gzip
import json
import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forms.catalogue import SHIPPED
from par_toolkit.inquiry import Inquiry, load
from par_toolkit.web import headers, kit, languages, word_files
from par_toolkit.web.app import create_app
from par_toolkit.web.device_words import WORDS

PLACES = [
    "/tell/worker.js",
    "/tell/kit.json",
    "/tell/manifest.webmanifest",
    "/tell/device",
    "/tell/words/en.json",
    "/tell/shell?lang=fr",
    "/tell/shell/story?lang=fr",
]


def bundle(client: FlaskClient) -> dict[str, Any]:
    """Return what a worker fetches."""
    found: dict[str, Any] = json.loads(client.get("/tell/kit.json").data)
    return found


def parts(client: FlaskClient) -> dict[str, str]:
    """Return the text of each kept answer by its address; pictures are left out."""
    return {one["address"]: one["text"] for one in bundle(client)["parts"] if "text" in one}


def version(app: Flask) -> str:
    return str(bundle(app.test_client())["about"]["version"])


def references(address: str, text: str) -> Iterator[str]:
    """Give every file of ours that a page, script or style asks for."""
    for found in re.findall(r'(?:src|href)="(/static/[^"?#]+)"', text):
        yield found
    for found in re.findall(r'(?:from|import|import\()\s*\(?"(\.[^"]+\.js)"', text):
        here = Path(address).parent
        for step in found.split("/"):
            here = here.parent if step == ".." else here / step if step != "." else here
        yield here.as_posix()


def test_whatever_a_kept_page_asks_for_is_kept(client: FlaskClient) -> None:
    kept = parts(client)
    everything = {one["address"] for one in bundle(client)["parts"]}
    asked = {(address, found) for address in kept for found in references(address, kept[address])}
    assert len(asked) > 30
    assert {(address, found) for address, found in asked if found not in everything} == set()


def test_no_style_or_script_is_kept_that_no_kept_page_asks_for(client: FlaskClient) -> None:
    """A tablet on a slow line fetches nothing of the desk or of the circles."""
    kept = parts(client)
    asked = {found for address in kept for found in references(address, kept[address])}
    files = {address for address in kept if address.endswith((".css", ".js"))}
    sealing = "/static/vendor/age.js"  # asked for under a new name where it failed to load
    assert {address for address in files if address.startswith("/static/")} - asked == {sealing}


def test_every_form_in_every_language_is_kept(client: FlaskClient, inquiry: Inquiry) -> None:
    kept = parts(client)
    for name in ("story", "reflection", "feedback"):
        for code in inquiry.languages:
            page = kept[f"/tell/shell/{name}?lang={code}"]
            assert f'<html lang="{code}"' in page
            for words in inquiry.consent.uses.values():
                assert inquiry.text(words, code).replace("'", "&#39;") in page
            assert "tel:112" in page


def test_nothing_of_a_session_is_kept(client: FlaskClient) -> None:
    """What is kept is the same whoever asks, and asking changes nobody's session (promise 3)."""
    client.get("/tell/story?lang=fr")
    cookie = client.get_cookie("par")
    for path in PLACES:
        answer = client.get(path)
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers, path
    assert client.get_cookie("par") == cookie
    for address, text in parts(client).items():
        if "?" in address:
            assert not re.search(r"csrf_token|localhost|\d{16}", text), address


def test_a_kept_answer_has_our_headers(client: FlaskClient) -> None:
    found = bundle(client)["headers"]
    assert found.items() >= headers.HEADERS.items()
    assert found["Cache-Control"] == "no-store"


def test_the_worker_is_asked_for_again_each_time(client: FlaskClient) -> None:
    answer = client.get("/tell/worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/tell"
    assert answer.mimetype == "text/javascript"
    about = json.loads(answer.text.partition("\n")[0].removeprefix("const KIT = ")[:-1])
    assert about == bundle(client)["about"]


def test_the_kit_comes_gzipped_to_whoever_takes_that(client: FlaskClient) -> None:
    packed = client.get("/tell/kit.json", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = client.get("/tell/kit.json")
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data


def test_the_version_stays_while_nothing_changes(app: Flask, inquiry: Inquiry) -> None:
    assert version(app) == version(app) == version(create_app(inquiry.folder))


def test_the_kit_is_made_only_when_something_changed(
    app: Flask, inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    make = kit.make
    monkeypatch.setattr(kit, "make", lambda app: made.append(1) or make(app))
    for _ in range(3):
        version(app)
    assert len(made) == 1
    (inquiry.forms_folder / "story-2.toml").write_text(next_story(), "utf-8")
    version(app)
    assert len(made) == 2


def next_story() -> str:
    text = (SHIPPED / "story-1.toml").read_text("utf-8")
    return text.replace("version = 1", "version = 2").replace("What happened?", "What was it?")


def test_a_new_form_makes_a_new_version_while_the_server_runs(app: Flask, inquiry: Inquiry) -> None:
    before = version(app)
    (inquiry.forms_folder / "story-2.toml").write_text(next_story(), "utf-8")
    assert version(app) != before
    assert "What was it?" in parts(app.test_client())["/tell/shell/story?lang=en"]


def test_a_form_with_a_mistake_closes_nothing(app: Flask, inquiry: Inquiry) -> None:
    (inquiry.forms_folder / "story-2.toml").write_text("version = ", "utf-8")
    assert "What happened?" in parts(app.test_client())["/tell/shell/story?lang=en"]


@pytest.mark.parametrize(
    ("old", "new"), [('"Made-up inquiry"', '"Another inquiry"'), ("112", "999"), ("quote", "QUOTE")]
)
def test_other_words_of_the_inquiry_make_a_new_version(
    app: Flask, inquiry: Inquiry, old: str, new: str
) -> None:
    """Its name, its help contacts, its consent words."""
    before = version(app)
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8")
    if new == "QUOTE":
        old = inquiry.consent.uses["quote"]["en"]
        new = "Asked in other words."
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert version(create_app(inquiry.folder)) != before


def test_another_script_makes_a_new_version(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import shutil

    before = version(app)
    copy = tmp_path / "static"
    shutil.copytree(kit.STATIC, copy)
    monkeypatch.setattr(kit, "STATIC", copy)
    assert version(app) == before
    for name in ("js/tablet/codes.js", kit.WORKER):
        path = copy / name
        path.write_text(path.read_text("utf-8") + "\n// changed\n", "utf-8")
        after = version(app)
        assert after != before
        before = after


def test_a_closed_inquiry_keeps_pages_that_say_so(inquiry: Inquiry) -> None:
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"(?sm)^\[\[help\]\].*?(?=^\[|^#|\Z)", "", text), "utf-8")
    assert not load(inquiry.folder).capture_open
    kept = parts(create_app(inquiry.folder).test_client())
    for page in ("/tell/shell?lang=en", "/tell/shell/story?lang=en"):
        assert "Telling is closed for now" in kept[page]


@pytest.mark.parametrize(
    "path", ["/tell/words/de.json", "/tell/shell/nothing", "/tell/words/..json"]
)
def test_what_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


# --- the home screen ---------------------------------------------------------------------------


def test_the_manifest_can_be_installed(client: FlaskClient) -> None:
    answer = client.get("/tell/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.data)
    assert manifest["name"] == "Made-up inquiry"
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (
        "/tell", "/tell", "standalone",
    )  # fmt: skip
    assert (manifest["lang"], manifest["dir"]) == ("en", "ltr")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as picture:
            assert picture.mimetype == icon["type"]
            wide, high = struct.unpack(">II", picture.data[16:24])
        assert icon["sizes"] == f"{wide}x{high}"
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}


def test_only_pages_of_telling_name_the_manifest(client: FlaskClient) -> None:
    for path, named in (("/tell", True), ("/tell/device", True), ("/", False), ("/mine", False)):
        assert ("manifest.webmanifest" in client.get(path).text) is named


# --- words -------------------------------------------------------------------------------------


@pytest.fixture
def arabic(
    tmp_path: Path, inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], FlaskClient]]:
    """Hand out a client of an inquiry in English, French and, for a few texts, Arabic."""
    from tests.web.tongues import with_arabic

    yield lambda: create_app(with_arabic(inquiry, tmp_path, monkeypatch)).test_client()
    languages.catalogues.cache_clear()


def test_each_text_falls_back_by_itself(arabic: Callable[[], FlaskClient]) -> None:
    client = arabic()
    words = json.loads(client.get("/tell/words/ar.json").data)
    assert (words["lang"], words["dir"], words["whole"]) == ("ar", "rtl", False)
    assert words["words"] == {"device-title": "هذا الجهاز", "check-kit": "بلا شبكة"}
    page = client.get("/tell/device?lang=ar").text
    assert '<html lang="ar" dir="rtl" data-words="ar en">' in page
    assert "<h1>هذا الجهاز</h1>" in page
    assert '<span lang="en" dir="ltr">What this tablet can do</span>' in page


def test_french_and_english_need_no_other(client: FlaskClient) -> None:
    for code in ("en", "fr"):
        words = json.loads(client.get(f"/tell/words/{code}.json").data)
        assert words["whole"] is True and words["words"].keys() == WORDS.keys()


def test_a_text_keeps_its_blanks_in_every_language() -> None:
    for key, text in word_files.own("fr").items():
        assert sorted(re.findall(r"%\(\w+\)s", text)) == sorted(
            re.findall(r"%\(\w+\)s", WORDS[key])
        )


def test_the_chain_ends_with_english(inquiry: Inquiry) -> None:
    assert word_files.chain(inquiry, "fr-CA") == ["fr-CA", "fr", "en"]


def test_an_unknown_key_is_named(app: Flask, inquiry: Inquiry) -> None:
    with pytest.raises(KeyError, match="no-such-key"):
        word_files.word(inquiry, "en", "no-such-key")


#: Keys that scripts and pages put together from parts.
PUT_TOGETHER = ("check-", "send-", "state-", "verdict-", "voice-")


def test_every_key_that_is_said_has_words_and_every_word_is_said() -> None:
    web = kit.STATIC.parent
    scripts = [path.read_text("utf-8") for path in (kit.STATIC / "js").rglob("*.js")]
    pages = [path.read_text("utf-8") for path in (web / "templates").rglob("*.html")]
    said = set()
    for text in scripts:
        if "words.js" in text:
            said |= set(re.findall(r'(?<![.\w])say\("([^"]+)"', text))
            said |= set(re.findall(r'(?<![.\w])put\([^"`\n]*?, "([^"]+)"', text))
    said |= {key for text in pages for key in re.findall(r'\bword\("([^"]+)"\)', text)}
    assert len(said) > 25
    assert said - WORDS.keys() == set()
    everything = "".join(scripts + pages)
    left = {key for key in WORDS if f'"{key}"' not in everything}
    assert {key for key in left if not key.startswith(PUT_TOGETHER)} == set()
