"""Sign a session as Flask does, for requests that no page of ours was asked for before."""

from __future__ import annotations

from flask import Flask

from par_toolkit.web import sessions


def signed(session: dict[str, object], key: bytes) -> str:
    """Sign a session as Flask does."""
    app = Flask(__name__)
    app.secret_key = key
    serializer = sessions.Sessions().get_signing_serializer(app)
    assert serializer is not None
    return f"{sessions.COOKIE}={serializer.dumps(session)}"
