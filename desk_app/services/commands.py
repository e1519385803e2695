"""Do what the district told this desk to do, once, and say what became of it.

A command is kept with the feed's cursor and carried out later, so that one that fails
or is not known holds up nothing. What became of it is a journal entry.
"""

import json
from collections.abc import Callable, Mapping
from typing import Final

from desk_app.config.places import Places
from desk_app.services import backing, close_day, journalling, standing
from desk_app.services.hands import Workplace
from desk_app.store import publications
from desk_app.store.publications import CommandRecord
from schemas.base import utc_text
from schemas.problems import Code, Problem
from schemas.publications import CommandDone

Verb = Callable[[Workplace, Places, Mapping[str, str]], None]
LOCK: Final = "lock_when_idle"


def _make_backup(place: Workplace, places: Places, _: Mapping[str, str]) -> None:
    backing.back_up(place, places)


def _send_statement(place: Workplace, _: Places, arguments: Mapping[str, str]) -> None:
    today = standing.local_day(place.hands.now()).isoformat()
    close_day.close_day(place, arguments.get("day", today))


_VERBS: Final[Mapping[str, Verb]] = {
    "make_backup": _make_backup,
    "send_statement": _send_statement,
}


def carry_out(place: Workplace, places: Places) -> int:
    """Do all that waits, but what only an idle window can; returns how many."""
    with place.vault.read() as tx:
        waiting = publications.open_commands(tx)
    done = 0
    for each in waiting:
        if each.command == LOCK:
            continue
        verb = _VERBS.get(each.command)
        if verb is None:
            _settle(place, each, "unknown")
        else:
            _try(place, places, each, verb)
        done += 1
    return done


def _try(place: Workplace, places: Places, each: CommandRecord, verb: Verb) -> None:
    try:
        verb(place, places, json.loads(each.arguments))
    except Problem as problem:
        _settle(place, each, "failed", problem.code)
    else:
        _settle(place, each, "done")


def wants_lock(place: Workplace) -> bool:
    """Say whether the district asked for the desk to be locked when it is idle."""
    with place.vault.read() as tx:
        return any(each.command == LOCK for each in publications.open_commands(tx))


def locked(place: Workplace) -> None:
    """Note that the desk is being locked, as was asked."""
    with place.vault.read() as tx:
        asked = [e for e in publications.open_commands(tx) if e.command == LOCK]
    for each in asked:
        _settle(place, each, "done")


def _settle(
    place: Workplace, each: CommandRecord, outcome: str, code: Code | None = None
) -> None:
    now = utc_text(place.hands.now())
    body = CommandDone.model_validate(
        {
            "position": each.position,
            "command": each.command,
            "outcome": outcome,
            "problem": int(code) if code else None,
        }
    )
    with place.vault.write() as tx:
        if publications.command_done(tx, each.position, outcome, at=now):
            journalling.append(tx, place, body, number="")
