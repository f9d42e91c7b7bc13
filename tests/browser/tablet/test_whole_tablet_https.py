"""A hub in real Chromium, by a name of its own: HTTPS makes a tablet of it, plain http does not."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import watch
from tests.browser.tablet.halls import ready
from tests.browser.tablet.profiles import browser_in, new_canary, search
from tests.browser.tablet.tellers import drafts
from tests.browser.tablet.walks import Person, par, send_all, tell, told, waiting
from tests.faults.server import served
from tests.serving.authority import Authority, Pair

NAME = "hub.test"
#: The part of a router: names of this ending are on this machine.
ROUTER = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
CANARY = new_canary("hub")
PERSON = Person(
    f"The hall has a hub: {CANARY}.",
    wishes={"analyse": True, "quote": False, "publish": False, "contact": False},
)


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Authority(tmp_path / "authority").sign(names=f"DNS:{NAME}")


def trusting(pair: Pair) -> str:
    """Return the option by which Chromium trusts the key of this one certificate."""
    of_cert = ["openssl", "x509", "-in", str(pair.cert), "-noout", "-pubkey"]
    public = subprocess.run(of_cert, check=True, capture_output=True).stdout
    as_bytes = ["openssl", "pkey", "-pubin", "-outform", "der"]
    der = subprocess.run(as_bytes, check=True, capture_output=True, input=public).stdout
    mark = base64.b64encode(hashlib.sha256(der).digest()).decode()
    return f"--ignore-certificate-errors-spki-list={mark}"


def test_over_https_a_tablet_is_paired_tells_without_the_server_and_sends(
    chromium: Browser, inquiry: Any, profile: Path, pair: Pair
) -> None:
    with (
        served(inquiry.folder, tls=(pair.cert, pair.key)) as hub,
        browser_in(chromium, profile, ROUTER, trusting(pair)) as context,
    ):
        hub.address = f"https://{NAME}:{hub.port}"
        page = context.pages[0]
        added = par(hub.folder, "devices", "add", "Tablet 3", "--address", hub.address)
        assert added["link"].startswith(f"{hub.address}/tell/device#")
        page.goto(added["link"])
        expect(page.locator("#verdict")).to_have_attribute("data-verdict", "ready", timeout=60_000)
        ready(page)
        assert page.evaluate("isSecureContext")
        cookies = context.cookies()
        assert all(cookie["secure"] for cookie in cookies)
        hub.stop()
        tell(page, hub, PERSON)
        assert waiting(page) == (1, 0)
        hub.address = f"https://localhost:{hub.port}"  # where the test itself asks whether it runs
        hub.start()
        hub.address = f"https://{NAME}:{hub.port}"
        send_all(page, hub)
    assert told(inquiry.folder) == [PERSON]


def test_a_certificate_that_nobody_trusts_stops_the_browser(
    chromium: Browser, inquiry: Any, profile: Path, pair: Pair
) -> None:
    """The control: what the browser trusted above is this certificate, and not just any."""
    with (
        served(inquiry.folder, tls=(pair.cert, pair.key)) as hub,
        browser_in(chromium, profile, ROUTER) as context,
        pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"),
    ):
        context.pages[0].goto(f"https://{NAME}:{hub.port}/tell")


def test_over_plain_http_the_page_says_what_is_missing_and_the_online_form_works(
    chromium: Browser, inquiry: Any, profile: Path
) -> None:
    with served(inquiry.folder) as hub, browser_in(chromium, profile, ROUTER) as context:
        page = context.pages[0]
        problems = watch(page)
        page.goto(f"http://{NAME}:{hub.port}/tell/device?lang=en")
        assert not page.evaluate("isSecureContext")
        assert "does not begin with https" in page.inner_text("main")
        expect(page.locator("#pair")).to_be_hidden()
        page.goto(f"http://{NAME}:{hub.port}/tell/story?lang=en")
        page.fill("#telling", PERSON.telling)
        page.check("input[name=group][value=residents]")
        page.check("#consent-analyse")
        page.locator(".send .button").click()
        page.wait_for_url("**/done**")
        assert page.locator(".code").count()
        assert drafts(page) == 0 and waiting(page) == (0, 0)
        # Chromium says of each such page that it takes no notice of one header there.
        assert not [line for line in problems if "Cross-Origin-Opener-Policy" not in line]
    assert search(profile, CANARY) == {CANARY: []}, "nothing is kept that is not sealed"
    assert told(inquiry.folder) == [PERSON]
