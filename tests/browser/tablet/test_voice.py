"""A story is spoken: every five seconds are on the tablet at once, and nobody else hears them."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices, people, receipts, stories, voices
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.device_words import WORDS
from par_toolkit.web.headers import HEADERS
from par_toolkit.web.spoken import check as check_voice
from tests.browser import chromium as found_chromium
from tests.browser.look import FINGER
from tests.browser.pages import check_axe, watch
from tests.browser.tablet.conftest import TABLET
from tests.browser.tablet.core import ORIGIN, Server
from tests.browser.tablet.halls import ready
from tests.browser.tablet.tellers import (
    everything,
    finish,
    forgive_network,
    go_on,
    open_telling,
    pair,
    queue,
)
from tests.faults.server import Served
from tests.voices import WEBM, files

#: A microphone that beeps, and a person who always lets the page use it.
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
CODE = "1234567812345678"
ABOUT = {"form": "story", "version": 1, "language": "en", "uuid": "u-1"}
PAGE = """<!doctype html><html lang="en" data-words="en"><head><meta charset="utf-8">
<title>Telling</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/css/site.css">
<link rel="stylesheet" href="/static/css/forms.css">
<link rel="stylesheet" href="/static/css/telling.css"></head><body class="telling"><main>
<h1>Telling</h1><section class="step question main-question"><label for="telling">What happened?
</label><textarea id="telling" name="telling"></textarea></section></main></body></html>"""
ATTACH = """async ([code, about, options]) => {
    const load = (name) => import(`/static/js/tablet/${name}.js`);
    const { begin, find } = await load("drafts");
    window.draft = (await find(code)) ?? (await begin(code, about));
    window.voice = await (await load("voice")).attach(
        document.querySelector(".main-question"), window.draft, options);
    return window.voice !== null;
}"""
PIECES = """async () => {
    const { openStore } = await import("/static/js/tablet/store.js");
    return (await openStore()).count("chunks");
}"""


class Room:
    """A tab in which a question can be answered aloud."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.problems = watch(page)  # type: ignore[attr-defined]

    def attach(self, **options: Any) -> bool:
        """Open the page and offer the recorder; say whether it was there."""
        self.page.goto(f"{ORIGIN}/question")
        return bool(self.page.evaluate(ATTACH, [CODE, ABOUT, options]))

    def press(self, *names: str) -> None:
        for name in names:
            self.page.get_by_role("button", name=name, exact=True).click()

    def buttons(self) -> list[str]:
        return [one.inner_text() for one in self.page.locator(".speak button:visible").all()]

    def says(self, key: str, *, within: float = 15) -> None:
        """Wait for the words of this key beside the recorder."""
        words = re.escape(WORDS[key]).replace(re.escape("%(time)s"), r"\d+:\d\d")
        found = self.page.locator(".speak-said", has_text=re.compile(words))
        found.wait_for(timeout=within * 1000)

    def pieces(self) -> int:
        return int(self.page.evaluate(PIECES))

    def payload(self) -> Any:
        return self.page.evaluate("() => window.voice.payload()")

    def about(self) -> Any:
        return self.page.evaluate("() => window.voice.about()")


@pytest.fixture(scope="module")
def hearing(chromium: Browser) -> Iterator[Browser]:
    """Start a Chromium that has a microphone."""
    with found_chromium.start(chromium.browser_type, *MICROPHONE) as browser:
        yield browser


@pytest.fixture
def rooms(hearing: Browser) -> Iterator[Callable[..., Room]]:
    """Hand out tabs of one tablet with a microphone; the test fails where one had an error."""
    with ExitStack() as contexts:
        context = contexts.enter_context(hearing.new_context(locale="en-GB"))
        context.route("**/*", handle)
        opened: list[Room] = []

        def room() -> Room:
            opened.append(Room(context.new_page()))
            return opened[-1]

        yield room
        problems = [line for one in opened for line in one.page.problems]  # type: ignore[attr-defined]
    assert not problems, problems


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    return rooms()


def handle(route: Route, request: Request) -> None:
    """Answer with our own files, a page with one question, and our words."""
    if request.url.endswith("/question"):
        route.fulfill(body=PAGE, content_type="text/html", headers=HEADERS)
    elif request.url.endswith("/tell/words/en.json"):
        words = {"lang": "en", "dir": "ltr", "whole": True, "words": WORDS}
        route.fulfill(body=json.dumps(words), content_type="application/json", headers=HEADERS)
    else:
        Server().handle(route)


