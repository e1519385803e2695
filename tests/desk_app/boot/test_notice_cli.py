"""The district's words by command: listed, seen by name, told back."""

import asyncio
from datetime import UTC, date, datetime
from importlib.resources import files

from sync.district.reconcile.filing import reconcile_once
from sync.district.reconcile.publishing import publish_new_calendar, publish_notice
from tests.support.rigs import Island
from tests.support.terminal import Terminal

HOLIDAYS = files("assets").joinpath("catalogue", "holidays.json").read_text("utf-8")


def test_a_notice_is_new_until_each_clerk_has_seen_it(
    terminal: Terminal, island: Island
) -> None:
    now = datetime.now(UTC)
    publish_notice(
        island.district.record, "[b]台风[/b] 停航通知", until=None, by="区海洋局",
        today=now.date(), now=now,
    )  # fmt: skip
    _fetch(island)
    (notice,) = terminal.json("notices", "list")
    assert notice["text"] == "[b]台风[/b] 停航通知", "no markup is made of it"
    assert (notice["new"], notice["seen_by"]) == (True, [])
    assert "[b]台风[/b]" in terminal.type("notices", "list")

    terminal.type("notices", "seen", str(notice["position"]))
    (seen,) = terminal.json("notices", "list")
    assert (seen["new"], seen["seen_by"]) == (False, ["林窗口"])
    assert terminal.type("notices", "list").startswith(" ")
    terminal.login = "chen"
    assert terminal.json("notices", "list")[0]["new"], "each clerk for himself"
    assert terminal.type("notices", "list").startswith("*")


def test_a_notice_that_there_is_not_cannot_be_seen(terminal: Terminal) -> None:
    assert terminal.refused("notices", "seen", "9999") == 1076


def test_what_was_given_out_is_listed_with_what_became_of_it(
    terminal: Terminal, island: Island
) -> None:
    publish_new_calendar(
        island.district.record, HOLIDAYS, effective_from=date(2099, 1, 1),
        by="区海洋局", now=datetime.now(UTC),
    )  # fmt: skip
    _fetch(island)
    given = terminal.json("catalogue", "given")[-1]
    assert (given["kind"], given["effective_from"]) == ("holidays", "2099-01-01")
    assert given["problem"] is None
    assert "2099-01-01" in terminal.type("catalogue", "given")


def _fetch(island: Island) -> None:
    """Let the district send what waits, and the desk take it."""
    district = island.district
    reconcile_once(
        district.sealed, district.record, district.keys, now=datetime.now(UTC)
    )
    assert asyncio.run(island.desk.sync(impatient=True)).problem is None
