"""The hour's budget by command: shown to everybody, set by a supervisor."""

import pytest

from tests.support.terminal import Terminal


def test_a_budget_is_set_shown_and_taken_away(terminal: Terminal) -> None:
    assert terminal.json("sync", "budget", "5000000") == {
        "own": 5_000_000, "in_force": 5_000_000,
    }  # fmt: skip
    assert "5,000,000" in terminal.type("sync", "budget")
    assert terminal.json("sync", "budget", "0") == {"own": 0, "in_force": None}
    assert "0" not in terminal.type("sync", "budget"), "no limit, in words"


@pytest.mark.parametrize("size", ["-1", str(2**40 + 1)])
def test_a_budget_out_of_reach_is_refused_by_number(
    terminal: Terminal, size: str
) -> None:
    assert terminal.refused("sync", "budget", "--", size) == 1031
    assert terminal.json("sync", "budget")["own"] == 0


def test_a_clerk_sees_it_and_does_not_set_it(terminal: Terminal) -> None:
    terminal.login = "chen"
    assert terminal.refused("sync", "budget", "1") == 105
    assert terminal.json("sync", "budget") == {"own": 0, "in_force": None}


def test_what_is_no_number_is_wrong_usage(terminal: Terminal) -> None:
    assert terminal.run("sync", "budget", "lots").exit_code == 2