def test_a_crash_in_mid_sentence_loses_five_seconds_at_most(
    hearing: Browser, rooms: Callable[..., Room]
) -> None:
    """The whole way: speak, crash, come back, listen, go on, and hand it over in two parts."""
    from forms import load

    first = rooms()
    assert first.attach()
    first.press("Speak instead")
    first.says("voice-started")
    first.page.wait_for_timeout(11_500)
    assert first.pieces() >= 3, "the beginning, and a piece each five seconds"
    assert first.about()["seconds"] >= 11
    crash(hearing, first.page)

    again = rooms()
    assert again.attach()
    about = again.about()
    assert 10 <= about["seconds"] <= 12 and about["parts"] == 1 and about["size"] > 10_000
    assert again.buttons() == ["Listen to it", "Go on speaking", "Record again", "Remove it"]
    again.press("Listen to it")
    again.page.wait_for_function("() => document.querySelector('.speak audio').currentTime > 0.3")
    address = again.page.evaluate("document.querySelector('.speak audio').src")
    assert again.page.evaluate(LOADS, address), "the control: it can be had while it plays"
    again.press("Go on speaking")
    again.says("voice-started")
    assert not again.page.evaluate(LOADS, address), "it was let go when it played no longer"
    again.page.problems.clear()  # type: ignore[attr-defined]
    again.page.wait_for_timeout(1_500)
    again.press("Stop")
    again.says("voice-stopped")

    sent = again.payload()
    assert [one["question"] for one in sent] == ["telling", "telling"]
    errors: dict[str, str] = {}
    parts = check_voice(sent, load("story"), errors)
    assert not errors and [part.type for part in parts] == ["audio/webm", "audio/webm"]
    assert len(parts[0].data) / parts[0].seconds < 4_500, "about 24 kbit a second, not more"
    assert {one["type"] for one in sent} == {"audio/webm;codecs=opus"}
    for one in sent:
        assert again.page.evaluate(PLAYS, one) > 0.5


#: Say whether a sound can be had at an address.
LOADS = """(address) => new Promise((resolve) => {
    const audio = new Audio(address);
    audio.onloadedmetadata = () => resolve(true);
    audio.onerror = () => resolve(false);
})"""
#: Play the end of a recording: seconds it is long, as a desk's browser finds it.
PLAYS = """async ({type, data}) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const context = new AudioContext();
    return (await context.decodeAudioData(bytes.buffer)).duration;
}"""


