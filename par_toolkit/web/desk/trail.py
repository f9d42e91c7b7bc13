"""The trail: who did what, newest first, and whether any row of it was changed (promise 15)."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from par_toolkit.storage import audit
from par_toolkit.web.database import get_db
from par_toolkit.web.desk import trail_words
from par_toolkit.web.desk.door import PAGE, blueprint, page_number
from par_toolkit.web.desk.reading import pages
from par_toolkit.web.guards import guarded


@blueprint.get("/audit")
@guarded("see_audit")
def trail() -> ResponseReturnValue:
    """Show one page of the trail, and what checking the whole of it found."""
    db, page = get_db(), page_number()
    return render_template(
        "desk/audit.html",
        rows=audit.listing(db, limit=PAGE, offset=(page - 1) * PAGE),
        verdict=audit.verify(db),
        page=page,
        pages=pages(audit.count(db)),
        act=trail_words.act,
        subject=trail_words.subject,
    )
