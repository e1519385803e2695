"""Parts of uploads: what arrived is what the file holds, and who asks last writes."""

from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.district.intake.parts import Parts


@pytest.fixture
def files(tmp_path: Path) -> Parts:
    return Parts(tmp_path / "uploads")


def test_p05_what_arrived_stays_and_goes_on(files: Parts, tmp_path: Path) -> None:
    assert (files.size("a"), files.read("a")) == (0, b"")
    with files.writing("a", files.take_turn("a")) as pen:
        pen.append(b"abc")
    again = Parts(tmp_path / "uploads")
    assert again.size("a") == 3
    with again.writing("a", again.take_turn("a")) as pen:
        pen.append(b"def")
    assert (again.read("a"), again.read("a", 4)) == (b"abcdef", b"abcd")


def test_p05_what_arrived_before_a_cut_is_on_the_disk(files: Parts) -> None:
    def cut() -> None:
        with files.writing("a", files.take_turn("a")) as pen:
            pen.append(b"abc")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        cut()
    assert files.read("a") == b"abc"


def test_a_newer_request_takes_the_pen_away(files: Parts) -> None:
    """A dead line that nobody has noticed must not write into a living one's part."""
    ghost = files.take_turn("a")
    with files.writing("a", ghost) as pen:
        pen.append(b"abc")
        files.take_turn("a")
        with pytest.raises(Problem) as refused:
            pen.append(b"xyz")
    assert refused.value.code is Code.UPLOAD_TAKEN_OVER
    assert files.read("a") == b"abc"


def test_uploads_do_not_take_each_others_turns(files: Parts) -> None:
    with files.writing("a", files.take_turn("a")) as pen:
        files.take_turn("b")
        pen.append(b"abc")
    assert files.size("a") == 3


def test_a_part_that_is_given_up_is_gone_and_its_writer_stops(files: Parts) -> None:
    with files.writing("a", files.take_turn("a")) as pen:
        pen.append(b"abc")
        files.drop("a")
        with pytest.raises(Problem):
            pen.append(b"d")
    files.drop("a")
    assert files.size("a") == 0


def test_parts_of_no_upload_go(files: Parts) -> None:
    for name in ("known", "left-by-a-crash"):
        with files.writing(name, files.take_turn(name)) as pen:
            pen.append(b"abc")
    files.drop_all_but(frozenset({"known"}))
    assert (files.size("known"), files.size("left-by-a-crash")) == (3, 0)
