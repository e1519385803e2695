"""`sync now` and `sync status`: what waits goes, and what is said is what is so."""

from pathlib import Path

from desk_app.services.desk import Desk
from schemas.problems import Code
from tests.support.rigs import PASSPHRASE, a_desk, an_island, take_case
from tests.support.terminal import Terminal

ITEM = "HY12-01"


def test_what_waits_is_sent_and_said(terminal: Terminal, desk: Desk) -> None:
    take_case(desk, ITEM, seed=21)
    before = terminal.json("sync", "status")
    assert before["enrolled"]
    assert before["waiting"] >= 1

    after = terminal.json("sync", "now")
    assert (after["waiting"], after["refused"], after["last_problem"]) == (0, 0, None)
    assert after["last_contact_at"] > (before["last_contact_at"] or "")
    assert terminal.json("sync", "status") == after
    assert "0" in terminal.type("sync", "status")


def test_a_line_that_is_down_is_a_numbered_problem_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    with an_island(tmp_path) as island:
        desk = island.desk
    desk.unlock("lin", PASSPHRASE)
    take_case(desk, ITEM, seed=22)
    terminal = Terminal(desk.places.home)
    waiting = terminal.json("sync", "status")["waiting"]
    assert terminal.refused("sync", "now") == int(Code.LINE_DOWN)
    still = terminal.json("sync", "status")
    assert (still["waiting"], still["last_problem"]) == (waiting, int(Code.LINE_DOWN))


def test_a_desk_that_never_joined_says_so(tmp_path: Path) -> None:
    desk = a_desk(tmp_path / "desk")
    terminal = Terminal(desk.places.home)
    assert not terminal.json("sync", "status")["enrolled"]
    assert terminal.refused("sync", "now") == int(Code.NOT_ENROLLED)
