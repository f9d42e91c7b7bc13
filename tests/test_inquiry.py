"""An inquiry folder: made, read, and refused with the line that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from par_toolkit import inquiry
from par_toolkit.inquiry import InquiryError, Sharing

HOSTILE = 'Tom\'s "place" \\ é\n\t[group]\x01 = 🦊 ‏شارع'


@pytest.fixture
def made(tmp_path: Path) -> inquiry.Inquiry:
    return inquiry.create(tmp_path / "made", name="A name", locality="A place", population=48_000)


def rewrite(made: inquiry.Inquiry, old: str, new: str) -> Path:
    path = made.folder / "inquiry.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_new_inquiry_is_ready_to_use(made: inquiry.Inquiry) -> None:
    assert (made.name, made.locality, made.population) == ("A name", "A place", 48_000)
    assert made.threshold == 10
    assert made.join_code == ""
    assert made.capture_open
    assert {group.code for group in made.groups} >= {"residents", "carers"}
    for words in (made.about, made.confidentiality, *made.consent.uses.values()):
        assert set(words) == {"en", "fr"}
    for key in made.keys.iterdir():
        assert key.stat().st_mode & 0o077 == 0, "only the owner reads a key"


@pytest.mark.parametrize("hostile", [HOSTILE, "'''", '"""', "\x7f", "@NAME@ @LOCALITY@"])
def test_any_name_is_kept_as_it_is(tmp_path: Path, hostile: str) -> None:
    made = inquiry.create(tmp_path / "x", name=hostile, locality="Place")
    assert made.name == hostile.strip()
    assert made.locality == "Place"


def test_a_second_one_in_the_same_folder_is_refused(made: inquiry.Inquiry) -> None:
    with pytest.raises(InquiryError, match="already holds an inquiry"):
        inquiry.create(made.folder, name="B", locality="B")


@pytest.mark.parametrize(("name", "locality"), [("", "x"), ("x", " \n")])
def test_an_empty_name_is_refused(tmp_path: Path, name: str, locality: str) -> None:
    with pytest.raises(InquiryError, match="name and a locality"):
        inquiry.create(tmp_path / "x", name=name, locality=locality)


def test_a_folder_that_is_no_inquiry_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InquiryError, match="init --name"):
        inquiry.load(tmp_path / "nowhere")


def test_a_file_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InquiryError, match="Choose a folder that you may write to"):
        inquiry.create(tmp_path / "file" / "x", name="A", locality="B")


GROUP = '[[group]]\ncode = "residents"'


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (
            '[[group]]\nabuot = "age"\ncode = "x"',
            r"line \d+: abuot is no setting of",
        ),
        ('[[group]]\nabout = "colour"\ncode = "x"', r"line \d+: about must be"),
        (
            '[[group]]\njoins = "carers"\ncode = "x"',
            r"line \d+: joins names no",
        ),
        (
            '[[wider_group]]\ncode = "y"\n[[group]]\njoins = "y"\ncode = "x"',
            "joins says nothing without about",
        ),
        ('[[wider_group]]\ncode = "carers"\n[[group]]\ncode = "x"', "two of the groups have"),
        ('[[topic]]\ncode = "police"\nthreshold = 20\n[[group]]\ncode = "x"', "needs a name"),
        (
            '[[topic]]\ncode = "health"\nthreshold = 9\n[[group]]\ncode = "x"',
            "a threshold of 10",
        ),
        ('[[topic]]\ncode = "health"\n[[group]]\ncode = "x"', "a threshold of 10"),
        (
            '[[topic]]\ncode = "health"\nk = 9\n[[group]]\ncode = "x"',
            "k is no setting of",
        ),
    ],
)
def test_how_people_are_counted_is_refused_where_it_is_not_understood(
    made: inquiry.Inquiry, new: str, says: str
) -> None:
    with pytest.raises(InquiryError, match=says):
        inquiry.load(rewrite(made, GROUP, new).parent)


