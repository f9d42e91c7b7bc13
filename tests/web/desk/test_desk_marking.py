"""Cutting a story's words at its redactions, in code points, emoji included."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage import reviewed
from par_toolkit.storage.redactions import Redaction
from par_toolkit.web.desk.marking import around, occurrences, pieces


def redaction(start: int, end: int, state: str = "suggested", label: str = "name") -> Redaction:
    return Redaction(start * 1000 + end, 1, "telling", start, end, label, "rule", state)


def test_words_without_redactions_are_one_piece() -> None:
    found = pieces("The bus stopped.", [])
    assert [(p.at, p.end, p.text, p.state) for p in found] == [(0, 16, "The bus stopped.", "")]


def test_no_words_are_no_pieces() -> None:
    assert pieces("", []) == []


def test_a_suggestion_is_marked_and_says_where_it_ends() -> None:
    found = pieces("Ask Mara now", [redaction(4, 8)])
    assert [(p.text, p.state) for p in found] == [("Ask ", ""), ("Mara", "suggested"), (" now", "")]
    assert found[1].ends == (redaction(4, 8),)


def test_what_is_hidden_reads_as_its_label() -> None:
    found = pieces("Ask Mara now", [redaction(4, 8, "accepted")])
    assert [p.text for p in found] == ["Ask ", "[name]", " now"]
    assert (found[1].at, found[1].end) == (4, 8)


def test_what_was_left_is_plain() -> None:
    assert [p.text for p in pieces("Ask Mara now", [redaction(4, 8, "rejected")])] == [
        "Ask Mara now"
    ]


def test_offsets_count_an_emoji_as_one() -> None:
    text = "👩🏽‍⚕️ Mara"  # five code points for the nurse, and a space
    start = text.index("Mara")
    assert start == 6
    found = pieces(text, [redaction(start, start + 4)])
    assert found[1].text == "Mara" and found[1].at == 6


def test_a_suggestion_half_under_what_is_hidden_shows_its_other_half() -> None:
    found = pieces("Dr Mara Quill came", [redaction(3, 7, "accepted"), redaction(0, 13)])
    assert [(p.text, p.state) for p in found] == [
        ("Dr ", "suggested"),
        ("[name]", "hidden"),
        (" Quill", "suggested"),
        (" came", ""),
    ]
    assert [len(p.ends) for p in found] == [0, 0, 1, 0]


@given(st.text(max_size=40), st.data())
def test_pieces_show_every_word_once_and_in_order(text: str, data: st.DataObject) -> None:
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(
        lambda s: s[0] < s[1]
    )
    drawn = data.draw(st.lists(spans, max_size=6)) if text else []
    states = st.sampled_from(["suggested", "accepted", "rejected"])
    redactions = [redaction(start, end, data.draw(states)) for start, end in drawn]
    found = pieces(text, redactions)
    assert all(a.end == b.at for a, b in pairwise(found))
    assert (found[0].at, found[-1].end) == (0, len(text)) if text else found == []
    cuts = [reviewed.Cut(r.start, r.end, r.label) for r in redactions if r.state == "accepted"]
    assert "".join(p.text for p in found) == reviewed.span(text, cuts)
    visible = {r.id for p in found for r in p.ends}
    inside = {
        r.id
        for r in redactions
        if r.state == "suggested"
        and any(p.state == "suggested" and p.at < r.end and r.start < p.end for p in found)
    }
    assert visible == inside


def test_occurrences_do_not_overlap() -> None:
    assert occurrences("na na na", "na") == [(0, 2), (3, 5), (6, 8)]
    assert occurrences("aaa", "aa") == [(0, 2)]
    assert occurrences("anything", "") == []


def test_around_shows_where_more_words_stand() -> None:
    assert around("a" * 50 + "Mara" + "b" * 50, 50, 54, reach=3) == ("…aaa", "Mara", "bbb…")
    assert around("Mara", 0, 4) == ("", "Mara", "")
