"""The contract: anybody reads it, with every version; those who read stories write the next."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.sensemaking import contracts
from par_toolkit.storage.sensemaking.contracts import PROMISES, Terms
from par_toolkit.storage.sensemaking.written import MOST
from par_toolkit.web import errors
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.circles.refusing import shown_again_by, written
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import whole_number

FIELDS = {
    "no_purpose": "purpose",
    "no_stakeholders": "stake",
    "no_confidentiality": "confidentiality",
    "no_promise": "promise",
    "no_promised": "promised",
}


@blueprint.get("/contract")
@guarded("see_contract")
def contract() -> ResponseReturnValue:
    """Show the contract as it stands, or the version that is asked for."""
    return contract_page([])


def contract_page(problems: list[Problem]) -> Any:
    """Show a version of the contract, every other, and the form for the next."""
    db, asked = get_db(), request.args.get("version")
    latest = contracts.latest(db)
    shown = contracts.get(db, whole_number(asked) or 0) if asked else latest
    if asked and shown is None:
        return errors.page(404)
    return render_template(
        "circles/contract.html",
        problems=problems,
        shown=shown,
        latest=latest,
        versions=contracts.versions(db),
        promises=PROMISES,
    )


@blueprint.post("/contract")
@guarded("see_contract", post="write_contract")
@shown_again_by(contract_page, fields=FIELDS)
def write_contract() -> ResponseReturnValue:
    """Keep the next version of the contract."""
    terms = Terms(
        purpose=written("purpose", most=MOST),
        stake=written("stake", most=MOST),
        confidentiality=written("confidentiality", most=MOST),
        promise=request.form.get("promise", ""),
        promised=written("promised", most=MOST),
    )
    after = whole_number(request.form.get("after"))
    added = contracts.add(get_db(), terms, after=after, by=me())
    return done(
        _("Version %(number)s of the contract holds now.", number=added.version), "circles.contract"
    )
