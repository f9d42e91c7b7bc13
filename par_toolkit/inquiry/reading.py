"""Reads `inquiry.toml`; every refusal names the file, the line and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from par_toolkit.inquiry import counting, periods
from par_toolkit.inquiry.model import (
    BESIDE,
    FILE,
    ISSUES,
    LANGUAGE_CODE,
    LEAVE_TO,
    LOCK_AFTER_MINUTES,
    MOST_MINUTES,
    OPEN_TO,
    THRESHOLD_DEFAULT,
    THRESHOLD_FLOOR,
    USES,
    WORD_LENGTH,
    ConsentWording,
    Cycle,
    HelpContact,
    Inquiry,
    InquiryError,
    Privacy,
    Sharing,
)
from par_toolkit.inquiry.parsed import Parsed

#: The settings of [findings].
SHARING: Final = ("open_to", "word", "approvals", "search_engines", "beside_quotes", "keep")
#: The settings of [privacy].
PRIVACY: Final = ("who", "why", "complain", "more")
#: More stewards than this would never all say yes.
MOST_APPROVALS: Final = 20
#: Older builds say less and less that is so today.
MOST_KEPT: Final = 50


def load(folder: Path | str) -> Inquiry:
    """Read the inquiry in `folder`.

    Raises InquiryError when the folder is not an inquiry or a setting cannot be used; the message
    names the file, the line where one can be told, and what to do.
    """
    folder = Path(folder)
    path = folder / FILE
    if not path.is_file():
        raise InquiryError(
            f"{folder} is not an inquiry: it has no {FILE}. "
            f'Make one with: par --inquiry {folder} init --name "…" --locality "…"'
        )
    try:
        source = path.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(source)
    except UnicodeDecodeError as error:
        raise InquiryError(f"{path} is not saved as UTF-8. Save it again as UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise InquiryError(f"{path}: {error}. Mend that line and try again.") from error
    except OSError as error:
        raise InquiryError(f"{path} cannot be read: {error.strerror}.") from error
    return _Reader(path, source, data).inquiry()


class _Reader(Parsed):
    """Turns parsed TOML into an Inquiry; every refusal names the line."""

    def inquiry(self) -> Inquiry:
        place = self.table("inquiry")
        threshold = self.whole(place, "threshold", THRESHOLD_DEFAULT) or THRESHOLD_DEFAULT
        if threshold < THRESHOLD_FLOOR:
            self.refuse(
                "threshold",
                f"must be {THRESHOLD_FLOOR} or more, to protect small numbers of people",
            )
        languages = tuple(place.get("languages") or ("en",))
        if not all(isinstance(code, str) and LANGUAGE_CODE.match(code) for code in languages):
            self.refuse("languages", 'must be a list of language codes such as ["en", "fr"]')
        issue_is = place.get("issue_is", ISSUES[0])
        if issue_is not in ISSUES:
            self.refuse("issue_is", f'must be "{ISSUES[0]}" or "{ISSUES[1]}"')
        return Inquiry(
            folder=self.path.parent,
            name=self.string(place, "name", required=True),
            locality=self.string(place, "locality", required=True),
            population=self.whole(place, "population", None),
            population_source=self.string(place, "population_source"),
            population_year=self.whole(place, "population_year", None),
            languages=languages,
            groups=counting.groups(self),
            cycles=self.cycles(),
            consent=self.consent(),
            help_contacts=self.help_contacts(),
            confidentiality=self.words(self.data, "confidentiality"),
            about=self.words(self.data, "about"),
            contact=self.words(self.data, "contact"),
            threshold=threshold,
            join_code=self.string(place, "join_code").strip(),
            one_question_a_screen=bool(place.get("one_question_a_screen", False)),
            issue_is=issue_is,
            licence=self.string(place, "licence") or "CC BY-NC-SA 4.0",
            example=bool(place.get("example", False)),
            sharing=self.sharing(),
            wider_groups=counting.wider_groups(self),
            topics=counting.topics(self, threshold),
            lock_after_minutes=self.lock_after_minutes(),
            retention=periods.read(self),
            privacy=self.privacy(),
            leave_to=self.leave_to(place),
        )

    def leave_to(self, place: Mapping[str, Any]) -> str:
        address = self.string(place, "leave_to").strip() if "leave_to" in place else LEAVE_TO
        if address and not re.fullmatch(r"https://[\w.-]+(:\d+)?(/[\x21-\x7e]*)?", address, re.A):
            self.refuse(
                "leave_to",
                'must be the address of an everyday website, such as "https://www.wikipedia.org/", '
                'or "" for no button',
            )
        return address

    def cycles(self) -> tuple[Cycle, ...]:
        cycles = []
        for row in self.rows("cycle"):
            starts, ends = row.get("starts"), row.get("ends")
            if type(starts) is not date or type(ends) is not date or ends < starts:
                self.refuse(
                    "starts",
                    f"cycle '{row.get('code')}' needs 'starts' and 'ends' as dates such as "
                    "2026-09-01, the end not before the start",
                )
            cycles.append(Cycle(self.code(row), self.words(row, "name"), starts, ends))
        self.distinct([cycle.code for cycle in cycles], "cycle")
        return tuple(cycles)

    def consent(self) -> ConsentWording:
        table = self.table("consent")
        uses = {}
        for use in USES:
            uses[use] = self.words(table, use)
            if not any(uses[use].values()):
                self.refuse("[consent]", f"needs words for '{use}', in at least one language")
        wording = self.whole(table, "wording", 1) or 1
        return ConsentWording(wording, self.words(table, "intro"), uses)

    def privacy(self) -> Privacy:
        table = self.data.get("privacy", {})
        if not isinstance(table, dict):
            self.refuse("privacy", "must be written as one part, [privacy]")
        self.known(table, PRIVACY, "[privacy]")
        return Privacy(**{name: self.words(table, name) for name in PRIVACY})

    def sharing(self) -> Sharing:
        """Read [findings]; what is not understood is refused, or a typing mistake opens them."""
        table = self.data.get("findings", {})
        if not isinstance(table, dict):
            self.refuse("findings", "must be written as one part, [findings]")
        self.known(table, SHARING, "[findings]")
        open_to, word = table.get("open_to", OPEN_TO[0]), self.string(table, "word").strip()
        if open_to not in OPEN_TO:
            self.refuse("open_to", 'must be "everybody", "word" or "people"')
        if open_to == "word" and sum(map(str.isalnum, word)) < WORD_LENGTH:
            self.refuse(
                "word",
                f"must have at least {WORD_LENGTH} letters or digits, as people type it to see the "
                "findings; two or three words together are good",
            )
        if word and open_to != "word":
            self.refuse(
                "word", f'is set, but open_to is "{open_to}"; set open_to = "word", or empty it'
            )
        search_engines = table.get("search_engines", True)
        if not isinstance(search_engines, bool):
            self.refuse("search_engines", "must be true or false")
        approvals = self.between(table, "approvals", Sharing.approvals, 0, MOST_APPROVALS)
        keep = self.between(table, "keep", Sharing.keep, 1, MOST_KEPT)
        beside = table.get("beside_quotes", BESIDE[0])
        if beside not in BESIDE:
            self.refuse("beside_quotes", 'must be "kind", "group" or "nothing"')
        return Sharing(open_to, word, approvals, search_engines, beside, keep)

    def lock_after_minutes(self) -> int:
        table = self.data.get("serving", {})
        if not isinstance(table, dict):
            self.refuse("serving", "must be written as one part, [serving]")
        name = "lock_after_minutes"
        self.known(table, (name,), "[serving]")
        return self.between(table, name, LOCK_AFTER_MINUTES, 0, MOST_MINUTES)

    def between(
        self, table: Mapping[str, Any], setting: str, default: int, least: int, most: int
    ) -> int:
        number = table.get(setting, default)
        if type(number) is not int or not least <= number <= most:
            self.refuse(setting, f"must be a whole number from {least} to {most}")
        return int(number)

    def help_contacts(self) -> tuple[HelpContact, ...]:
        return tuple(
            HelpContact(
                self.words(row, "name"),
                self.words(row, "details"),
                self.string(row, "phone"),
                self.link(row),
            )
            for row in self.rows("help")
        )

    def link(self, row: Mapping[str, Any]) -> str:
        link = self.string(row, "link")
        if link and not link.startswith(("https://", "http://", "tel:", "mailto:")):
            self.refuse("link", "must start with https://, http://, tel: or mailto:")
        return link