def test_groups_say_what_they_are_about_and_topics_ask_for_more_people(
    made: inquiry.Inquiry,
) -> None:
    known = """
[[wider_group]]
code = "both_banks"
name = "Both sides of the river"
[[topic]]
code = "health"
threshold = 25
[[topic]]
code = "police"
name = { en = "The police", fr = "La police" }
threshold = 12
[[group]]
about = "place"
joins = "both_banks"
population = 1200
population_source = "a count"
population_year = 2021
code = "residents\""""
    found = inquiry.load(rewrite(made, GROUP, known).parent)
    residents = next(group for group in found.groups if group.code == "residents")
    assert (residents.about, residents.joins) == ("place", "both_banks")
    assert (residents.population, residents.population_source) == (1200, "a count")
    assert found.wider_groups[0].names == {"en": "Both sides of the river"}
    # what is not marked keeps the inquiry's own; the most careful topic decides
    for topics, people in (
        ((), 10), (("police",), 12), (("police", "health"), 25), (("immigration",), 20),
        (("no_more_in_the_settings",), 20),
    ):  # fmt: skip
        assert found.threshold_for(topics) == people


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("open_to =", "open-to =", r"line \d+: open-to is no setting of \[findings\]; these are"),
        ('open_to = "everybody"', 'open_to = "Word"', r"line \d+: open_to must be"),
        ('open_to = "everybody"', "open_to = true", r"line \d+: open_to must be"),
        ('open_to = "everybody"', 'open_to = ["word"]', r"line \d+: open_to must be"),
        ('open_to = "everybody"', 'open_to = "word"', r"line \d+: word must have at least 8"),
        ('word = ""', 'word = "blue heron"', r'word is set, but open_to is "everybody"'),
        ('word = ""', "word = 12345678", r"line \d+: word must be words in quotes"),
        ("keep = 5", "keep = 0", r"line \d+: keep must be a whole number from 1 to 50"),
        ("keep = 5", "keep = 5.5", r"line \d+: keep must be a whole number"),
        ("approvals = 0", "approvals = -1", r"line \d+: approvals must be a whole number from 0"),
        ("approvals = 0", "approvals = true", r"line \d+: approvals must be a whole number"),
        ("approvals = 0", 'approvals = "2"', r"line \d+: approvals must be a whole number"),
        ("search_engines = true", "search_engines = 1", r"search_engines must be true or false"),
        ("[findings]", "[[findings]]", r"line \d+: findings must be written as one part"),
        ("threshold = 10", "threshold = 4", r"line \d+: threshold must be 5 or more"),
        ("threshold = 10", 'threshold = "ten"', r"line \d+: threshold must be a whole number"),
        ("threshold = 10", "threshold = true", r"line \d+: threshold must be a whole number"),
        ('name = "A name"', 'name = " "', r"line 4: name must be words in quotes, and not empty"),
        ('name = "A name"', "name = 7", r"line 4: name must be words"),
        ('name = "A name"', "name = ", r"line 4"),
        ('languages = ["en", "fr"]', 'languages = ["english!"]', "language codes such as"),
        ('code = "carers"', 'code = "Carers and co"', r"line \d+: code 'Carers and co' must be"),
        ('code = "carers"', 'code = "residents"', r"line \d+: .*two of the groups have the code"),
        ('code = "carers"', 'code = "all"', r"line \d+: .*'all' is kept for totals"),
        ("-12-31", "-13-31", r"line \d+"),
        ("wording = 1", "wording = 0", r"line \d+: wording must be a whole number above 0"),
        ("quote = {", "quite = {", r"\[consent\] needs words for 'quote'"),
        ('link = "tel:112"', 'link = "javascript:alert(1)"', r"line \d+: link must start with"),
        ("[inquiry]", "[enquiry]", r"the part \[inquiry\] is missing"),
    ],
)
def test_a_wrong_setting_is_named_with_file_and_line(
    made: inquiry.Inquiry, old: str, new: str, says: str
) -> None:
    path = rewrite(made, old, new)
    with pytest.raises(InquiryError, match=says) as refused:
        inquiry.load(made.folder)
    assert str(path) in str(refused.value)


def test_an_end_before_the_start_is_refused(made: inquiry.Inquiry) -> None:
    year = date.today().year
    rewrite(made, f"ends = {year}-12-31", f"ends = {year - 1}-12-31")
    with pytest.raises(InquiryError, match="the end not before the start"):
        inquiry.load(made.folder)


