"""The register of stakeholders: who is named for each stake, and why nobody is."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import stakes
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.circles.refusing import shown_again_by, written
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID

FIELDS = {"no_stake": "stake", "name_or_reason": "named", "somebody_named": "why-empty"}


@blueprint.get("/stakeholders")
@guarded("see_cycle")
def stakeholders() -> ResponseReturnValue:
    """Show the register as it stands."""
    return stakeholders_page([])


def stakeholders_page(problems: list[Problem], **_more: Any) -> Any:
    """Show the register by stake, the groups that stand nowhere in it, and its forms."""
    listed = stakes.listing(get_db())
    placed = {one.group for one in listed}
    return render_template(
        "circles/stakeholders.html",
        problems=problems,
        register={stake: [one for one in listed if one.stake == stake] for stake in stakes.STAKES},
        unplaced=[one.code for one in inquiry().groups if one.code not in placed],
    )


@blueprint.post("/stakeholders")
@guarded("keep_stakeholders")
@shown_again_by(stakeholders_page, fields=FIELDS)
def add_stakeholder() -> ResponseReturnValue:
    """Name who has a stake, or say why nobody is named."""
    stakes.add(
        get_db(),
        request.form.get("stake", ""),
        named=written("named"),
        why_empty=written("why_empty"),
        group=_group(),
        by=me(),
    )
    return done(_("It stands in the register now."), "circles.stakeholders")


def _group() -> str | None:
    """Return the stakeholder group that was chosen; None for a line about none of them."""
    chosen = request.form.get("group", "")
    if chosen and chosen not in {one.code for one in inquiry().groups}:
        raise Refused("no_group", _("Choose a group from the list."))
    return chosen or None


@blueprint.post(f"/stakeholders/<{ID}:stake_id>/remove")
@guarded("keep_stakeholders")
@shown_again_by(stakeholders_page)
def remove_stakeholder(stake_id: int) -> ResponseReturnValue:
    """Take a line out of the register."""
    stakes.remove(get_db(), stake_id, by=me())
    return done(
        _("The line is out of the register, and who was named in it is erased."),
        "circles.stakeholders",
    )
