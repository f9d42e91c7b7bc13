"""The parts of a run's report, each as a function of what writes it."""

from collections.abc import Callable
from typing import Any, Final

from analysis.proposal import stands
from analysis.report_blocks import Block, Data, Figures, Heading, Items, Words
from analysis.report_words import REASONS, SOURCES, WORDS
from analysis.report_writer import Writer
from analysis.uncertainty import Share

WEAKEST = 5


def method(writer: Writer) -> list[Block]:
    """Say in words how themes were made, and what people did."""
    run, say = writer.run, writer.say
    count = run.settings.get("count", "auto")
    rule = say("count_auto") if count == "auto" else say("count_given", count=count)
    by = "method_vectors" if "vectors" in run.versions else "method_words"
    return [
        Heading(say("method")),
        Words(say("method_1")),
        Words(say(by)),
        Words(say("method_2", count=rule)),
        Words(say("method_3")),
        Words(say("people")),
    ]


def settings(writer: Writer) -> list[Block]:
    """List all settings and versions."""
    run, say = writer.run, writer.say
    versions = tuple(sorted((str(k), str(v)) for k, v in run.versions.items()))
    chosen = tuple(sorted((str(k), str(v)) for k, v in run.settings.items()))
    return [
        Heading(say("settings")),
        Words(say("seed", seed=run.seed, seconds=f"{run.seconds:.1f}")),
        Figures(say("settings_caption"), (say("setting"), say("value")), chosen),
        Figures(say("versions_caption"), (say("package"), say("version")), versions),
    ]


def texts(writer: Writer) -> list[Block]:
    """Say which texts went in, by hash, and in which languages."""
    run, say = writer.run, writer.say
    if not run.texts:
        return [Heading(say("texts")), Words(say("empty"))]
    spoken = dict(sorted(run.languages.items(), key=lambda item: (-item[1], item[0])))
    vectors = "vectors" in run.versions
    rows = tuple(
        (
            writer.language_name(code),
            count,
            say("by_sentences" if vectors and code not in run.unread else "by_words"),
        )
        for code, count in writer.counts(spoken, rounded=True).items()
    )
    headings = (say("language"), say("stories"), say("read_by"))
    blocks: list[Block] = [
        Heading(say("texts")),
        Words(say("texts_1", texts=run.texts, still=len(run.digests))),
        Words(say("texts_hash", hash=run.texts_hash)),
        Figures(say("languages_caption"), headings, rows),
    ]
    if vectors and run.unread:
        names = ", ".join(writer.language_name(code) for code in run.unread)
        blocks.append(Words(say("unread", names=names)))
    return blocks


def set_apart(writer: Writer) -> list[Block]:
    """Count what is in no theme by its reason, and every story by its place."""
    run, say = writer.run, writer.say
    known = REASONS[writer.language]
    joined: dict[str, int] = {}
    for reason, count in run.set_apart.items():
        words = known.get(reason, known["person"])
        joined[words] = joined.get(words, 0) + count
    rows = tuple(writer.counts(dict(sorted(joined.items()))).items())
    blocks: list[Block] = [
        Heading(say("noise")),
        Words(say("noise_1")),
        Figures(say("noise_caption"), (say("reason"), say("stories")), rows),
    ]
    if run.places:
        places = {say(f"place_{place}"): count for place, count in run.places.items()}
        total = (say("place_all"), str(run.came_in))
        rows = (*writer.counts(places).items(), total)
        blocks.append(Figures(say("places_caption"), (say("place"), say("stories")), rows))
    return blocks


def stability(writer: Writer) -> list[Block]:
    """Say of each theme whether it stays when texts are left out."""
    run, say = writer.run, writer.say
    rows = tuple(
        (
            writer.name(one),
            say(one.state),
            writer.number(one.stories),
            say("of_looks", came_again=one.came_again, looks=one.looks) if one.looks else "–",
            say(stands(one.looks, one.came_again)),
        )
        for one in run.themes
    )
    headings = tuple(say(name) for name in ("theme", "state", "stories", "again", "stands"))
    stand = [stands(one.looks, one.came_again) for one in run.themes]
    told = ("stays", "wavers", "falls_apart", "unknown")
    figures = {name: stand.count(name) for name in told}
    return [
        Heading(say("stability")),
        Words(say("stability_1")),
        Words(say("stability_2", themes=len(stand), **figures)),
        Figures(say("stability_caption"), headings, rows),
    ]


def agreement(writer: Writer) -> list[Block]:
    """Say how codes, or else themes, agree with people, and name the weakest."""
    say, judged = writer.say, writer.run.agreement
    intro, found = measured(writer)
    blocks: list[Block] = [Heading(say("quality")), Words(intro)]
    if judged is not None:
        blocks.append(Words(say(f"advice_{judged.advice}")))
        if judged.between is not None:
            low, high = (f"{bound:.2f}" for bound in judged.between)
            blocks.append(Words(say("quality_between", low=low, high=high)))
        blocks.append(Words(say("quality_readers", readers=judged.readers)))
        shown = {"given": judged.given, "shown": judged.from_suggestions}
        blocks.append(Words(say("quality_shown" if shown["shown"] else "quality_blind", **shown)))
    if not found:
        return blocks
    rows = tuple((name, writer.written(one), writer.written(two)) for name, one, two in found)
    headings = (say("code"), say("precision"), say("recall"))
    blocks.append(Figures(say("quality_caption"), headings, rows))
    told = sorted(
        (_f1(one, two), name) for name, one, two in found if one is not None and two is not None
    )
    if told:
        names = "; ".join(f"{name} ({f1:.2f})" for f1, name in told[:WEAKEST])
        blocks.append(Words(say("weakest", names=names)))
    untold = [name for name, one, two in found if one is None or two is None]
    if untold:
        blocks.append(Words(say("untold", names="; ".join(sorted(untold)))))
    if judged is not None and judged.curve:
        curve = tuple((str(readings), f"{f1:.2f}") for readings, f1 in judged.curve)
        blocks.append(Figures(say("curve_caption"), (say("learned_from"), say("f1")), curve))
    return blocks


