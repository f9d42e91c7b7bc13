"""Promise 8: a published quote is an exact span of words that two people reviewed and released."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from par_toolkit.publishing import PublishError, publish
from par_toolkit.publishing.quote import LONGEST, fitted, passages
from par_toolkit.publishing.select import Allowed, Link, ReleasedStory
from par_toolkit.storage import redactions, releases, reviewed
from par_toolkit.storage.reviewed import Cut
from tests.publishing.inquiries import Place

TEXTS = st.text(
    st.sampled_from("ab é日\u0301\u200d😀.!? \n[]") | st.characters(codec="utf-8"), max_size=900
)


@st.composite
def released(draw: st.DrawFn) -> ReleasedStory:
    text = draw(TEXTS)
    places = st.integers(-5, len(text) + 5)
    spans = st.tuples(places, places).map(sorted)
    inside = [(max(0, a), min(len(text), b)) for a, b in draw(st.lists(spans, max_size=4))]
    cuts = [Cut(a, b, "name") for a, b in inside if a < b]
    links = tuple(Link(n, "telling", a, b) for n, (a, b) in enumerate(draw(st.lists(spans))))
    return ReleasedStory(
        1, "story", 1, "en", {"telling": text} if text else {}, {"telling": cuts},
        Allowed("", True, frozenset({"quote", "analyse"})), links,
    )  # fmt: skip


@given(released())
@settings(max_examples=300)
def test_promise_08_every_passage_is_an_exact_span_of_the_reviewed_text(
    story: ReleasedStory,
) -> None:
    full = reviewed.texts(story.texts, story.cuts)
    found = passages(story)
    for passage in found:
        assert passage.text in full[passage.question]
        assert passage.end - passage.start <= LONGEST
        assert passage.text == passage.text.strip() or story.cuts["telling"]
    assert len({(p.question, p.start, p.end) for p in found}) == len(found)
    themed = [theme for passage in found for theme in passage.themes]
    # one passage a theme, or none at all where nothing of the teller's own is left
    assert sorted(themed) == ([link.theme for link in story.links] if found else [])


@given(TEXTS, st.integers(0, 900), st.integers(0, 900))
def test_promise_08_a_passage_never_grows(text: str, start: int, end: int) -> None:
    found = fitted(text, start, min(end, len(text)))
    if found:
        assert start <= found[0] < found[1] <= min(end, len(text))
        assert not text[found[0]].isspace() and not text[found[1] - 1].isspace()


def test_promise_08_in_the_file(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    long = " ".join(f"Sentence number {n} is of middling length." for n in range(40))
    redacted = place.tell("It was Made-up Marta who helped. She stayed.")
    place.redact(redacted, "Made-up Marta")
    ids = [
        redacted,
        place.tell(long),
        place.tell("انتظرت طويلا. ثم جاء أحد.", language="ar"),
        place.tell("<script>alert('x')</script> & 'quotes' \u202e tail"),
        place.tell("Not released.", release=False),
        place.tell("Not to be quoted.", consent=("analyse",)),
    ]
    published = publish(place.folder)
    assert published.quotes == 4
    reviewed_texts = [redactions.reviewed_texts(place.db, story)["telling"] for story in ids[:4]]
    quotes = [row["text"] for row in place.rows("select text from quotes")]
    for quote in quotes:
        assert any(quote in text for text in reviewed_texts)
    assert "It was [name] who helped. She stayed." in quotes
    assert not any("Marta" in quote for quote in quotes)
    (cut,) = [quote for quote in quotes if quote.startswith("Sentence number 0")]
    assert 300 < len(cut) <= LONGEST
    assert cut.endswith("length.")


def test_promise_08_editing_takes_the_quote_out_of_the_next_build(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    story = place.tell("It was Made-up Marta who helped.")
    publish(place.folder)
    redactions.add(place.db, story, question="telling", start=7, end=20, label="name", by=place.two)
    assert not releases.state(place.db, story).released
    assert publish(place.folder).quotes == 0
    releases.approve(place.db, story, by=place.one)
    releases.approve(place.db, story, by=place.one)  # the same person twice is one person
    assert publish(place.folder).quotes == 0
    releases.approve(place.db, story, by=place.two)
    assert publish(place.folder).quotes == 1
    assert place.rows("select text from quotes") == [{"text": "It was [name] who helped."}]


def test_promise_08_words_other_than_those_approved_stay_here(tmp_path: Path) -> None:
    """A change past the doors, which kept the approvals, is caught by the words' own digest."""
    place = Place(tmp_path / "inquiry")
    story = place.tell("The approved words.")
    place.db.change(
        "update stories set answers = :answers where id = :id",
        {"id": story, "answers": '{"telling": "Other words."}'},
    )
    assert publish(place.folder).quotes == 0


def test_promise_08_a_story_that_is_all_redaction_gives_no_quote(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    story = place.tell("Made-up Marta", consent=("analyse", "quote", "publish"))
    place.redact(story, "Made-up Marta")
    published = publish(place.folder)
    assert (published.quotes, published.stories) == (0, 0)


def test_promise_08_a_new_build_that_fails_its_checks_leaves_the_old_one_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from par_toolkit.publishing import arrange

    place = Place(tmp_path / "inquiry")
    place.tell()
    before = publish(place.folder)
    monkeypatch.setattr(arrange, "quarter", lambda when: "2026-10-03")
    with pytest.raises(PublishError, match=r"failed its checks.*finer than a quarter"):
        publish(place.folder)
    assert place.live() == before.path
    assert [path.name for path in place.folder.glob("findings/*.db")] == [before.path.name]
