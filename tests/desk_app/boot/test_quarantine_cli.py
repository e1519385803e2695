"""Quarantine by command: each entry with its reason, settled by a supervisor."""

import pytest

from desk_app.services import quarantining
from schemas.feed import EntryQuarantined
from tests.support.rigs import Island
from tests.support.terminal import Terminal

COMMAND = ("sync", "quarantine")


@pytest.fixture
def place(island: Island) -> tuple[str, str]:
    """Epoch and sequence of an entry that the district set aside, for a new reason."""
    desk_place = island.desk.place
    with desk_place.vault.write() as tx:
        quarantining.take(
            desk_place, tx,
            EntryQuarantined(epoch=1, sequence=9001, problem=9999, reason="示例原因"),
        )  # fmt: skip
    return "1", "9001"


def test_an_entry_is_listed_until_it_is_settled_with_a_reason(
    terminal: Terminal, place: tuple[str, str]
) -> None:
    (task,) = terminal.json(*COMMAND, "list")
    assert (task["epoch"], task["sequence"], task["reason"]) == (1, 9001, "示例原因")
    assert (task["problem"], task["state"]) == (9999, "open")
    terminal.type(*COMMAND, "settle", *place, "--note", "示例：已另行报送")
    assert terminal.json(*COMMAND, "list") == []
    assert terminal.refused(*COMMAND, "settle", *place, "--note", "再来") == 1030


def test_p10_a_number_of_a_newer_district_is_listed_with_its_number(
    terminal: Terminal, place: tuple[str, str]
) -> None:
    """It is not in our list of numbers; the list must show it all the same."""
    assert "9999" in terminal.type(*COMMAND, "list")
    terminal.type(*COMMAND, "settle", *place, "--note", "示例：测试完")


def test_what_the_district_ruled_on_is_not_offered_again(
    terminal: Terminal, place: tuple[str, str]
) -> None:
    assert terminal.refused(*COMMAND, "retry", *place) == 1032
    assert terminal.refused(*COMMAND, "settle", *place, "--note", " ") == 163
    terminal.type(*COMMAND, "settle", *place, "--note", "示例：测试完")


def test_a_clerk_sees_the_list_and_settles_nothing(
    terminal: Terminal, place: tuple[str, str]
) -> None:
    terminal.login = "chen"
    assert len(terminal.json(*COMMAND, "list")) == 1
    assert terminal.refused(*COMMAND, "settle", *place, "--note", "示例") == 105
    assert terminal.refused(*COMMAND, "retry", *place) == 105
    terminal.login = "lin"
    terminal.type(*COMMAND, "settle", *place, "--note", "示例：测试完")


def test_a_place_without_a_task_is_told(terminal: Terminal) -> None:
    assert terminal.refused(*COMMAND, "retry", "1", "77777") == 1030
