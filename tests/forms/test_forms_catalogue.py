"""Finding forms: the community's own win, every version stays, one bad file harms no other."""

import logging
from pathlib import Path

import pytest

import forms
from forms.catalogue import SHIPPED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "forms"
    path.mkdir()
    return path


def _own_story(folder: Path, version: int, first: str = "What happened to you?") -> Path:
    text = (SHIPPED / "story-1.toml").read_text("utf-8")
    text = text.replace("version = 1", f"version = {version}").replace("What happened?", first)
    path = folder / f"story-{version}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_newest_version_is_loaded_and_every_older_one_stays(folder: Path) -> None:
    _own_story(folder, 2)
    _own_story(folder, 10)
    assert forms.load("story", folders=[folder]).version == 10
    assert forms.load("story", version=1, folders=[folder]).path == SHIPPED / "story-1.toml"
    assert forms.load("story", version=2, folders=[folder]).version == 2
    versions = [form.version for form in forms.available([folder])["story"]]
    assert versions == [1, 2, 10]
    assert forms.load("story").version == 1


def test_a_file_of_the_community_replaces_the_shipped_one_of_the_same_version(
    folder: Path,
) -> None:
    path = _own_story(folder, 1, "Well, what happened?")
    story = forms.load("story", version=1, folders=[folder])
    assert story.path == path
    assert story.questions[0].labels["en"] == "Well, what happened?"


def test_the_first_folder_wins(tmp_path: Path) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for each in folders:
        each.mkdir()
        _own_story(each, 3)
    assert forms.load("story", folders=folders).path == folders[0] / "story-3.toml"


def test_a_changed_file_is_read_again(folder: Path) -> None:
    _own_story(folder, 2, "First wording?")
    assert forms.load("story", folders=[folder]).questions[0].labels["en"] == "First wording?"
    _own_story(folder, 2, "The second wording?")
    assert forms.load("story", folders=[folder]).questions[0].labels["en"] == "The second wording?"


@pytest.mark.parametrize("name", ["nope", "", "../story", "story-1", "\ud800", "x" * 5000, None])
def test_an_unknown_form_is_told_with_those_there_are(name: str) -> None:
    with pytest.raises(forms.UnknownForm) as refused:
        forms.load(name)
    message = str(refused.value)
    assert "feedback, reflection, story" in message
    assert len(message) < 300
    assert message.encode("utf-8")


@pytest.mark.parametrize("version", [0, -1, 2, 10**30, True, "1"])
def test_an_unknown_version_is_told_with_those_there_are(version: int) -> None:
    with pytest.raises(forms.FormError, match=r'The form "story" has no version .*; it has 1'):
        forms.load("story", version=version)


def test_one_bad_file_is_logged_and_does_not_close_the_other_forms(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = _own_story(folder, 2)
    path.write_text("version = ", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert [form.version for form in forms.available([folder])["story"]] == [1]
    assert f"{path}, line 1: this is not valid TOML" in caplog.text
    # Asked for by name it is refused, not silently replaced by an older one.
    with pytest.raises(forms.FormError, match=r"story-2\.toml, line 1"):
        forms.load("story", folders=[folder])


def test_the_worked_example_of_the_readme_works(folder: Path) -> None:
    readme = Path(forms.__file__).with_name("README.md").read_text("utf-8")
    block = readme.split("```toml\n")[1].split("```")[0]
    (folder / "story-2.toml").write_text(block, encoding="utf-8")
    assert forms.check_folder(folder) == []
    story = forms.load("story", folders=[folder])
    assert story.version == 2
    assert story.untranslated("en") == story.untranslated("fr") == ()
