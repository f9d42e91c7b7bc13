"""A second step in a real browser: set up from the square, shown once, asked for afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pyotp
from playwright.sync_api import Page

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase

NAME, PASSWORD = "Made-up Steward", "four made up words"


def test_a_second_step_is_set_up_and_asked_for(
    page: Page,
    inquiry: Inquiry,
    db: PrivateDatabase,
    live_server: Callable[[Path], str],
    check_axe: Callable[[Page], None],
) -> None:
    people.set_password(db, people.add(db, NAME, "steward"), PASSWORD)
    address = live_server(inquiry.folder)
    come_in(page, address)
    page.wait_for_url(f"{address}/desk/")
    page.get_by_role("link", name=NAME).click()
    page.locator("#second-password").fill(PASSWORD)
    page.get_by_role("button", name="Set up a second step").click()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    assert page.locator("svg.qr").is_visible()
    page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Ask me for codes").click()
    codes = page.locator("main li code").all_inner_texts()
    assert len(codes) == 10
    check_axe(page)
    page.get_by_role("button", name="Sign out").click()
    come_in(page, address)
    page.wait_for_url(f"{address}/desk/sign-in/second")
    check_axe(page)
    # the code of the next half minute is taken too, and the one before is used up
    page.get_by_label("Code").fill(pyotp.TOTP(secret).at(int(time.time()) + 30))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/desk/")


def come_in(page: Page, address: str) -> None:
    page.goto(f"{address}/desk/sign-in?lang=en")
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
