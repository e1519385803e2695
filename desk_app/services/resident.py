"""What a resident may see at the window: one own case, and nothing else.

By the slip's QR, or by the number and the last four characters of the id. Wrong tries
are counted and slow the next one down, so that nobody pages through other people.
"""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desk_app.services import slips
from desk_app.services.hands import Workplace
from desk_app.services.reading import view_case
from desk_app.services.shown import CaseView
from desk_app.store import audit, settings
from schemas.applicant import identity_of
from schemas.base import utc_text
from schemas.case import CaseState
from schemas.ids import read_case_number
from schemas.problems import Code, Problem

_FREE_TRIES: Final = 5
_PAUSE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case as its applicant may see it: no id, no phone, no other person."""

    number: str
    official_number: str | None
    item: str
    state: CaseState
    received_at: datetime
    next_day: str | None
    asked_for: tuple[str, ...]
    licence: str | None


def look_up(place: Workplace, text: str, id_tail: str = "") -> OwnCase:
    """Return a case by slip text, or by number and id tail.

    `Problem(CASE_UNKNOWN)` for every kind of miss, so that nothing is learnt from it;
    `Problem(TOO_MANY_TRIES)` after five misses, for a minute.
    """
    _slow_down(place)
    view = _by_slip(place, text) if text.startswith("IDS1|") else None
    if view is None:
        view = _by_number(place, text, id_tail)
    if view is None:
        _missed(place)
        raise Problem(Code.CASE_UNKNOWN, number="")
    with place.vault.write() as tx:
        settings.put(tx, "look_up_misses", "0")
    answers = [each.answer for each in view.answers]
    told = next((a for a in reversed(answers) if a.kind == "returned"), None)
    granted = next((a for a in answers if a.kind == "granted"), None)
    running = next((each for each in view.deadlines if not each.paused), None)
    return OwnCase(
        number=view.row.number,
        official_number=view.official_number,
        item=view.row.item_name,
        state=view.row.state,
        received_at=view.row.received_at,
        next_day=running.day.isoformat() if running else None,
        asked_for=tuple(getattr(told, "what_is_missing", ())),
        licence=getattr(granted, "licence_number", None),
    )


def _by_slip(place: Workplace, text: str) -> CaseView | None:
    try:
        said = slips.verify_here(place, text)
        view = view_case(place, said.number)
    except Problem:
        return None
    # The slip of an earlier holder of the paper is no key to a corrected applicant.
    return view if slips.slip_for(place, view).startswith(_said(text)) else None


def _said(text: str) -> str:
    return "|".join(text.split("|")[:5])


def _by_number(place: Workplace, text: str, id_tail: str) -> CaseView | None:
    tail = id_tail.strip().upper()
    try:
        read_case_number(text)
        view = view_case(place, _hyphened(text))
    except Problem:
        return None
    identity = identity_of(view.application.applicant)
    return view if len(tail) == 4 and identity.endswith(tail) else None  # noqa: PLR2004


def _hyphened(text: str) -> str:
    digits = "".join(filter(str.isdigit, text))
    cuts = (0, 9, 11, 19, 23, 24)
    return "-".join(digits[a:b] for a, b in itertools.pairwise(cuts))


def _slow_down(place: Workplace) -> None:
    with place.vault.read() as tx:
        misses = int(settings.get(tx, "look_up_misses") or 0)
        last = settings.get(tx, "look_up_missed_at")
    if misses >= _FREE_TRIES and last is not None:
        until = datetime.fromisoformat(last) + _PAUSE
        left = (until - place.hands.now()).total_seconds()
        # A clock that was set back must not close the window for a year (P9).
        if 0 < left <= _PAUSE.total_seconds():
            raise Problem(Code.TOO_MANY_TRIES, seconds=int(left) + 1)


def _missed(place: Workplace) -> None:
    now = place.hands.now()
    with place.vault.write() as tx:
        misses = int(settings.get(tx, "look_up_misses") or 0) + 1
        settings.put(tx, "look_up_misses", str(misses))
        settings.put(tx, "look_up_missed_at", utc_text(now))
        audit.note(tx, "look_up_missed", "", operator=place.operator, now=now)
