"""Every door names what it is for, and asks the one table of roles before it opens."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from par_toolkit.permissions import ACTIONS, DESK, may
from par_toolkit.storage import devices, people, receipts, sittings
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import StorageError
from par_toolkit.storage.sensemaking import seats
from par_toolkit.web import locked
from par_toolkit.web.database import get_db
from par_toolkit.web.limits import Guesses, limits

View = TypeVar("View", bound=Callable[..., Any])

#: Looks up a token: the device, where its pairing holds, and whether it ever did.
Look = Callable[[str], tuple[devices.Device | None, bool]]

#: Seconds after which whoever signed in does so again. A cookie that somebody copied
#: stays good when its person signs out, so it must end by itself.
SITTING: Final = sittings.HOURS * 60 * 60

#: Seconds without a page at the desk after which a sitting has ended as well.
IDLE: Final = sittings.IDLE_MINUTES * 60
#: How often the session notes that somebody is still here, in seconds: no cookie for each page.
NOTED: Final = 60

#: How a door that only participants or devices may open says no; filled by the pages it leads to.
refusals: Final[dict[str, Callable[[], Any]]] = {}


def guarded(action: str, *, post: str | None = None) -> Callable[[View], View]:
    """Name the action of permissions.ACTIONS that a view is for; `post` where posting is another.

    An unknown action is refused when the module is read.
    """
    for named in (action, post or action):
        if named not in ACTIONS:
            raise KeyError(f"'{named}' is not an action of par_toolkit/permissions.py.")

    def name(view: View) -> View:
        view.par_action = action  # type: ignore[attr-defined]
        view.par_post_action = post or action  # type: ignore[attr-defined]
        return view

    return name


def words_kept_by(again: Callable[..., Any]) -> Callable[[View], View]:
    """Have `again(sentence, **view_args)` show a form whose session ran out, with every word."""

    def name(view: View) -> View:
        view.par_again = again  # type: ignore[attr-defined]
        return view

    return name


def refused_by(role: str) -> Callable[[View], View]:
    """Register the page that answers whoever is not yet known to be in `role`."""

    def name(view: View) -> View:
        refusals[role] = view
        return view

    return name


def action_of(app: Flask, endpoint: str, method: str) -> str:
    """Return the action that a request is for; LookupError where a view names none."""
    view = app.view_functions[endpoint]
    name = "par_post_action" if method not in ("GET", "HEAD", "OPTIONS") else "par_action"
    action = getattr(view, name, None)
    if action is None:
        raise LookupError(f"The view '{endpoint}' does not say which action it is for.")
    return str(action)


def person() -> people.Person | None:
    """Return who is signed in; None for nobody, and for somebody since disabled."""
    if "person" not in g:
        g.person = signed_in(session, get_db)
        if g.person and time.time() - session.get("seen", 0) > NOTED:
            session["seen"] = int(time.time())  # somebody is still here: the hour begins anew
    return g.person  # type: ignore[no-any-return]


def me() -> people.Person:
    """Return who is signed in, in a view that the guard lets nobody else into."""
    found = person()
    assert found is not None
    return found


def signed_in(
    session: Mapping[str, Any], db: Callable[[], PrivateDatabase]
) -> people.Person | None:
    """Return the person whom a session belongs to; None where it has ended or they are disabled."""
    known, since = session.get("person"), session.get("since", 0)
    if not isinstance(known, int) or not 0 <= time.time() - since < SITTING:
        return None
    found = people.get(db(), known)
    if found is None or found.disabled or found.session != session.get("sitting"):
        return None
    # guests read the findings for as long as they like, and those pages note nothing
    if found.role in DESK and not 0 <= time.time() - session.get("seen", since) < IDLE:
        return None
    here = session.get("place")
    if here is not None and not sittings.holds(db(), here, found):
        return None
    return found


def elsewhere() -> str | None:
    """Return since when whoever is signed in here is so in another place as well; None: nowhere."""
    found, here = person(), session.get("place")
    return sittings.elsewhere(get_db(), here, found) if found and here is not None else None


def end_elsewhere() -> None:
    """Sign whoever is signed in here out everywhere else."""
    sittings.end_elsewhere(get_db(), session.get("place", 0), by=me())


def sign_in(person: people.Person) -> None:
    """Begin a session at the desk, with nothing of the session before it."""
    language = session.get("language")
    end_sitting()
    session.clear()
    here = int(time.time())
    session.update(person=person.id, sitting=person.session, since=here, seen=here)
    session["place"] = sittings.begin(get_db(), person)
    if language:
        session["language"] = language
    g.person = person


def end_sitting() -> None:
    """End the sitting that this browser holds, before its session is forgotten.

    Else a copy of its cookie would still open the desk, and whoever signs in here again would be
    told of themselves as of somebody in another place.
    """
    if (here := session.get("place")) is not None:
        sittings.end(get_db(), here)


def let_go() -> None:
    """Forget the session for whoever comes next, also where the database cannot be asked."""
    with contextlib.suppress(StorageError):
        end_sitting()
    session.clear()
    g.pop("person", None)


def sign_out() -> None:
    """End the session at the desk and forget all that it held."""
    end_sitting()
    session.clear()
    g.person = None


def standing() -> Iterator[str]:
    """Give every role in which this request comes, the cheapest to know first."""
    yield "anyone"
    signed_in = person()
    if signed_in:
        yield signed_in.role
    if receipt_code():
        yield "participant"
    if seat():
        yield "member"
    if device():
        yield "device"


def seat() -> seats.Seat | None:
    """Return the seat in a circle that this browser holds; None where nobody sits there."""
    if "seat" not in g:
        known = session.get("seat")
        found = seats.get(get_db(), known) if isinstance(known, int) else None
        held = found and not found.left_at and found.sitting == session.get("seat_sitting")
        g.seat = found if held else None
    return g.seat  # type: ignore[no-any-return]


def forget_seat() -> None:
    """Look the seat up anew when it is asked for next."""
    g.pop("seat", None)


def receipt_code() -> str | None:
    """Return the sixteen digits that were posted, whether or not we know them.

    Whoever holds a code is its participant before the story arrives (promise 6).
    """
    return receipts.normalise(request.form.get("code", "")) if request.method == "POST" else None


def device() -> devices.Device | None:
    """Return the paired device whose token came with the request."""
    if "device" not in g:
        header, address = request.headers.get("Authorization", ""), request.remote_addr or ""
        outside = locked.outside()
        look = outside.device if outside else lambda token: paired(get_db(), token)
        g.device, g.guessed_too_often = device_with(header, address, limits().guesses, look)
    return g.device  # type: ignore[no-any-return]


def paired(db: PrivateDatabase, token: str) -> tuple[devices.Device | None, bool]:
    """Return the device with this token, where its pairing holds, and whether it ever did."""
    found = devices.by_token(db, token)
    return found, found is not None or devices.was_given(db, token)


def device_with(
    header: str, address: str, guesses: Guesses, look: Look
) -> tuple[devices.Device | None, int]:
    """Return the paired device whose token is in `header`, as Authorization has it.

    Where its `address` has guessed too often, and only then, the second is the seconds to wait.
    """
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        return None, 0
    found, was_given = look(token)
    if found or was_given:
        return found, 0
    return None, guesses.wait(address, people.digest(token))


def allowed(action: str) -> bool:
    """Say whether this request may do `action`; templates ask it before they offer a button."""
    return any(may(role, action) for role in standing())


def check() -> Any:
    """Answer for a door that does not open; None lets the request in."""
    endpoint = request.endpoint
    if endpoint is None or endpoint == "static" or request.method == "OPTIONS":
        return None
    action = action_of(current_app, endpoint, request.method)
    return None if allowed(action) else _refuse(ACTIONS[action])


def _refuse(roles: frozenset[str]) -> Any:
    for role, answer in refusals.items():
        if role in roles:
            return answer()
    if roles & DESK and person() is None:
        return to_sign_in()
    return abort(403)


def to_sign_in() -> Response:
    """Send whoever is not signed in to the desk's door, and back to this page afterwards."""
    back = request.path if request.method == "GET" else None
    return redirect(url_for("desk.sign_in", next=back), 303)


def unnamed(app: Flask) -> list[str]:
    """List the views of `app` that do not say which action they are for."""
    return [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not hasattr(view, "par_action")
    ]


def init_app(app: Flask) -> None:
    """Have `check` stand before every view of `app`, and let templates ask who is here."""
    app.before_request(check)
    app.context_processor(
        lambda: {"allowed": allowed, "person": person, "signed_in_elsewhere": elsewhere}
    )
