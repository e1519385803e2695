"""Numbers are frozen after a rollback, so that none is given on two papers.

A number holds its day, so only the numbers of the day of the lost entries can be given
twice. Frozen are: everything while a healing is under way; after a restore, the rest of
that day, unless the district healed the desk or a supervisor read the last number off
the paper register. A day that only a wrong clock said ends with the day on which the
district proves the true time; the numbers that bear it are frozen on that day, too.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from desk_app.services.access import require_supervisor
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.store import audit, numbers, settings
from desk_app.store.vault import Transaction
from desk_app.text.words import CHINA
from schemas.base import utc_text
from schemas.ids import read_case_number
from schemas.problems import Code, Problem

Why = Literal["restored", "healing", "cloned"]
_SETTING = "numbering_frozen"
_SAID_WRONGLY = "numbering_frozen_on"


class Frozen(BaseModel):
    """Why no number is given, and for how long."""

    model_config = ConfigDict(frozen=True)

    why: Why
    until_after: str | None
    """The local day after which numbers are given again; None: until healed."""


def freeze_in(tx: Transaction, why: Why, *, until_after: str | None) -> None:
    """Give no numbers from now on."""
    frozen = Frozen(why=why, until_after=until_after)
    settings.put(tx, _SETTING, frozen.model_dump_json())


def put_back_in(tx: Transaction, *, now: datetime) -> None:
    """Note that the vault is as it once was: the next greeting heals it.

    Until that is over, and for the rest of this day at least, no number is given.
    """
    settings.put(tx, "restored_at", utc_text(now))
    day = now.astimezone(CHINA).date().isoformat()
    freeze_in(tx, "restored", until_after=day)


def thaw_in(tx: Transaction) -> None:
    """Give numbers again."""
    settings.put(tx, _SETTING, "")


def frozen_in(tx: Transaction, *, now: datetime) -> Frozen | None:
    """Return why no number can be given now, or None."""
    kept, wrong = settings.several(tx, _SETTING, _SAID_WRONGLY)
    if not kept and not wrong:
        return None
    today = now.astimezone(CHINA).date().isoformat()
    frozen = _read(kept)
    until = frozen.until_after if frozen else ""
    if until is None or today <= until:
        return frozen
    if today in (wrong or "").split():
        return Frozen(why="restored", until_after=today)
    return None


def proved_in(tx: Transaction, *, now: datetime) -> None:
    """Freeze no longer than this day, now that the district has said which it is.

    A clock that was years ahead when the vault was put back froze as many years. Papers
    that are lost may bear the day that it said: that one stays frozen by itself.
    """
    today = now.astimezone(CHINA).date().isoformat()
    frozen = _read(settings.get(tx, _SETTING))
    if frozen is None or frozen.until_after is None or frozen.until_after <= today:
        return
    freeze_in(tx, frozen.why, until_after=today)
    days = {each for each in _said_wrongly(tx) if each >= today}
    settings.put(tx, _SAID_WRONGLY, " ".join(sorted(days | {frozen.until_after})))


def _read(kept: str | None) -> Frozen | None:
    return Frozen.model_validate_json(kept) if kept else None


def _said_wrongly(tx: Transaction) -> set[str]:
    return set((settings.get(tx, _SAID_WRONGLY) or "").split())


def require_numbers(tx: Transaction, *, now: datetime) -> None:
    """Refuse while frozen: `Problem(NUMBERING_FROZEN)`."""
    frozen = frozen_in(tx, now=now)
    if frozen is not None:
        raise Problem(Code.NUMBERING_FROZEN, day=frozen.until_after or "-")


def resume_after(place: Workplace, last_on_paper: str) -> str:
    """Give numbers again after the last one that the paper register shows; its number.

    The next number follows it. What the serials before it were comes back from the
    district, or stays on paper. `Problem(NUMBER_NOT_OF_TODAY)`; `NUMBERING_FROZEN`
    while a healing is under way, which ends by itself.
    """
    require_supervisor(place)
    now = place.hands.now()
    today = now.astimezone(CHINA).date()
    parts = read_case_number(last_on_paper.strip())
    with place.vault.write() as tx:
        frozen = frozen_in(tx, now=now)
        if frozen is None:
            raise Problem(Code.NUMBERING_NOT_FROZEN)
        if frozen.why != "restored":
            raise Problem(Code.NUMBERING_FROZEN, day="-")
        town, terminal = require_setting(tx, "town"), require_setting(tx, "terminal")
        if (parts.town, parts.terminal, parts.day) != (town, terminal, today):
            raise Problem(Code.NUMBER_NOT_OF_TODAY)
        numbers.keep(tx, parts)
        thaw_in(tx)
        days = _said_wrongly(tx) - {today.isoformat()}
        settings.put(tx, _SAID_WRONGLY, " ".join(sorted(days)))
        who = place.operator
        audit.note(tx, "numbering_resumed", last_on_paper, operator=who, now=now)
    return last_on_paper.strip()