def crash(browser: Browser, page: Page) -> None:
    """Kill the processes of this browser's pages: nothing of them can run to the end."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    with page.expect_event("crash"):
        for process in found:
            if process["type"] == "renderer":
                os.kill(process["id"], signal.SIGKILL)
    session.detach()


def test_promise_03_nothing_of_the_sound_can_be_read_on_the_tablet(room: Room) -> None:
    """What lies in the store is encrypted; the plain sound, from the page, is the control."""
    room.attach()
    room.press("Speak instead")
    room.says("voice-started")
    room.page.wait_for_timeout(2_000)
    room.press("Stop")
    room.says("voice-stopped")
    sound = base64.b64decode(room.payload()[0]["data"])
    mark = b"\x1a\x45\xdf\xa3"
    assert sound.startswith(mark)
    stored = bytes(
        room.page.evaluate(
            """async () => {
                const { openStore } = await import("/static/js/tablet/store.js");
                const found = await (await openStore()).getAll("chunks");
                return found.flatMap((one) => [...one.iv, ...one.data]);
            }"""
        )
    )
    assert len(stored) > len(sound)
    assert mark not in stored and b"OpusHead" in sound and b"OpusHead" not in stored


def test_pause_go_on_and_take_away(room: Room) -> None:
    room.attach()
    assert room.buttons() == ["Speak instead"]
    room.page.get_by_role("button", name="Speak instead").focus()
    room.page.keyboard.press("Enter")
    room.says("voice-started")
    assert room.page.evaluate("document.activeElement.innerText") == "Stop"
    room.page.wait_for_timeout(1_200)
    room.press("Pause")
    for _ in range(20):
        if room.pieces() == 2:
            break
        room.page.wait_for_timeout(100)
    assert room.pieces() == 2, "what was said before the pause is on disk at once"
    paused = room.about()["seconds"]
    room.page.wait_for_timeout(1_500)
    assert room.about()["seconds"] == paused, "time stands still"
    assert room.buttons() == ["Go on", "Stop"]
    room.press("Go on")
    room.page.wait_for_timeout(1_000)
    room.press("Stop")
    room.says("voice-stopped")
    assert room.about()["parts"] == 1
    room.press("Remove it", "No, keep it")
    assert room.about()["parts"] == 1
    room.press("Record again", "Yes, take it away")
    room.says("voice-started")
    room.page.wait_for_timeout(600)  # or there would be nothing to keep
    room.press("Stop")
    room.says("voice-stopped")
    assert room.about()["parts"] == 1
    assert room.about()["seconds"] < paused + 2
    room.press("Remove it", "Yes, take it away")
    room.page.wait_for_function("() => window.voice.about() === null")
    assert room.pieces() == 0 and room.payload() is None
    assert room.buttons() == ["Speak instead"]


def test_the_recorder_is_clear_to_everybody_in_each_state(room: Room) -> None:
    room.page.set_viewport_size({"width": 320, "height": 700})

    def look() -> None:
        check_axe(room.page)
        for button in room.page.locator(".speak button:visible").all():
            box = button.bounding_box()
            assert box and box["height"] >= FINGER, button.inner_text()
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert room.page.evaluate(wide) <= 0

    room.attach()
    look()
    room.press("Speak instead")
    room.says("voice-started")
    look()
    room.press("Pause")
    look()
    room.press("Stop")
    room.says("voice-stopped")
    look()
    room.press("Listen to it")
    look()
    room.press("Remove it")
    look()


def test_a_full_recording_stops_by_itself_and_loses_nothing(room: Room) -> None:
    room.attach(most=60_000)
    room.press("Speak instead")
    room.says("voice-soon")
    room.says("voice-long", within=30)
    about = room.about()
    assert 10_000 < about["size"] <= 60_000 and about["seconds"] >= 9
    assert len(room.payload()) == 1
    room.press("Go on speaking")
    room.says("voice-long")


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        ("window.mic.getTracks()[0].dispatchEvent(new Event('ended'))", "voice-taken"),
        ("window.recorder.dispatchEvent(new Event('error'))", "voice-broken"),
        (
            "Object.defineProperty(document, 'hidden', {value: true});"
            "document.dispatchEvent(new Event('visibilitychange'))",
            "voice-hidden",
        ),
        ("window.draft.addChunk = () => Promise.reject(new Error('StorageFull'))", "voice-full"),
    ],
)
def test_what_goes_wrong_stops_it_and_keeps_what_was_said(
    room: Room, happens: str, says: str
) -> None:
    room.page.add_init_script(
        """
        const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
        if (ask) navigator.mediaDevices.getUserMedia =
            async (wish) => (window.mic = await ask(wish));
        const Own = window.MediaRecorder;
        window.MediaRecorder = class extends Own {
            constructor(...given) { super(...given); window.recorder = this; }
        };
        """
    )
    room.attach()
    room.press("Speak instead")
    room.says("voice-started")
    room.page.wait_for_timeout(5_600)
    room.page.evaluate(f"() => {{ {happens}; }}")
    room.says(says)
    assert room.about()["seconds"] >= 5
    assert len(room.payload()) == 1
    assert room.page.evaluate("window.mic.getTracks()[0].readyState") == "ended"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("NotAllowedError", "voice-denied"),
        ("NotFoundError", "voice-none"),
        ("NotReadableError", "voice-busy"),
        ("TypeError", "voice-broken"),
    ],
)
def test_a_microphone_that_is_refused_leaves_writing(room: Room, name: str, says: str) -> None:
    room.page.add_init_script(
        f"""if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia =
            () => Promise.reject(new DOMException("made up", "{name}"));"""
    )
    room.attach()
    room.press("Speak instead")
    room.says(says)
    assert room.buttons() == ["Speak instead"]
    assert room.about() is None and room.pieces() == 0


def test_stopping_before_the_browser_has_asked_records_nothing(room: Room) -> None:
    room.page.add_init_script(
        """if (navigator.mediaDevices) {
            const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = async (wish) => {
                window.mic = await ask(wish);
                await new Promise((go) => { window.answer = go; });
                return window.mic;
            };
        }"""
    )
    room.attach()
    room.press("Speak instead")
    room.page.wait_for_function("() => window.answer")
    room.press("Stop")
    room.page.evaluate("() => window.answer()")
    room.page.wait_for_function("() => window.mic.getTracks()[0].readyState === 'ended'")
    assert room.about() is None and room.buttons() == ["Speak instead"]


def test_a_draft_that_is_gone_takes_no_more_sound(room: Room) -> None:
    room.attach()
    room.press("Speak instead")
    room.says("voice-started")
    room.page.evaluate("() => window.draft.drop()")
    room.page.wait_for_timeout(1_000)
    room.page.evaluate("() => window.voice.stop()")
    assert room.pieces() == 0


@pytest.mark.parametrize(
    "without",
    [
        "",
        "delete window.MediaRecorder;",
        "Object.defineProperty(navigator, 'mediaDevices', {value: undefined});",
        "navigator.mediaDevices.enumerateDevices = () => Promise.reject(new Error('made up'));",
        "MediaRecorder.isTypeSupported = () => false;",
    ],
)
def test_without_a_microphone_there_is_no_button_and_no_error(
    chromium: Browser, hearing: Browser, without: str
) -> None:
    """The first is a Chromium with no device at all; the others lack a part that is needed."""
    with (hearing if without else chromium).new_context() as context:
        context.route("**/*", handle)
        room = Room(context.new_page())
        if without:
            room.page.add_init_script(f"if (navigator.mediaDevices) {{ {without} }}")
        assert not room.attach()
        assert room.page.locator(".speak").count() == 0
        assert room.page.problems == []  # type: ignore[attr-defined]


def test_where_the_page_may_not_use_the_microphone_there_is_no_button(
    hearing: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HEADERS, "Permissions-Policy", "microphone=()")
    with hearing.new_context() as context:
        context.route("**/*", handle)
        assert not Room(context.new_page()).attach()


def test_a_story_told_aloud_with_no_server_is_heard_typed_up_and_withdrawn(
    hearing: Browser, village: Served, db: PrivateDatabase, inquiry: Inquiry
) -> None:
    """The whole way, through every page: a tablet whose server is stopped, the desk, my story."""
    with hearing.new_context(viewport=TABLET, locale="en-GB") as context:
        room = Room(context.new_page())
        pair(room.page, village.address, devices.add(db, "Tablet 1"))
        room.page.reload()
        ready(room.page)
        code = open_telling(room.page, village.address)
        village.stop()
        check_axe(room.page)
        for lang, words in (("fr", "Parler plutôt"), ("en", "Speak instead")):
            room.page.locator(f".languages button[lang={lang}]").click()
            expect(room.page.locator(".speak button:visible")).to_have_text(words)
        room.press("Speak instead")
        room.says("voice-started")
        check_axe(room.page)
        room.page.wait_for_timeout(6_000)
        crash(hearing, room.page)

        again = Room(context.new_page())
        again.page.goto(f"{village.address}/tell?lang=en")
        go_on(again.page, code)
        expect(again.page.locator(".speak-time")).to_have_text(re.compile("0:0[4-7]"))
        again.press("Go on speaking")
        again.says("voice-started")
        again.page.wait_for_timeout(1_500)
        assert finish(again.page) == code
        assert [entry["seq"] for entry in queue(again.page)] == [1]
        assert again.pieces() == 0
        assert "OpusHead" not in everything(again.page)
        village.start()
        again.page.evaluate("import('/static/js/tablet/sender.js').then(({sendNow}) => sendNow())")
        expect(again.page.locator("[data-state]")).to_contain_text("It has arrived.")
        forgive_network(again.page)
        assert again.page.problems == []  # type: ignore[attr-defined]

    (story,) = stories.listing(db)
    assert story.spoken and "telling" not in story.answers
    first, second = voices.of_story(db, story.id)
    assert first.seconds >= 4 and second.seconds >= 1 and voices.faulty(db) == 0
    assert [path.read_bytes()[:4] for path in files(inquiry)] == [WEBM, WEBM]
    at_the_desk(hearing, village.address, db, story.id)
    typed = stories.get(db, story.id)
    assert typed and typed.answers["telling"] == "The made-up bus was late."
    withdraw(hearing, village.address, code)
    assert files(inquiry) == [] and stories.count(db) == 0
    assert receipts.find(db, code) is None


def at_the_desk(browser: Browser, address: str, db: PrivateDatabase, story: int) -> None:
    """Sign in, play both parts, and type up what was said; axe looks before and after."""
    people.set_password(db, people.add(db, "Made-up Mara", "evaluator"), "a long password")
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        problems = watch(page)
        page.goto(f"{address}/desk/sign-in?lang=en")
        page.fill("#name", "Made-up Mara")
        page.fill("#password", "a long password")
        page.locator("main .button").first.click()
        page.get_by_role("link", name="1 spoken story to type up").click()
        page.locator(".story-list a").click()
        check_axe(page)
        for number in range(2):
            player = page.locator(".voice audio").nth(number)
            player.evaluate("(audio) => { audio.muted = true; return audio.play(); }")
            page.wait_for_function(
                "(n) => document.querySelectorAll('.voice audio')[n].currentTime > 0.3", arg=number
            )
        page.fill("#said-telling", "The made-up bus was late.")
        page.get_by_role("button", name="Save the words").click()
        expect(page.locator(".notice.done")).to_contain_text("Saved.")
        assert page.locator("[data-question=telling]").inner_text() == "The made-up bus was late."
        page.locator("#voice summary").click()
        page.set_viewport_size({"width": 320, "height": 800})
        check_axe(page)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0
        assert problems == []


def withdraw(browser: Browser, address: str, code: str) -> None:
    """Take the story back with the code of the slip, having read what became of it."""
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{address}/mine?lang=en")
        page.fill("#code", code)
        page.locator("main .button").first.click()
        expect(page.locator(".steps")).to_contain_text("What you said was typed up")
        for _ in range(2):
            with page.expect_navigation():
                page.locator(".button.danger").first.click()
