"""Form files: read as they are meant, refused with file, line and reason where they are not."""

from pathlib import Path

import pytest
from flask_wtf import FlaskForm

import forms
from forms.lines import Lines
from forms.reading import RESERVED_NAMES
from forms.wtf import QuestionForm

GOOD = """\
# a form of a community
form = "garden"
version = 2
title.en = "The garden"
title.pa = "ਬਾਗ਼"

[[question]]
name = "telling"
kind = "long_text"
required = true
label.en = "What grew?"

[[question]]
name = "tools"
kind = "many"
label = { en = "Which tools?" }
options = [
    { code = "spade", en = "Spade" },
    { code = "rake", en = "Rake", pa = "ਪੰਜਾ" },
]

[[question]]
name = "beds"
kind = "number"
[question.label]
en = "How many beds?"
[question.help]
en = \"\"\"
Count them
twice.\"\"\"
"""


EVERY_WAY = """\
a.b = 1 # [x]
"c d" = '''
[not]
'''
[t]
list = [ # one
  "]",
  [1,
 2],
]
[[q]]
x = { y = 1, z.w = "#" }
[[q.r]]
[q.s]
k = 1979-05-27
[[q]]
x = ''
[[q.r]]
m = \"\"\"a\\"\"\"b\"\"\"\"
last = true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "forms"
    path.mkdir()
    return path


def _write(folder: Path, text: str | bytes, name: str = "garden-2.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def _refusal(folder: Path, path: Path) -> forms.FormError:
    """Return the one error, having checked that message, `load` and `check_folder` agree."""
    (error,) = forms.check_folder(folder)
    assert error.path == path
    assert str(error) == f"{path}, line {error.line}: {error.reason}"
    return error


def test_a_form_is_read_whole(folder: Path) -> None:
    path = _write(folder, GOOD)
    form = forms.load("garden", folders=[folder])
    assert form.path == path
    assert form.titles == {"en": "The garden", "pa": "ਬਾਗ਼"}
    assert [(each.name, each.kind, each.required) for each in form.questions] == [
        ("telling", "long_text", True),
        ("tools", "many", False),
        ("beds", "number", False),
    ]
    assert form.question("tools").options[1] == forms.Option("rake", {"en": "Rake", "pa": "ਪੰਜਾ"})
    assert form.question("beds").helps == {"en": "Count them\ntwice."}
    assert form.themed is False
    assert form.rather_not["en"] == "I would rather not say"
    assert form.untranslated("pa") == (
        "telling: label", "tools: label", "tools: option spade", "beds: label", "beds: help",
    )  # fmt: skip
    with pytest.raises(KeyError):
        form.question("missing")


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
def test_windows_files_are_read(folder: Path, prefix: bytes) -> None:
    _write(folder, prefix + GOOD.replace("\n", "\r\n").encode())
    assert forms.load("garden", folders=[folder]).version == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('form = "garden"', 'form = "garden', 2, "not valid TOML"),
        ('form = "garden"', "", 1, "name of the form is missing"),
        ('form = "garden"', 'form = "story"', 2, 'form is "story", but the file is called'),
        ("version = 2", "version = 3", 3, "version is 3, but the file is called garden-2.toml"),
        ("version = 2", 'version = "2"', 3, 'version is "2"'),
        ("version = 2", "version = true", 3, "version is True"),
        ("version = 2", "", 1, "Add the line: version = 2"),
        ("version = 2", "version = 2\nversion = 2", 4, "not valid TOML"),
        ("version = 2", "version = 2\ncolour = 1", 4, '"colour" is not known here'),
        ('title.en = "The garden"', 'title.en = ""', 4, "the text is empty"),
        ('title.en = "The garden"', 'title.en = "\\u200b"', 4, "the text is empty"),
        ('title.en = "The garden"', "title.en = 5", 4, "5 is not a text"),
        ('title.en = "The garden"', f'title.en = "{"x" * 5001}"', 4, "5,001 characters"),
        ("title.pa", "title.punjabi", 5, '"punjabi" is not the code of a language'),
        ('title.en = "The garden"\ntitle.pa = "ਬਾਗ਼"', 'title = "x"', 4, "which language"),
        ('title.en = "The garden"\ntitle.pa = "ਬਾਗ਼"', "title = {}", 4, "no text here"),
        ('title.en = "The garden"\ntitle.pa = "ਬਾਗ਼"', "", 1, "the title is missing"),
        ('name = "telling"', 'name = "Telling"', 8, '"Telling" cannot be the name'),
        ('name = "telling"', 'name = "data"', 8, 'the toolkit needs the name "data" itself'),
        ('name = "telling"', 'name = "consent_quote"', 8, "needs the name"),
        ('name = "telling"', "", 7, "the question has no name"),
        ('name = "tools"', 'name = "telling"', 14, "stands further up already"),
        ('kind = "long_text"', 'kind = "essay"', 9, '"essay" is not a kind of question'),
        ('kind = "long_text"', 'kind = ["a"]', 9, "is not a kind of question"),
        ('kind = "long_text"', "", 7, "the kind is missing"),
        ("required = true", 'required = "yes"', 10, 'required is "yes". Write true or false'),
        ("required = true", "needed = true", 10, '"needed" is not known here'),
        ("required = true", 'options = [{code = "a", en = "A"}]', 10, "has no options"),
        ("required = true", 'options_from = "groups"', 10, "has no options"),
        ('label.en = "What grew?"', "", 7, "the label is missing"),
        ('label.en = "What grew?"', 'label.EN = "What grew?"', 11, '"EN" is not the code'),
        ('code = "rake", en', 'code = "spade", en', 19, 'the code "spade" stands twice'),
        ('code = "rake", en', 'code = "Rake!", en', 19, '"Rake!" cannot be the code'),
        ('code = "rake", en', "en", 19, "cannot be the code"),
        (', en = "Rake", pa = "ਪੰਜਾ"', "", 19, "no text here"),
        ('pa = "ਪੰਜਾ"', "pa = 7", 19, "7 is not a text"),
        ('kind = "many"', 'kind = "many"\noptions_from = "groups"', 16, "not both"),
        ('kind = "number"', 'kind = "choice"', 24, "nothing to choose from"),
        ('kind = "number"', 'kind = "choice"\noptions_from = "group"', 25, '"group" is not a list'),
        ("twice.", "twice.\\q", 30, "not valid TOML"),
        ("[question.help]", "[question.hint]", 27, '"hint" is not known here'),
        ("[[question]]", "[question]", 7, ""),
    ],
)
def test_a_mistake_is_refused_with_file_line_and_reason(
    folder: Path, old: str, new: str, line: int, reason: str
) -> None:
    assert old in GOOD
    path = _write(folder, GOOD.replace(old, new, 1))
    error = _refusal(folder, path)
    assert reason in error.reason
    if reason:
        assert error.line == line
    with pytest.raises(forms.FormError) as refused:
        forms.load("garden", folders=[folder])
    assert str(refused.value) == str(error)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "the file is empty"),
        (b" \n\n", 1, "the file is empty"),
        (b'form = "garden"\ntitle.fr = "\xe9t\xe9"\n', 2, "not UTF-8"),
        (b"a = " + b"[" * 100_000, 1, "cannot be understood"),
        (b"a = " + b"9" * 10_000, 1, "cannot be understood"),
        (b"# x\n" * 600_000, 1, "larger than 2,000,000 bytes"),
        (b'form = "garden"\nversion = 2\ntitle.en = "x"\n', 1, "the form asks nothing"),
        (b'form = "garden"\nversion = 2\ntitle.en = "x"\nquestion = 5', 4, "two brackets"),
        (b"\x00", 1, "not valid TOML"),
    ],
)
def test_a_file_that_is_no_form_is_refused(
    folder: Path, content: bytes, line: int, reason: str
) -> None:
    error = _refusal(folder, _write(folder, content))
    assert (error.line, reason in error.reason) == (line, True)


def test_a_folder_where_a_form_should_be_is_refused(folder: Path) -> None:
    path = folder / "garden-2.toml"
    path.mkdir()
    assert "cannot be read" in _refusal(folder, path).reason


@pytest.mark.parametrize(
    "name", ["garden.toml", "Garden-2.toml", "garden-02.toml", "garden-2.toml.txt", "a b-1.toml"]
)
def test_a_wrong_file_name_is_told(folder: Path, name: str) -> None:
    error = _refusal(folder, _write(folder, GOOD, name))
    assert "NAME-VERSION.toml" in error.reason


def test_other_files_in_the_folder_are_passed_over(folder: Path) -> None:
    _write(folder, "notes", "README.md")
    _write(folder, "x", ".garden-2.toml.swp")
    assert forms.check_folder(folder) == []
    assert forms.check_folder(folder / "nowhere") == []


def test_a_file_in_place_of_the_folder_is_told(folder: Path) -> None:
    path = _write(folder, "x", "not-a-folder")
    (error,) = forms.check_folder(path)
    assert "the folder cannot be read" in error.reason


def test_what_a_question_may_not_be_called_covers_what_flask_wtf_uses() -> None:
    taken = {name for cls in (FlaskForm, QuestionForm) for name in dir(cls) if name[0] != "_"}
    assert {name for name in taken if name.islower()} <= RESERVED_NAMES | {"answers"}


def test_lines_are_found_for_every_way_to_write_toml() -> None:
    lines = Lines(EVERY_WAY)
    expected = {
        ("a", "b"): 1, ("c d",): 2, ("t",): 5, ("t", "list"): 6, ("t", "list", 0): 7,
        ("t", "list", 1, 1): 9, ("q", 0): 11, ("q", 0, "x", "z", "w"): 12, ("q", 0, "r", 0): 13,
        ("q", 0, "s", "k"): 15, ("q", 1): 16, ("q", 1, "x"): 17, ("q", 1, "r", 0): 18,
        ("q", 1, "r", 0, "m"): 19, ("q", 1, "r", 0, "last"): 20,
    }  # fmt: skip
    assert {path: lines.of(*path) for path in expected} == expected
    assert lines.of("q", 1, "missing", "deeper") == 16
    assert lines.of() == lines.of("nothing") == 1


def test_a_large_form_is_read_in_linear_time(folder: Path) -> None:
    question = '[[question]]\nname = "q{0}"\nkind = "short_text"\nlabel.en = "Question {0}?"\n\n'
    head = 'form = "garden"\nversion = 2\ntitle.en = "x"\n'
    _write(folder, head + "".join(question.format(n) for n in range(2_000)))
    assert len(forms.load("garden", folders=[folder]).questions) == 2_000
