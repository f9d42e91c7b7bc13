"""At the desk: a build waits, stewards say yes or no, and others see how far it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from par_toolkit import publishing
from par_toolkit.inquiry import Inquiry, load
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of

PAGE = "/desk/publish?lang=en"
YES, NO = "/desk/publish/approve", "/desk/publish/refuse"


@pytest.fixture
def inquiry(inquiry: Inquiry) -> Inquiry:
    """Ask two stewards for their yes."""
    path = inquiry.folder / "inquiry.toml"
    path.write_text(path.read_text("utf-8").replace("approvals = 0", "approvals = 2"), "utf-8")
    return load(inquiry.folder)


def test_a_build_is_made_read_and_shown_with_two_yes(
    desk: Callable[..., Desk], inquiry: Inquiry
) -> None:
    facilitator, one, two = desk("facilitator"), desk("steward"), desk("steward", name="Made-up Z")
    page = text_of(facilitator.get(PAGE))
    assert "It waits until 2 stewards have read it and said yes." in page
    facilitator.press(PAGE, "/desk/publish")
    seen = facilitator.get(PAGE)
    assert "Build 1 waits for a yes" in text_of(seen) and YES not in forms_of(seen)
    assert "Stewards say yes or no to it." in text_of(seen)
    assert "/preview/" in seen.get_data(as_text=True)
    assert "Build 1 is deleted then." in text_of(seen)
    assert one.press(PAGE, YES).status_code == 303
    after = text_of(two.get(PAGE))
    assert "1 of 2 stewards have said yes." in after and f"These have: {one.name}." in after
    assert publishing.live_build(inquiry.folder) is None
    two.press(PAGE, YES)
    assert "Build 1 is live." in text_of(two.get(PAGE))
    assert publishing.live_build(inquiry.folder) == 1


def test_a_no_deletes_it_and_a_late_yes_is_told_so(
    desk: Callable[..., Desk], inquiry: Inquiry
) -> None:
    one, two = desk("steward"), desk("steward", name="Made-up Z")
    one.press(PAGE, "/desk/publish")
    stale = forms_of(two.get(PAGE))[YES].fields
    assert one.press(PAGE, NO).status_code == 303
    late = two.client.post(YES, data=stale)
    assert late.status_code == 422 and "does not wait any more" in text_of(late)
    assert publishing.live_build(inquiry.folder) is None


@pytest.mark.parametrize("role", ["facilitator", "evaluator"])
def test_others_say_neither_yes_nor_no(
    desk: Callable[..., Desk], inquiry: Inquiry, role: str
) -> None:
    desk("steward").press(PAGE, "/desk/publish")
    for act in (YES, NO):
        assert desk(role).post(act, {"build": "1"}).status_code == 403
    assert publishing.live_build(inquiry.folder) is None


def test_a_yes_needs_the_number_that_was_read(desk: Callable[..., Desk], inquiry: Inquiry) -> None:
    steward = desk("steward")
    steward.press(PAGE, "/desk/publish")
    for build in ("", "x", "2", "-1"):
        assert steward.post(YES, {"build": build}).status_code in (400, 404, 422)
    assert publishing.live_build(inquiry.folder) is None
