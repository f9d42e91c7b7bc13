"""Sealing: only the inquiry's own key opens, and whatever else comes is refused in a sentence."""

from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import passphrase

from par_toolkit import sealing

BODY = b'{"telling": "The well is open again."}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with keys."""
    (tmp_path / "keys").mkdir()
    sealing.make_keys(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one folder with keys for many examples, none of which changes it."""
    folder = tmp_path_factory.mktemp("sealing")
    (folder / "keys").mkdir()
    sealing.make_keys(folder)
    return folder


def test_promise_04_what_is_sealed_is_opened_by_the_inquiry_alone(folder: Path) -> None:
    sealed = sealing.seal(sealing.recipient(folder), BODY)
    assert b"well" not in sealed and sealed.startswith(sealing.BEGINNING)
    assert sealing.open_sealed(folder, sealed) == BODY
    assert sealing.seal(sealing.recipient(folder), BODY) != sealed, "it is sealed anew each time"


def test_the_keys_are_lines_that_any_age_program_reads(folder: Path) -> None:
    keys = folder / "keys"
    assert (keys / "sealing.pub").read_text().startswith("age1")
    assert (keys / "sealing.key").read_text().startswith("AGE-SECRET-KEY-1")
    assert all(path.read_text().count("\n") == 1 for path in keys.iterdir())
    assert stat.S_IMODE((keys / "sealing.key").stat().st_mode) == 0o600


def test_keys_are_made_once_even_by_many_at_once(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sealing.make_keys, [tmp_path] * 40))
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [
        "sealing.key",
        "sealing.pub",
    ]
    sealing.check_key(tmp_path, sealing.read_key(tmp_path / "keys" / "sealing.key"))


def test_a_missing_public_half_is_worked_out_and_a_missing_private_half_never_made(
    folder: Path,
) -> None:
    public, private = folder / "keys" / "sealing.pub", folder / "keys" / "sealing.key"
    known = public.read_text()
    public.unlink()
    sealing.make_keys(folder)
    assert public.read_text() == known
    private.unlink()
    sealing.make_keys(folder)
    assert not private.exists()
    assert sealing.locked(folder)
    with pytest.raises(sealing.Locked, match="par unlock --key"):
        sealing.open_sealed(folder, sealing.seal(sealing.recipient(folder), BODY))


def test_the_key_is_taken_away_whole_and_opens_from_where_it_is(
    folder: Path, tmp_path: Path
) -> None:
    sealed = sealing.seal(sealing.recipient(folder), BODY)
    away = tmp_path / "stick"
    sealing.put_away(folder, away)
    assert sealing.locked(folder)
    assert [path.name for path in (folder / "keys").iterdir()] == ["sealing.pub"]
    key = sealing.read_key(away)
    assert sealing.open_sealed(folder, sealed, key=key) == BODY
    with pytest.raises(sealing.Locked):
        sealing.put_away(folder, tmp_path / "another")
    assert sealing.put_back(folder, key)
    assert sealing.open_sealed(folder, sealed) == BODY
    assert not sealing.put_back(folder, key), "it is there already"
    (folder / "keys" / "sealing.key").write_text("AGE-SECRET-KEY-1DAMAGED")
    assert sealing.put_back(folder, key)
    assert sealing.open_sealed(folder, sealed) == BODY


def test_the_key_stays_where_the_stick_did_not_keep_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OSError):
        sealing.put_away(folder, tmp_path / "no such folder" / "key")
    other = tmp_path / "key"
    other.write_text(str(pyrage.x25519.Identity.generate()) + "\n")
    with pytest.raises(sealing.BadKey, match="was not removed"):
        sealing.put_away(folder, other)
    assert not sealing.locked(folder)


def test_a_stick_without_hard_links_keeps_the_key_too(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError("made up")

    monkeypatch.setattr("os.link", no_links)
    sealing.put_away(folder, tmp_path / "stick")
    assert sealing.locked(folder)
    sealing.check_key(folder, sealing.read_key(tmp_path / "stick"))


def test_another_key_is_told_apart_from_a_file_that_holds_none(
    folder: Path, tmp_path: Path
) -> None:
    other = str(pyrage.x25519.Identity.generate())
    with pytest.raises(sealing.NotForUs, match="another inquiry"):
        sealing.check_key(folder, other)
    with pytest.raises(sealing.BadKey, match="holds no opening key"):
        sealing.read_key(folder / "keys" / "sealing.pub")
    with pytest.raises(sealing.BadKey, match="cannot be read"):
        sealing.read_key(tmp_path / "nothing")
    remarks = tmp_path / "as age-keygen writes it"
    remarks.write_text(f"# created: today\n# public key: age1…\n{other.lower()}\n", "utf-8")
    assert sealing.read_key(remarks) == other
    remarks.write_text(f"{other}\r\n", "utf-8-sig")  # as an editor of Windows saves it
    assert sealing.read_key(remarks) == other
    broken = tmp_path / "broken"
    broken.write_text(other[:-1] + ("Q" if other.endswith("0") else "0"))
    with pytest.raises(sealing.BadKey, match="opening key is damaged"):
        sealing.check_key(folder, sealing.read_key(broken))


@pytest.mark.parametrize("text", ["", "age1nothing", "\u00e9"])
def test_a_damaged_public_half_is_said(folder: Path, text: str) -> None:
    (folder / "keys" / "sealing.pub").write_text(text, "utf-8")
    with pytest.raises(sealing.BadKey, match="Put it back from a backup"):
        sealing.recipient(folder)


def test_what_was_sealed_to_another_is_not_for_us(folder: Path) -> None:
    other = pyrage.x25519.Identity.generate().to_public()
    with pytest.raises(sealing.NotForUs):
        sealing.open_sealed(folder, pyrage.encrypt(BODY, [other]))


def test_every_cut_of_a_sealed_story_is_damaged(folder: Path) -> None:
    sealed = sealing.seal(sealing.recipient(folder), BODY)
    for length in [*range(0, 200), *range(200, len(sealed), 97), len(sealed) - 1]:
        with pytest.raises(sealing.Damaged):
            sealing.open_sealed(folder, sealed[:length])


@pytest.mark.parametrize(
    "sealed",
    [
        b"",
        b"garbage" * 100,
        sealing.BEGINNING,
        sealing.BEGINNING + b"\xff" * 300,
        pyrage.passphrase.encrypt(BODY, "made up"),
        pyrage.encrypt(BODY, [pyrage.x25519.Identity.generate().to_public()], armored=True),
    ],
)
def test_what_is_no_age_file_for_keys_is_damaged(folder: Path, sealed: bytes) -> None:
    with pytest.raises(sealing.SealingError):
        sealing.open_sealed(folder, sealed)


def header_of(sealed: bytes) -> int:
    """Return how long the header is; age adds a line of no meaning now and then."""
    return sealed.index(b"\n", sealed.index(b"\n--- ") + 1) + 1


def test_a_locked_inquiry_sees_what_shows_from_outside(folder: Path, tmp_path: Path) -> None:
    """By hand: a header of 4 lines, 16 random bytes, and 4,096 bytes with 16 to prove them."""
    sealed = sealing.seal(sealing.recipient(folder), BODY)
    header = header_of(sealed)
    assert len(sealed) - header == 16 + 4_096 + 16
    long = sealing.seal(sealing.recipient(folder), BODY.ljust(2 * 65_536))
    sealing.put_away(folder, tmp_path / "stick")
    for whole in (sealed, long):
        with pytest.raises(sealing.Locked):
            sealing.open_sealed(folder, whole)
    for cut in (
        sealed[: header - 1],
        sealed[: header + 32],
        long[: header_of(long) + 16 + 65_552 + 16],
    ):
        with pytest.raises(sealing.Damaged):
            sealing.open_sealed(folder, cut)


@given(junk=st.binary(max_size=200))
def test_any_bytes_are_refused_in_no_time(shared: Path, junk: bytes) -> None:
    for sealed in (junk, sealing.BEGINNING + junk, sealing.BEGINNING + b"a\n" * 99_000 + junk):
        with pytest.raises(sealing.Damaged):
            sealing.open_sealed(shared, sealed)


@given(place=st.integers(0, 4_500), bit=st.integers(0, 7))
def test_a_changed_bit_is_never_opened(shared: Path, place: int, bit: int) -> None:
    sealed = bytearray(sealing.seal(sealing.recipient(shared), BODY))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises((sealing.Damaged, sealing.NotForUs)):
        sealing.open_sealed(shared, bytes(sealed))


@given(text=st.text(min_size=0, max_size=50), times=st.integers(1, 300))
def test_padding_hides_the_length_and_comes_off_again(shared: Path, text: str, times: int) -> None:
    body = b'{"telling": "' + (text * times).encode("utf-8", "replace") + b'"}'
    padded = sealing.pad(body)
    assert len(padded) % sealing.BLOCK == 0
    assert 0 <= len(padded) - len(body) < sealing.BLOCK
    sealed = sealing.seal(sealing.recipient(shared), body)
    assert sealing.open_sealed(shared, sealed) == body


@pytest.mark.parametrize(("size", "padded"), [(0, 4096), (1, 4096), (4096, 4096), (4097, 8192)])
def test_padding_by_hand(size: int, padded: int) -> None:
    assert len(sealing.pad(b"x" * size)) == padded


def test_nuls_at_the_end_are_padding_too(folder: Path) -> None:
    recipient = pyrage.x25519.Recipient.from_str(sealing.recipient(folder))
    assert sealing.open_sealed(folder, pyrage.encrypt(BODY + b"\0" * 99, [recipient])) == BODY


def test_a_passphrase_that_would_take_too_long_is_not_called_wrong() -> None:
    data = passphrase.encrypt(b"a key", "seven made up words")
    assert sealing.open_with_passphrase(data, "seven made up words") == b"a key"
    with pytest.raises(sealing.WrongWords):
        sealing.open_with_passphrase(data, "seven other words")
    slow = re.sub(rb"(-> scrypt \S+) \d+\n", rb"\1 40\n", data)
    with pytest.raises(sealing.TooSlow, match="too busy"):
        sealing.open_with_passphrase(slow, "seven made up words")
