"""HTTPS on the command line: a wrong certificate is one sentence, before anything starts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.serving import certificates
from tests.serving.authority import Authority, openssl


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


def tls(cert: object, key: object) -> tuple[object, ...]:
    return "--tls-cert", cert, "--tls-key", key


def test_serve_refuses_a_key_of_another_certificate(
    par: Callable[..., Any], authority: Authority
) -> None:
    said = par("serve", *tls(authority.sign().cert, authority.own.key), code=1).stderr
    *reminders, refusal = said.splitlines()
    assert "does not belong to the certificate" in refusal
    assert len(reminders) == 1 and "two are needed" in reminders[0]


def test_serve_refuses_a_key_with_a_password(
    par: Callable[..., Any], authority: Authority, tmp_path: Path
) -> None:
    pair, locked = authority.sign(), tmp_path / "locked.key"
    openssl("pkey", "-in", pair.key, "-aes128", "-passout", "pass:made-up", "-out", locked)
    assert "has a password" in par("serve", *tls(pair.cert, locked), code=1).stderr


def test_serve_refuses_what_has_ended(
    par: Callable[..., Any], authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = authority.sign()
    later = datetime.now(UTC) + timedelta(days=21)
    monkeypatch.setattr(certificates, "usable", at(later, certificates.usable))
    said = par("serve", *tls(pair.cert, pair.key), code=1).stderr
    assert "The certificate ended on" in said and "set the clock" in said
    assert "ended on" in par("check", *tls(pair.cert, pair.key), code=1).stdout


def at(later: datetime, usable: Callable[..., Any]) -> Callable[..., Any]:
    """Return `usable` as it is on a later day."""
    return lambda cert, key, *, now=None: usable(cert, key, now=later)


def test_serve_wants_both_files(par: Callable[..., Any], authority: Authority) -> None:
    cert = authority.sign().cert
    assert "both" in par("serve", "--tls-cert", cert, code=1).stderr
    assert "both" in par("check", "--tls-cert", cert, code=2).stderr


def test_check_says_how_long_a_certificate_holds(
    par_json: Callable[..., Any], authority: Authority, two_people: Any
) -> None:
    def https(days: int) -> dict[str, str]:
        pair = authority.sign(f"hub{days}", names="DNS:hub.example", days=days)
        checks = par_json("check", *tls(pair.cert, pair.key))["checks"]
        return next(one for one in checks if one["check"] == "HTTPS")

    soon, later = https(10), https(60)
    assert (soon["state"], later["state"]) == ("note", "ok")
    assert "is for hub.example and ends on" in later["sentence"]
    assert "Renew it" in soon["sentence"]
