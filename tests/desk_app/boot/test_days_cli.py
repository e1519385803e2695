"""Days by command: closed, listed, shown, printed; what cannot be says its number."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rigs import Island, an_island, take_case
from tests.support.terminal import Terminal


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Island, str]]:
    """A desk whose today is closed with one case, and that case's number."""
    with an_island(tmp_path_factory.mktemp("days")) as island:
        number = take_case(island.desk, "HY12-01", seed=1)
        at = Terminal(island.desk.places.home)
        assert at.refused("day", "print", "--to", str(at.home / "x.pdf")) == 1043
        body = at.json("day", "close")
        assert body["statement"]["entries"]["count"] == 1
        yield island, number


@pytest.fixture
def days(closed: tuple[Island, str]) -> Terminal:
    return Terminal(closed[0].desk.places.home)


def test_a_closed_day_is_listed_as_closed_by_whom(days: Terminal) -> None:
    (row, *_) = days.json("day", "list")
    assert row["version"] == 1
    assert row["entries"] == 1
    assert row["closed_by"] == "林窗口"
    assert row["day"] in days.type("day", "list")


def test_a_day_is_shown_with_what_was_signed(
    days: Terminal, closed: tuple[Island, str]
) -> None:
    shown = days.json("day", "show")
    assert shown["row"]["day"] == shown["statement"]["day"]
    assert [each["statement"]["version"] for each in shown["closings"]] == [1]
    assert shown["closings"][0]["statement"]["root"] == shown["statement"]["root"]
    assert shown["agreement"] is None, "the district has not been asked"
    text = days.type("day", "show")
    assert shown["statement"]["root"] in text
    assert "0001" in text or closed[1] in text


def test_a_closed_day_is_not_closed_twice_and_tomorrow_has_not_begun(
    days: Terminal,
) -> None:
    assert days.refused("day", "close") == 1042
    assert days.refused("day", "close", "2099-01-01") == 1041
    assert days.refused("day", "close", "yesterday") == 1040
    assert days.refused("day", "show", "2026-02-30") == 1040


def test_p07_a_late_change_reopens_the_day_and_is_closed_as_another_version(
    days: Terminal, closed: tuple[Island, str]
) -> None:
    take_case(closed[0].desk, "HY12-01", seed=2)
    assert days.json("day", "list")[0]["late"] >= 1
    again = days.json("day", "close")
    assert again["statement"]["version"] == 2
    assert again["statement"]["entries"]["count"] >= 2


def test_a_statement_is_written_where_it_was_asked(
    days: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "day.pdf"
    assert days.type("day", "print", "--to", str(file)).strip() == str(file)
    assert file.read_bytes().startswith(b"%PDF")
    gone = tmp_path / "gone" / "day.pdf"
    assert days.refused("day", "print", "--to", str(gone)) == 177
    assert days.refused("day", "print", "2020-01-01", "--to", str(file)) == 1043
