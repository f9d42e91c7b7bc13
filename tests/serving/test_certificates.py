"""A certificate that would fail in the hall is refused at once, with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from par_toolkit.serving import ServingError, certificates
from tests.serving.authority import Authority, Pair, openssl

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls") / "authority")


@pytest.fixture(scope="module")
def pair(authority: Authority) -> Pair:
    return authority.sign()


def test_a_good_pair_is_read(pair: Pair) -> None:
    found = certificates.usable(pair.cert, pair.key)
    assert found.names == ("localhost", "127.0.0.1")
    assert found.days_left(NOW) in (19, 20)
    assert "is for localhost, 127.0.0.1 and ends on" in found.sentence(NOW)


def test_a_chain_is_read_by_its_first_certificate(
    authority: Authority, pair: Pair, tmp_path: Path
) -> None:
    chain = tmp_path / "fullchain.pem"
    chain.write_text(pair.cert.read_text() + authority.own.cert.read_text())
    assert certificates.read(chain, pair.key) == certificates.read(pair.cert, pair.key)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(days=21), "The certificate ended on .* Get a new certificate, or set the clock"),
        (timedelta(days=-2), "The certificate starts on .* Set the clock"),
    ],
)
def test_an_hour_outside_its_time_is_refused(pair: Pair, later: timedelta, said: str) -> None:
    with pytest.raises(ServingError, match=said):
        certificates.usable(pair.cert, pair.key, now=NOW + later)


def test_one_that_ends_soon_asks_to_be_renewed(pair: Pair, authority: Authority) -> None:
    assert "Renew it" in certificates.usable(pair.cert, pair.key).sentence(NOW)
    longer = authority.sign("longer", days=60)
    assert "Renew it" not in certificates.usable(longer.cert, longer.key).sentence(NOW)


def test_one_without_a_name_is_refused(authority: Authority) -> None:
    nameless = authority.sign("nameless", names="")
    with pytest.raises(ServingError, match="names no address"):
        certificates.usable(nameless.cert, nameless.key)


def test_one_that_is_not_for_servers_is_refused(authority: Authority, tmp_path: Path) -> None:
    key, cert = tmp_path / "mail.key", tmp_path / "mail.pem"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-noenc", "-subj", "/CN=mail", "-keyout", key,
            "-addext", "extendedKeyUsage=emailProtection",
            "-addext", "subjectAltName=DNS:hub.test", "-out", cert)  # fmt: skip
    with pytest.raises(ServingError, match="Browsers would refuse"):
        certificates.read(cert, key)


def swapped(pair: Pair, authority: Authority, place: Path) -> tuple[Path, Path]:
    return pair.key, pair.cert


def mismatched(pair: Pair, authority: Authority, place: Path) -> tuple[Path, Path]:
    return pair.cert, authority.own.key


def other_kind_of_key(pair: Pair, authority: Authority, place: Path) -> tuple[Path, Path]:
    openssl("genpkey", "-algorithm", "RSA", "-out", place / "rsa.key")
    return pair.cert, place / "rsa.key"


def with_a_password(pair: Pair, authority: Authority, place: Path) -> tuple[Path, Path]:
    openssl("pkey", "-in", pair.key, "-aes128", "-passout", "pass:secret", "-out", place / "pw.key")
    return pair.cert, place / "pw.key"


def cut_short(pair: Pair, authority: Authority, place: Path) -> tuple[Path, Path]:
    (place / "cut.pem").write_text(pair.cert.read_text()[:200])
    return place / "cut.pem", pair.key


def not_text(pair: Pair, authority: Authority, place: Path) -> tuple[Path, Path]:
    openssl("x509", "-in", pair.cert, "-outform", "der", "-out", place / "hub.der")
    return place / "hub.der", pair.key


def key_cut_short(pair: Pair, authority: Authority, place: Path) -> tuple[Path, Path]:
    (place / "cut.key").write_text(pair.key.read_text()[:80])
    return pair.cert, place / "cut.key"


def no_key(pair: Pair, authority: Authority, place: Path) -> tuple[Path, Path]:
    return pair.cert, pair.cert


def a_folder(pair: Pair, authority: Authority, place: Path) -> tuple[Path, Path]:
    return pair.cert, place


WRONG = {
    swapped: "There is no certificate in",
    mismatched: "does not belong to the certificate",
    other_kind_of_key: "does not belong to the certificate",
    with_a_password: "has a password",
    cut_short: "is damaged",
    not_text: "There is no certificate in",
    key_cut_short: "is damaged",
    no_key: "There is no private key in",
    a_folder: "is not there",
}


@pytest.mark.parametrize("make", WRONG, ids=lambda make: make.__name__)
def test_a_wrong_file_is_a_sentence(
    make: Callable[..., tuple[Path, Path]], pair: Pair, authority: Authority, tmp_path: Path
) -> None:
    with pytest.raises(ServingError, match=WRONG[make]) as refused:
        certificates.read(*make(pair, authority, tmp_path))
    assert len(str(refused.value).splitlines()) == 1
