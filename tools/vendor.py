"""Build the libraries that tablets are sent: `python tools/vendor.py [--check]`.

Only for a developer's machine, with Node.js 18 or newer and npm. The versions stand in
tools/vendor/package.json, and the hash of every package in its lock file; npm refuses a package
that does not match, and none of their install scripts is run. What comes out is kept in the
repository, so nothing is built when par-toolkit is installed or run.

With --check, nothing is written: it says whether building again gives the files that are there.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).resolve().parent / "vendor"
TARGET: Final = SOURCE.parents[1] / "par_toolkit" / "web" / "static" / "vendor"

#: file -> (package it is named after, what it is for)
FILES: Final = {
    "age.js": ("age-encryption", "seals a story to the inquiry's key, before it waits on a tablet"),
    "idb.js": ("idb", "IndexedDB, where drafts and sealed stories wait, with promises"),
    "qr.js": ("qr", "draws the receipt code as a QR code"),
}
#: Parts of age that are left out; tools/vendor/left-out.js says why and what happens instead.
LEFT_OUT: Final = (
    "@noble/post-quantum/hybrid.js",
    "@noble/curves/nist.js",
    "@noble/hashes/scrypt.js",
)
#: Tablets of 2020 and later run this; older ones get the pages that work without scripts.
OPTIONS: Final = (
    "--bundle",
    "--format=esm",
    "--minify",
    "--target=es2020",
    "--legal-comments=none",
    *(f"--alias:{part}=./left-out.js" for part in LEFT_OUT),
)
README: Final = """# Libraries of others

Built by `python tools/vendor.py` from the packages named here; never edited by hand. They use no
`eval` and no WebAssembly, and load nothing. `tests/packaging/test_packaging_vendored.py` checks
each file against its hash.

| file | what it does here | made of | bytes | gzip |
|---|---|---|---|---|
{table}

The licences of all of them stand beside each file. Of `age-encryption`, the parts for
post-quantum keys, keys in hardware and passphrases are left out (`tools/vendor/left-out.js`).
esbuild {esbuild} put each into one file.

SHA-256:

```
{hashes}
```
"""


def main() -> int:
    """Build everything; return 1 where --check finds a difference."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = options.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder))
    if check:
        wrong = [name for name, text in built.items() if kept(name) != text]
        print(f"Differs: {', '.join(wrong)}" if wrong else "All files are as built.")
        return 1 if wrong else 0
    TARGET.mkdir(exist_ok=True)
    for name, text in built.items():
        (TARGET / name).write_bytes(text)
    print(f"Wrote {', '.join(built)}.")
    return 0


def kept(name: str) -> bytes:
    """Return the bytes of a file as it stands in the repository; nothing where there is none."""
    path = TARGET / name
    return path.read_bytes() if path.exists() else b""


def build(folder: Path) -> dict[str, bytes]:
    """Install the pinned packages into `folder` and return every file: name -> bytes."""
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    built: dict[str, bytes] = {}
    rows = []
    for name, (package, purpose) in FILES.items():
        packages = bundle(folder, name)
        code = (folder / "out" / name).read_bytes()
        built[name] = code
        built[name.replace(".js", ".LICENSE.txt")] = licences(folder, packages)
        made_of = ", ".join(f"{each} {version(folder, each)}" for each in packages)
        assert package in packages, f"{name} holds nothing of {package}"
        sizes = f"{len(code):,} | {len(gzip.compress(code, 9, mtime=0)):,}"
        rows.append(f"| `{name}` | {purpose} | {made_of} | {sizes} |")
    hashes = [f"{hashlib.sha256(text).hexdigest()}  {name}" for name, text in built.items()]
    readme = README.format(
        table="\n".join(rows),
        hashes="\n".join(hashes),
        esbuild=version(folder, "esbuild"),
    )
    return built | {"README.md": readme.encode()}


def bundle(folder: Path, name: str) -> list[str]:
    """Put one library into one file in `folder`/out; return the packages it took code from."""
    entry = name.replace(".js", ".entry.js")
    command = ["node_modules/.bin/esbuild", entry, f"--outfile=out/{name}", *OPTIONS]
    run([*command, "--log-level=warning", f"--metafile={name}.json"], folder)
    made = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["outputs"]
    used = made[f"out/{name}"]["inputs"].items()
    return sorted({package_of(path) for path, part in used if part["bytesInOutput"]} - {""})


def package_of(path: str) -> str:
    """Return the package a module belongs to, as in `node_modules/@noble/hashes/hmac.js`."""
    _, found, inside = path.rpartition("node_modules/")
    parts = inside.split("/")
    return "/".join(parts[: 2 if inside.startswith("@") else 1]) if found else ""


def version(folder: Path, package: str) -> str:
    """Return the version of an installed package."""
    text = (folder / "node_modules" / package / "package.json").read_text(encoding="utf-8")
    return str(json.loads(text)["version"])


def licences(folder: Path, packages: list[str]) -> bytes:
    """Return the licence of each package, under its name."""
    parts = []
    for package in packages:
        # `qr` may be used under either of two licences: we take the MIT one.
        found = [
            path for path in (folder / "node_modules" / package).glob("LICENSE*") if path.is_file()
        ]
        chosen = max(found, key=lambda path: (path.name == "LICENSE-MIT", path.name))
        text = chosen.read_text(encoding="utf-8").strip()
        parts.append(f"{package} {version(folder, package)}\n\n{text}\n")
    return "\n\n".join(parts).encode()


def run(command: list[str], folder: Path) -> None:
    """Run a command in `folder`; a failure ends the build with what the command said."""
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
