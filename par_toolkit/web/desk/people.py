"""The few people who read: who they are, a link for each new one, and the end of their access."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import people, second_factors
from par_toolkit.storage.errors import Refused
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling import once
from par_toolkit.web.handling.answers import Problem, done, shown_again_by


@blueprint.get("/people")
@guarded("see_people")
def all_people() -> ResponseReturnValue:
    """List everybody who was ever let in."""
    return people_page([])


def people_page(problems: list[Problem]) -> Any:
    """Show who may sign in, in which role."""
    return render_template(
        "desk/people.html",
        problems=problems,
        people=people.listing(get_db()),
        roles=people.ROLES,
        second=[p.id for p in people.listing(get_db()) if second_factors.active(get_db(), p)],
    )


@blueprint.post("/people")
@guarded("see_people", post="manage_people")
@shown_again_by(people_page, field="person")
def add_person() -> ResponseReturnValue:
    """Add a person, or give one whose link was never used a new one."""
    name, role = request.form.get("person", ""), request.form.get("role", "")
    _refuse_a_second_self(name)
    token = people.add(get_db(), name, role, by=me())
    link = url_for("desk.welcome", _external=True) + f"#{token}"
    name = once.keep(once.Secret("person", " ".join(name.split()), link, token))
    return redirect(url_for("desk.person_link", name=name), 303)


def _refuse_a_second_self(name: str) -> None:
    """Give out no new link for somebody who has signed in before.

    With it, whoever asks could sign in as them, and be both of the two people who release words.
    """
    there = people.by_name(get_db(), name)
    if there and (there.has_password or there.disabled):
        raise Refused(
            "has_password",
            _(
                "%(name)s has a password already. Only the person who keeps this machine can "
                "give them a new link, with: par people add",
                name=there.name,
            ),
        )


@blueprint.get("/people/link/<name>")
@guarded("manage_people")
def person_link(name: str) -> ResponseReturnValue:
    """Show a new person's one-time link, this once."""
    return render_template("desk/link.html", secret=once.take(name, "person"))


@blueprint.post("/people/second")
@guarded("see_people", post="manage_people")
@shown_again_by(people_page)
def reset_second_step() -> ResponseReturnValue:
    """Give somebody who lost their second step a one-time link; their password is asked too."""
    found = people.by_name(get_db(), request.form.get("name", ""))
    if found is None:
        raise Refused("unknown_person", "There is nobody with this name here.")
    token = second_factors.give_reset(get_db(), found, by=me())
    link = url_for("desk.second_lost", _external=True) + f"#{token}"
    name = once.keep(once.Secret("person", found.name, link, token))
    return redirect(url_for("desk.person_link", name=name), 303)


@blueprint.post("/people/disable")
@guarded("see_people", post="manage_people")
@shown_again_by(people_page)
def disable_person() -> ResponseReturnValue:
    """Let a person in no longer; what they did stays in the trail."""
    name = request.form.get("name", "")
    found = people.by_name(get_db(), name)
    if found and found.id == me().id:
        raise Refused(
            "own_access", _("You cannot end your own access. Ask another person to do it.")
        )
    people.disable(get_db(), name, by=me())
    return done(_("Their access has ended."), "desk.all_people")
