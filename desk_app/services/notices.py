"""The district's words to the clerks: shown until seen, and who has seen them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from desk_app.services import journalling, standing
from desk_app.services.hands import Workplace
from desk_app.store import operators, publications
from schemas.base import utc_text
from schemas.problems import Code, Problem
from schemas.publications import NoticeSeen

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; `seen_by` are names, `is_new` says that this operator has not."""

    position: int
    text: str
    published_at: datetime
    published_by: str
    seen_by: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class GivenOut:
    """An edition or calendar that came: since when it holds, and how it stands."""

    kind: str
    number: int
    effective_from: date
    state: str
    problem: Code | None


def list_notices(place: Workplace) -> tuple[Notice, ...]:
    """Return the notices that still hold, those not seen by this operator first."""
    today = standing.local_day(place.hands.now()).isoformat()
    with place.vault.read() as tx:
        records = publications.notices(tx, day=today, limit=_SHOWN)
        names = {each.operator_id: each.name for each in operators.all_of(tx)}
    notices = [
        Notice(
            each.position,
            each.text,
            datetime.fromisoformat(each.published_at),
            each.published_by,
            tuple(names.get(who, who) for who in each.seen_by),
            place.operator not in each.seen_by,
        )
        for each in records
    ]
    return tuple(sorted(notices, key=lambda each: not each.is_new))


def see_notice(place: Workplace, position: int) -> None:
    """Note that this operator has seen a notice, and tell the district."""
    now = utc_text(place.hands.now())
    with place.vault.write() as tx:
        if publications.see(tx, position, place.operator, at=now):
            journalling.append(tx, place, NoticeSeen(position=position), number="")


def given_out(place: Workplace) -> tuple[GivenOut, ...]:
    """Return the editions and calendars that came last, the newest first."""
    with place.vault.read() as tx:
        records = publications.listed(tx, _SHOWN)
    return tuple(
        GivenOut(
            each.kind,
            each.number,
            date.fromisoformat(each.effective_from),
            each.state,
            _code(each.problem),
        )
        for each in records
    )


def _code(number: int | None) -> Code | None:
    return Code(number) if number is not None else None


def require_notice(place: Workplace, position: int) -> Notice:
    """Return one notice; `Problem(NOTICE_UNKNOWN)`."""
    for each in list_notices(place):
        if each.position == position:
            return each
    raise Problem(Code.NOTICE_UNKNOWN, position=position)
