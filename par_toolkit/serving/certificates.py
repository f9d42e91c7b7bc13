"""The certificate for HTTPS, tried before anything listens: what is wrong is a sentence."""

from __future__ import annotations

import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Never

from .errors import ServingError

#: Days before its end from which a certificate is better renewed than used.
SOON: Final = 30
#: OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python has no name for.
_NO_CHECK_TIME: Final = 0x200000
_ADDRESSES: Final = ("DNS", "IP Address")
#: What OpenSSL says of a key of another certificate; the last where it is of another kind.
_OTHER_KEY: Final = ("KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED")
_BEGINNING: Final = "-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True)
class Certificate:
    """What a certificate says: the names and addresses it is for, and when it starts and ends."""

    names: tuple[str, ...]
    starts: datetime
    ends: datetime

    def days_left(self, now: datetime) -> int:
        """Return the whole days until it ends; below 0 when it has ended."""
        return (self.ends - now).days

    def sentence(self, now: datetime) -> str:
        """Say what it is for and how long it holds."""
        days = self.days_left(now)
        said = (
            f"The certificate is for {', '.join(self.names)} and ends on {_day(self.ends)}, "
            f"in {days} day{'' if days == 1 else 's'}."
        )
        return said if days > SOON else f"{said} Renew it while there is internet."

    def problem(self, now: datetime) -> str | None:
        """Say why no browser would take it today, and what to do; None where one would."""
        if not self.names:
            return (
                "The certificate names no address, and browsers refuse it. Make one that has the "
                "server's name as subjectAltName."
            )
        if now > self.ends:
            return (
                f"The certificate ended on {_day(self.ends)}, and this machine says that today is "
                f"{_day(now)}. Get a new certificate, or set the clock."
            )
        if now < self.starts:
            return (
                f"The certificate starts on {_day(self.starts)}, and this machine says that today "
                f"is {_day(now)}. Set the clock."
            )
        return None


def read(cert: Path | str, key: Path | str) -> Certificate:
    """Read a certificate and its key, and try them on each other as a browser and a server would.

    Whether it holds today is for `Certificate.problem` to say. Raises ServingError with a sentence
    where a file is missing, unreadable or no PEM file, has a password, or does not fit the other.
    """
    text = _text(cert, "--tls-cert")
    _text(key, "--tls-key")
    if _BEGINNING not in text:
        raise ServingError(
            f"There is no certificate in {cert}. Give the file that begins with {_BEGINNING}"
        )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _load(server, cert, key)
    found = _shake_hands(server, cert)
    names = tuple(name for kind, name in found.get("subjectAltName", ()) if kind in _ADDRESSES)
    return Certificate(names, _time(found["notBefore"]), _time(found["notAfter"]))


def usable(cert: Path | str, key: Path | str, *, now: datetime | None = None) -> Certificate:
    """Read a certificate that holds now; ServingError says what is wrong with any other."""
    found = read(cert, key)
    problem = found.problem(now or datetime.now(UTC))
    if problem:
        raise ServingError(problem)
    return found


def _text(file: Path | str, option: str) -> str:
    path = Path(file)
    if not path.is_file():
        raise ServingError(f"The file given with {option} is not there: {file}")
    try:
        return path.read_text("utf-8", "replace")
    except OSError as error:
        raise ServingError(f"The file {file} cannot be read: {error.strerror}.") from error


def _load(server: ssl.SSLContext, cert: Path | str, key: Path | str) -> None:
    def refuse() -> Never:
        raise ServingError(
            f"The key {key} has a password. Write it without one, readable by you only: "
            "openssl pkey -in WITH.key -out WITHOUT.key"
        )

    try:
        server.load_cert_chain(cert, key, password=refuse)
    except ssl.SSLError as error:
        if error.reason in _OTHER_KEY:
            sentence = f"The key {key} does not belong to the certificate {cert}. Give its own."
        elif "PRIVATE KEY-----" not in _text(key, "--tls-key"):
            sentence = f"There is no private key in {key}. Give the file that came with {cert}."
        else:
            sentence = f"The certificate {cert} or the key {key} is damaged. Copy both again."
        raise ServingError(sentence) from error


def _shake_hands(server: ssl.SSLContext, cert: Path | str) -> dict[str, Any]:
    """Let a client that trusts this one certificate greet the server; return what it saw.

    Python reads a certificate's fields for a client that checked it, and for nobody else. So the
    client checks everything but the time.
    """
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        client.load_verify_locations(cert)
        asking = client.wrap_bio(to_client, to_server)
        answering = server.wrap_bio(to_server, to_client, server_side=True)
        for end in (asking, answering) * 3:
            with suppress(ssl.SSLWantReadError):
                end.do_handshake()
        return dict(asking.getpeercert() or {})
    except (ssl.SSLError, ValueError) as error:
        raise ServingError(
            f"Browsers would refuse the certificate {cert} ({_reason(error)}). Make one for a "
            "server, as docs/hub.md shows."
        ) from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "verify_message", "") or getattr(error, "reason", "") or error)


def _time(said: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(said), UTC)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
