"""The rooms of sense-making, as their navigation and the overview show them to facilitators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _

from par_toolkit.web import guards


@dataclass(frozen=True)
class Room:
    """A page and all that is under its address; `current` says whether this request is there."""

    address: str
    name: str
    about: str
    current: bool

    @property
    def here(self) -> bool:
        """Say whether this request is for that very page."""
        return request.path == self.address


def rooms() -> list[tuple[str, list[Room]]]:
    """Return the rooms that whoever asks may enter, under the step that they belong to."""
    steps = [(title, list(_open(listed))) for title, listed in _all()]
    return [(title, listed) for title, listed in steps if listed]


def _all() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """List each step with its rooms, as (endpoint, name, what it is for)."""
    return [
        (
            _("The cycle"),
            [
                ("cycle", _("The cycle"), _("What waits, for whom and since when.")),
                ("contract", _("Contract"), _("What was agreed with the community.")),
                (
                    "stakeholders",
                    _("Stakeholders"),
                    _("Who acts, who benefits, who bears the cost, and who is missing."),
                ),
                (
                    "expectations",
                    _("Expectations"),
                    _("What evaluators expect, sealed before they read."),
                ),
                ("actions", _("Actions"), _("Who does what by when, and what became of it.")),
            ],
        ),
        (
            _("Circles"),
            [
                ("run", _("Circles"), _("Each group says how it sees it: alone, then together.")),
                (
                    "items",
                    _("Claims, concerns, issues"),
                    _("What people praise, worry about and disagree on."),
                ),
            ],
        ),
        (
            _("Exchange and negotiation"),
            [
                ("statements", _("Statements"), _("Put to every group: agree or not, and why.")),
                ("priorities", _("Priorities"), _("What those affected put first.")),
                ("information", _("Information"), _("What must be found out, by whom.")),
                ("agendas", _("Agendas"), _("What is negotiated, with each view side by side.")),
                ("appeals", _("Appeals"), _("Answered by somebody other than who decided.")),
            ],
        ),
        (
            _("Quality and report"),
            [
                (
                    "member_checks",
                    _("What tellers say"),
                    _("Whether we got their words right, and what waits for an answer."),
                ),
                ("quality", _("Quality"), _("Fair, richer, understood, followed, able to act.")),
                ("releases", _("Releases of words"), _("Two people say yes before words leave.")),
                ("report", _("Case report"), _("What is resolved and what is not, for everybody.")),
            ],
        ),
    ]


def _open(listed: list[tuple[str, str, str]]) -> Iterator[Room]:
    for name, title, about in listed:
        endpoint = f"circles.{name}"
        if endpoint not in current_app.view_functions:
            continue
        if guards.allowed(guards.action_of(current_app, endpoint, "GET")):
            address = url_for(endpoint)
            inside = request.path == address or request.path.startswith(f"{address}/")
            yield Room(address, title, about, inside)
