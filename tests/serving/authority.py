"""A certificate authority for one test, made with openssl: nothing committed that could run out."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

_FOR_SERVERS = (
    "basicConstraints=critical,CA:FALSE\n"
    "keyUsage=critical,digitalSignature\n"
    "extendedKeyUsage=serverAuth\n"
)
_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")


@dataclass(frozen=True)
class Pair:
    """The files of a certificate and its key."""

    cert: Path
    key: Path


class Authority:
    """Signs certificates as a hub's own authority does (docs/hub.md)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.own = Pair(folder / "ca.pem", folder / "ca.key")
        openssl("req", "-x509", *_NEW_KEY, "-days", "30", "-subj", "/CN=Test authority",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                "-keyout", self.own.key, "-out", self.own.cert)  # fmt: skip

    def sign(
        self, name: str = "hub", *, names: str = "DNS:localhost,IP:127.0.0.1", days: int = 20
    ) -> Pair:
        """Make a key and sign a certificate for `names`; none where they are empty."""
        made = Pair(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        request = self.folder / f"{name}.csr"
        more = self.folder / f"{name}.ext"
        more.write_text(_FOR_SERVERS + (f"subjectAltName={names}\n" if names else ""))
        openssl("req", "-new", *_NEW_KEY, "-subj", f"/CN={name}",
                "-keyout", made.key, "-out", request)  # fmt: skip
        openssl("x509", "-req", "-in", request, "-CA", self.own.cert, "-CAkey", self.own.key,
                "-set_serial", str(int.from_bytes(name.encode(), "big")), "-days", str(days),
                "-extfile", more, "-out", made.cert)  # fmt: skip
        return made


def openssl(*arguments: object) -> None:
    """Run openssl; fail with what it said."""
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
