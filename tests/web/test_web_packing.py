"""Styles and scripts travel gzipped, pages do not."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

TAKES = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("path", ["/static/css/site.css", "/static/vendor/idb.js"])
def test_our_files_are_packed_for_whoever_takes_it(client: FlaskClient, path: str) -> None:
    with client.get(path) as plain, client.get(path, headers=TAKES) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) == packed.content_length < len(plain.data) / 2
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


def test_what_is_packed_can_be_asked_after(client: FlaskClient) -> None:
    with client.get("/static/css/site.css", headers=TAKES) as first:
        known = {"If-None-Match": first.headers["ETag"]}
    with client.get("/static/css/site.css", headers=TAKES | known) as again:
        assert again.status_code == 304 and again.data == b""


@pytest.mark.parametrize("path", ["/", "/tell/story", "/static/icons/icon-192.png"])
def test_pages_and_pictures_are_not_packed(client: FlaskClient, path: str) -> None:
    with client.get(path, headers=TAKES) as answer:
        assert "Content-Encoding" not in answer.headers


def test_a_part_of_a_file_comes_as_it_is(client: FlaskClient) -> None:
    with client.get("/static/css/site.css", headers=TAKES | {"Range": "bytes=0-9"}) as part:
        assert part.status_code == 206 and len(part.data) == 10
        assert "Content-Encoding" not in part.headers
