"""Paired tablets: what has arrived from each, a link for a new one, and the end of a pairing."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import devices
from par_toolkit.storage.clock import now
from par_toolkit.storage.errors import Refused
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling import once
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.handling.fields import ID
from par_toolkit.web.headers import is_trusted

#: How long a pairing may last -> how many days after today it ends, at the end of that day.
ENDS: Final = {"tonight": 0, "week": 7, "never": None}


@blueprint.get("/devices")
@guarded("see_devices")
def all_devices() -> ResponseReturnValue:
    """List the tablets, with how many of their stories have arrived."""
    return devices_page([])


def devices_page(problems: list[Problem], **_more: Any) -> Any:
    """Show every tablet that was ever paired."""
    return render_template(
        "desk/devices.html",
        problems=problems,
        devices=devices.listing(get_db()),
        ends=ENDS,
        now=now(),
    )


@blueprint.post("/devices")
@guarded("see_devices", post="manage_devices")
@shown_again_by(devices_page, field="device")
def add_device() -> ResponseReturnValue:
    """Pair a tablet."""
    name, until = request.form.get("device", ""), request.form.get("until", "tonight")
    if until not in ENDS:
        raise Refused("bad_end", _("Choose when the pairing ends."))
    ends = end_of(ENDS[until])
    token = devices.add(get_db(), name, until=ends, by=me())
    link = url_for("device.this_tablet", _external=True) + f"#{token}"
    code = devices.grouped(token)
    shown = once.keep(once.Secret("device", " ".join(name.split()), link, code, ends))
    return redirect(url_for("desk.device_link", name=shown), 303)


def end_of(days: int | None) -> str | None:
    """Return the end of the day so many days from today, as this machine sees it, in UTC."""
    if days is None:
        return None
    day = datetime.now().astimezone().date() + timedelta(days=days)
    last_second = datetime.combine(day, time(23, 59, 59)).astimezone()
    return last_second.astimezone(UTC).isoformat(timespec="seconds")


@blueprint.get("/devices/link/<name>")
@guarded("manage_devices")
def device_link(name: str) -> ResponseReturnValue:
    """Show the link that pairs a tablet, this once."""
    return render_template("desk/link.html", secret=once.take(name, "device"), reach=reach())


def reach() -> str:
    """Say how far the address of this page carries: 'here', 'online' only, or to 'tablets'."""
    if is_trusted("http", request.host):
        return "here"
    return "tablets" if request.is_secure else "online"


@blueprint.post(f"/devices/<{ID}:device_id>/revoke")
@guarded("manage_devices")
@shown_again_by(devices_page)
def revoke_device(device_id: int) -> ResponseReturnValue:
    """End a pairing; what the tablet still holds stays on it until it is paired again."""
    devices.revoke(get_db(), device_id, by=me())
    return done(_("The pairing has ended."), "desk.all_devices")
