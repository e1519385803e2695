"""Verify and doctor at the terminal: a mark a line, its remedy, an exit code."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk_app.boot import checkup_cli, session
from desk_app.boot.watching import Watch
from desk_app.text.words import Words, problem_words
from schemas.problems import Code, Problem
from tests.support.counter import Counter, a_counter
from tests.support.terminal import Terminal

WORDS = Words("desk")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Counter]:
    """A desk that the test may harm, locked: the commands open it."""
    with a_counter(tmp_path) as made:
        made.take(seed=1)
        made.desk.lock()
        yield made


def _line(said: str, what: str) -> list[str]:
    """A check's own line, and its remedy below."""
    lines = said.splitlines()
    at = next(n for n, each in enumerate(lines) if WORDS(f"check.{what}") in each)
    below = [each.strip() for each in lines[at + 1 : at + 2] if each.startswith("    ")]
    return [lines[at][0], *below]


def test_a_vault_that_is_well_has_a_plus_in_every_line(own: Counter) -> None:
    said = Terminal(own.places.home).type("verify")
    assert [each[0] for each in said.splitlines()] == ["+"] * 3


def test_what_is_not_well_says_how_to_mend_it_and_ends_with_1(own: Counter) -> None:
    own.as_("lin")
    with own.place.vault.write() as tx:
        tx.run("DROP TRIGGER journal_never_update")
        assert tx.run("UPDATE journal SET entry = x'7b7d' WHERE sequence = 1") == 1
    own.desk.lock()
    said = Terminal(own.places.home).type("verify", code=1)
    title, _, do = problem_words(Problem(Code.CHAIN_BROKEN))
    assert _line(said, "journal_chain") == ["!", f"{title}：{do}"]
    assert _line(said, "vault_pages") == ["+"]


def test_what_is_only_worth_knowing_is_no_failure(
    own: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    said = Terminal(own.places.home).run("doctor", "--no-line")
    mark, remedy = _line(said.stdout, "display")
    title = problem_words(Problem(Code.NO_DISPLAY))[0]
    assert (mark, remedy.split("：")[0]) == ("?", title)


def test_ctrl_c_stops_a_check_up_and_nothing_is_said_of_it(
    own: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def pressed(key: str) -> Iterator[Watch]:
        with session.watched(key) as watch:
            signal.raise_signal(signal.SIGINT)
            yield watch

    monkeypatch.setattr(checkup_cli, "watched", pressed)
    terminal = Terminal(own.places.home)
    assert terminal.refused("doctor", "--no-line") == Code.STOPPED
    assert terminal.run("doctor", "--no-line").stdout == ""
