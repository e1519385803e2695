"""What the district told this desk to do: once, and what became of it is an entry."""

import json
from collections.abc import Iterator

import pytest

from desk_app.services import backing, commands, days
from desk_app.store import publications
from desk_app.store.publications import CommandRecord
from schemas.problems import Code
from schemas.publications import CommandDone
from tests.support.counter import Counter, heard


@pytest.fixture(autouse=True)
def _nothing_is_asked(counter: Counter) -> Iterator[None]:
    yield
    with counter.place.vault.write() as tx:
        tx.run("UPDATE commands SET outcome = 'done' WHERE outcome IS NULL")


def _asked(counter: Counter, command: str, **arguments: str) -> int:
    with counter.place.vault.write() as tx:
        position = heard(tx, "device_command")
        publications.add_command(
            tx, CommandRecord(position, command, json.dumps(arguments), None)
        )
    return position


def _carry_out(counter: Counter) -> int:
    return commands.carry_out(counter.place, counter.places)


def _done(counter: Counter) -> CommandDone:
    body = counter.entries()[-1].body
    assert isinstance(body, CommandDone)
    return body


def test_a_backup_is_made_once_and_said(counter: Counter) -> None:
    position = _asked(counter, "make_backup")
    assert _carry_out(counter) == 1
    assert len(backing.list_backups(counter.place)) == 1
    done = _done(counter)
    assert (done.position, done.command, done.outcome) == (
        position, "make_backup", "done",
    )  # fmt: skip
    count = len(counter.entries())
    assert _carry_out(counter) == 0
    assert len(counter.entries()) == count


def test_a_statement_is_sent_of_the_day_that_was_asked_for_or_of_today(
    counter: Counter,
) -> None:
    _asked(counter, "send_statement", day="2026-05-29")
    _asked(counter, "send_statement")
    assert _carry_out(counter) == 2
    states = [
        days.view_day(counter.place, day).row.state
        for day in ("2026-05-29", "2026-06-01")
    ]
    assert states == ["closed", "closed"]


def test_one_that_fails_or_is_not_known_is_said_and_holds_up_nothing(
    counter: Counter,
) -> None:
    _asked(counter, "send_statement", day="2099-01-01")
    _asked(counter, "sing")
    _asked(counter, "send_statement", day="2026-05-28")
    assert _carry_out(counter) == 3
    said = [
        (each.body.outcome, each.body.problem)
        for each in counter.entries()
        if isinstance(each.body, CommandDone)
    ][-3:]
    assert said == [
        ("failed", int(Code.DAY_NOT_BEGUN)), ("unknown", None), ("done", None),
    ]  # fmt: skip


def test_a_lock_waits_for_an_idle_window(counter: Counter) -> None:
    position = _asked(counter, commands.LOCK)
    _asked(counter, "sing")
    assert _carry_out(counter) == 1
    assert commands.wants_lock(counter.place)
    commands.locked(counter.place)
    assert not commands.wants_lock(counter.place)
    assert (_done(counter).position, _done(counter).outcome) == (position, "done")
