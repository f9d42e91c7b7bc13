"""Look an inquiry over before it is used: each finding is a sentence that says what to do."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import forms
from par_toolkit import checking_findings, checking_help, checking_keeping, sealing
from par_toolkit import inquiry as inquiries
from par_toolkit.checking_vault import encryption
from par_toolkit.finding import Finding
from par_toolkit.inquiry import Inquiry, InquiryError
from par_toolkit.storage import (
    accounting,
    audit,
    contacts,
    inbox,
    sounds,
    vault,
    voices,
    withdrawals,
)
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import Refused, StorageError
from par_toolkit.storage.vault import key_files
from par_toolkit.wording import remember_wording

LITTLE_ROOM: Final = 1_000_000_000
NO_ROOM: Final = 100_000_000
#: No clock is earlier than the day this was written.
EARLIEST: Final = datetime(2025, 1, 1, tzinfo=UTC)


def check(
    folder: Path, *, tls_cert: Path | None = None, tls_key: Path | None = None
) -> list[Finding]:
    """Look over the inquiry in `folder`; whatever is wrong is a finding, not an error.

    The certificate and its key are looked over too where they are given.
    """
    try:
        here = inquiries.load(folder)
    except InquiryError as error:
        return [Finding("settings", "mend", str(error)), _disk(folder), _clock(None)]
    found = [Finding("settings", "ok", f"inquiry.toml is right: {here.name}."), *_capture(here)]
    found += [checking_keeping.notice(here), *_forms(here), _disk(folder), *_secrets(here)]
    found += [*encryption(here), _https(tls_cert, tls_key)]
    try:
        with open_database(folder) as db:
            for look in DATABASE_CHECKS:
                found += look(db, here)
    except StorageError as error:
        found += [Finding("database", "mend", str(error)), _clock(None)]
    return [*found, checking_findings.live(here)]


def _capture(here: Inquiry) -> Iterator[Finding]:
    if not here.help_contacts:
        yield Finding(
            "help contacts", "mend", "No stories are taken: add [[help]] in inquiry.toml."
        )
    elif any(contact.phone == "112" for contact in here.help_contacts):
        sentence = "These are the ones it came with. Put local ones first, in inquiry.toml."
        yield Finding("help contacts", "note", sentence)
    else:
        yield Finding("help contacts", "ok", f"{len(here.help_contacts)} are one touch away.")
    if not any(here.confidentiality.values()):
        sentence = "No stories are taken: say what cannot stay secret, in [confidentiality]."
        yield Finding("confidentiality", "mend", sentence)
    today = date.today()
    if here.cycles and here.current_cycle(today) is None:
        sentence = "Today is in no cycle, so stories told now are in none. Add one in inquiry.toml."
        yield Finding("cycles", "note", sentence)
    for language in here.languages:
        missing = [use for use, words in here.consent.uses.items() if not words.get(language)]
        if missing:
            sentence = f"Not in {language} yet: {', '.join(missing)}. Another language is shown."
            yield Finding("consent", "note", sentence)


def _forms(here: Inquiry) -> Iterator[Finding]:
    problems = forms.check_folder(here.forms_folder)
    for problem in problems:
        yield Finding("forms", "mend", str(problem))
    for name, versions in forms.available([here.forms_folder]).items():
        for language in here.languages:
            missing = versions[-1].untranslated(language)
            if missing:
                first = f"{len(missing)} texts of {name}, the first is {missing[0]}"
                sentence = f"Not in {language} yet: {first}. Another language is shown."
                yield Finding("forms", "note", sentence)
    if not problems:
        yield Finding("forms", "ok", "Every form can be read.")


def _disk(folder: Path) -> Finding:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("disk", "mend", f"{folder} cannot be looked at: {error.strerror}.")
    room = f"{free / 1e9:,.1f} GB free."
    if free < NO_ROOM:
        return Finding("disk", "mend", f"{room} Make room, or stories cannot be kept soon.")
    return Finding("disk", "note" if free < LITTLE_ROOM else "ok", room)


def _clock(latest: str | None) -> Finding:
    """Check the clock against the newest record; a clock that went back upsets cycles and links."""
    now = datetime.now(UTC)
    if now < EARLIEST or (latest and now < datetime.fromisoformat(latest)):
        return Finding(
            "clock",
            "mend",
            f"This machine says {now:%Y-%m-%d %H:%M} UTC, which is before the last thing recorded "
            "here. Set its clock.",
        )
    return Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC.")


def _secrets(here: Inquiry) -> Iterator[Finding]:
    wrong = []
    for name in ("receipt.key", "session.key", sealing.PRIVATE):
        found = key_files.files(here.folder, name)
        if not found and name != sealing.PRIVATE:  # made when first needed, or away: see `_sealed`
            sentence = f"{here.keys / name} is missing. Put it back from a backup."
            yield Finding("keys", "mend", sentence)
        wrong += [path for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if here.database.exists() and stat.S_IMODE(here.database.stat().st_mode) & 0o077:
        wrong.append(here.database)
    for path in wrong:
        yield Finding(
            "keys", "mend", f"Others on this machine can read {path}. Run: chmod 600 {path}"
        )
    if not wrong:
        yield Finding("keys", "ok", "Only you can read the keys and the stories.")


def _https(cert: Path | None, key: Path | None) -> Finding:
    if cert is None or key is None:
        return Finding(
            "HTTPS",
            "note",
            "Tablets and phones need it, this machine alone does not (docs/hub.md). To have a "
            "certificate looked at: par check --tls-cert FILE --tls-key FILE",
        )
    from par_toolkit.serving import ServingError, certificates  # slow, and seldom asked for

    now = datetime.now(UTC)
    try:
        found = certificates.usable(cert, key, now=now)
    except ServingError as error:
        return Finding("HTTPS", "mend", str(error))
    soon = found.days_left(now) <= certificates.SOON
    return Finding("HTTPS", "note" if soon else "ok", found.sentence(now))


def _integrity(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    if db.sound() and db.consistent():
        yield Finding("database", "ok", "private.db is sound.")
    else:
        sentence = "private.db is damaged. Restore the last good backup: par restore FILE"
        yield Finding("database", "mend", sentence)
    if lost := voices.faulty(db):
        sentence = f"{lost:,} recordings are missing or damaged. Restore the last good backup."
        yield Finding("recordings", "mend", sentence)
    if vault.encrypted(here.folder) and (open_to_all := sounds.in_the_clear(here.folder)):
        sentence = f"{len(open_to_all):,} recordings lie in the clear. Finish it with: par encrypt"
        yield Finding("recordings", "mend", sentence)
    if lost := contacts.faulty(db):
        sentence = f"{lost:,} contact details do not open. Restore the last good backup."
        yield Finding("contacts", "mend", sentence)
    trail = audit.verify(db)
    yield Finding("audit trail", "ok" if trail.whole else "mend", trail.sentence)
    account = accounting.account(db)
    sentence = f"{account.came_in:,} came in, {sum(account.places.values()):,} are accounted for."
    yield Finding("stories", "ok" if account.balanced else "mend", sentence)


def _time(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    rows = audit.listing(db, limit=1)
    yield _clock(rows[0]["at"] if rows else None)


def _sealed(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    waits = inbox.waits(db)
    waiting = f"{waits.stories:,} sealed stories wait" if waits.stories else "No sealed story waits"
    try:
        if sealing.locked(here.folder):
            sealing.recipient(here.folder)
            sentence = f"{waiting}, and the inquiry is locked. Open it with: par unlock --key FILE"
            yield Finding("sealed stories", "note", sentence)
            return
        if (here.keys / sealing.PUBLIC).exists():
            sealing.check_own_key(here.folder)
    except sealing.NotForUs:
        sentence = f"{here.keys / sealing.PRIVATE} does not open what tablets here seal. "
        yield Finding("keys", "mend", sentence + "Put both sealing keys back from a backup.")
    except sealing.SealingError as problem:
        yield Finding("keys", "mend", str(problem))
    if waits.refused:
        sentence = f"{waits.refused:,} were opened and could not be kept. See why: par unlock"
        yield Finding("sealed stories", "mend", sentence)
    elif waits.stories:
        yield Finding("sealed stories", "note", f"{waiting}. Open them with: par unlock")
    else:
        yield Finding("sealed stories", "ok", f"{waiting}.")


def _consent(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    try:
        remember_wording(db, here)
    except Refused as problem:
        yield Finding("consent", "mend", str(problem))


def _erasure(db: PrivateDatabase, here: Inquiry) -> Iterator[Finding]:
    waiting = withdrawals.pending(db)
    if waiting:
        sentence = f"{waiting} withdrawals are not erased to the last byte yet. Run: par erase"
        yield Finding("erasure", "mend", sentence)
    else:
        yield Finding("erasure", "ok", "Nothing waits to be erased.")


DATABASE_CHECKS: Final[tuple[Callable[[PrivateDatabase, Inquiry], Iterator[Finding]], ...]] = (
    _integrity,
    _time,
    _sealed,
    _consent,
    checking_keeping.enough_people,
    checking_help.safeguarding,
    checking_findings.readers,
    checking_findings.approvals,
    checking_findings.beside_quotes,
    _erasure,
    checking_keeping.times,
    checking_keeping.backups,
)
