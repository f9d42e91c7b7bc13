"""`par agreement`: figures from a file, and a sentence for every file that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click.testing
import pytest

from par_toolkit.cli import main

HEAD = "participant,group,statement,position\n"
FILE = (
    HEAD
    + """a,residents,Keep the bus,agree
b,residents,Keep the bus,disagree
c,carers,Keep the bus,disagree
c,carers,Open on Saturdays,
a,residents,Open on Saturdays,unsure
"""
)


def run(path: Path, *options: str, code: int = 0) -> click.testing.Result:
    result = click.testing.CliRunner().invoke(main, ["agreement", str(path), *options])
    assert result.exit_code == code, result.output + result.stderr
    assert "Traceback" not in result.output + result.stderr
    return result


def write(tmp_path: Path, text: str | bytes, name: str = "positions.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def figures(path: Path, *options: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(run(path, "--json", *options).stdout)
    return said


def counts(
    said: dict[str, Any], statement: str = "Keep the bus"
) -> dict[str, tuple[int, int, int]]:
    found = next(one for one in said["statements"] if one["statement"] == statement)
    return {g["group"]: (g["agree"], g["disagree"], g["unsure"]) for g in found["groups"]}


def test_figures_come_as_json_with_who_was_not_asked(tmp_path: Path) -> None:
    """1 of 2 and 0 of 1: (2/4, 1/3); √(1.5/3 · 0.5/2). Then 0 of 1 with one group heard."""
    said = figures(write(tmp_path, FILE), "--group", "residents", "--group", "carers",
                   "--group", "health workers")  # fmt: skip
    bus, saturdays = said["statements"]
    assert bus["statement"] == "Keep the bus" and bus["minimum"] == pytest.approx(1 / 3)
    assert bus["order"] == pytest.approx(0.125**0.5) and bus["lowest"] == ["carers"]
    assert bus["legacy"] == pytest.approx(1 / 2 / 3 / 2)
    assert saturdays["minimum"] == pytest.approx(1 / 3) and saturdays["order"] == 0.25
    states = [[one["state"] for one in each["groups"]] for each in (bus, saturdays)]
    assert states == [
        ["answered", "answered", "not_asked"], ["answered", "nobody_answered", "not_asked"],
    ]  # fmt: skip
    assert [one["share"] for one in saturdays["groups"]] == [pytest.approx(1 / 3), None, None]
    assert said["participants"] == 3 and said["rows"] == 5 and said["not_taken"] == []


def test_people_read_it_in_words(tmp_path: Path) -> None:
    said = run(write(tmp_path, FILE + "d,,Keep the bus,agree\na,carers,Keep the bus,agree\n"))
    assert "residents  1 of 2 agree, 1 disagree" in said.stdout
    assert "carers     asked, and nobody answered" in said.stdout
    assert "1 answer is of participants in no group" in said.stderr
    assert "1 participant is in more than one group, and counted once in each." in said.stderr


def test_it_needs_no_inquiry(tmp_path: Path) -> None:
    words = ["--inquiry", str(tmp_path / "nowhere"), "agreement", str(write(tmp_path, FILE))]
    assert click.testing.CliRunner().invoke(main, words).exit_code == 0


@pytest.mark.parametrize(
    "text",
    [
        FILE.replace(",agree", ",1").replace(",disagree", ",-1").replace(",unsure", ",0"),
        FILE.replace(",agree", ",D’accord").replace(",disagree", ",pas d'accord"),
        FILE.replace(",", ";"),
        FILE.replace(",", "\t"),
        FILE.replace("\n", "\r\n"),
        FILE.replace("\n", "\r"),
        "sep=;\n" + FILE.replace(",", ";"),
        "\ufeff" + FILE,
        FILE.encode("utf-16"),
        FILE.replace("Keep the bus", "  Keep\u200b the   bus ").encode(),
        FILE.replace("participant,group", "Participant , GROUPE"),
        FILE.replace(",disagree", ",'-1"),
        "extra," + FILE.replace("\n", "\nx,").removesuffix("x,"),
        FILE + "\n\n",
    ],
    ids=range(14),
)  # fmt: skip
def test_files_are_read_as_people_have_them(tmp_path: Path, text: str | bytes) -> None:
    said = figures(write(tmp_path, text))
    assert counts(said) == {"residents": (1, 1, 0), "carers": (0, 1, 0)}
    assert len(said["statements"]) == 2 and said["not_taken"] == []


def test_other_encodings_keep_their_words(tmp_path: Path) -> None:
    text = "participant;groupe;énoncé;position\na;aînés;Une clinique à Noël;désaccord\n"
    for encoding in ("utf-8", "cp1252", "utf-16"):
        said = figures(write(tmp_path, text.encode(encoding)))
        assert counts(said, "Une clinique à Noël") == {"aînés": (0, 1, 0)}


def test_the_last_of_several_answers_holds_and_it_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "a,g,s,agree\nb,g,s,agree\na,g,s,disagree\na,g,s,\n")
    assert counts(figures(path), "s") == {"g": (1, 1, 0)}
    assert "1 answer was given again" in run(path).stderr
    assert figures(path)["replaced"] == 1


def test_one_person_in_two_groups_counts_in_each_and_it_is_said(tmp_path: Path) -> None:
    said = figures(write(tmp_path, HEAD + "a,g,s,agree\na,h,s,disagree\n"))
    assert counts(said, "s") == {"g": (1, 0, 0), "h": (0, 1, 0)}
    assert (said["in_several_groups"], said["participants"]) == (1, 1)


def test_rows_that_cannot_be_taken_are_told_with_their_line(tmp_path: Path) -> None:
    rows = "a,g,s,maybe\n,g,s,agree\nb,g,,agree\nc,g,s,agree,more\nd,g\ne,g,s,=1+1\nf,g,s,agree\n"
    path = write(tmp_path, HEAD + rows)
    said = run(path)
    for sentence in (
        "line 2: 'maybe' is no position. Write agree, disagree or unsure",
        "line 3: has no participant",
        "line 4: has no statement",
        "line 5: has 5 cells, but there are 4 columns",
        "line 6: has no statement",
        "line 7: '=1+1' is no position",
    ):
        assert sentence in said.stderr
    assert "1 of 1 agree" in said.stdout
    told = figures(path)
    assert told["rows_not_taken"] == len(told["not_taken"]) == 6
    assert told["not_taken"][0]["line"] == 2


def test_groups_that_were_not_declared_are_left_out_and_told(tmp_path: Path) -> None:
    path = write(tmp_path, FILE + "z,strangers,Keep the bus,agree\ny,,Keep the bus,agree\n")
    said = figures(path, "--group", "Residents", "--group", "carers")
    assert counts(said) == {"Residents": (1, 1, 0), "carers": (0, 1, 0)}
    assert [one["line"] for one in said["not_taken"]] == [7, 8]
    assert "'strangers' is none of the groups that were named" in said["not_taken"][0]["reason"]


def test_formulas_and_terminal_codes_stay_words(tmp_path: Path) -> None:
    rows = "a,'=g,'=1+1,agree\na,'=g,\x1b[31mred,agree\n'a,g,'quoted,agree\n"
    said = figures(write(tmp_path, HEAD + rows))
    assert {one["statement"] for one in said["statements"]} == {"=1+1", "[31mred", "'quoted"}
    assert said["groups"] == ["=g", "g"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n\n", "is empty"),
        (HEAD, "a first row with names, and no row below it"),
        (HEAD + "a,g,s,maybe\n", "No row of positions.csv can be used. line 2: 'maybe'"),
        ("participant,group,position\na,g,agree\n", "has no column 'statement'"),
        ("a,b\n1,2\n", "no column 'participant' and none 'group' and none 'statement'"),
        ("participant,group,group,statement,position\n", "more than one column 'group'"),
        (b"PK\x03\x04made up", "not a CSV file"),
        (HEAD + 'a,g,"s,agree\n', "opens a quotation mark that is never closed"),
        (HEAD + "a,g," + "x" * 100_001 + ",agree\n", "a cell of more than 100,000 characters"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, text: str | bytes, sentence: str
) -> None:
    said = run(write(tmp_path, text), code=1)
    assert sentence in said.stderr and said.stdout == ""
    assert run(write(tmp_path, text), "--json", code=1).stdout == ""


def test_a_file_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    assert "There is no file" in run(tmp_path / "nothing.csv", code=1).stderr
    assert "is a folder" in run(tmp_path, code=1).stderr


def test_a_large_file_of_wrong_rows_is_told_in_short(tmp_path: Path) -> None:
    rows = "".join(f"p{number},g,s,maybe\n" for number in range(6_000))
    path = write(tmp_path, HEAD + rows + "p,g,s,agree\n" + f"p,g,{'long ' * 900},agree\n")
    said = run(path)
    assert "6,000 rows were not taken" in said.stderr and "5,980 more" in said.stderr
    assert max(map(len, said.stdout.splitlines())) < 300
    told = figures(path)
    assert (told["rows_not_taken"], len(told["not_taken"])) == (6_000, 1_000)