def measured(writer: Writer) -> tuple[str, list[tuple[str, Share | None, Share | None]]]:
    """Return what was measured in words, and name, precision and recall of each."""
    say, share, judged = writer.say, writer.share, writer.run.agreement
    if judged is not None:
        f1, always = f"{judged.micro_f1:.2f}", f"{judged.always_usual:.2f}"
        intro = say("quality_codings", readings=judged.readings, f1=f1, always=always)
        codes = [(one.name, one.both, one.suggested, one.read) for one in judged.codes]
        return intro, [
            (name, share(both, suggested), share(both, read))
            for name, both, suggested, read in codes
        ]
    decided = [one for one in writer.run.themes if one.kept + one.took_out + one.added]
    intro = say("quality_decisions" if decided else "quality_none")
    return intro, [
        (
            writer.name(one),
            share(one.kept, one.kept + one.took_out),
            share(one.kept, one.kept + one.added),
        )
        for one in decided
    ]


def tones(writer: Writer) -> list[Block]:
    """Say how often the guesses of the tone are wrong on this inquiry's own stories."""
    say, run = writer.say, writer.run
    blocks: list[Block] = [Heading(say("tone")), Words(say("tone_1"))]
    held = run.tones
    if held is None or held.textblob.right is None or held.textblob.compared < run.fewest:
        return [*blocks, Words(say("tone_none"))]
    textblob, learned = held.textblob, held.learned
    rows = [("TextBlob", writer.written(textblob.right), f"{textblob.always:.2f}")]
    if learned is not None:
        rows.append((say("tone_learned"), writer.written(learned.right), f"{learned.always:.2f}"))
    headings = (say("tone_guess"), say("tone_right"), say("tone_always"))
    blocks.append(Figures(say("tone_caption"), headings, tuple(rows)))
    wrong = [
        say(name, share=writer.written(share))
        for name, share in (("too_kind", textblob.too_kind), ("too_harsh", textblob.too_harsh))
        if share is not None
    ]
    better = say("tone_better" if textblob.better else "tone_no_better")
    said = [better, *wrong]
    if learned is not None:
        said.append(say("learned_better" if learned.better else "learned_no_better"))
    return [*blocks, Items(tuple(said))]


def limits(writer: Writer) -> list[Block]:
    """Say what the run could not do, and what a report leaves out."""
    run, say = writer.run, writer.say
    sentences = []
    for limit in run.limits:
        name, _, code = limit.partition(":")
        known = f"limit_{name}" in WORDS[writer.language]
        about = writer.language_name(code)
        sentences.append(say(f"limit_{name}", about=about) if known else limit)
    sentences.append(say("limit_people"))
    if run.fewest > 1:
        sentences.append(say("limit_small", fewest=run.fewest))
    return [Heading(say("limits")), Items((*sentences, say("limit_words")))]


def sources(writer: Writer) -> list[Block]:
    """Name what the formulas were taken from."""
    return [Heading(writer.say("sources")), Items(SOURCES)]


def data(writer: Writer) -> list[Block]:
    """Give the figures to programs, with the same ones left out, and each text's digest."""
    run, few = writer.run, writer.run.fewest
    values: dict[str, Any] = {
        "run": run.run,
        "at": run.at,
        "seed": run.seed,
        "settings": dict(run.settings),
        "versions": dict(run.versions),
        "texts": run.texts,
        "texts_hash": run.texts_hash,
        "themes": [
            {
                "theme": one.id,
                "name": one.name,
                "state": one.state,
                "stories": None if 0 < one.stories < few else one.stories,
                "looks": one.looks,
                "came_again": one.came_again,
            }
            for one in run.themes
        ],
        "agreement": [
            {
                "name": name,
                "precision": None if precision is None else precision.share,
                "recall": None if recall is None else recall.share,
            }
            for name, precision, recall in measured(writer)[1]
        ],
        "limits": list(run.limits),
    }
    return [
        Data("run", writer.say("data"), values),
        Data("digests", writer.say("digests"), sorted(run.digests)),
    ]


def _f1(precision: Share, recall: Share) -> float:
    """Return the harmonic mean of precision and recall (van Rijsbergen 1979)."""
    return 2 * precision.share * recall.share / (precision.share + recall.share or 1)


PARTS: Final[tuple[Callable[[Writer], list[Block]], ...]] = (
    method,
    texts,
    set_apart,
    stability,
    agreement,
    tones,
    limits,
    settings,
    sources,
    data,
)
