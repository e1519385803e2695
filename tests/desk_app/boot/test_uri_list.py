"""What a drag brings, read as files of this machine or refused."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_app.boot.uri_list import local_files
from schemas.problems import Code, Problem

HOST = "Nanri-01"
# What a file's name on Linux may have: any byte but a slash and zero.
NAMES = st.binary(min_size=1, max_size=40).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in {b".", b".."}
)


@settings(derandomize=True)
@given(st.lists(NAMES, min_size=1, max_size=5))
def test_every_name_comes_as_it_is(names: list[bytes]) -> None:
    paths = [Path("/home/lin") / _name(name) for name in names]
    listed = "".join(f"{path.as_uri()}\r\n" for path in paths)
    assert local_files(listed.encode(), host=HOST) == tuple(paths)


def _name(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def test_comments_and_this_machines_names_are_read_over() -> None:
    listed = (
        b"# from a file manager\r\nfile:///a/%E8%88%B9.png\nfile://localhost/b%20c.pdf"
        b"\r\nfile://nanri-01/d%23e%3Ff.jpg\r\n"
    )
    expected = ("/a/船.png", "/b c.pdf", "/d#e?f.jpg")
    assert local_files(listed, host=HOST) == tuple(map(Path, expected))


@pytest.mark.parametrize(
    "listed",
    [
        b"",
        b"# nothing\r\n",
        b"https://example.org/a.png\r\n",
        b"file:///a.png\r\nmtp://phone/b.png\r\n",
        b"file://another/a.png",
        b"file://[/a.png",
        b"a.png",
        b"file:a.png",
        b"file:///a%00b",
        b"\xff\xfe",
    ],
)
def test_what_lies_elsewhere_is_refused_whole(listed: bytes) -> None:
    with pytest.raises(Problem) as refused:
        local_files(listed, host=HOST)
    assert refused.value.code is Code.DROP_NOT_FILES
