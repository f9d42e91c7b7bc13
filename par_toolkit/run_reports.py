"""The report of a theming run: gathers what is kept of it and hands it to `analysis.report`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from babel import Locale, UnknownLocaleError

from analysis import report, report_files, report_words
from par_toolkit import tone_errors
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import codebook, codings, readings, run_records
from par_toolkit.storage.database import PrivateDatabase

if TYPE_CHECKING:
    from analysis.judging import Quality

Kind = Literal["html", "ipynb"]
KINDS: Final[tuple[Kind, ...]] = ("html", "ipynb")
LANGUAGES: Final = tuple(report_words.WORDS)


def write(
    db: PrivateDatabase,
    inquiry: Inquiry,
    *,
    kind: Kind,
    language: str = "en",
    run: int | None = None,
    quality: Quality | None = None,
) -> str:
    """Write the report of a run (the newest) as a page or a notebook.

    `quality` is how suggested codes agree with people's readings; without it themes are measured
    against what people decided about them. Raises Refused where there is no such run.
    """
    kept = run_records.get(db, run)
    tones = tone_errors.measured(db)
    found = report.Run(
        inquiry=inquiry.name,
        run=kept.run["id"],
        at=kept.run["at"][:10],
        seed=kept.run["seed"],
        seconds=kept.run["seconds"],
        settings=kept.run["settings"],
        versions=kept.run["versions"],
        texts=kept.run["text_count"],
        texts_hash=kept.run["texts_hash"],
        digests=kept.digests,
        languages=kept.languages,
        set_apart=kept.set_apart,
        themes=[
            report.ThemeRow(
                *(one.id, one.name, one.state, one.stories, one.looks, one.came_again),
                *(one.kept, one.took_out, one.added),
            )
            for one in kept.themes
        ],
        limits=kept.run["limits"],
        agreement=_agreement(db, quality),
        fewest=inquiry.threshold,
        tones=report.Tones(tones.textblob, tones.learned),
        names=_names({*kept.languages, *_about(kept.run["limits"])}, language),
        places=kept.account.places,
        came_in=kept.account.came_in,
    )
    made = report.report(found, language=language)
    return report_files.as_html(made) if kind == "html" else report_files.as_notebook(made)


def _about(limits: list[str]) -> set[str]:
    """Return the languages that the limits of a run are about."""
    return {limit.partition(":")[2] for limit in limits if ":" in limit}


def _names(codes: set[str], language: str) -> dict[str, str]:
    """Name languages in the language of the report; one that nobody can name keeps its code."""
    names = {}
    for code in codes:
        try:
            names[code] = Locale.parse(code).get_display_name(language) or code
        except (UnknownLocaleError, ValueError):
            names[code] = code
    return names


def _agreement(db: PrivateDatabase, quality: Quality | None) -> report.Agreement | None:
    if quality is None or quality.micro_f1 is None:
        return None
    names = {one.code: one.words.name for one in codebook.listing(db)}
    given = [one for one in codings.everywhere(db) if one.yes]
    return report.Agreement(
        quality.readings,
        quality.micro_f1,
        quality.always_usual or 0.0,
        [
            report.CodeRow(names.get(one.code, one.code), one.read, one.suggested, one.both)
            for one in quality.codes
            if one.read or one.suggested
        ],
        advice=quality.advice,
        curve=quality.curve,
        between=quality.between,
        readers=len({one.person for one in readings.listing(db).values()}),
        given=len(given),
        from_suggestions=sum(one.source == "suggestion" for one in given),
    )