def test_another_encoding_is_refused_in_words(made: inquiry.Inquiry) -> None:
    path = made.folder / "inquiry.toml"
    path.write_bytes(path.read_text("utf-8").encode("latin-1", "replace"))
    with pytest.raises(InquiryError, match="Save it again as UTF-8"):
        inquiry.load(made.folder)


def test_a_byte_order_mark_is_no_matter(made: inquiry.Inquiry) -> None:
    path = made.folder / "inquiry.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert inquiry.load(made.folder).name == "A name"


@pytest.mark.parametrize(
    ("old", "new"), [('en = "What you tell', 'en = "" # "'), ("[confidentiality]", "[other]")]
)
def test_capture_closes_without_limits_of_confidentiality(
    made: inquiry.Inquiry, old: str, new: str
) -> None:
    rewrite(made, old, new)
    path = made.folder / "inquiry.toml"
    text = path.read_text("utf-8").replace('fr = "Ce que vous racontez', 'fr = "" # "')
    path.write_text(text, "utf-8")
    assert not inquiry.load(made.folder).capture_open


def test_capture_closes_without_help_contacts(made: inquiry.Inquiry) -> None:
    path = made.folder / "inquiry.toml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("[[help]]")], "utf-8")
    assert not inquiry.load(made.folder).capture_open


def test_a_missing_text_falls_back(made: inquiry.Inquiry) -> None:
    assert made.text({"en": "Hello", "fr": "Bonjour"}, "fr") == "Bonjour"
    assert made.text({"en": "Hello", "fr": ""}, "fr") == "Hello"
    assert made.text({"pa": "ਸਤ ਸ੍ਰੀ ਅਕਾਲ"}, "fr") == "ਸਤ ਸ੍ਰੀ ਅਕਾਲ"
    assert made.text({}, "fr") == ""


def test_the_cycle_of_a_day(made: inquiry.Inquiry) -> None:
    [cycle] = made.cycles
    assert made.current_cycle(cycle.starts) == cycle
    assert made.current_cycle(cycle.ends) == cycle
    assert made.current_cycle(date(1999, 1, 1)) is None


def test_an_issue_is_a_question_unless_the_inquiry_says_otherwise(made: inquiry.Inquiry) -> None:
    assert made.issue_is == "question"
    path = rewrite(made, 'issue_is = "question" ', 'issue_is = "disagreement" ')
    assert inquiry.load(made.folder).issue_is == "disagreement"
    path.write_text(path.read_text("utf-8").replace('"disagreement" ', '"quarrel" ', 1), "utf-8")
    with pytest.raises(InquiryError, match=r'issue_is must be "question" or "disagreement"'):
        inquiry.load(made.folder)


def test_an_inquiry_from_before_there_was_the_choice_has_questions(made: inquiry.Inquiry) -> None:
    rewrite(made, 'issue_is = "question" ', "# ")
    assert inquiry.load(made.folder).issue_is == "question"


@pytest.mark.parametrize(
    ("settings", "sharing"),
    [
        ("", Sharing("everybody", "", 0)),
        ("[findings]", Sharing("everybody", "", 0)),
        ('[findings]\nopen_to = "people"\napprovals = 2', Sharing("people", "", 2)),
        ("[findings]\nkeep = 2", Sharing(keep=2)),
        ('[findings]\nopen_to = "word"\nword = " Blue Heron "', Sharing("word", "Blue Heron", 0)),
    ],
)
def test_who_may_look_is_everybody_unless_the_community_says_otherwise(
    made: inquiry.Inquiry, settings: str, sharing: Sharing
) -> None:
    path = made.folder / "inquiry.toml"
    before, rest = path.read_text("utf-8").split("[findings]")
    after = rest.split("[about]", 1)[1]
    path.write_text(f"{before}{settings}\n[about]{after}", "utf-8")
    assert inquiry.load(made.folder).sharing == sharing
    assert made.sharing.everybody


def test_a_shared_word_is_counted_by_its_letters(made: inquiry.Inquiry) -> None:
    rewrite(made, 'open_to = "everybody"', 'open_to = "word"')
    rewrite(made, 'word = ""', 'word = "a b . . . . . . c"')
    with pytest.raises(InquiryError, match="at least 8 letters or digits"):
        inquiry.load(made.folder)
