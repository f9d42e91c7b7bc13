"""Evidence of quality at the desk: five criteria, each with what was done, and what is missing."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from par_toolkit.storage.sensemaking import checks, evidence, expectations, items
from par_toolkit.web.circles import clock, evidenced
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded


@blueprint.get("/quality")
@guarded("see_quality")
def quality() -> ResponseReturnValue:
    """Show the evidence of a cycle as it stands."""
    db, cycle = get_db(), clock.at_hand()
    found = evidence.gather(db, cycle, groups=[one.code for one in inquiry().groups])
    heard = {one.group: one.heard for one in found.groups}
    said = checks.listing(db)
    return render_template(
        "circles/quality.html",
        cycle=cycle,
        found=found,
        heard=heard,
        items={one.item: items.get(db, one.item) for one in found.led},
        sealed=expectations.of_cycle(db, cycle),
        checked=len(said),
        waiting=sum(one.waits for one in said),
        evidenced=evidenced,
    )
