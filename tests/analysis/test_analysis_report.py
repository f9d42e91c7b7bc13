"""The report of a run: complete, the same every time, no words of stories, valid files."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from string import Formatter
from typing import Any

import pytest

from analysis import report, report_files, tone
from analysis.report import Agreement, CodeRow, Run, ThemeRow, Tones
from analysis.report_blocks import Figures, Heading, Report
from analysis.report_words import REASONS, WORDS
from analysis.uncertainty import wilson

RUN = Run(
    inquiry="Made-up <inquiry>",
    run=3,
    at="2026-11-22",
    seed=7,
    seconds=12.34,
    settings={"count": "auto", "looks": 20, "method": "vectors-words"},
    versions={"python": "3.11.2", "vectors": "made up 1"},
    texts=500,
    texts_hash="ab" * 32,
    digests=["ff00", "0a0b"],
    languages={"en": 480, "fr": 16, "cy": 4},
    set_apart={"nothing_to_add": 30, "few_alike": 3, "too_few_alike": 4, "person": 12},
    themes=[
        ThemeRow(1, "Getting | there", "endorsed", 120, 20, 19, 90, 10, 30),
        ThemeRow(2, None, "proposed", 40, 20, 11, 0, 0, 0),
        ThemeRow(4, None, "rejected", 4, 20, 5, 0, 3, 0),
        ThemeRow(5, None, "proposed", 0, 0, 0, 0, 0, 0),
    ],
    limits=["negation_not_seen", "no_vectors:cy"],
    agreement=None,
    fewest=10,
    names={"cy": "Welsh"},
    places={"in_a_theme": 430, "says_little": 53, "stands_alone": 17, "sealed": 3, "waiting": 0},
    came_in=503,
)


def table(made: Report, caption: str) -> dict[str, tuple[str, ...]]:
    found = [one for one in made.blocks if isinstance(one, Figures) and caption in one.caption]
    return {first: tuple(rest) for first, *rest in found[0].rows}


def test_both_languages_say_the_same_things_with_the_same_figures() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}

    assert list(WORDS["en"]) == list(WORDS["fr"]) and list(REASONS["en"]) == list(REASONS["fr"])
    for name in WORDS["en"]:
        assert places(WORDS["en"][name]) == places(WORDS["fr"][name]), name
    with pytest.raises(ValueError, match="en or fr"):
        report.report(RUN, language="cy")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_has_every_part(language: str) -> None:
    made = report.report(RUN, language=language)
    headings = [one.text for one in made.blocks if isinstance(one, Heading)]
    parts = "method texts noise stability quality tone limits settings sources".split()
    assert headings == [WORDS[language][part] for part in parts]
    page = report_files.as_html(made)
    assert "ab" * 32 in page and "0a0b ff00" in page and "12.3" in page


def test_small_counts_are_not_given() -> None:
    made = report.report(RUN)
    assert table(made, "by language") == {
        "en": ("480", "sentence vectors"),
        "fr": ("hidden", "sentence vectors"),
        "Welsh": ("hidden", "words alone"),
    }, "the sum is known, so one more is hidden"
    apart = table(made, "set apart")
    assert apart["too few are like it"] == ("hidden",), "3 and 4 of the same reason"
    assert apart["a person’s decision"] == ("hidden",) and len(apart) == 3
    places = table(made, "Every story that came in")
    assert places["sealed, not opened yet"] == places["standing alone"] == ("hidden",)
    assert places["waiting to be themed"] == ("0",)
    assert places["in at least one theme"] == ("430",) and places["all that came in"] == ("503",)
    themes = table(made, "proposed")
    assert themes["theme 4 (no name by people yet)"][1] == "fewer than 10"
    assert themes["theme 5 (no name by people yet)"] == ("proposed", "0", "–", "not known")
    assert themes["Getting | there"][2:] == ("19 of 20", "stays")
    assert themes["theme 2 (no name by people yet)"][2:] == ("11 of 20", "wavers")
    assert '"stories": null' in report_files.as_html(made).replace("&quot;", '"')


def test_precision_and_recall_by_hand() -> None:
    """Of 100 the machine gave and people decided on, 90 were kept; people added 30: 90 of 120."""
    rows = table(report.report(RUN), "Precision")
    kept, held = wilson(90, 100), wilson(90, 120)
    assert rows["Getting | there"] == (
        f"0.90 ({kept.low:.2f} to {kept.high:.2f}; 90 of 100)",
        f"0.75 ({held.low:.2f} to {held.high:.2f}; 90 of 120)",
    )
    assert rows["theme 4 (no name by people yet)"] == ("too few to tell", "too few to tell")


def test_the_weakest_five_codes_are_named() -> None:
    codes = [CodeRow(f"Code {place}", 20, 20, place * 2) for place in range(8)]
    judged = replace(RUN, agreement=Agreement(100, 0.61, 0.3, [*codes, CodeRow("Rare", 3, 2, 0)]))
    page = report_files.as_html(report.report(judged))
    assert "The weakest: Code 0 (0.00); Code 1 (" in page and "; Code 4 (" in page
    weakest = page.partition("The weakest: ")[2].partition("</p>")[0]
    assert weakest.count(";") == 4 and "Code 5" not in weakest
    assert "too few were read or suggested to tell: Rare" in page
    assert "worth listening to here" in page
    assert judged.agreement is not None
    shared = replace(judged.agreement, between=(0.5, 0.7), readers=3, given=90, from_suggestions=40)
    told = report_files.as_html(report.report(replace(judged, agreement=shared)))
    assert "to lie between 0.50 and 0.70" in told
    assert "People who read: 3." in told and "Of 90 codes" in told and "suggested 40 before" in told
    assert "none of them as a yes to a suggestion" in page
    assert "micro-F1) is 0.61" in page and "would reach 0.30" in page
    nothing = replace(RUN, themes=RUN.themes[1:2])
    assert "have not decided" in report_files.as_html(report.report(nothing))


def test_languages_that_no_model_knows_are_named() -> None:
    page = report_files.as_html(report.report(RUN))
    assert "No model of sentences here knows these languages: Welsh." in page
    by_words = replace(RUN, versions={"python": "3.11.2"})
    assert "knows these languages" not in report_files.as_html(report.report(by_words))


def test_what_the_tone_tool_gets_wrong_here_is_told() -> None:
    """30 challenges of which 12 are taken for good, 30 successes of which 24 are: 36 of 60."""
    kind, rude = tone.Tone(0.5, 0.5, 1), tone.Tone(-0.5, 0.5, 1)
    pairs: list[tuple[tone.Tone, str]] = [(kind, "challenge")] * 12 + [(rude, "challenge")] * 18
    pairs += [(kind, "success")] * 24 + [(rude, "success")] * 6
    measured = replace(RUN, tones=Tones(tone.agreement_with_marks(pairs)))
    rows = table(report.report(measured), "the tone was guessed")
    right = wilson(42, 60)
    assert rows["TextBlob"] == (f"0.70 ({right.low:.2f} to {right.high:.2f}; 42 of 60)", "0.50")
    page = report_files.as_html(report.report(measured))
    assert "clearly better here than one answer" in page and "something good: 0.40" in page
    few = replace(RUN, tones=Tones(tone.agreement_with_marks(pairs[:4])))
    assert "Too few English stories" in report_files.as_html(report.report(few))


def test_the_page_needs_nothing_and_runs_nothing() -> None:
    page = report_files.as_html(report.report(RUN))

    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: list[str] = []
            self.named: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.append(tag)
            self.named += [name for name, _ in attrs]

    tags = Tags()
    tags.feed(page)
    assert not {"script", "link", "img", "iframe", "inquiry"} & set(tags.tags)
    assert set(tags.named) <= {"lang", "charset", "name", "content", "scope"}
    assert "Made-up &lt;inquiry&gt;" in page and tags.tags.count("h1") == 1


def test_the_notebook_is_one_that_jupyter_opens() -> None:
    """What nbformat 4.5 asks for (its published schema), checked by hand."""
    text = report_files.as_notebook(report.report(RUN))
    notebook: dict[str, Any] = json.loads(text)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert set(notebook) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", one) for one in ids)
    for cell in notebook["cells"]:
        assert cell["cell_type"] in ("markdown", "code") and cell["metadata"] == {}
        assert isinstance(cell["source"], list)
        extra = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"id", "cell_type", "metadata", "source"} | extra
    values: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), values)
    assert values["digests"] == ["0a0b", "ff00"]
    assert values["run"]["themes"][2]["stories"] is None
    words = "".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] != "code")
    assert "<inquiry>" not in words and "Getting \\| there" in words


def test_the_same_run_gives_the_same_bytes() -> None:
    one, two = report.report(RUN), report.report(replace(RUN, digests=["0a0b", "ff00"]))
    assert report_files.as_html(one) == report_files.as_html(two)
    assert report_files.as_notebook(one) == report_files.as_notebook(two)


def test_a_run_of_nothing_has_a_report() -> None:
    empty = replace(RUN, texts=0, digests=[], languages={}, set_apart={}, themes=[])
    assert "There were no texts to look at." in report_files.as_html(report.report(empty))
