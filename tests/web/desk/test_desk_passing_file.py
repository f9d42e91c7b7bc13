"""What is on the disk for a moment says nothing there."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.web.desk import passing_file
from par_toolkit.web.desk.passing_file import PassingFile


@given(st.lists(st.binary(max_size=300)), st.integers(1, 100))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], size: int
) -> None:
    with PassingFile(tmp_path_factory.getbasetemp()) as file:
        for part in parts:
            assert file.write(part) == len(part)
        file.rewind()
        assert b"".join(iter(lambda: file.read(size) or b"", b"")) == b"".join(parts)


def test_a_zip_in_it_is_whole_and_its_words_are_not_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk = tmp_path / "on disk"
    monkeypatch.setattr(
        passing_file.tempfile, "TemporaryFile", lambda **_: on_disk.open("w+b", buffering=0)
    )
    file: Any = PassingFile(tmp_path)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as zipped:
        zipped.writestr("words.txt", "Zanzibarquartz " * 10_000)
    written = on_disk.read_bytes()
    assert len(written) > 100_000 and b"Zanzibarquartz" not in written and written[:2] != b"PK"
    file.rewind()
    with pytest.raises(io.UnsupportedOperation):
        file.write(b"more")
    with zipfile.ZipFile(io.BytesIO(file.read())) as back:
        assert back.read("words.txt").startswith(b"Zanzibarquartz ")
    file.close()


def test_a_form_that_is_sent_as_a_file_stays_in_memory(app: Flask) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="story"; filename="story.txt"\r\n\r\n'
    sent = head + b"Zanzibarquartz " * 100_000 + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    with app.test_request_context("/tell/story", method="POST", data=sent, content_type=kind):
        assert isinstance(request.files["story"].stream, io.BytesIO)
